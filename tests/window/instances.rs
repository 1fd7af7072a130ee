//! One Linecheck for a data folder.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use ledger::{Ledger, LedgerConfig};

use crate::support::{Desktop, Keyring, Shown, Start, amiss, app_binary, wait};

#[tokio::test]
async fn a_second_start_brings_the_first_window_forward_and_ends() -> Shown {
    let desktop = Desktop::start("second", Keyring::Absent)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.find("connect-practice").await?;
    let mut second = desktop
        .command(&app_binary().display().to_string())
        .env("LINECHECK_DATA_DIR", desktop.data_dir(&start))
        .spawn()?;
    let mut ended = None;
    let waited = wait(Duration::from_secs(60), "the end of the second", || {
        ended = second.try_wait().ok().flatten();
        ended.is_some()
    });
    if waited.is_err() {
        second.kill()?;
        second.wait()?;
    }
    waited?;
    if !ended.is_some_and(|status| status.success()) {
        return amiss(format!("the second ended with {ended:?}"));
    }
    window.find("connect-practice").await?;
    window.close().await
}

#[tokio::test]
async fn another_data_folder_is_another_linecheck() -> Shown {
    let desktop = Desktop::start("another", Keyring::Absent)?;
    let one = desktop.open(&Start::default()).await?;
    let other = desktop.open(&Start { data: "other".to_owned(), ..Start::default() }).await?;
    one.find("connect-practice").await?;
    other.find("connect-practice").await?;
    assert_ne!(one.pid(), other.pid());
    other.close().await?;
    one.close().await
}

#[tokio::test]
async fn a_data_folder_that_is_held_is_opened_by_try_again_when_it_is_free() -> Shown {
    let desktop = Desktop::start("held", Keyring::Absent)?;
    let start = Start::default();
    // Another program on the same data, of which the desktop knows nothing.
    #[allow(clippy::disallowed_methods, reason = "a ledger that is only held lives in real time")]
    let now = Arc::new(Timestamp::now);
    let held = Ledger::open(LedgerConfig { dir: desktop.data_dir(&start), now, failpoint: None })?;
    let window = desktop.open(&start).await?;
    let banner = "[data-test=error-banner][data-code=ledger_in_use]";
    let again = format!("{banner} .acts .btn");
    window.find_css(banner).await?;
    window.click_css(&again).await?;
    window.find_css(banner).await?;
    drop(held);
    window.click_css(&again).await?;
    // Everything is there, what tells the page of changes too.
    window.click("connect-practice").await?;
    window.tick_evaluators(1).await?;
    window.close().await
}
