//! A result of 10,000 calls.

use serde_json::{Value, json};

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, first_number, seed};

const MANY: u32 = 10_000;
/// A list draws the rows in view, and eight above and below them: of rows 58 pixels high no more
/// than this on a screen of 960.
const ROWS: u64 = 17 + 2 * 8 + 1;
/// A row has at most 16 marks and a dozen elements beside them; all that is around the list is
/// less than as much again.
const ELEMENTS: u64 = 2 * ROWS * 30;

const ENTER: &str = "\u{e007}";
const ESC: &str = "\u{e00c}";
const END: &str = "\u{e010}";

/// How many elements there are, the rows of the list among them, and how many rows it stands for.
const DRAWN: &str = "const rows = document.querySelector('lc-result .result-table .rows');
    return [document.querySelectorAll('*').length, rows.querySelectorAll('.rows-body > .rows-row').length, Number(rows.getAttribute('aria-rowcount')) - 1];";

/// The list stands for so many rows.
fn stands_for(rows: u32) -> String {
    format!(
        "return Number(document.querySelector('lc-result .result-table .rows').getAttribute('aria-rowcount')) === {rows} + 1;"
    )
}

fn few(drawn: &Value, what: &str) {
    let number = |at: usize| drawn[at].as_u64().unwrap_or(u64::MAX);
    assert!(number(1) <= ROWS, "{what}: {drawn}");
    assert!(number(0) <= ELEMENTS, "{what}: {drawn}");
}

#[tokio::test]
async fn ten_thousand_calls_are_read_searched_and_scrolled_and_one_change_draws_one_row() -> Shown {
    let server = Server::with(|config| config.history = false).await?;
    let desktop = Desktop::start("many", Keyring::Unlocked)?;
    let start = Start::default();
    let window = desktop.open(&start).await?;
    window.connect(KEY, &server.base_url).await?;
    window.close().await?;
    let names = seed::write(&desktop.data_dir(&start), &[MANY as usize])?;
    let window = desktop.open(&start).await?;
    window.open_result(seed::NEWEST).await?;

    // What it comes to stands on top; every call is in one of the six counts.
    let headline = window.text("headline").await?;
    assert!(headline.contains("fit"), "{headline:?}");
    let counts = window.counts().await?;
    assert_eq!(counts.sum(), MANY, "{counts:?}");
    assert!(counts.agent_failed > 0 && counts.never_connected > 0, "{counts:?}");
    let shown = format!("{} calls", "10,000");
    window
        .until_text("calls-in-all", std::time::Duration::from_secs(60), |text| text == shown)
        .await?;
    few(&window.script(DRAWN).await?, "evaluators");

    // One outcome: the list has as many rows as were counted, and no other is drawn.
    window.click("view-calls").await?;
    window.until("every call", &stands_for(MANY)).await?;
    few(&window.script(DRAWN).await?, "calls");
    window.click_css(".legend-entry:has([data-test=count-agent-failed])").await?;
    window.until("the failed calls", &stands_for(counts.agent_failed)).await?;
    let others = "lc-result .rows-body > :not([data-outcome=agent_failed])";
    assert!(window.all_css(others).await?.is_empty());
    // And of these the ones of an evaluator.
    let name = names.get(3).map(String::as_str).unwrap_or_default();
    window.fill("call-search", name).await?;
    window
        .until(
            "the calls that are searched for",
            &format!(
                "const rows = document.querySelector('lc-result .result-table .rows');
                 const count = Number(rows.getAttribute('aria-rowcount')) - 1;
                 const names = [...rows.querySelectorAll('.rows-body b')].map((one) => one.textContent);
                 return count > 0 && count < {} && names.every((name) => name === {});",
                counts.agent_failed,
                json!(name),
            ),
        )
        .await?;
    window.click("filter-clear").await?;
    window.until("every call again", &stands_for(MANY)).await?;

    // To the end with a key; the last call opens, and when it is closed the list is where it was.
    window.script("document.querySelector('lc-result .result-table .rows').focus();").await?;
    window.keys(END).await?;
    let last = format!(".rows-row.active[aria-rowindex='{}']", MANY + 1);
    let id = window.attribute(&last, "data-id").await?;
    few(&window.script(DRAWN).await?, "the end");
    let place = "const rows = document.querySelector('lc-result .result-table .rows');
        const box = rows.querySelector('.rows-row.active').getBoundingClientRect();
        const list = rows.getBoundingClientRect();
        return box.top >= list.top && box.bottom <= list.bottom + 1;";
    window.until("the last call in view", place).await?;
    let top = "return document.querySelector('lc-result .result-table .rows').scrollTop;";
    let before = window.script(top).await?;
    window.keys(ENTER).await?;
    window.find_css("lc-call [data-test=call-outcome]").await?;
    assert!(window.client().current_url().await?.as_str().ends_with(&format!("/{id}")));
    few(&window.script(DRAWN).await?, "with a call open");
    window.keys(ESC).await?;
    window.until("the call is closed", "return !document.querySelector('lc-call');").await?;
    window.find_css(&format!("{last}[data-id='{id}']")).await?;
    let after = window.script(top).await?;
    let moved =
        before.as_f64().zip(after.as_f64()).map_or(f64::MAX, |(one, two)| (one - two).abs());
    assert!(moved < 5.0, "the same place: {before} before, {after} after");
    let focused = "return document.activeElement === document.querySelector('lc-result .result-table .rows');";
    window.until("the list has the focus", focused).await?;

    // One call changes: a few kB cross, one row is drawn, and every row is the element it was.
    window.keys(ENTER).await?;
    window.find("note").await?;
    // The list has found its place beside the call.
    window.drawn().await?;
    window
        .script(
            "const body = document.querySelector('lc-result .result-table .rows-body');
             globalThis.kept = [...body.children].map((row) => [row, row.dataset.id, row.textContent]);
             globalThis.read = [];
             const { fetch } = globalThis;
             globalThis.fetch = async (...what) => {
                 const answer = await fetch(...what);
                 if (String(what[0]).includes('result_read')) read.push((await answer.clone().text()).length);
                 return answer;
             };",
        )
        .await?;
    window.fill("note", "Heard by Ada.").await?;
    window.find_css(&format!(".rows-row[data-id='{id}'] [data-test=said]")).await?;
    let now = window
        .script(
            "const rows = [...document.querySelector('lc-result .result-table .rows-body').children];
             const others = kept.filter(([row, id], at) => rows[at] !== row || row.dataset.id !== id).length;
             const drawn = kept.filter(([row, , text]) => row.textContent !== text).map(([row]) => row.dataset.id);
             return { others, drawn, rows: [kept.length, rows.length], read };",
        )
        .await?;
    assert_eq!(now["others"], 0, "other elements: {now}");
    assert_eq!(now["drawn"], json!([id]), "{now}");
    let read: Vec<u64> =
        now["read"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect();
    // A call is 200 bytes and more as it is told; all of them would be millions.
    assert!(!read.is_empty() && read.iter().all(|bytes| *bytes < 200_000), "{now}");
    assert_eq!(first_number(&window.text("calls-shown").await?), Some(MANY));
    window.close().await?;
    server.stop().await;
    Ok(())
}
