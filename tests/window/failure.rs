//! A page that cannot start says so: a blank window is the worst message there is, and this web
//! view passes a module's error on to nobody.

use std::path::PathBuf;
use std::process::Command;

use super::outside::Screen;
use crate::support::{Desktop, Keyring, Shown, Start, amiss};

/// The example whose `app.js` throws. Running all tests has built it; running this one has not.
pub(crate) fn broken_page() -> Shown<PathBuf> {
    let mut build = Command::new(env!("CARGO"));
    build.args([
        "build",
        "--quiet",
        "--package",
        "linecheck",
        "--example",
        "linecheck-broken-page",
    ]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    if !build.current_dir(env!("CARGO_MANIFEST_DIR")).status()?.success() {
        return amiss("the broken page cannot be built");
    }
    let here = std::env::current_exe()?;
    let program =
        here.ancestors().nth(2).map(|folder| folder.join("examples/linecheck-broken-page"));
    program.ok_or_else(|| "the tests are not where Cargo puts them".into())
}

#[tokio::test]
async fn a_module_that_fails_at_import_shows_the_failure_page() -> Shown {
    let program = Some(broken_page()?);
    let desktop = Desktop::start("broken", Keyring::Absent)?;
    let window = desktop.open(&Start { program, ..Start::default() }).await?;
    let page = window.find_css("[data-test=error-banner][data-code=page_failed]").await?;
    let said = page.text().await?;
    for part in
        ["Linecheck could not open its window", "Try again", "RangeError: broken on purpose"]
    {
        assert!(said.contains(part), "{part:?} is not in {said:?}");
    }
    assert!(window.all_css("lc-app").await?.is_empty(), "nothing half-made is left beside it");
    window
        .until(
            "it is made for reading, not for searching",
            "const page = document.querySelector('[data-test=error-banner]');
             return page.getAttribute('role') === 'alert' && page.getBoundingClientRect().height > 100
                 && getComputedStyle(page.querySelector('h1')).color !== getComputedStyle(document.body).backgroundColor;",
        )
        .await?;
    window.drawn().await?;
    // The program shows its window when its page has something to say.
    Screen::of(&desktop)?;
    window.shot("window", "broken").await?;
    // *Try again* loads the page anew; what was put on the old one is gone.
    window.client().execute("document.body.dataset.old = 'yes';", Vec::new()).await?;
    window.click_css("[data-test=error-banner] button").await?;
    window
        .until(
            "the page was loaded anew",
            "return !document.body.dataset.old
                && document.querySelector('[data-code=page_failed]') !== null;",
        )
        .await?;
    window.close().await
}
