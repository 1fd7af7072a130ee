//! Why did it fail: found, heard, noted, and run again.

use std::time::Duration;

use crate::support::{Desktop, Server, Shown, Start, Window, amiss, first_number};

const SOON: Duration = Duration::from_secs(60);
const ENTER: &str = "\u{e007}";

/// Opens a call that the agent failed and that can be heard, with its conversation.
async fn failed_call(window: &Window) -> Shown<(i64, i64)> {
    let result = window.open_failed_call().await?;
    window.find("player").await?;
    let address = window.client().current_url().await?;
    let call = address.fragment().and_then(|text| text.rsplit('/').next()?.parse().ok());
    Ok((result, call.ok_or("no call in the address")?))
}

#[tokio::test]
async fn the_worst_call_and_its_sentence_are_found_with_the_keyboard_alone() -> Shown {
    let (_desktop, window) = Desktop::practice("keyboard").await?;
    let result = window.result_with("agentFailed").await?;
    window.tab_to("[data-test=nav-results]").await?;
    window.keys(ENTER).await?;
    window.find("result-row").await?;
    window.tab_to(".rows").await?;
    let here = format!("[data-test=result-row].active[data-id='{result}']");
    let mut presses = 0;
    while window.all_css(&here).await?.is_empty() {
        presses += 1;
        if presses > 200 {
            return amiss("the result is not in the list");
        }
        window.keys("\u{e015}").await?;
    }
    window.keys(ENTER).await?;
    window.find("headline").await?;
    // The next call that needs attention: the worst are first.
    window.keys("n").await?;
    window.find("transcript-turn").await?;
    window
        .until(
            "the worst call is open",
            "return document.querySelector('lc-call [data-test=call-outcome]').dataset.outcome === 'agent_failed';",
        )
        .await?;
    assert!(!window.text("call-why").await?.is_empty());
    let failing = "[data-test=criterion].is-not [data-test=call-time]";
    window.find_css(failing).await?;
    window.tab_to(failing).await?;
    let time = window.script("return document.activeElement.textContent;").await?;
    window.keys(ENTER).await?;
    window
        .until(
            "the sentence that failed it has the focus and is in view",
            "const turn = document.activeElement;
             const box = turn.getBoundingClientRect();
             return turn.matches('[data-test=transcript-turn].is-against')
                 && turn.querySelector('.turn-said').textContent.trim().length > 10
                 && box.top >= 0 && box.bottom <= innerHeight;",
        )
        .await?;
    let at = window
        .script("return document.activeElement.querySelector('.turn-at').textContent;")
        .await?;
    assert!(seconds(&at) <= seconds(&time) + 1, "{at} for {time}");
    window.close().await
}

/// `1:05` or `01:05` in seconds.
fn seconds(text: &serde_json::Value) -> u32 {
    let text = text.as_str().unwrap_or_default();
    text.split(':').fold(0, |sum, part| sum * 60 + part.trim().parse::<u32>().unwrap_or(0))
}

#[tokio::test]
async fn a_call_plays_and_seeks_and_the_conversation_follows() -> Shown {
    let (_desktop, window) = Desktop::practice("sound").await?;
    failed_call(&window).await?;
    window.plays().await?;
    window.find_css("[data-test=player][data-playing=true]").await?;
    // A press on the time of a turn plays from there.
    let to = window
        .script(
            "const turns = [...document.querySelectorAll('[data-test=transcript-turn]')].filter((turn) => turn.querySelector('button.turn-at'));
             // In the middle: the sound must not end before it is paused.
             const turn = turns[Math.floor(turns.length / 2)];
             turn.querySelector('button.turn-at').click();
             return [Number(turn.dataset.turn), turn.querySelector('.turn-at').textContent];",
        )
        .await?;
    window
        .until(
            "the conversation is where the sound is",
            &format!(
                "const {{ audio }} = document.querySelector('lc-player');
                 const now = document.querySelector('[data-test=transcript-turn].is-now');
                 return audio.currentTime >= {} - 0.5 && Number(now?.dataset.turn) >= {};",
                seconds(&to[1]),
                to[0]
            ),
        )
        .await?;
    // Space pauses; the arrows of the slider seek.
    window.script("document.querySelector('lc-player .wave').focus();").await?;
    window.keys(" ").await?;
    window.find_css("[data-test=player][data-playing=false]").await?;
    let before =
        window.script("return document.querySelector('lc-player').audio.currentTime;").await?;
    window.keys("\u{e012}").await?;
    window
        .until(
            "five seconds back",
            &format!(
                "const {{ audio }} = document.querySelector('lc-player'); return audio.paused && Math.abs(audio.currentTime - ({before} - 5)) < 0.6;"
            ),
        )
        .await?;
    // A press in the middle of the lanes goes to the middle.
    window.click_css("lc-player .wave").await?;
    window
        .until(
            "the middle",
            "const { audio } = document.querySelector('lc-player'); return Math.abs(audio.currentTime - audio.duration / 2) < 3;",
        )
        .await?;
    window.close().await
}

#[tokio::test]
async fn a_note_and_a_vote_survive_a_restart_and_reading_everything_anew() -> Shown {
    let (desktop, window) = Desktop::practice("note").await?;
    let (result, call) = failed_call(&window).await?;
    window.keys("e").await?;
    window.keys("Heard by Ada: the judge is wrong here.").await?;
    window.keys("\u{e00c}").await?;
    window.click("vote-down").await?;
    window.find_css("[data-test=vote-down][aria-pressed=true]").await?;
    window
        .until(
            "the note is kept",
            &format!("return Boolean(document.querySelector('.is-noted[data-id=\"{call}\"], [data-test=call-row][data-id=\"{call}\"].is-noted'));"),
        )
        .await?;
    window.kill()?;
    // What can be fetched again is taken away, so that it is.
    for file in ["archive.db", "archive.db-wal", "archive.db-shm"] {
        let path = desktop.data_dir(&Start::default()).join(file);
        if path.exists() {
            std::fs::remove_file(path)?;
        }
    }

    let window = desktop.open(&Start::default()).await?;
    window.result_with("agentFailed").await?;
    window.open_result(result).await?;
    window.click_css(&format!("[data-test=call-row][data-id='{call}']")).await?;
    window.find("transcript-turn").await?;
    window
        .until(
            "the note and the vote",
            "return document.querySelector('[data-test=note]').value === 'Heard by Ada: the judge is wrong here.'
                && Boolean(document.querySelector('[data-test=vote-down][aria-pressed=true]'));",
        )
        .await?;
    window.close().await
}

#[tokio::test]
async fn only_what_never_connected_is_run_again_and_the_parent_tells_of_it() -> Shown {
    let server = Server::start().await?;
    let (_desktop, window) = Desktop::connected("again", &server).await?;
    let parent = window.result_with("neverConnected").await?;
    window.open_result(parent).await?;
    let lost = window.counts().await?.never_connected;
    window.click("run-again").await?;
    window.click("run-again-never-connected").await?;
    window.find_css("[data-test=plan-sum]:not([data-calls='0'])").await?;
    let placed = window.place().await?;
    assert_eq!(placed.calls, lost);
    let counts = window.finished().await?;
    assert_eq!(counts.sum(), lost, "{counts:?}");
    assert_eq!(server.arrived_and_placed().await?, (1, 1));
    // The child leads back to the parent, and the parent says what became of it.
    window.find_css("[data-test=callout][data-code=parent]").await?;
    window.click_css("[data-test=callout][data-code=parent] button").await?;
    let said = window
        .until_text_css("[data-test=callout][data-code=repeat]", SOON, |text| !text.is_empty())
        .await?;
    let fixed = window.all_css("[data-test=evaluator-group] .pill[title*='run again']").await?;
    if counts.passed > 0 {
        assert!(first_number(&said).is_some() && said.contains("fixed"), "{said:?}");
        assert!(!fixed.is_empty(), "the evaluators that pass now are marked");
    }
    assert_eq!(window.counts().await?.never_connected, lost, "the parent keeps its own counts");
    window.close().await?;
    server.stop().await;
    Ok(())
}
