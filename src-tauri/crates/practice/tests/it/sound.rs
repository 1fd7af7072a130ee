//! Recordings: well formed, and loud where the transcript says somebody speaks.

use reqwest::Method;
use serde_json::Value;

use crate::support::{Clock, Door, body, open, open_with};

const RATE: f64 = 8000.0;

fn number(bytes: &[u8], at: usize, length: usize) -> u32 {
    bytes[at..at + length].iter().rev().fold(0, |sum, byte| (sum << 8) | u32::from(*byte))
}

/// Mean loudness of a channel between two moments.
fn loudness(samples: &[u8], channel: usize, from_s: f64, to_s: f64) -> f64 {
    let (from, to) = ((from_s * RATE) as usize, (to_s * RATE) as usize);
    let mut sum = 0.0;
    for at in from..to {
        let place = at * 4 + channel * 2;
        sum += f64::from(i16::from_le_bytes([samples[place], samples[place + 1]]).unsigned_abs());
    }
    sum / (to - from).max(1) as f64
}

async fn a_call(door: &Door) -> Value {
    let calls = door.get("/test_framework/v2/runs/?result_id=41204&page_size=64").await;
    let calls = calls["results"].as_array().unwrap();
    let long = calls.iter().find(|call| call["status"] == "completed").unwrap();
    door.get(&format!("/test_framework/v2/runs/{}/", long["id"])).await
}

#[tokio::test]
async fn voices_are_where_the_transcript_says() {
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    let call = a_call(&door).await;
    let link = call["voice_recording_url"].as_str().unwrap();
    let path = link.strip_prefix(&door.running.base_url).expect("built from the request's host");
    let response = door.bare(Method::GET, path).send().await.unwrap();
    assert_eq!(response.status(), 200, "no key is asked for");
    assert_eq!(response.headers()["content-type"], "audio/wav");
    let bytes = response.bytes().await.unwrap();
    assert_eq!(
        (&bytes[..4], &bytes[8..16], &bytes[36..40]),
        (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..])
    );
    assert_eq!(number(&bytes, 4, 4) as usize, bytes.len() - 8);
    assert_eq!(number(&bytes, 40, 4) as usize, bytes.len() - 44);
    let format: Vec<u32> = [(20, 2), (22, 2), (24, 4), (28, 4), (32, 2), (34, 2)]
        .iter()
        .map(|(at, length)| number(&bytes, *at, *length))
        .collect();
    assert_eq!(format, [1, 2, 8000, 32_000, 4, 16], "PCM, stereo, 8 kHz, 16 bits");
    let (minutes, seconds) = call["duration"].as_str().unwrap().split_once(':').unwrap();
    let told = minutes.parse::<f64>().unwrap() * 60.0 + seconds.parse::<f64>().unwrap();
    let long = (bytes.len() - 44) as f64 / 4.0 / RATE;
    assert!((told..=told + 1.0).contains(&long), "{told} s told, {long} s recorded");

    let tester = call["testing_channel_index"].as_u64().unwrap() as usize;
    let samples = &bytes[44..];
    let mut checked = 0;
    for turn in call["transcript_object"].as_array().unwrap() {
        let channel = match turn["role"].as_str().unwrap() {
            "Testing Agent" => tester,
            "Main Agent" => 1 - tester,
            _ => continue,
        };
        let (from, to) = (turn["start_time"].as_f64().unwrap(), turn["end_time"].as_f64().unwrap());
        assert!(loudness(samples, channel, from, to) > 500.0, "speaks at {from}");
        assert!(loudness(samples, 1 - channel, from, to) < 50.0, "the other is silent at {from}");
        checked += 1;
    }
    assert!(checked > 8, "{checked}");
    for channel in ["0", "1"] {
        let lane = call["waveform"][channel].as_array().unwrap();
        assert!(lane.iter().all(|bar| (0.0..=1.0).contains(&bar.as_f64().unwrap())));
        assert!(lane.iter().any(|bar| bar.as_f64().unwrap() > 0.3));
    }
    door.stop().await;
}

#[tokio::test]
async fn turns_are_in_order_and_within_the_call() {
    let door = open_with(&Clock::new(), |config| config.history = true).await;
    for result in [41201, 41202, 41204] {
        let detail = door.get(&format!("/test_framework/v2/results/{result}/")).await;
        let ids: Vec<&String> = detail["runs"].as_object().unwrap().keys().collect();
        let ids = ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(",");
        let calls = door.get(&format!("/test_framework/v2/runs/bulk/?run_ids={ids}")).await;
        for call in calls.as_array().unwrap() {
            let turns = call["transcript_object"].as_array().unwrap();
            let mut before = 0.0;
            let mut open_tools = Vec::new();
            for turn in turns {
                let (from, to) =
                    (turn["start_time"].as_f64().unwrap(), turn["end_time"].as_f64().unwrap());
                assert!(from >= before && to >= from, "{turn}");
                before = to;
                match turn["role"].as_str().unwrap() {
                    "Function Call" => {
                        let arguments = turn["data"]["arguments"].as_str().unwrap();
                        assert!(
                            serde_json::from_str::<Value>(arguments).unwrap().is_object(),
                            "{arguments}"
                        );
                        open_tools.push(turn["data"]["id"].clone());
                    }
                    "Function Call Result" => {
                        assert_eq!(open_tools.pop().as_ref(), Some(&turn["data"]["id"]));
                        let result = turn["data"]["result"].as_str().unwrap();
                        assert!(serde_json::from_str::<Value>(result).is_ok(), "{result}");
                    }
                    _ => assert!(!turn["content"].as_str().unwrap().contains(['{', '}']), "{turn}"),
                }
            }
            let text = call["transcript"].as_str().unwrap();
            assert_eq!(text.lines().count(), turns.len());
            // Every (mm:ss) of an explanation is the beginning of a turn.
            for line in call["expected_outcome"]["explanation"].as_array().into_iter().flatten() {
                let line = line.as_str().unwrap();
                if let Some(at) = line.find('(') {
                    let time = &line[at + 1..at + 6];
                    assert!(turns.iter().any(|turn| turn["time"] == time), "{line}");
                }
            }
        }
    }
    door.stop().await;
}

#[tokio::test]
async fn there_is_no_recording_before_the_end_or_without_a_talk() {
    let door = open().await;
    let result = door.launch(&body(&[9001], 1)).await;
    let id = result["runs"][0]["id"].clone();
    let path = format!("/recordings/{id}.wav");
    assert_eq!(door.bare(Method::GET, &path).send().await.unwrap().status(), 404);
    let call = door.get(&format!("/test_framework/v2/runs/{id}/")).await;
    assert_eq!((&call["voice_recording_url"], &call["waveform"]), (&Value::Null, &Value::Null));
    assert_eq!(door.bare(Method::GET, "/recordings/7.wav").send().await.unwrap().status(), 404);
    door.stop().await;
}
