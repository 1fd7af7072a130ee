//! The studio's own answers, all the way through client, verdict and archive: what failed for
//! another reason is another cause, and what failed for the same one is the same. Nothing is
//! launched: the studio has a past.

use std::collections::{BTreeMap, BTreeSet};

use engine::view::OutcomeView;
use serde_json::Value;

use crate::support::{KEY, Server, World};

/// What was asked for and did not come, call by call, as the studio itself writes it.
async fn first_unmet(server: &Server, result: i64) -> BTreeMap<i64, String> {
    let address = format!("{}/test_framework/v2/results/{result}/", server.base_url);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http.get(address).header("X-CEKURA-API-KEY", KEY).send().await.unwrap();
    let detail: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
    let unmet = |run: &Value| {
        let parts = run["expected_outcome"]["outcome_alignments"].as_array()?;
        let part = parts.iter().find(|part| part["aligned"] == false)?;
        Some(part["prompt_part"].as_str()?.to_owned())
    };
    let runs = detail["runs"].as_object().expect("calls by number");
    runs.values().filter_map(|run| Some((run["id"].as_i64()?, unmet(run)?))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_share_a_cause_where_they_miss_the_same_criterion() {
    let server = Server::start().await;
    let world = World::connected(&server).await;
    let rows = world
        .until("the results of the past, counted", || {
            let rows = world.results();
            (!rows.is_empty() && rows.iter().all(|row| row.counted)).then_some(rows)
        })
        .await;

    let (mut several, mut shared) = (0, 0);
    for row in rows.iter().filter(|row| row.counts.agent_failed > 0) {
        let missed = first_unmet(&server, row.id).await;
        let mut expected: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for (call, criterion) in &missed {
            expected.entry(criterion).or_default().insert(*call);
        }
        let view = world.engine.result_read(row.id).unwrap();
        let mut found: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
        for cause in &view.causes {
            if cause.outcome == OutcomeView::AgentFailed
                && cause.why.code == "expected_outcome_not_met"
            {
                let text = cause.why.text.as_deref().expect("a criterion");
                let before = found.insert(text, cause.calls.iter().copied().collect());
                assert_eq!(before, None, "one cause a criterion: {text}");
            }
        }
        // A partly met call is judged a success and needs a look; it misses a criterion all the same.
        let failed: BTreeSet<i64> = found.values().flatten().copied().collect();
        for calls in expected.values_mut() {
            calls.retain(|call| failed.contains(call));
        }
        expected.retain(|_, calls| !calls.is_empty());
        assert_eq!(found, expected, "result {}", row.id);
        several += usize::from(found.len() > 1);
        shared += found.values().filter(|calls| calls.len() > 1).count();

        // One sentence on top does not say that everything failed at the one thing.
        if found.len() > 1 {
            assert!(!view.headline.one_cause, "result {}", row.id);
        }
    }
    assert!(several > 0, "a result with several causes");
    assert!(shared > 0, "a cause that several calls share");
    server.stop().await;
}
