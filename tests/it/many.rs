//! What a person waits for takes no longer the more is kept.

use std::path::Path;
use std::time::{Duration, Instant};

use engine::view::{DraftBody, LaunchStateView};
use ledger::{LaunchEnd, Ledger, LedgerConfig, NewLaunch};
use serde_json::json;

use crate::support::{Ahead, World, WorldOptions, figure, mock_vault};

fn options(dir: &Path) -> WorldOptions {
    WorldOptions { folder: Some(dir.to_owned()), vault: mock_vault(), ..WorldOptions::default() }
}

/// Adds a result of ended calls, spread over the evaluators of the workspace, and more evaluators
/// with calls of their own.
fn keep(dir: &Path, workspace: i64, calls: i64) {
    let conn = rusqlite::Connection::open(dir.join("archive.db")).unwrap();
    conn.execute_batch(&format!(
        "INSERT INTO results (workspace, id, name, scheduled, created_at, changed_at, followed,
             has_detail, calls, ended, seq, sort_at, search, print)
             VALUES ({workspace}, 1, 'Many', 0, 1, 1, 0, 1, {calls}, {calls}, 1, 1, 'many', 0);
         WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {calls}),
             known AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM evaluators
                 WHERE workspace = {workspace})
         INSERT INTO calls (workspace, id, result, evaluator, evaluator_name, outcome, why, duration_s,
             ended, full_read, full_ended, changed_at, seq, print, reading)
             SELECT {workspace}, n, 1, coalesce(known.id, 700000 + n % 272), 'Evaluator',
                 iif(n % 7, 'passed', 'agent_failed'), '{{\"code\":\"passed\"}}', 40 + n % 50,
                 1, 0, 0, 1, 1, 0, 1000000
             FROM number LEFT JOIN known ON known.place = n % 400;"
    ))
    .unwrap();
}

/// Leaves a launch that was refused for too little credit.
fn refuse(dir: &Path, workspace: i64, body: &DraftBody) {
    let now = Ahead::default().clock();
    let ledger = Ledger::open(LedgerConfig { dir: dir.to_owned(), now, failpoint: None }).unwrap();
    let draft = ledger.draft_replace(workspace, "d", &serde_json::to_value(body).unwrap()).unwrap();
    ledger
        .launch_begin(&NewLaunch {
            id: "l".to_owned(),
            draft: "d".to_owned(),
            workspace,
            name: "Refused".to_owned(),
            token: "token".to_owned(),
            agent: body.agent.unwrap(),
            agent_name: "Agent".to_owned(),
            body: json!({}),
            body_hash: "hash".to_owned(),
            endpoint: "/run/".to_owned(),
            expected_calls: 100,
            credits_low: None,
            credits_high: None,
            mocks: json!({ "kind": "all" }),
            parent: None,
            app_version: "0".to_owned(),
            draft_seen: draft.changed_at,
        })
        .unwrap();
    let problems = json!({ "fit": { "evaluators": 3, "calls": 3, "credits": 4.5 } });
    ledger
        .launch_end("l", &LaunchEnd::Refused { code: "out_of_credit".to_owned(), problems })
        .unwrap();
    ledger.close().unwrap();
}

/// The median of nine.
fn median(mut work: impl FnMut()) -> Duration {
    let mut took: Vec<Duration> = (0..9)
        .map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        })
        .collect();
    took.sort();
    took[4]
}

/// How long the plan, the list of evaluators and the cards of launches take with so many calls kept.
async fn waits(calls: i64) -> [Duration; 3] {
    let dir = tempfile::TempDir::new().unwrap();
    let world = World::new(options(dir.path()));
    world.engine.practice_open().await.unwrap();
    let body = world.plan_of(30).await;
    let workspace = world.engine.app_state().unwrap().current.unwrap().id;
    world.engine.close().await.unwrap();
    drop(world);
    refuse(dir.path(), workspace, &body);
    keep(dir.path(), workspace, calls);
    // Nothing is asked of the studio: only what is kept is read.
    let world = World::new(options(dir.path()));
    let engine = &world.engine;
    let plan = engine.plan_check(&body).unwrap();
    assert!(plan.estimate.unwrap().learnt_from > 30, "the history counts");
    let open = engine.launches_open().unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].state, LaunchStateView::Refused);
    assert_eq!(open[0].fits.unwrap().calls, 3, "it was worked out when it was refused");
    [
        median(|| drop(engine.plan_check(&body).unwrap())),
        median(|| drop(engine.evaluators_list(body.agent).unwrap())),
        median(|| drop(engine.launches_open().unwrap())),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn many_calls_kept_make_nobody_wait() {
    let many = if std::env::var_os("LINECHECK_SOAK").is_some() { 200_000 } else { 50_000 };
    let few = waits(1_000).await;
    let with_many = waits(many).await;
    for (what, (few, many)) in
        ["the plan", "the evaluators", "the cards"].iter().zip(few.into_iter().zip(with_many))
    {
        figure(&format!("{what}: {few:?} with few calls kept, {many:?} with many"));
        // A full history of four hundred evaluators is more to read than the beginning of one. Reading
        // every call would take some hundred milliseconds.
        assert!(many < few * 3 + Duration::from_millis(20), "{what}: {few:?} became {many:?}");
    }
}
