//! How often the server is asked, by whether somebody looks at the window.

use std::cell::Cell;
use std::time::{Duration, Instant};

use super::outside::Screen;
use crate::support::{Desktop, Server, Shown, until};

/// A pause that nobody sees who looks: they are five seconds, a fifth more at the most.
const LONG: Duration = Duration::from_secs(8);
const PATIENCE: Duration = Duration::from_secs(90);
/// Less than is left of a pause of fifteen seconds, a fifth less at the least, when it is [`LONG`].
const AT_ONCE: Duration = Duration::from_secs(3);

#[tokio::test]
async fn calls_are_asked_after_less_often_while_nobody_looks_and_at_once_when_somebody_does()
-> Shown {
    let server = Server::with(|config| (config.history, config.speed) = (false, 1.0)).await?;
    let (desktop, window) = Desktop::connected("pace", &server).await?;
    window.tick_evaluators(2).await?;
    window.place().await?;
    assert_eq!(window.counts().await?.in_progress, 2);

    let screen = Screen::of(&desktop)?;
    screen.look_away()?;
    let seen = Cell::new((server.requests().await?, Instant::now()));
    until(PATIENCE, "a long pause", async || {
        let requests = server.requests().await?;
        if requests != seen.get().0 {
            seen.set((requests, Instant::now()));
        }
        Ok(seen.get().1.elapsed() > LONG)
    })
    .await?;

    // Turns to it again.
    Screen::of(&desktop)?;
    until(AT_ONCE, "the server is asked at once", async || {
        Ok(server.requests().await? != seen.get().0)
    })
    .await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}
