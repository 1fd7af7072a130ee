//! `linecheck-practice` itself, started as a person starts it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::support::{LAUNCH, ORDERS, body, told};

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linecheck-practice"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A studio in a process of its own, which ends with the test.
struct Studio {
    child: Child,
    base_url: String,
    key: String,
    client: Client,
}

impl Drop for Studio {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Studio {
    /// Starts it on any free port and reads where from its line.
    fn start(arguments: &[&str]) -> Self {
        let mut child = command(&["--port", "0"]).args(arguments).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let words = line
            .trim_end()
            .strip_prefix("The practice studio listens on ")
            .and_then(|rest| rest.split_once(" and accepts the key "));
        let Some((base_url, key)) = words else {
            let _ = child.kill();
            let mut complaint = String::new();
            child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
            let _ = child.wait();
            panic!("no address in {line:?}: {complaint}");
        };
        let client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap();
        Self { base_url: base_url.to_owned(), key: key.to_owned(), child, client }
    }

    async fn ask_with(&self, key: &str, method: Method, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.request(method, format!("{}{path}", self.base_url));
        let request = request.header("X-CEKURA-API-KEY", key);
        let request = if body.is_null() { request } else { request.json(body) };
        told(request.send().await.unwrap()).await
    }

    async fn ask(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        self.ask_with(&self.key, method, path, body).await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, answer) = self.ask(Method::GET, path, &Value::Null).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }
}

/// How a studio that should not start ends; one that starts all the same is stopped, and its line
/// is in what it said.
fn end(arguments: &[&str]) -> Output {
    let mut child = command(arguments).spawn().unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let mut text = String::new();
    while said.read_line(&mut text).unwrap() > 0 {
        if text.contains("listens on") {
            child.kill().unwrap();
        }
    }
    let ended = child.wait_with_output().unwrap();
    Output { stdout: text.into_bytes(), ..ended }
}

#[tokio::test]
async fn its_line_names_the_address_and_the_key_it_accepts() {
    let studio = Studio::start(&["--key", "a key of my own"]);
    assert_eq!(studio.key, "a key of my own");
    assert!(studio.base_url.starts_with("http://127.0.0.1:"), "{}", studio.base_url);
    assert_eq!(studio.get("/user/v1/projects/").await.as_array().unwrap().len(), 2);
    for other in ["practice-key", "a key of my owN", ""] {
        let answer = studio.ask_with(other, Method::GET, "/user/v1/projects/", &Value::Null).await;
        assert_eq!(answer.0, 401, "{other:?}: {}", answer.1);
    }
    // A second studio tries the port it is given, and says which one it cannot have.
    let port = studio.base_url.rsplit(':').next().unwrap();
    let second = end(&["--port", port]);
    let complaint = String::from_utf8(second.stderr).unwrap();
    assert!(!second.status.success() && complaint.contains(port), "{complaint}");
    assert!(second.stdout.is_empty(), "no address where nothing listens");
}

#[tokio::test]
async fn the_number_of_evaluators_is_the_one_asked_for() {
    for (arguments, count) in [(&[][..], 128), (&["--evaluators", "10000"], 10_000)] {
        let studio = Studio::start(arguments);
        let page = studio.get("/test_framework/v1/scenarios/?page_size=1").await;
        assert_eq!(page["count"], count, "{arguments:?}");
    }
}

#[tokio::test]
async fn only_a_lenient_one_accepts_bare_numbers() {
    let request = json!({ "scenarios": [9001, 9002], "agent_id": ORDERS });
    let studio = Studio::start(&[]);
    let (status, answer) = studio.ask(Method::POST, LAUNCH, &request).await;
    assert_eq!(status, 400, "{answer}");
    assert!(answer["scenarios"][0].as_str().unwrap().contains("Expected a dictionary"), "{answer}");
    let studio = Studio::start(&["--lenient"]);
    let (status, answer) = studio.ask(Method::POST, LAUNCH, &request).await;
    assert_eq!((status, answer["runs"].as_array().map(Vec::len)), (200, Some(2)), "{answer}");
}

/// What a seed decides: what evaluators say, and how the calls of the past went.
async fn world(arguments: &[&str]) -> (Vec<Value>, Vec<Value>) {
    let studio = Studio::start(arguments);
    let pick = |rows: Value, fields: &[&str]| -> Vec<Value> {
        let rows = rows["results"].as_array().unwrap();
        rows.iter().map(|row| fields.iter().map(|name| row[*name].clone()).collect()).collect()
    };
    let evaluators = studio.get("/test_framework/v1/scenarios/?page_size=200").await;
    let calls = studio.get("/test_framework/v2/runs/?project_id=742&page_size=200").await;
    assert_ne!(calls["count"], 0);
    (
        pick(evaluators, &["id", "name", "instructions", "personality", "metrics", "tags"]),
        pick(calls, &["id", "scenario", "success", "evaluation_status"]),
    )
}

#[tokio::test]
async fn one_seed_is_one_world() {
    let (evaluators, calls) = world(&["--seed", "7"]).await;
    let again = world(&["--seed", "7"]).await;
    assert!(evaluators == again.0 && calls == again.1, "the same seed, another world");
    let other = world(&["--seed", "8"]).await;
    assert_ne!(evaluators, other.0);
    assert_ne!(calls, other.1);
}

#[tokio::test]
async fn calls_go_as_much_faster_as_asked() {
    // Ten seconds later: at the speed of life nothing can have ended, at 1,000 everything has.
    for (speed, done) in [("1", 0), ("1000", 2)] {
        let studio = Studio::start(&["--speed", speed]);
        let (status, launched) = studio.ask(Method::POST, LAUNCH, &body(&[9001, 9002], 1)).await;
        assert_eq!(status, 200, "{launched}");
        let later = json!({ "advance_s": 10 });
        assert_eq!(studio.ask(Method::POST, "/__practice__/clock", &later).await.0, 200);
        let path = format!("/test_framework/v2/results/{}/", launched["id"]);
        assert_eq!(studio.get(&path).await["completed_runs_count"], done, "--speed {speed}");
    }
}

#[tokio::test]
async fn the_other_flags_do_as_they_say() {
    let results = "/test_framework/v2/results/";
    let studio = Studio::start(&["--parallel", "3"]);
    assert_ne!(studio.get(results).await["count"], 0, "it begins with a past");
    let organisations = studio.get("/user/organizations/").await;
    assert_eq!(organisations[0]["max_concurrent_runs_limit"], 3);

    let studio = Studio::start(&["--scoped"]);
    let (status, answer) = studio.ask(Method::GET, results, &Value::Null).await;
    assert_eq!(status, 400, "{answer}");
    studio.get(&format!("{results}?project_id=742")).await;

    // What was placed is there again after the process has been killed, where a folder was named.
    let folder = tempfile::tempdir().unwrap();
    let kept = ["--no-history", "--data-dir", folder.path().to_str().unwrap()];
    for (arguments, count) in [(&kept[..], 1), (&kept[..1], 0)] {
        let studio = Studio::start(arguments);
        assert_eq!(studio.get(results).await["count"], 0, "without a past");
        let (status, answer) = studio.ask(Method::POST, LAUNCH, &body(&[9001], 1)).await;
        assert_eq!(status, 200, "{answer}");
        drop(studio);
        assert_eq!(Studio::start(arguments).get(results).await["count"], count, "{arguments:?}");
    }
}

#[test]
fn help_names_every_flag() {
    let help = end(&["--help"]);
    assert!(help.status.success() && help.stderr.is_empty());
    let text = String::from_utf8(help.stdout).unwrap();
    for flag in [
        "--port",
        "--key",
        "--seed",
        "--speed",
        "--evaluators",
        "--parallel",
        "--lenient",
        "--scoped",
        "--no-history",
        "--data-dir",
    ] {
        let mut lines = text.lines().skip_while(|line| !line.trim_start().starts_with(flag));
        assert!(lines.next().is_some(), "{flag} in:\n{text}");
        let words = lines.next().unwrap_or_default();
        assert!(words.trim().len() > 10, "{flag} is explained: {words:?}");
    }
    assert!(text.contains("/__practice__"), "{text}");
}

#[test]
fn what_makes_no_sense_ends_with_an_error_that_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("not-a-folder");
    std::fs::write(&file, "").unwrap();
    let file = file.to_str().unwrap();
    for (arguments, named) in [
        (&["--evaluater", "7"][..], &["--evaluater"][..]),
        (&["--port", "a-port"], &["--port", "a-port"]),
        (&["--port", "65536"], &["--port", "65536"]),
        (&["--seed", "-1x"], &["-1"]),
        (&["--speed", "fast"], &["--speed", "fast"]),
        (&["--speed", "0"], &["speed"]),
        (&["--speed", "NaN"], &["speed"]),
        (&["--speed=-3"], &["speed"]),
        (&["--evaluators", "some"], &["--evaluators", "some"]),
        (&["--evaluators", "0"], &["evaluator"]),
        (&["--key"], &["--key"]),
        (&["--data-dir", file], &[file]),
        (&["more"], &["more"]),
    ] {
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--port=0"]).collect();
        // A port that is given twice is complained of too, and not what is tried here.
        let twice = arguments[0] == "--port";
        let ended = end(if twice { &arguments[..2] } else { &arguments });
        let complaint = String::from_utf8(ended.stderr).unwrap();
        assert!(!ended.status.success(), "{arguments:?}");
        assert!(ended.stdout.is_empty(), "{arguments:?} listens nowhere");
        for name in named {
            assert!(complaint.contains(name), "{arguments:?}: {name} in {complaint}");
        }
    }
}
