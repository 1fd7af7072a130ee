//! Plays the main job in the practice studio through the real window on a virtual display and
//! leaves a picture of each step. `cargo xtask start` calls it where there is no display.

#[cfg(target_os = "linux")]
#[path = "../../tests/support/mod.rs"]
mod support;

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> support::Shown {
    tour::play().await
}

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
mod tour {
    use std::io::Write;

    use crate::support::{Desktop, Keyring, Shown, Start, Window, target};

    /// Where the pictures go, below `target`.
    const FOLDER: &str = "demo";

    pub(crate) async fn play() -> Shown {
        // Pictures of an earlier tour would be taken for this one's.
        let _ = std::fs::remove_dir_all(target(FOLDER));
        let desktop = Desktop::start("tour", Keyring::Unlocked)?;
        let start = Start { speed: "120".to_owned(), ..Start::default() };
        let window = desktop.open(&start).await?;

        window.find("connect-practice").await?;
        step(&window, "1-welcome", "The window is open; no key is stored.").await?;
        window.open_practice().await?;
        step(&window, "2-new-run", "The practice studio is open; an agent is chosen.").await?;
        window.tick_evaluators(4).await?;
        window.fill("plan-times", "2").await?;
        window
            .until_text("launch", std::time::Duration::from_secs(20), |text| text.contains('8'))
            .await?;
        step(&window, "3-chosen", "Four evaluators are ticked, twice each.").await?;
        let placed = window.place().await?;
        step(&window, "4-placed", &format!("{} calls are placed.", placed.calls)).await?;
        let counts = window.finished().await?;
        step(&window, "5-result", &format!("Every call has ended: {counts:?}")).await?;
        window.open_call(None).await?;
        step(&window, "6-transcript", "A call is open, with what was said in it.").await?;
        window.click("nav-results").await?;
        window.find("result-row").await?;
        step(&window, "7-results", "The list of results.").await?;
        window.click("nav-settings").await?;
        step(&window, "8-settings", "Settings.").await?;
        window.close().await
    }

    async fn step(window: &Window, name: &str, what: &str) -> Shown {
        let picture = window.shot(FOLDER, name).await?;
        writeln!(std::io::stdout(), "   {what}  ({})", picture.display())?;
        Ok(())
    }
}
