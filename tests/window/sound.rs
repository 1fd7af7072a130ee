//! Listening: to a recording that is too large to be played as it is, and to a call that goes on.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Desktop, Server, Shown, Window, amiss, until};

const SOON: Duration = Duration::from_secs(60);
/// What the window can play, in bytes, as it came.
const PLAYABLE: f64 = 50_000_000.0;

/// A call that is longer and one that is shorter than so many seconds.
async fn call_of(window: &Window, seconds: std::ops::Range<f64>) -> Shown<i64> {
    let result = window.result_with("passed").await?;
    window.open_result(result).await?;
    let read = window.invoke("result_read", json!({ "id": result, "have": null })).await?;
    let read = read.map_err(|error| format!("result_read: {error}"))?;
    let groups = read["groups"].as_array().into_iter().flatten();
    let mut calls = groups.flat_map(|group| group["calls"].as_array().into_iter().flatten());
    let fits = |call: &&Value| {
        call["outcome"] == "passed"
            && call["seconds"].as_f64().is_some_and(|long| seconds.contains(&long))
    };
    match calls.find(fits).and_then(|call| call["id"].as_i64()) {
        Some(id) => Ok(id),
        None => amiss(format!("no call of {seconds:?} s: {read}")),
    }
}

#[tokio::test]
async fn a_recording_that_is_too_large_is_heard_whole_and_right() -> Shown {
    // 768 kB a second.
    const RATE: u32 = 192_000;
    let server = Server::with(|config| config.sound_rate = RATE).await?;
    let (_desktop, window) = Desktop::connected("large-sound", &server).await?;
    // Larger than what can be played, and within what is fetched.
    let call = call_of(&window, PLAYABLE * 1.1 / (f64::from(RATE) * 4.0)..260.0).await?;
    window.click_css(&format!("[data-test=call-row][data-id='{call}']")).await?;
    window.find("player").await?;
    window.plays().await?;
    // It comes from an address that holds it, at the rate of wideband telephones.
    let kind = window
        .script(
            "const { audio, seconds } = document.querySelector('lc-player');
             const head = Uint8Array.from(atob(audio.src.slice('data:audio/wav;base64,'.length, 'data:audio/wav;base64,'.length + 64)), (one) => one.charCodeAt(0));
             return [audio.src.slice(0, 22), new DataView(head.buffer).getUint32(24, true), Math.abs(audio.duration - seconds) < 1, audio.src.length];",
        )
        .await?;
    assert_eq!(
        (&kind[0], &kind[1], &kind[2]),
        (&json!("data:audio/wav;base64,"), &json!(16_000), &json!(true)),
        "{kind}"
    );
    // From its last words back to its first.
    for to in ["audio.duration - 5", "2"] {
        window
            .until(
                &format!("it plays from {to}"),
                &format!(
                    "const player = document.querySelector('lc-player');
                     const {{ audio }} = player;
                     const to = {to};
                     if (audio.paused) {{ void player.toggle(); return false; }}
                     if (audio.seeking) return false;
                     // Where it has played past it meanwhile, it is sought again.
                     const isThere = audio.currentTime > to - 0.1 && audio.currentTime < to + 5;
                     if (globalThis.sought !== to || !isThere) {{ globalThis.sought = to; void player.seek(to); return false; }}
                     return audio.currentTime > to + 0.3;"
                ),
            )
            .await?;
    }
    // What the address holds is what was said: while the agent speaks its side is loud and the
    // caller's is not, and the other way round.
    let heard = window
        .script(
            "const { audio } = document.querySelector('lc-player');
             const bytes = Uint8Array.from(atob(audio.src.slice(22)), (one) => one.charCodeAt(0));
             const levels = new Int16Array(bytes.buffer, 44);
             const loud = (from, side) => {
                 let sum = 0;
                 for (let at = 0; at < 8000; at += 1) sum += levels[2 * (Math.round(from * 16000) + at) + side] ** 2;
                 return Math.sqrt(sum / 8000);
             };
             const turns = document.querySelector('lc-transcript').turns.filter(({ at, tool, text }) => at !== null && !tool && text.length > 30);
             return turns.map(({ at, speaker }) => {
                 const [caller, agent] = [loud(at + 0.1, 0), loud(at + 0.1, 1)];
                 return speaker === 'agent' ? [agent, caller] : [caller, agent];
             });",
        )
        .await?;
    let turns = heard.as_array().map_or(&[][..], Vec::as_slice);
    assert!(turns.len() > 4, "{heard}");
    for turn in turns {
        assert!(turn[0].as_f64() > Some(1_000.0) && turn[1].as_f64() < Some(100.0), "{heard}");
    }
    window.close().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn a_call_that_goes_on_is_listened_to_in_the_browser() -> Shown {
    // A call that outlasts the test.
    let server = Server::with(|config| config.speed = 0.1).await?;
    let (desktop, window) = Desktop::connected("listen", &server).await?;
    window.tick_evaluators(1).await?;
    window.place().await?;
    window.click_css("[data-test=call-row][data-outcome=in_progress]").await?;
    let listen = async |answer: Value| -> Shown {
        server.heal().await?;
        let kind = json!({ "status": { "code": 200, "body": answer } });
        server
            .fault(json!({ "match": { "path_contains": "/get_listen_url/" }, "kind": kind }))
            .await?;
        window.click("call-more").await?;
        window.click("listen").await
    };
    let live = |at: usize| format!("https://live.example/room/{at}?token=a%2Fb");
    let shapes = [
        json!(live(0)),
        json!({ "url": live(1) }),
        json!({ "listen_url": live(2) }),
        json!({ "listenUrl": live(3) }),
    ];
    for (at, shape) in shapes.into_iter().enumerate() {
        listen(shape).await?;
        let so_far: Vec<String> = (0..=at).map(live).collect();
        until(SOON, "the address in the browser", async || Ok(desktop.opened() == so_far)).await?;
    }
    // An answer of another shape: a server of one's own has no dashboard, and that is said.
    listen(json!({ "id": 5 })).await?;
    window
        .until(
            "that there is nothing to open",
            "return document.querySelector('lc-call').textContent.includes('cannot be listened to from here');",
        )
        .await?;
    assert_eq!(desktop.opened().len(), 4, "{:?}", desktop.opened());
    window.close().await?;
    server.stop().await;
    Ok(())
}
