//! One Linecheck for a data folder.

use std::time::Duration;

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
