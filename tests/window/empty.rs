//! An account without results: the list says so as soon as it has been read, after a restart too.

use serde_json::json;

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start};

#[tokio::test]
async fn an_account_without_results_is_told_from_one_that_is_being_read() -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let desktop = Desktop::start("empty", Keyring::Unlocked)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    window.kill()?;

    // The screen is there well before the answer.
    let lists = json!({ "method": "GET", "path_contains": "/results/" });
    server.fault(json!({ "match": lists, "kind": { "delay_ms": 3_000 } })).await?;
    let window = desktop.open(&start).await?;
    window.click("nav-results").await?;
    window.find_css(".results-card .spinner").await?;
    window.find_css(".results-card .state-empty").await?;
    window.close().await?;
    server.stop().await;
    Ok(())
}
