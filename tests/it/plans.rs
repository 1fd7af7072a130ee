//! Drafts and saved plans: nothing typed is lost, and a team can share.

use engine::Code;
use engine::view::DraftBody;

use crate::support::{World, WorldOptions, mock_vault};

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_survives_a_restart_and_a_switch_of_workspace() {
    let dir = tempfile::TempDir::new().unwrap();
    let options = || WorldOptions {
        folder: Some(dir.path().to_owned()),
        vault: mock_vault(),
        ..WorldOptions::default()
    };
    let world = World::new(options());
    world.engine.practice_open().await.unwrap();
    let mut body = world.plan_of(3).await;
    body.name = "Half a thought".to_owned();
    body.times = "not a number yet".to_owned();
    world.draft(&body);
    world.engine.workspace_close().await.unwrap();
    world.engine.practice_open().await.unwrap();
    assert_eq!(world.engine.draft_read().unwrap().body, body);
    world.engine.close().await.unwrap();
    drop(world);
    let world = World::new(options());
    world.engine.resume().await.unwrap();
    assert_eq!(world.engine.draft_read().unwrap().body, body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_saved_shared_and_opened() {
    let world = World::practice().await;
    let mut body = world.plan_of(4).await;
    body.times = "3".to_owned();
    body.at_once = "2".to_owned();
    let saved = world.engine.plan_save("Nightly", &body, None).unwrap();
    assert_eq!((saved.evaluators, saved.calls), (4, 12));
    assert_eq!(world.engine.plan_save("nightly", &body, None).unwrap_err().code, Code::NameTaken);
    let copy = world.engine.plan_duplicate(&saved.id).unwrap();
    assert_eq!(copy.name, "Nightly 2");
    let (file, text) = world.engine.plan_export_text(&saved.id).unwrap();
    assert_eq!(file, "Nightly.linecheck.json");

    world.engine.plan_delete(&saved.id).unwrap();
    let imported = world.engine.plan_import_text(&text).unwrap();
    assert!(!imported.renamed);
    assert_eq!(imported.plan.name, "Nightly");
    let opened = world.engine.plan_open(&imported.plan.id).unwrap();
    assert!(opened.gone.is_empty());
    assert_eq!(opened.draft.body, DraftBody { name: String::new(), ..body });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_whose_evaluators_are_gone_says_which() {
    let world = World::practice().await;
    let body = world.plan_of(2).await;
    let saved = world.engine.plan_save("Old", &body, None).unwrap();
    let (_, text) = world.engine.plan_export_text(&saved.id).unwrap();
    let mut file: serde_json::Value = serde_json::from_str(&text).unwrap();
    file["plan"]["evaluators"].as_array_mut().unwrap().push(serde_json::json!(4_000_000));
    file["evaluator_names"]["4000000"] = serde_json::json!("A lost one");
    file["name"] = serde_json::json!("Older");
    let imported = world.engine.plan_import_text(&file.to_string()).unwrap();
    assert_eq!(imported.plan.gone, vec!["A lost one".to_owned()]);
    let opened = world.engine.plan_open(&imported.plan.id).unwrap();
    assert_eq!(opened.gone.len(), 1);
    assert_eq!(opened.draft.body.evaluators, body.evaluators);

    for bad in ["", "not json", "{}", r#"{"linecheck_plan":99,"name":"x","plan":{}}"#, "[1,2]"] {
        assert_eq!(
            world.engine.plan_import_text(bad).unwrap_err().code,
            Code::PlanUnreadable,
            "{bad}"
        );
    }
}
