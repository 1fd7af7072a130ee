//! axe-core in the real window, on every screen and in everything that opens over one: by day and
//! by night, and in the room that a zoom of 200 % leaves.

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, amiss};

/// What may be wrong without stopping a person.
const BEARABLE: [&str; 2] = ["minor", "moderate"];

/// The window as it opens, and what of it is left at 200 %.
const WHOLE: (u32, u32) = (1280, 820);
const HALF: (u32, u32) = (640, 410);

const SOON: Duration = Duration::from_secs(60);
const ESC: &str = "\u{e00c}";

/// Runs axe over what is on screen, and gives its serious and critical findings.
const CHECK: &str = r"
    const done = arguments[arguments.length - 1];
    axe.run(document, { preload: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(
        (found) => done({
            passes: found.passes.length,
            wrong: found.violations.map((one) => ({
                impact: one.impact,
                id: one.id,
                where: one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')}: ${node.any[0]?.message ?? node.failureSummary}`),
            })),
        }),
        (error) => done({ error: String(error) }),
    );
";

/// What stands wider than the window, so that a part of it is out of sight.
const WIDER: &str = r"
    const seen = (element) => element.checkVisibility() && !element.closest('.unseen, .rows, .bar, canvas, .turns, .json, .skip');
    return [...document.querySelectorAll('button, a, input, select, textarea, h1, h2, h3, summary, p, [popover]:popover-open')]
        .filter((element) => seen(element) && element.getBoundingClientRect().right > innerWidth + 1)
        .slice(0, 5).map((element) => `${element.tagName} ${element.className} ${element.dataset.test ?? ''} to ${Math.round(element.getBoundingClientRect().right)}`);
";

/// A window with axe in it, and what it has found so far.
struct Eyes {
    window: Window,
    desktop: Desktop,
    dark: bool,
    found: Vec<String>,
}

impl Eyes {
    async fn open(name: &str, keyring: Keyring, dark: bool) -> Shown<Self> {
        let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/node_modules/axe-core/axe.min.js");
        let axe = std::fs::read_to_string(&axe)
            .map_err(|error| format!("{}: {error}; `npm ci` in ui/ brings it", axe.display()))?;
        let desktop = Desktop::start(name, keyring)?;
        // Calls that outlast the test: what is under way stays so.
        let start = Start { dark, speed: "0.1".to_owned(), any_size: true, ..Start::default() };
        let window = desktop.open(&start).await?;
        window.find("connect-practice").await?;
        window.script(&axe).await?;
        let so = format!("return matchMedia('(prefers-color-scheme: dark)').matches === {dark};");
        window.until("day or night", &so).await?;
        Ok(Self { window, desktop, dark, found: Vec::new() })
    }

    /// Checks what is on screen in all its room and in half of it.
    async fn check(&mut self, screen: &str) -> Shown {
        for size in [HALF, WHOLE] {
            self.resize(size).await?;
            self.audit(screen, size.0).await?;
        }
        Ok(())
    }

    async fn resize(&self, (width, height): (u32, u32)) -> Shown {
        self.desktop.resize(&self.window, width, height).await?;
        self.window.drawn().await
    }

    /// Lets axe look at what is on screen.
    async fn audit(&mut self, screen: &str, width: u32) -> Shown {
        self.window.drawn().await?;
        let told = self.window.client().execute_async(CHECK, Vec::new()).await?;
        if told["passes"].as_u64().is_none_or(|passes| passes < 5) {
            return amiss(format!("axe did not look at {screen}: {told}"));
        }
        for wrong in told["wrong"].as_array().into_iter().flatten() {
            let impact = wrong["impact"].as_str().unwrap_or("critical");
            if !BEARABLE.contains(&impact) {
                self.found.push(format!("{screen} in {width}: {wrong}"));
            }
        }
        let wider = self.window.script(WIDER).await?;
        if wider.as_array().is_none_or(|wider| !wider.is_empty()) {
            self.found.push(format!("{screen} in {width} is cut off: {wider}"));
        }
        // For eyes: what axe does not see.
        if std::env::var_os("LOOK").is_some() && !self.dark {
            let name = format!("{} {width}", screen.replace(['/', ','], ""));
            self.window.shot("access", &name).await?;
        }
        Ok(())
    }

    /// Checks a dialog or a list, and closes it.
    async fn check_and_leave(&mut self, screen: &str, hook: &str) -> Shown {
        self.window.find(hook).await?;
        self.check(screen).await?;
        self.window.keys(ESC).await?;
        self.window
            .until("nothing open over the screen", "return document.querySelector('lc-dialog[open], [popover]:popover-open') === null;")
            .await
    }

    /// Opens the list of a button in either room, checks it, and closes it.
    async fn check_list(&mut self, screen: &str, button: &str) -> Shown {
        for size in [HALF, WHOLE] {
            self.resize(size).await?;
            self.window.click_css(button).await?;
            self.open_lists(1).await?;
            self.audit(screen, size.0).await?;
            self.window.keys(ESC).await?;
            self.open_lists(0).await?;
        }
        Ok(())
    }

    async fn open_lists(&self, count: usize) -> Shown {
        let so = format!(
            "return document.querySelectorAll('[popover]:popover-open').length === {count};"
        );
        self.window.until("a list open, or closed", &so).await
    }

    async fn end(self) -> Shown {
        self.window.close().await?;
        if self.found.is_empty() { Ok(()) } else { amiss(self.found.join("\n")) }
    }
}

/// New run, with all that opens over it; ends on a result under way.
async fn new_run(eyes: &mut Eyes) -> Shown {
    eyes.window.tick_evaluators(3).await?;
    eyes.window.find("plan-check").await?;
    eyes.check("new run").await?;
    eyes.check_list("new run, folders", "lc-evaluators lc-choice > button").await?;
    eyes.check_list("new run, callers", "[data-test=plan-callers] lc-choice > button").await?;
    eyes.window.click_css("[data-test=evaluator-row] .new-run-name").await?;
    eyes.window.find_css("lc-dialog[open] .new-run-texts").await?;
    eyes.check_and_leave("an evaluator", "evaluator-open").await?;
    eyes.window.click("plan-messages").await?;
    eyes.check_and_leave("data messages", "message-all").await?;
    eyes.window.click("plan-review").await?;
    eyes.check_and_leave("the exact request", "review-body").await?;
    eyes.window.click("plan-pipecat").await?;
    eyes.window.fill("plan-pipecat-config", "{ \"a\": }").await?;
    eyes.window.find_css("[data-code=pipecat_not_json]").await?;
    eyes.check("new run, a mistake").await?;
    eyes.window.fill("plan-pipecat-config", "{}").await?;
    eyes.window.click("plan-keep").await?;
    eyes.window.fill("keep-name", "Every morning").await?;
    eyes.check("keeping a plan").await?;
    eyes.window.click("keep-yes").await?;
    eyes.window.gone("keep-yes").await?;
    eyes.window.click("plan-choose").await?;
    eyes.check_and_leave("opening a plan", "open-plan").await?;
    eyes.window.click("plan-clear").await?;
    eyes.check_and_leave("starting over", "dialog-yes").await?;

    // More calls than are placed without a question.
    eyes.window.fill("plan-times", "20").await?;
    eyes.window.find_css("[data-test=plan-sum][data-calls='60']").await?;
    eyes.window.press_place().await?;
    eyes.check_and_leave("placing many calls", "launch-confirm").await?;
    eyes.window.press_place().await?;
    eyes.window.click("launch-confirm").await?;
    eyes.window.find("count-in-progress").await?;
    eyes.window.find("stop").await.map(|_| ())
}

/// A result under way, and the questions before something of it is stopped.
async fn under_way(eyes: &mut Eyes) -> Shown {
    eyes.window.find("call-row").await?;
    eyes.check("a result under way").await?;
    eyes.window.click("stop").await?;
    eyes.check_and_leave("stopping a result", "stop-confirm").await?;
    eyes.window.click_css("[data-test=call-row][data-outcome=in_progress]").await?;
    eyes.window.find_css("[data-test=call-outcome][data-outcome=in_progress]").await?;
    eyes.check("a call under way").await?;
    eyes.window.click("call-more").await?;
    eyes.window.click("call-stop").await?;
    eyes.check_and_leave("stopping a call", "dialog-yes").await?;
    eyes.window.script("document.querySelector('lc-closing').asked = 'calls';").await?;
    eyes.check_and_leave("closing", "closing-close").await
}

/// A result that is over, in all its forms, and its calls.
async fn over(eyes: &mut Eyes, result: i64) -> Shown {
    eyes.window.visit("results").await?;
    eyes.window.find("result-row").await?;
    eyes.check("results").await?;
    eyes.check_list("results, agents", "lc-results lc-choice > button").await?;
    eyes.window.open_result(result).await?;
    eyes.window
        .script(
            "for (const one of document.querySelectorAll('lc-result details')) one.open = true;",
        )
        .await?;
    for view in ["view-causes", "view-calls", "view-evaluators"] {
        eyes.window.click(view).await?;
        eyes.check(&format!("result, {view}")).await?;
    }
    eyes.window.click("evaluator-tick").await?;
    eyes.check_list("run again", "[data-test=run-again]").await?;
    eyes.check_list("share", "[data-test=share]").await?;
    eyes.check_list("keys", ".result-keys-button").await?;
    eyes.check_list(
        "result, causes to choose",
        ".result-filters lc-choice:nth-of-type(2) > button",
    )
    .await?;
    eyes.window.fill("call-search", "nothing has this").await?;
    eyes.window.find("filter-clear").await?;
    eyes.check("a result narrowed to nothing").await?;
    eyes.window.click("filter-clear").await?;
    eyes.window.click("share").await?;
    eyes.window.click("ask-menu").await?;
    eyes.check("asking").await?;
    eyes.window.click("ask-send").await?;
    eyes.window.find_css("[data-test=ask-answer][aria-busy=false] bdi").await?;
    eyes.check_and_leave("an answer", "ask-answer").await?;

    eyes.window.open_call(Some("agent_failed")).await?;
    eyes.window.find("player").await?;
    eyes.window
        .script("for (const one of document.querySelectorAll('lc-call details')) one.open = true;")
        .await?;
    eyes.check("call").await?;
    eyes.check_list("call, more", "[data-test=call-more]").await?;
    eyes.check_list("call, verdict", "[data-test=review]").await?;
    eyes.window.click("play").await?;
    eyes.window.find_css("[data-test=player][data-playing=true]").await?;
    eyes.check("call, playing").await?;
    eyes.window.click("play").await?;
    eyes.window.fill("transcript-find", "the").await?;
    eyes.window.find_css("lc-transcript mark").await?;
    eyes.check("call, found").await?;
    eyes.window.keys(ESC).await?;
    eyes.window.click("vote-down").await?;
    eyes.window.find("human-said").await?;
    eyes.window.fill("note", "Ask the team").await?;
    eyes.check("call, voted on").await
}

/// Saved plans and settings, with their questions.
async fn the_rest(eyes: &mut Eyes) -> Shown {
    eyes.window.visit("plans").await?;
    eyes.window.find("plan-row").await?;
    eyes.check("plans").await?;
    eyes.check_list("plans, more", "[data-test=plan-more]").await?;
    for action in ["plan-rename", "plan-delete"] {
        eyes.window.click("plan-more").await?;
        eyes.window.click(action).await?;
        eyes.check_and_leave(action, "dialog-yes").await?;
    }
    eyes.window.visit("settings").await?;
    eyes.window.find_css("lc-settings h2, lc-settings section").await?;
    eyes.check("settings").await?;
    eyes.window.fill("setting-dayCalls", "many").await?;
    eyes.window.click("settings-save").await?;
    eyes.window.find_css("lc-settings [aria-invalid=true]").await?;
    eyes.check("settings, a mistake").await?;
    for (screen, button) in
        [("renaming", ".line .btn:nth-last-of-type(2)"), ("erasing", ".line .btn.danger")]
    {
        eyes.window.click_css(button).await?;
        eyes.check_and_leave(screen, "dialog-yes").await?;
    }
    eyes.window.click("erase-all").await?;
    eyes.check_and_leave("erasing everything", "dialog-yes").await
}

async fn practice_studio(name: &str, dark: bool) -> Shown {
    let mut eyes = Eyes::open(name, Keyring::Absent, dark).await?;
    eyes.check("welcome").await?;
    eyes.window.open_practice().await?;
    let result = eyes.window.result_with("agentFailed").await?;
    new_run(&mut eyes).await?;
    under_way(&mut eyes).await?;
    over(&mut eyes, result).await?;
    the_rest(&mut eyes).await?;
    eyes.end().await
}

/// At a server: what goes wrong, and the key.
async fn at_a_server(name: &str, dark: bool) -> Shown {
    let server = Server::start().await?;
    let mut eyes = Eyes::open(name, Keyring::Unlocked, dark).await?;
    eyes.window.try_to_connect("a-key-that-is-not-known", &server.base_url).await?;
    eyes.window.find("connect-error").await?;
    eyes.check("welcome, refused").await?;
    eyes.window.connect(KEY, &server.base_url).await?;
    eyes.window.result_with("passed").await?;
    eyes.window.tick_evaluators(3).await?;
    let body = json!({ "scenarios": ["One of these cannot be called."], "moon": ["It is full."] });
    server.fault_next_launch(json!({ "status": { "code": 400, "body": body } })).await?;
    eyes.window.place_until("refused").await?;
    eyes.check("a launch refused, on the plan").await?;
    eyes.window.click("launch-dismiss").await?;
    eyes.window.gone("launch-state").await?;
    server.fault_next_launch(json!("drop_before")).await?;
    eyes.window.place_until("unknown").await?;
    eyes.window.visit("results").await?;
    eyes.window.until_text("launch-state", SOON, |text| text.contains("Looked for it")).await?;
    eyes.check("a launch that is not known").await?;
    for button in ["launch-started", "launch-not-started", "launch-leave"] {
        eyes.window.click(button).await?;
        eyes.check_and_leave(button, "dialog-yes").await?;
    }
    server.fault(json!({ "match": { "path_contains": "/results/" }, "kind": { "status": { "code": 403, "body": { "detail": "Not for you." } } } })).await?;
    eyes.window.click("results-refresh").await?;
    eyes.window.find("error-banner").await?;
    eyes.check("results that cannot be read").await?;
    server.heal().await?;
    eyes.window.visit("settings").await?;
    for button in ["key-replace", "key-forget"] {
        eyes.window.click(button).await?;
        eyes.check_and_leave(button, "dialog-yes").await?;
    }
    eyes.end().await?;
    server.stop().await;
    Ok(())
}

#[tokio::test]
async fn nothing_serious_on_any_screen_by_day() -> Shown {
    practice_studio("axe-day", false).await
}

#[tokio::test]
async fn nothing_serious_on_any_screen_by_night() -> Shown {
    practice_studio("axe-night", true).await
}

#[tokio::test]
async fn nothing_serious_at_a_server_by_day() -> Shown {
    at_a_server("axe-server-day", false).await
}

#[tokio::test]
async fn nothing_serious_at_a_server_by_night() -> Shown {
    at_a_server("axe-server-night", true).await
}
