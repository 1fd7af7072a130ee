//! The window opens, whatever the language of the system.

use crate::support::{Desktop, Keyring, Shown, Start};

async fn boots(name: &str, lang: &str) -> Shown {
    let desktop = Desktop::start(name, Keyring::Absent)?;
    let window = desktop
        .open(&Start { lang: lang.to_owned(), own_renderer: true, ..Start::default() })
        .await?;
    window.find("connect-practice").await?;
    window.find("connect-key").await?;
    // Any broken `Intl` shows here, whatever the page itself uses of it.
    window
        .until(
            "the page's language is one",
            "return new Intl.NumberFormat(navigator.language).format(1234.5).length > 4;",
        )
        .await?;
    window.close().await
}

#[tokio::test]
async fn boots_where_the_locale_is_no_language() -> Shown {
    boots("boots-c-utf8", "C.UTF-8").await
}

#[tokio::test]
async fn boots_in_c() -> Shown {
    boots("boots-c", "C").await
}

#[tokio::test]
async fn boots_in_turkish() -> Shown {
    boots("boots-tr", "tr_TR.UTF-8").await
}

#[tokio::test]
async fn boots_in_arabic() -> Shown {
    boots("boots-ar", "ar_EG.UTF-8").await
}

#[tokio::test]
async fn boots_by_night_in_the_dark() -> Shown {
    let desktop = Desktop::start("boots-night", Keyring::Absent)?;
    let window = desktop.open(&Start { dark: true, ..Start::default() }).await?;
    window.find("connect-practice").await?;
    window
        .until(
            "the page is dark",
            "return matchMedia('(prefers-color-scheme: dark)').matches
                && [document.documentElement, document.body]
                    .some((element) => getComputedStyle(element).backgroundColor === 'rgb(22, 22, 24)');",
        )
        .await?;
    window.close().await
}
