//! Erased means gone from every file.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use ledger::{Detail, Failpoint, HumanVerdict, Ledger, LedgerConfig, ResultPut, Stop};
use serde_json::json;

use crate::given::{House, add_workspace, call_put, code, new_launch, open, result_put, text};

/// Files in which one of the words stands.
fn found(dir: &Path, words: &[String]) -> Vec<String> {
    let mut hits = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            hits.extend(found(&path, words));
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        for word in words {
            if bytes.windows(word.len()).any(|window| window == word.as_bytes()) {
                hits.push(format!("{word} in {}", path.display()));
            }
        }
    }
    hits
}

/// Leaves fifty words in every table of a workspace.
fn seed(house: &House, workspace: i64, prefix: &str) -> Vec<String> {
    let ledger = &house.ledger;
    let words: Vec<String> = (0..50).map(|n| format!("{prefix}canary{n:02}")).collect();
    for (n, word) in words.iter().enumerate() {
        let id = i64::try_from(n).unwrap() + 1;
        match n % 7 {
            0 => {
                let draft = format!("{prefix}d{n}");
                ledger.draft_replace(workspace, &draft, &text(word)).unwrap();
                let launch = format!("{prefix}l{n}");
                let mut new = new_launch(ledger, workspace, &launch, &draft);
                new.body = text(word);
                ledger.launch_begin(&new).unwrap();
                let problems = text(word);
                let end = ledger::LaunchEnd::Refused { code: "refused".to_owned(), problems };
                ledger.launch_end(&launch, &end).unwrap();
            }
            1 => {
                let id = format!("{prefix}p{n}");
                ledger.plan_save(workspace, None, &id, word, &text(word)).unwrap();
            }
            2 => {
                ledger.note_put(workspace, id, word).unwrap();
                ledger.note_put(workspace, id + 1000, word).unwrap();
                ledger.note_put(workspace, id + 1000, "").unwrap();
            }
            3 => {
                let votes = [(word.clone(), true)].into();
                let verdict = HumanVerdict { review: None, votes, sent: false };
                ledger.human_put(workspace, id, &verdict).unwrap();
                ledger
                    .human_change(workspace, id, |_, judged| {
                        judged.before = text(word);
                        judged.taken_back.insert(word.clone());
                    })
                    .unwrap();
                let stop = Stop { result: id, call: None, told_at: house.clock.now() };
                ledger.stop_put(workspace, &stop).unwrap();
            }
            4 => {
                let put = ResultPut { name: word.clone(), raw: text(word), ..result_put(id) };
                ledger.result_put(workspace, &put).unwrap();
            }
            5 => {
                ledger.result_put(workspace, &result_put(id)).unwrap();
                let mut put = call_put(id * 10, "passed");
                put.raw = json!({ "transcript": [word.repeat(2), "x".repeat(9_000)] });
                put.why = text(word);
                put.detail = Detail::Full;
                ledger.calls_put(workspace, id, std::slice::from_ref(&put)).unwrap();
                put.detail = Detail::Update;
                put.raw = text(word);
                ledger.calls_put(workspace, id, &[put]).unwrap();
            }
            _ => {
                ledger.workspace_rename(workspace, word).unwrap();
                let mut put = result_put(id);
                put.agent_name = Some(word.clone());
                ledger.result_put(workspace, &put).unwrap();
            }
        }
    }
    words
}

#[test]
fn erasing_everything_leaves_no_word_of_fifty_in_any_file() {
    let house = House::new();
    let words = seed(&house, house.workspace, "all");
    house.clock.forward(48 * 3600);
    house.ledger.backup_if_due().unwrap();
    assert!(!found(house.dir.path(), &words).is_empty(), "the search finds what is there");
    house.ledger.set_setting("s", &text(&words[0])).unwrap();
    house.ledger.erase_all().unwrap();
    assert_eq!(found(house.dir.path(), &words), Vec::<String>::new());
    let usage = house.ledger.usage().unwrap();
    assert_eq!((usage.results, usage.calls), (0, 0));
    assert!(house.ledger.workspaces().unwrap().is_empty());
    // And it can be used again, at once and after a restart.
    let workspace = add_workspace(&house.ledger, "https://new.example");
    let house = house.again();
    assert_eq!(house.ledger.workspaces().unwrap()[0].id, workspace);
    assert_eq!(found(house.dir.path(), &words), Vec::<String>::new());
}

#[test]
fn everything_in_the_folder_is_in_one_of_the_sizes() {
    let house = House::new();
    add_workspace(&house.ledger, "https://one.example");
    let before = house.ledger.usage().unwrap();
    std::fs::create_dir_all(house.dir.path().join("logs/old")).unwrap();
    std::fs::write(house.dir.path().join("logs/old/log"), [0; 700]).unwrap();
    std::fs::create_dir_all(house.dir.path().join("set-aside")).unwrap();
    std::fs::write(house.dir.path().join("set-aside/archive"), [0; 5000]).unwrap();
    let after = house.ledger.usage().unwrap();
    assert_eq!(after.other_bytes, before.other_bytes + 700);
    assert_eq!(after.set_aside_bytes, before.set_aside_bytes + 5000);
    assert_eq!(
        (after.journal_bytes, after.archive_bytes),
        (before.journal_bytes, before.archive_bytes)
    );
}

#[test]
fn erasing_a_workspace_leaves_the_others_whole() {
    let house = House::new();
    let other = add_workspace(&house.ledger, "https://other.example");
    let gone = seed(&house, house.workspace, "gone");
    let kept = seed(&house, other, "kept");
    house.clock.forward(48 * 3600);
    house.ledger.backup_if_due().unwrap();
    house.ledger.workspace_erase(house.workspace).unwrap();
    assert_eq!(found(house.dir.path(), &gone), Vec::<String>::new());
    let text = found(house.dir.path(), &kept).join("\n");
    // All but the labels a later one took the place of.
    for (n, word) in kept.iter().enumerate() {
        assert!(text.contains(word.as_str()), "word {n} of the other workspace is gone");
    }
    assert!(text.contains("backups"), "the rest is backed up again");
}

#[test]
fn an_erasing_that_is_cut_off_is_finished_and_what_is_read_meanwhile_is_not_kept() {
    let steps = [
        "erase.begun",
        "erase.marked",
        "erase.copies_gone",
        "erase.step",
        "erase.rows_gone",
        "erase.shrunk",
    ];
    for step in steps {
        let house = House::new();
        let other = add_workspace(&house.ledger, "https://other.example");
        let words = seed(&house, house.workspace, "gone");
        house.clock.forward(48 * 3600);
        house.ledger.backup_if_due().unwrap();
        let House { ledger, clock, workspace, dir } = house;
        drop(ledger);
        let cut_off: Failpoint =
            Arc::new(
                move |passed| {
                    if passed == step { Err(ErrorKind::Other.into()) } else { Ok(()) }
                },
            );
        let now = clock.clone();
        let ledger = Ledger::open(LedgerConfig {
            dir: dir.path().to_owned(),
            now: Arc::new(move || now.now()),
            failpoint: Some(cut_off),
        })
        .unwrap();
        assert!(ledger.workspace_erase(workspace).is_err(), "{step} is not passed");
        let listed = ledger.workspaces().unwrap().iter().any(|known| known.id == workspace);
        // Only the archive's word is gone before the journal has said anything.
        assert_eq!(listed, step == "erase.begun", "{step}");
        let read = ledger.result_put(workspace, &result_put(900));
        assert_eq!(code(read), "not_found", "{step}: a read that was in flight");
        drop(ledger);

        let ledger = open(dir.path(), &clock);
        if listed {
            ledger.workspace_erase(workspace).unwrap();
        } else {
            assert!(ledger.has_to_erase().unwrap(), "{step}");
            ledger.check().unwrap();
            assert_eq!(ledger.journal_recovery(), None, "{step}: nothing brings it back");
            ledger.erase_rest().unwrap();
        }
        assert!(!ledger.has_to_erase().unwrap(), "{step}");
        assert_eq!(ledger.workspaces().unwrap().len(), 1, "{step}");
        assert_eq!(found(dir.path(), &words), Vec::<String>::new(), "{step}");
        assert!(ledger.result_put(other, &result_put(1)).unwrap(), "{step}");
    }
}

#[test]
fn an_archive_gives_its_room_back() {
    let house = House::new();
    let puts: Vec<_> = (0..600)
        .map(|id| {
            let mut put = call_put(id, "passed");
            put.raw = json!({ "transcript": "word ".repeat(4_000) });
            put
        })
        .collect();
    house.ledger.result_put(house.workspace, &result_put(1)).unwrap();
    house.ledger.calls_put(house.workspace, 1, &puts).unwrap();
    let house = house.again();
    let before = house.ledger.usage().unwrap().archive_bytes;
    assert!(before > 10_000_000, "{before}");
    house.ledger.workspace_erase(house.workspace).unwrap();
    let after = house.ledger.usage().unwrap().archive_bytes;
    assert!(after < 500_000, "{after}");
}
