//! What the page cannot do, tried from inside it.

use serde_json::json;

use crate::support::{Desktop, Keyring, Shown, Start, amiss};

/// Commands of Tauri, of its plugins and of nobody.
const FOREIGN: [&str; 9] = [
    "plugin:window|create",
    "plugin:webview|create_webview_window",
    "plugin:event|listen",
    "plugin:event|emit",
    "plugin:path|resolve_directory",
    "plugin:app|version",
    "plugin:opener|open_url",
    "plugin:window-state|save_window_state",
    "key_text",
];

#[tokio::test]
async fn the_page_can_do_the_listed_commands_and_nothing_else() -> Shown {
    let desktop = Desktop::start("closed", Keyring::Absent)?;
    let window = desktop.open(&Start::default()).await?;
    window.find("connect-practice").await?;

    for command in FOREIGN {
        match window.invoke(command, json!({})).await? {
            // The refusal of the access list, which names what was asked for: a debug build goes on
            // to say why. That a command is not there would say nothing of the list.
            Err(refused) if refused.as_str().is_some_and(|text| is_refusal(command, text)) => {}
            other => return amiss(format!("{command} was answered with {other:?}")),
        }
    }
    let Ok(state) = window.invoke("app_state", json!({})).await? else {
        return amiss("app_state was refused");
    };
    assert_eq!(state["current"], json!(null));

    let tried = window
        .client()
        .execute_async(
            r"
            const done = arguments[arguments.length - 1];
            const tried = {};
            const attempt = (name, what) => { try { what(); tried[name] = 'allowed'; } catch (error) { tried[name] = error.name; } };
            attempt('eval', () => eval('1'));
            attempt('function', () => new Function('return 1')());
            attempt('innerHTML', () => { document.createElement('p').innerHTML = '<b>x</b>'; });
            attempt('policy', () => trustedTypes.createPolicy('mine', { createHTML: (text) => text }));
            attempt('prototype', () => { 'use strict'; Object.prototype.polluted = 1; });
            tried.polluted = 'polluted' in {};
            tried.open = window.open('https://example.com/') === null;
            tried.global = '__TAURI__' in window;
            const refused = [];
            addEventListener('securitypolicyviolation', (event) => refused.push(event.effectiveDirective));
            const style = document.createElement('style');
            style.textContent = 'body { color: red }';
            document.head.append(style);
            const frame = document.createElement('iframe');
            frame.src = 'https://example.com/';
            document.body.append(frame);
            fetch('http://127.0.0.1:9/').then(() => 'allowed', (error) => error.name).then((outcome) => {
                tried.fetch = outcome;
                // All five, however long they take; and time for any other.
                const began = performance.now();
                const look = setInterval(() => {
                    const waited = performance.now() - began;
                    if (waited < 200 || (waited < 20_000 && new Set(refused).size < 5)) return;
                    clearInterval(look);
                    tried.refused = [...new Set(refused)].sort(); frame.remove(); style.remove(); done(tried);
                }, 20);
            });
            ",
            Vec::new(),
        )
        .await?;
    assert_eq!(
        tried,
        json!({
            "eval": "EvalError",
            "function": "EvalError",
            "innerHTML": "TypeError",
            "policy": "TypeError",
            "prototype": "TypeError",
            "polluted": false,
            "open": true,
            "global": false,
            "fetch": "TypeError",
            "refused": ["connect-src", "frame-src", "require-trusted-types-for", "style-src-elem", "trusted-types"],
        })
    );
    window.close().await
}

fn is_refusal(command: &str, text: &str) -> bool {
    let short = command.trim_start_matches("plugin:").replace('|', ".");
    text.starts_with(&format!("{short} not allowed. "))
        || text == format!("Command {command} not allowed by ACL")
}

#[tokio::test]
async fn the_window_stays_on_its_own_page() -> Shown {
    let desktop = Desktop::start("stays", Keyring::Absent)?;
    let window = desktop.open(&Start::default()).await?;
    window.find("connect-practice").await?;
    let before = window.client().current_url().await?;
    window
        .client()
        .execute(
            "const link = document.createElement('a');
             link.href = 'https://example.com/'; link.textContent = 'away';
             document.body.append(link); link.click(); link.target = '_blank'; link.click(); link.remove();
             location.href = 'http://127.0.0.1:9/';",
            Vec::new(),
        )
        .await?;
    // The page answers after all of it, from the same place, with one window.
    window.find("connect-practice").await?;
    assert_eq!(window.client().current_url().await?, before);
    assert_eq!(window.client().windows().await?.len(), 1);
    window.close().await
}
