//! A plan as a file: out of one Linecheck, into another. A result as a table for other programs.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, amiss};

/// The one file that was written, whose path was said.
fn written(desktop: &Desktop, said: &str) -> Shown<PathBuf> {
    let entries = std::fs::read_dir(desktop.home().join("files"))?;
    let files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    let [file] = files.as_slice() else { return amiss(format!("one file, not {files:?}")) };
    assert!(said.contains(&file.display().to_string()), "{said:?}");
    Ok(file.clone())
}

#[tokio::test]
async fn a_plan_is_exported_and_imported_elsewhere() -> Shown {
    let server = Server::start().await?;
    let desktop = Desktop::start("plan-file", Keyring::Unlocked)?;
    let start = Start { files: Some("files".to_owned()), ..Start::default() };
    let window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    window.tick_evaluators(3).await?;
    window.fill("plan-times", "2").await?;
    window.find_css("[data-test=plan-sum][data-calls='6']").await?;
    window.click("plan-keep").await?;
    window.fill("keep-name", "Every morning").await?;
    window.click("keep-yes").await?;
    window.gone("keep-yes").await?;
    window.visit("plans").await?;
    window.find("plan-row").await?;
    window.click("plan-more").await?;
    window.click("plan-export").await?;
    let said = window
        .until_text("plans-news", Duration::from_secs(60), |text| text.contains(".linecheck.json"))
        .await?;
    window.close().await?;

    let written = written(&desktop, &said)?;
    let text = std::fs::read_to_string(&written)?;
    assert!(!text.contains(KEY), "a secret in a file that is shared");
    let file: Value = serde_json::from_str(&text)?;
    assert!(file.to_string().contains("Every morning"));

    // Another person's Linecheck, with the same account.
    let start = Start { data: "elsewhere".to_owned(), ..start };
    let window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    window.visit("plans").await?;
    window.click("plan-import").await?;
    window
        .until_text("plan-row", Duration::from_secs(60), |text| text.contains("Every morning"))
        .await?;
    window.click("plan-open").await?;
    window.find_css("[data-test=plan-sum][data-calls='6']").await?;
    let placed = window.place().await?;
    assert_eq!(placed.calls, 6);
    let launch = server.launches().await?[0]["body"].clone();
    assert_eq!(launch["frequency"], json!(2));
    assert_eq!(launch["scenarios"].as_array().map(Vec::len), Some(3));
    window.close().await?;

    // What is no plan says so, and nothing is lost.
    std::fs::write(&written, "{\"not\": \"a plan\"}")?;
    let window = desktop.open(&start).await?;
    window.visit("plans").await?;
    window.find("plan-row").await?;
    window.click("plan-import").await?;
    window.find_css("[data-test=error-banner][data-code=plan_unreadable]").await?;
    assert_eq!(window.all("plan-row").await?.len(), 1);
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_result_is_saved_as_a_table_with_its_notes() -> Shown {
    let desktop = Desktop::start("result-file", Keyring::Absent)?;
    let start = Start { files: Some("files".to_owned()), ..Start::default() };
    let window = desktop.open(&start).await?;
    window.open_practice().await?;
    let result = window.result_with("agentFailed").await?;
    window.open_result(result).await?;
    window.open_call(Some("agent_failed")).await?;
    window.fill("note", "=2+3, said \"Ines\"").await?;
    window.click("share").await?;
    window.click("save-file").await?;
    let said = window
        .until_text("result-said", Duration::from_secs(60), |text| text.contains(".csv"))
        .await?;
    let calls = window
        .script("return document.querySelector('[data-test=calls-in-all]').textContent;")
        .await?;
    window.close().await?;

    let written = written(&desktop, &said)?;
    let text = std::fs::read_to_string(&written)?;
    assert!(text.starts_with('\u{feff}') && text.ends_with("\r\n"));
    assert!(text.contains("Agent failed,"), "{text}");
    assert!(text.contains(r#""'=2+3, said ""Ines""""#), "the note, and no formula: {text}");
    let lines = text.matches("\r\n").count();
    let calls = calls.as_str().and_then(|text| text.split(' ').next()?.parse().ok());
    assert_eq!(Some(lines - 1), calls, "a line a call");
    Ok(())
}
