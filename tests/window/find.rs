//! Places in the conversation of a call: words that are found, and where an explanation leads.

use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use serde_json::{Value, json};

use crate::support::{Desktop, Shown, amiss};

const CONTROL: char = '\u{e009}';

#[tokio::test]
async fn words_and_signs_are_found_in_the_conversation_with_the_keyboard() -> Shown {
    let (_desktop, window) = Desktop::practice("find").await?;
    window.open_failed_call().await?;
    window.find("transcript-turn").await?;
    // What is looked for comes from the conversation itself: the sentence with the most signs in it.
    let wanted = window
        .script(
            "const texts = [...document.querySelectorAll('[data-test=transcript-turn]:not([data-speaker=tool]) bdi')].map((one) => one.textContent.trim());
             const signs = (text) => text.replace(/[\\p{L}\\p{N}\\s]/gu, '').length;
             return texts.sort((one, other) => signs(other) - signs(one))[0].slice(0, 60).trim();",
        )
        .await?;
    let Value::String(wanted) = wanted else { return amiss("the conversation has no words") };
    // The key opens the field from anywhere in the result.
    let chord = [
        KeyAction::Down { value: CONTROL },
        KeyAction::Down { value: 'f' },
        KeyAction::Up { value: 'f' },
        KeyAction::Up { value: CONTROL },
    ];
    let chord = chord.into_iter().fold(KeyActions::new("chord".to_owned()), KeyActions::then);
    window.client().perform_actions(chord).await?;
    window
        .until(
            "the field has the focus",
            "return document.activeElement.dataset.test === 'transcript-find';",
        )
        .await?;
    window.keys(&wanted).await?;
    window
        .until(
            "the sentence is marked and in view",
            "const hit = document.querySelector('lc-transcript mark.is-here');
             const box = hit?.getBoundingClientRect();
             return /^1 of [1-9]/.test(document.querySelector('[data-test=transcript-found]').textContent.trim())
                 && Boolean(box) && box.top >= 0 && box.bottom <= innerHeight;",
        )
        .await?;
    // Signs by themselves, as somebody types them who looks for an address or an order's number.
    for signs in ["-", "e-mail", "MF-84301", "(:", "\\", "a/b?", "[^]{1}|$+*."] {
        window.fill("transcript-find", signs).await?;
        window
            .until(
                "the field says whether there is such a place",
                &format!(
                    "return document.querySelector('[data-test=transcript-find]').value === {}
                        && /of|Not found/.test(document.querySelector('[data-test=transcript-found]').textContent);",
                    json!(signs)
                ),
            )
            .await?;
        let broken = window.all("error-banner").await?;
        assert!(broken.is_empty(), "{signs:?} broke the page");
    }
    window.fill("transcript-find", "no such words are ever said").await?;
    window
        .until_text("transcript-found", std::time::Duration::from_secs(60), |text| {
            text == "Not found"
        })
        .await?;
    // Esc closes the search and only it.
    window.keys("\u{e00c}").await?;
    window
        .until(
            "the search is over and the call still open",
            "return document.querySelector('[data-test=transcript-find]').value === ''
                && document.querySelectorAll('lc-transcript mark').length === 0
                && Boolean(document.querySelector('lc-call'));",
        )
        .await?;
    window.close().await
}

#[tokio::test]
async fn an_explanation_leads_to_its_sentence_and_that_stays_red() -> Shown {
    let (_desktop, window) = Desktop::practice("jump").await?;
    window.open_failed_call().await?;
    window.find_css("[data-test=criterion].is-not [data-test=call-time]").await?;
    window.find_css("[data-test=transcript-turn].is-against").await?;
    // The reason is one of the criteria: it is said once, beside what came.
    assert!(window.all_css(".call-why-text").await?.is_empty());
    assert!(!window.text("criterion-came").await?.is_empty());
    let colour = window
        .script(
            "return getComputedStyle(document.querySelector('.turn.is-against')).backgroundColor;",
        )
        .await?;
    window.click_css("[data-test=criterion].is-not [data-test=call-time]").await?;
    window
        .until(
            "one turn is gone to, and the same is heard",
            "const lit = [...document.querySelectorAll('.turn.is-now, .turn.is-focused')];
             return lit.length === 1 && lit[0].matches('.is-now.is-focused.is-against');",
        )
        .await?;
    let lit = window
        .script(
            "const turn = document.querySelector('.turn.is-now');
             return [getComputedStyle(turn).backgroundColor, turn.dataset.speaker, document.querySelector('lc-player [data-test=position]').textContent];",
        )
        .await?;
    assert_eq!(lit[0], colour, "what speaks against the call stays red while it is heard");
    assert_eq!(lit[1], "agent");
    window.close().await
}
