//! The main job, from the welcome screen to a transcript, as a person does it.

use std::time::Duration;

use serde_json::json;

use crate::support::{Desktop, Keyring, Shown, Start, Window};

#[tokio::test]
async fn from_welcome_to_a_transcript_in_the_practice_studio() -> Shown {
    let desktop = Desktop::start("main-job", Keyring::Unlocked)?;
    let window = desktop.open(&Start::default()).await?;
    window.open_practice().await?;
    window.tick_evaluators(3).await?;
    window.fill("plan-times", "2").await?;
    says_calls(&window, 6).await?;
    let placed = window.place().await?;
    assert_eq!(placed.calls, 6);
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), 6, "{counts:?}");
    assert_eq!(window.all("call-row").await?.len(), 6);
    window.open_call(None).await?;
    assert!(!window.text("call-why").await?.is_empty());
    assert!(!window.text("transcript-turn").await?.is_empty());
    window.close().await
}

#[tokio::test]
async fn a_run_goes_on_while_the_window_is_closed() -> Shown {
    let desktop = Desktop::start("goes-on", Keyring::Absent)?;
    // At the pace of life: the window closes on a run that is under way.
    let start = Start { speed: "1".to_owned(), ..Start::default() };
    let window = desktop.open(&start).await?;
    window.open_practice().await?;
    window.tick_evaluators(2).await?;
    window.place().await?;
    let under_way = window.counts().await?;
    assert!(under_way.in_progress > 0, "{under_way:?}");
    let total = under_way.sum();
    window.kill()?;
    desktop.hours_pass(&start, 1)?;

    let window = desktop.open(&start).await?;
    window.visit("results").await?;
    window.click("result-row").await?;
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), total, "{counts:?}");
    window.close().await
}

#[tokio::test]
async fn text_of_every_script_crosses_unharmed() -> Shown {
    let desktop = Desktop::start("scripts", Keyring::Absent)?;
    let window = desktop.open(&Start::default()).await?;
    window.open_practice().await?;
    let name = "Привет 🎙️ שלום ‏<b>x</b> 你好 e\u{301}";
    let Ok(state) = window.invoke("app_state", json!({})).await? else {
        return crate::support::amiss("app_state was refused");
    };
    let renamed = window
        .invoke("workspace_rename", json!({ "id": state["current"]["id"], "label": name }))
        .await?;
    assert_eq!(renamed.map(|view| view["label"].clone()), Ok(json!(name)));
    let shown = window
        .until_text("workspace-name", Duration::from_secs(60), |text| text.contains("Привет"))
        .await?;
    // What turns the direction of writing is shown as a sign, so that it turns nothing.
    assert!(shown.contains(&name.replace('\u{200f}', "[RLM]")), "{shown:?}");
    window.close().await
}

async fn says_calls(window: &Window, calls: u32) -> Shown {
    let wanted = calls.to_string();
    window
        .until_text("launch", Duration::from_secs(60), |text| text.contains(&wanted))
        .await
        .map(|_| ())
}
