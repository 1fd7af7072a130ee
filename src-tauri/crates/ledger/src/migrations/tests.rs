//! Files of every earlier version, and what a step may not do.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::json;

use super::Kind;
use crate::columns::Columns;
use crate::open::connect;
use crate::print::print_of;
use crate::{LaunchState, Ledger, LedgerConfig, Stop};

/// A file as version `version` of the program left it, with a row in what it had.
fn build(dir: &Path, kind: Kind, version: i64) {
    let mut conn = connect(&dir.join(kind.file_name()), kind).unwrap();
    kind.migrations().to_version(&mut conn, version as usize).unwrap();
    conn.execute_batch(match kind {
        Kind::Journal => {
            "INSERT INTO workspaces (id, kind, origin, label, created_at, used_at, current)
                 VALUES (4, 'cekura', 'https://api.example', 'Clinic', 1, 2, 1);
             INSERT INTO drafts (id, workspace, body, created_at, changed_at, spent)
                 VALUES ('d', 4, '{}', 1, 1, 1);
             INSERT INTO launches (id, draft, workspace, name, token, agent, agent_name, body,
                 body_hash, endpoint, expected_calls, mocks, app_version, state, started_at)
                 VALUES ('l', 'd', 4, 'n', 't', 7, 'a', '{}', 'h', '/', 3, 'null', '0', 'sending', 9);"
        }
        Kind::Archive => {
            "INSERT INTO origins VALUES (4, 'https://api.example');
             INSERT INTO results (workspace, id, name, scheduled, changed_at, followed,
                 has_detail, calls, seq, sort_at, search, print)
                 VALUES (4, 50, 'Run', 0, 1, 1, 0, 1, 1, 1, 'run', 0);
             INSERT INTO calls (workspace, id, result, evaluator, outcome, why, ended,
                 full_read, full_ended, changed_at, seq, print)
                 VALUES (4, 500, 50, 6, 'passed', '{}', 1, 0, 0, 1, 1, 0);"
        }
    })
    .unwrap();
    let version_of_header: i64 =
        conn.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    let version_of_table: i64 =
        conn.query_row("SELECT version FROM about", [], |row| row.get(0)).unwrap();
    assert_eq!((version_of_header, version_of_table), (version, version));
}

/// Tables, indices and triggers, without regard to white space.
fn schema(conn: &Connection) -> crate::Result<Vec<String>> {
    let mut statement = conn.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name, type")?;
    let rows = statement.query_map([], |row| {
        let mut columns = Columns::of(row);
        Ok((columns.text()?, columns.text()?))
    })?;
    rows.map(|row| {
        let (name, sql) = row?;
        let words: Vec<&str> = sql.split_whitespace().collect();
        Ok(format!("{name}: {}", words.join(" ")))
    })
    .collect()
}

fn open(dir: &Path) -> crate::Result<Ledger> {
    let now = Arc::new(|| Timestamp::from_second(1_790_000_000).unwrap());
    Ledger::open(LedgerConfig { dir: dir.to_owned(), now, failpoint: None })
}

#[test]
fn the_steps_are_well_formed() {
    Kind::Journal.migrations().validate().unwrap();
    Kind::Archive.migrations().validate().unwrap();
}

#[test]
fn every_earlier_version_opens_with_its_rows() {
    for journal in 1..=Kind::Journal.latest() {
        for archive in 1..=Kind::Archive.latest() {
            let dir = tempfile::tempdir().unwrap();
            build(dir.path(), Kind::Journal, journal);
            build(dir.path(), Kind::Archive, archive);
            let ledger = open(dir.path()).unwrap();
            assert_eq!(ledger.archive_recovery(), None);
            assert_eq!(ledger.journal_recovery(), None);
            assert_eq!(ledger.workspace_current().unwrap().unwrap().id, 4);
            assert_eq!(ledger.launch("l").unwrap().state, LaunchState::Sending);
            ledger.note_put(4, 500, "a note").unwrap();
            assert_eq!(ledger.results_followed(4).unwrap(), [50]);
            assert_eq!(ledger.last_outcomes(4, None, 5).unwrap()[&6], ["passed"]);
            // Nobody knows by which rules it was read, so it is behind the first that are known.
            assert_eq!(ledger.calls_behind(4, 1, 10).unwrap(), [500]);
            let call = ledger.call(4, 500).unwrap().unwrap();
            assert_eq!((call.row.outcome.as_str(), call.update), ("passed", None));
            // What was there before the change is kept as it was.
            let kept = std::fs::read_dir(dir.path().join("backups")).unwrap().count();
            assert_eq!(kept, 1);
            drop(ledger);
            open(dir.path()).unwrap();
        }
    }
}

#[test]
fn what_stood_among_the_settings_comes_into_tables_and_credentials_leave_the_launches() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), Kind::Journal, 2);
    let conn = Connection::open(dir.path().join("journal.db")).unwrap();
    conn.execute_batch(
        r#"INSERT INTO settings (key, value) VALUES
             ('settings', '{"confirm_above":50}'),
             ('stops/4', '{"results":{"50":"2026-01-01T00:00:00Z"},
                 "calls":{"500":[51,"2026-01-01T00:00:00Z"]}}'),
             ('stops/9', '{"results":{"1":"2026-01-01T00:00:00Z"}}'),
             ('account/4', '{"organizations":[7],"projects":[1,2]}'),
             ('account/5', 'null'),
             ('judged/4/500', '{"before":{"evaluation_status":"failure","success":false},
                 "taken_back":["review"],"refused_at":null}'),
             ('judged/4/501', 'no json');
           UPDATE launches SET body =
             '{"pipecat_data":{"config":{"api_key":"k-77","n":1}},"scenarios":[{"scenario":3}]}';"#,
    )
    .unwrap();
    drop(conn);
    let ledger = open(dir.path()).unwrap();
    let told_at = Timestamp::UNIX_EPOCH;
    assert_eq!(
        ledger.stops(4).unwrap(),
        [Stop { result: 50, call: None, told_at }, Stop { result: 51, call: Some(500), told_at }]
    );
    assert!(ledger.stops(9).unwrap().is_empty(), "of a workspace that was erased");
    let account = ledger.account(4).unwrap().unwrap();
    assert_eq!((account.organizations, account.projects), ([7].into(), [1, 2].into()));
    let judged = ledger.judged(4, 500).unwrap();
    assert_eq!(judged.before, json!({ "evaluation_status": "failure", "success": false }));
    assert_eq!(judged.taken_back, ["review".to_owned()].into());
    for key in ["stops/4", "stops/9", "account/4", "account/5", "judged/4/500", "judged/4/501"] {
        assert_eq!(ledger.setting(key).unwrap(), None, "{key}");
    }
    assert_eq!(ledger.setting("settings").unwrap(), Some(json!({ "confirm_above": 50 })));
    let body = ledger.launch("l").unwrap().body;
    assert_eq!(body["pipecat_data"]["config"], json!({ "api_key": "", "n": 1 }));
    assert_eq!(body["scenarios"], json!([{ "scenario": 3 }]));
}

#[test]
fn a_later_version_is_refused_and_left_alone() {
    for kind in [Kind::Journal, Kind::Archive] {
        let dir = tempfile::tempdir().unwrap();
        build(dir.path(), kind, kind.latest());
        let conn = Connection::open(dir.path().join(kind.file_name())).unwrap();
        conn.execute_batch("UPDATE about SET version = 1000; PRAGMA user_version = 1000").unwrap();
        drop(conn);
        assert_eq!(open(dir.path()).unwrap_err().code(), "ledger_failed");
        assert!(!dir.path().join("set-aside").exists());
    }
}

#[test]
fn a_flipped_number_in_the_header_is_set_right() {
    let dir = tempfile::tempdir().unwrap();
    build(dir.path(), Kind::Journal, Kind::Journal.latest());
    let conn = Connection::open(dir.path().join("journal.db")).unwrap();
    conn.execute_batch("PRAGMA user_version = 0").unwrap();
    drop(conn);
    let ledger = open(dir.path()).unwrap();
    assert_eq!(ledger.journal_recovery(), None);
    assert_eq!(ledger.launch("l").unwrap().state, LaunchState::Sending);
}

#[test]
fn a_step_that_was_written_down_stays_as_it_is() {
    // A released step that changes would make every file written with it look damaged. Add a
    // line here with each new step; never change one.
    let pinned: &[(Kind, &[i64])] = &[
        (
            Kind::Journal,
            &[-8_165_176_430_490_406_784, 7_856_308_171_751_321_000, 3_935_694_345_602_231_791],
        ),
        (
            Kind::Archive,
            &[
                1_794_246_122_909_202_598,
                -3_220_999_622_331_277_688,
                -704_505_688_654_767_870,
                6_468_093_646_143_324_712,
            ],
        ),
    ];
    for (kind, prints) in pinned {
        for version in 1..=kind.latest() {
            let mut conn = Connection::open_in_memory().unwrap();
            kind.migrations().to_version(&mut conn, version as usize).unwrap();
            let schema = schema(&conn).unwrap();
            assert_eq!(
                Some(&print_of(&json!(schema))),
                prints.get(version as usize - 1),
                "{kind:?} {version}"
            );
        }
    }
}

#[test]
fn there_is_no_column_for_a_key() {
    for kind in [Kind::Journal, Kind::Archive] {
        let mut conn = Connection::open_in_memory().unwrap();
        kind.migrations().to_latest(&mut conn).unwrap();
        let mut statement = conn
            .prepare(
                "SELECT lower(t.name || '.' || c.name)
                 FROM sqlite_schema AS t, pragma_table_info(t.name) AS c WHERE t.type = 'table'",
            )
            .unwrap();
        let columns: Vec<String> =
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert!(columns.len() > 20);
        // The key of a setting is its name, the token of a launch stands in its public name,
        // and a name_key is a name in lower case.
        let innocent =
            ["settings.key", "meta.key", "launches.token", "plans.name_key", "evaluators.name_key"];
        for column in columns.iter().filter(|column| !innocent.contains(&column.as_str())) {
            for word in ["key", "secret", "token", "password", "credential"] {
                assert!(!column.contains(word), "{column}");
            }
        }
    }
}
