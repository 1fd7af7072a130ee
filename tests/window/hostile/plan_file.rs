//! What stands in a plan that somebody else made, and a workspace's own name.

use std::time::Duration;

use serde_json::{Value, json};

use super::seen::Seen;
use super::{ESC, press, set, visit};
use crate::support::{KEY, Shown, Start};

const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn hostile_text_of_a_plan_file_is_text() -> Shown {
    let start = Start { files: Some("files".to_owned()), ..Start::default() };
    let (behind, front, desktop, window) = set("hostile-file", &start).await?;
    let mut seen = Seen::begin(&window, &front.pen).await?;
    window.connect(KEY, &front.base_url).await?;
    let pen = &front.pen;
    let file = |name| pen.own("file", name);
    visit(&window, "plans").await?;
    for at in 0..5 {
        let gone: Vec<i64> = (0..4).map(|one| 990_000 + one).collect();
        let names: serde_json::Map<String, Value> =
            gone.iter().map(|id| (id.to_string(), json!(file("evaluator")))).collect();
        let plan = json!({
            "linecheck_plan": 1,
            "name": file("plan name"),
            "agent_name": file("evaluator"),
            "evaluator_names": names,
            "plan": {
                "evaluators": gone,
                "times": file("times"),
                "atOnce": file("at once"),
                "mocks": { "kind": "chosen", "names": [file("tool"), file("tool")] },
                "messages": [{ "evaluator": null, "text": file("message") }, { "evaluator": gone[0], "text": file("message") }],
                "pipecat": { "agentName": file("pipecat name"), "config": file("config"), "roomProperties": file("room") },
            },
        });
        let path = desktop.home().join(format!("files/{at}.linecheck.json"));
        std::fs::write(path, plan.to_string())?;
        press(&window, "[data-test=plan-import]").await?;
        window
            .until(
                "the plan",
                &format!(
                    "return document.querySelectorAll('[data-test=plan-row]').length === {};",
                    at + 1
                ),
            )
            .await?;
        seen.look(&window).await?;
    }
    window
        .until(
            "the end of the import",
            "return document.querySelector('[data-test=plan-more][aria-disabled]') === null;",
        )
        .await?;
    for action in ["plan-rename", "plan-delete"] {
        for row in 0..5 {
            let menu = format!(
                "const menu = document.querySelectorAll('[data-test=plan-more]')[{row}];
                 menu.scrollIntoView({{ block: 'center' }});
                 menu.click();"
            );
            window.script(&menu).await?;
            window.click_css(&format!("[popover]:popover-open [data-test={action}]")).await?;
            window.find("dialog-yes").await?;
            seen.look(&window).await?;
            window.keys(ESC).await?;
            window.gone("dialog-yes").await?;
        }
    }
    for at in 0..5 {
        visit(&window, "new").await?;
        press(&window, "[data-test=plan-choose]").await?;
        window.find("open-plan").await?;
        seen.look(&window).await?;
        // What the plan before this one left, so that its signs are not taken for this one's.
        window
            .script(&format!(
                "window.before = document.querySelector('[data-test=plan-times]').value;
                 document.querySelectorAll('[data-test=open-plan]')[{at}].click();"
            ))
            .await?;
        window.gone("open-plan").await?;
        window
            .until(
                "this plan's own words",
                "return document.querySelector('[data-test=plan-times]').value !== before;",
            )
            .await?;
        window.find("plan-gone").await?;
        window.find("plan-check").await?;
        seen.lists(&window, "lc-new-run").await?;
        press(&window, "[data-test=plan-messages]").await?;
        window.find("message-all").await?;
        seen.lists(&window, "lc-messages").await?;
        press(&window, "[data-test=messages-done]").await?;
        window.gone("messages-done").await?;
    }
    // A workspace's own name, wherever it stands.
    for _ in 0..10 {
        visit(&window, "settings").await?;
        let name = pen.own("person", "workspace");
        let open =
            window.invoke("app_state", json!({})).await?.map_err(|error| error.to_string())?;
        let id = open["current"]["id"].clone();
        let told = window.invoke("workspace_rename", json!({ "id": id, "label": name })).await?;
        assert!(told.is_ok(), "{told:?}");
        // Its own mark: the name before this one has a mark too.
        let mark = name.split_inclusive(':').next().unwrap_or_default();
        window.until_text("workspace-name", SOON, |text| text.contains(mark)).await?;
        seen.look(&window).await?;
    }
    window.close().await?;
    behind.stop().await;
    seen.judge(false, |field| field.of[0] == "file" || field.name == "workspace");
    Ok(())
}
