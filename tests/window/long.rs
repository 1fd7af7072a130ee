//! Long conversations, and conversations in other scripts.

use serde_json::{Value, json};

use crate::support::{Desktop, Server, Shown, Window};

const TURNS: usize = 10_000;
/// Elements of a call: twelve blocks of forty turns are kept, each turn of nine elements at most,
/// and the screen around them.
const ELEMENTS: u64 = 12 * 40 * 9 + 1_500;

/// A server whose call that the agent failed is answered with another conversation, and that call.
async fn with_turns(
    server: &Server,
    window: &Window,
    change: impl FnOnce(&mut Value),
) -> Shown<String> {
    let result = window.result_with("agentFailed").await?;
    window.open_result(result).await?;
    let failed = "[data-test=call-row][data-outcome=agent_failed]";
    let id = window.attribute(failed, "data-id").await?;
    let mut run = server.get(&format!("test_framework/v2/runs/{id}/")).await?;
    change(&mut run);
    let path = format!("/runs/{id}/");
    let kind = json!({ "status": { "code": 200, "body": run } });
    server
        .fault(json!({ "match": { "method": "GET", "path_contains": path }, "kind": kind }))
        .await?;
    window.click_css(&format!("[data-test=call-row][data-id='{id}']")).await?;
    window.find("transcript-turn").await?;
    Ok(id)
}

/// A turn as the API sends one.
fn turn(at: usize, seconds: f64, text: &str) -> Value {
    json!({
        "role": if at.is_multiple_of(2) { "Testing Agent" } else { "Main Agent" },
        "content": text,
        "start_time": seconds,
        "end_time": seconds + 0.2,
    })
}

async fn is_bounded(window: &Window, what: &str) -> Shown {
    let elements = window.script("return document.querySelectorAll('*').length;").await?;
    assert!(elements.as_u64().is_some_and(|many| many <= ELEMENTS), "{what}: {elements}");
    Ok(())
}

#[tokio::test]
async fn ten_thousand_turns_are_searched_and_jumped_in() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("turns", &server).await?;
    with_turns(&server, &window, |run| {
        // Three turns a second: the last begins in the fifty-sixth minute.
        let turns = (0..TURNS).map(|at| {
            let words = if at + 1 == TURNS { "chrysanthemum" } else { "and so on" };
            turn(at, at as f64 / 3.0, &format!("Turn {at}: {words}."))
        });
        run["transcript_object"] = turns.collect();
        run["duration"] = json!("55:34");
        run["expected_outcome"] = json!({
            "score": 0,
            "explanation": ["❌ The agent names the flower. It does not (55:20)"],
        });
    })
    .await?;
    let room = window
        .script("return [document.querySelectorAll('.turn-block').length, document.querySelectorAll('[data-test=transcript-turn]').length];")
        .await?;
    assert_eq!(room[0], json!(TURNS / 40), "all of it has its room: {room}");
    is_bounded(&window, "at first").await?;

    // A word of the last turn.
    window.fill("transcript-find", "chrysanthemum").await?;
    window
        .until(
            "the last turn is found and in view",
            &format!(
                "const hit = document.querySelector('lc-transcript mark.is-here');
                 const box = hit?.getBoundingClientRect();
                 return document.querySelector('[data-test=transcript-found]').textContent.trim() === '1 of 1'
                     && hit?.closest('[data-turn]').dataset.turn === '{}'
                     && box.top >= 0 && box.bottom <= innerHeight;",
                TURNS - 1
            ),
        )
        .await?;
    is_bounded(&window, "at the end").await?;
    window.keys("\u{e00c}").await?;

    // To the time that an explanation names, from the very beginning again.
    window.script("document.querySelector('.call-scroll').scrollTop = 0;").await?;
    window.click_css("[data-test=criterion].is-not [data-test=call-time]").await?;
    window
        .until(
            "the turn of that time has the focus and is in view",
            "const turn = document.activeElement;
             const box = turn.getBoundingClientRect();
             return turn.matches('[data-test=transcript-turn]') && turn.querySelector('.turn-at')?.textContent === '55:20'
                 && box.top >= 0 && box.bottom <= innerHeight;",
        )
        .await?;
    is_bounded(&window, "after the jump").await?;

    // Through all of it by hand: what is left behind is taken out again.
    for part in 1..=20 {
        window
            .until(
                "turns where the window is",
                &format!(
                    "const box = document.querySelector('.call-scroll');
                     box.scrollTop = (box.scrollHeight - box.clientHeight) * {part} / 20;
                     const {{ left, top, width, height }} = box.getBoundingClientRect();
                     return Boolean(document.elementFromPoint(left + width / 2, top + height / 2)?.closest('[data-test=transcript-turn], section'));"
                ),
            )
            .await?;
        is_bounded(&window, &format!("at {part} of 20")).await?;
    }
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn other_scripts_have_their_direction_and_every_character() -> Shown {
    const SAID: [(&str, &str); 8] = [
        ("rtl", "שלום, אני רוצה להזמין פרחים ליום שישי."),
        ("rtl", "مرحبا، هل يمكنني تغيير عنوان التسليم إلى Rue Émile 12؟"),
        ("ltr", "The order is called שושנה, number 4711, for Ines."),
        ("rtl", "הזמנה 4711: 3 × Rosa, סה״כ 45 ₪"),
        ("ltr", "👩🏽‍🌾👨‍👩‍👧‍👦 🇪🇺 ❤️‍🔥 thank you 🙏🏿"),
        ("ltr", "通話の最後に住所を読み返してください。"),
        ("ltr", "नमस्ते, क्या आप कल आ सकते हैं? ไม่เป็นไร"),
        ("ltr", "Za\u{300}lgo e\u{301}te\u{301}, na\u{308}ive"),
    ];
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("scripts", &server).await?;
    with_turns(&server, &window, |run| {
        let turns = SAID.iter().enumerate().map(|(at, (_, text))| turn(at, at as f64, text));
        run["transcript_object"] = turns.collect();
    })
    .await?;
    let read = "return [...document.querySelectorAll('[data-test=transcript-turn] .turn-said')].map((turn) => {
        const said = turn.querySelector('.text-lines');
        return [getComputedStyle(said).direction, said.textContent];
    });";
    let shown = window.script(read).await?;
    for (at, (direction, text)) in SAID.iter().enumerate() {
        assert_eq!(shown[at], json!([direction, text]), "turn {at}");
    }
    assert_eq!(shown.as_array().map(Vec::len), Some(SAID.len()));
    // A word within one of them is found, and its turn keeps its direction.
    window.fill("transcript-find", "להזמין").await?;
    window
        .until(
            "a word is marked",
            "return document.querySelector('lc-transcript mark.is-here')?.textContent === 'להזמין';",
        )
        .await?;
    let searched = window.script(read).await?;
    assert_eq!(searched, shown, "the same while something is searched");
    window.close().await?;
    server.stop().await;
    Ok(())
}
