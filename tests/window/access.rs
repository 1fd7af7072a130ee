//! axe-core in the real window, on every screen: by day and by night, and at 200 %.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Desktop, Keyring, Shown, Start, Window, amiss};

/// What may be wrong without stopping a person.
const BEARABLE: [&str; 2] = ["minor", "moderate"];

/// Runs axe over what is on screen, and gives its serious and critical findings.
const CHECK: &str = r"
    const done = arguments[arguments.length - 1];
    axe.run(document, { preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(
        (found) => done({
            passes: found.passes.length,
            wrong: found.violations.map((one) => ({
                impact: one.impact,
                id: one.id,
                where: one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.any[0]?.message ?? node.failureSummary}`),
            })),
        }),
        (error) => done({ error: String(error) }),
    );
";

/// Checks the screen at its own size and at twice that.
async fn check(window: &Window, screen: &str, found: &mut Vec<String>) -> Shown {
    for zoom in ["1", "2"] {
        window
            .client()
            .execute("document.documentElement.style.zoom = arguments[0];", vec![json!(zoom)])
            .await?;
        let told = window.client().execute_async(CHECK, Vec::new()).await?;
        if told["passes"].as_u64().is_none_or(|passes| passes < 5) {
            return amiss(format!("axe did not look at {screen}: {told}"));
        }
        for wrong in told["wrong"].as_array().into_iter().flatten() {
            let impact = wrong["impact"].as_str().unwrap_or("critical");
            if !BEARABLE.contains(&impact) {
                found.push(format!("{screen} at {zoom}: {wrong}"));
            }
        }
    }
    window.script("document.documentElement.style.zoom = '';").await.map(|_| ())
}

async fn every_screen(name: &str, dark: bool) -> Shown {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
    let axe = std::fs::read_to_string(&axe)
        .map_err(|error| format!("{}: {error}; `npm ci` in ui/ brings it", axe.display()))?;
    let desktop = Desktop::start(name, Keyring::Absent)?;
    let window = desktop.open(&Start { dark, ..Start::default() }).await?;
    let mut found = Vec::new();
    window.find("connect-practice").await?;
    window.script(&axe).await?;
    let night = window.script("return matchMedia('(prefers-color-scheme: dark)').matches;").await?;
    assert_eq!(night, Value::Bool(dark));
    check(&window, "welcome", &mut found).await?;

    window.open_practice().await?;
    window.tick_evaluators(3).await?;
    window.find("plan-check").await?;
    check(&window, "new run", &mut found).await?;
    window.click("plan-keep").await?;
    window.fill("keep-name", "Every morning").await?;
    check(&window, "keeping a plan", &mut found).await?;
    window.click("keep-yes").await?;
    window.gone("keep-yes").await?;

    let result = window.result_with("agentFailed").await?;
    window.click("nav-results").await?;
    window.find("result-row").await?;
    check(&window, "results", &mut found).await?;
    window.open_result(result).await?;
    check(&window, "result", &mut found).await?;
    window.open_call(Some("agent_failed")).await?;
    window.find("player").await?;
    check(&window, "call", &mut found).await?;
    window.click("nav-plans").await?;
    window.find("plan-row").await?;
    check(&window, "plans", &mut found).await?;
    window.click("nav-settings").await?;
    window.find_css("lc-settings h2, lc-settings section").await?;
    check(&window, "settings", &mut found).await?;
    window.close().await?;
    if found.is_empty() { Ok(()) } else { amiss(found.join("\n")) }
}

#[tokio::test]
async fn nothing_serious_on_any_screen_by_day() -> Shown {
    every_screen("axe-day", false).await
}

#[tokio::test]
async fn nothing_serious_on_any_screen_by_night() -> Shown {
    every_screen("axe-night", true).await
}
