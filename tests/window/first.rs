//! What a start shows: the frame before a script has been read, then what the ledger holds, which came
//! with the page.

use serde_json::Value;

use super::failure::broken_page;
use crate::support::{Desktop, Keyring, Server, Shown, Start, Window};

const NAME: &str = r"</script><!--<script>window.hostile=1</script> & “two” \u2028 ]]>";

/// Where the rail, its card, the head of the screen and the list are, to the pixel.
async fn places(window: &Window, within: &str) -> Shown<Value> {
    window
        .script(&format!(
            "return ['.rail', '.ws', '.screen-head', '.results-card'].map((part) => {{
                 const {{ x, y, width, height }} = document.querySelector(`{within} ${{part}}`).getBoundingClientRect();
                 return [part, ...[x, y, width, height].map(Math.round)];
             }});"
        ))
        .await
}

/// The page's two first questions.
const FIRST: &str = "app_state,results_list";

#[tokio::test]
async fn the_first_screen_comes_with_the_page_and_no_name_gets_out_of_it() -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let (desktop, window) = Desktop::connected("first", &server).await?;
    window.fill("plan-name", NAME).await?;
    window.tick_evaluators(1).await?;
    window.place().await?;
    window.finished().await?;
    window.close().await?;

    // Neither of its questions would be answered, so that what is shown came with the page.
    let program = Some(broken_page()?);
    let silent = Start { program: program.clone(), silent: Some(FIRST), ..Start::default() };
    let window = desktop.open(&silent).await?;
    let row = window.text("result-row").await?;
    assert!(row.contains(NAME), "{row:?}");
    window
        .until(
            "nothing was made of a name, and the frame has made way",
            "return window.hostile === undefined && document.getElementById('frame') === null
                 && document.querySelectorAll('script').length === 1;",
        )
        .await?;

    let drawn = places(&window, "lc-app").await?;

    // Loaded again it asks, and says when it is not answered.
    window.script("document.body.dataset.old = 'yes'; location.reload();").await?;
    window.until("the page was loaded anew", "return !document.body.dataset.old;").await?;
    window.find_css("[data-test=error-banner][data-code=no_answer]").await?;
    window.shot("window", "first-unanswered").await?;
    window
        .until(
            "it can be tried again, and nothing lies over it",
            "const button = document.querySelector('[data-code=no_answer] .acts .btn');
             const { x, y, width, height } = button.getBoundingClientRect();
             return document.getElementById('first') === null && button.contains(document.elementFromPoint(x + width / 2, y + height / 2));",
        )
        .await?;
    window.close().await?;

    // The app's own script never comes: only the frame is there, without words.
    let waits = Start { program: program.clone(), waits: true, ..Start::default() };
    let window = desktop.open(&waits).await?;
    window
        .until(
            "the frame",
            "const { width, height } = document.querySelector('#frame .rail').getBoundingClientRect();
             return width > 100 && height > 300 && document.getElementById('frame').innerText.trim() === '';",
        )
        .await?;
    window.drawn().await?;
    assert_eq!(places(&window, "#frame").await?, drawn, "what comes after it moves nothing");
    window.shot("window", "first-frame").await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn before_the_welcome_screen_no_rail_is_shown() -> Shown {
    let desktop = Desktop::start("first-welcome", Keyring::Absent)?;
    let waits = Start { program: Some(broken_page()?), waits: true, ..Start::default() };
    let window = desktop.open(&waits).await?;
    window
        .until(
            "the frame is not to be seen",
            "return document.getElementById('frame').getClientRects().length === 0
                 && document.querySelector('.first-paint').getClientRects().length === 1;",
        )
        .await?;
    window.close().await
}
