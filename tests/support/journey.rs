//! The main job, step by step, as a person does it. Each step ends when its effect is on screen.

use std::time::Duration;

use serde_json::json;

use super::{Shown, Window, amiss};

/// How long the calls of a run may take at the speed tests use.
const CALLS: Duration = Duration::from_secs(240);

/// How long a refusal may take. A key store that is not there is waited for.
const SAID: Duration = Duration::from_secs(90);

/// What was placed.
#[derive(Debug, Clone, Copy)]
pub struct Placed {
    /// How many calls *New run* said it makes.
    pub calls: u32,
}

/// The counts of a result, as shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passed.
    pub passed: u32,
    /// Agent failed.
    pub agent_failed: u32,
    /// Never connected.
    pub never_connected: u32,
    /// Needs a look.
    pub needs_a_look: u32,
    /// Stopped.
    pub stopped: u32,
    /// In progress.
    pub in_progress: u32,
}

impl Counts {
    /// All calls.
    pub fn sum(&self) -> u32 {
        self.passed
            + self.agent_failed
            + self.never_connected
            + self.needs_a_look
            + self.stopped
            + self.in_progress
    }
}

impl Window {
    /// From the welcome screen into the practice studio.
    pub async fn open_practice(&self) -> Shown {
        self.click("connect-practice").await?;
        self.find("workspace-name").await?;
        self.choose_agent(1).await
    }

    /// Connects with a key to a server, and waits for its workspace.
    pub async fn connect(&self, key: &str, server: &str) -> Shown {
        self.try_to_connect(key, server).await?;
        self.find("workspace-name").await?;
        self.choose_agent(1).await
    }

    /// Fills in a key and a server on the welcome screen, and presses the button.
    pub async fn try_to_connect(&self, key: &str, server: &str) -> Shown {
        self.find("connect-key").await?;
        // The address is under *Advanced*.
        self.client()
            .execute(
                "const open = (root) => { root.querySelectorAll('details').forEach((d) => { d.open = true; });
                 root.querySelectorAll('*').forEach((e) => e.shadowRoot && open(e.shadowRoot)); };
                 open(document);",
                Vec::new(),
            )
            .await?;
        self.fill("connect-server", server).await?;
        self.fill("connect-key", key).await?;
        self.click("connect-save").await
    }

    /// Waits until a banner of a name says what stands for a code, and nothing else.
    pub async fn says(&self, name: &str, code: &str) -> Shown {
        let coded = format!("[data-test={name}][data-code={code}]");
        self.until_within(
            SAID,
            &format!("{name} says {code}"),
            &format!(
                "const said = [...document.querySelectorAll('[data-test={name}]')];
                 return said.length === 1 && said[0].matches('{coded}') && said[0].innerText.trim() !== '';"
            ),
        )
        .await
    }

    /// Waits until a field holds a text.
    pub async fn holds(&self, name: &str, text: &str) -> Shown {
        let is_so = format!(
            "const at = '[data-test={name}]';
             return document.querySelector(`${{at}}:is(input, textarea), ${{at}} :is(input, textarea)`).value === {};",
            json!(text)
        );
        self.until(&format!("{name} holds {text:?}"), &is_so).await
    }

    /// Chooses the agent at a place in the list; the first place says that one must be chosen.
    pub async fn choose_agent(&self, place: usize) -> Shown {
        let select = self
            .find_css("[data-test=agent-select]:is(select), [data-test=agent-select] select")
            .await?;
        self.find("evaluator-row").await?;
        select.select_by_index(place).await?;
        Ok(())
    }

    /// Goes to a screen by the rail (`new`, `results`, `plans`, `settings`), and waits until it is
    /// the one that is shown: what stands on the screen before is there a moment longer.
    pub async fn visit(&self, screen: &str) -> Shown {
        self.click(&format!("nav-{screen}")).await?;
        self.shows(screen).await
    }

    /// Waits until a screen is the one that is shown.
    pub async fn shows(&self, screen: &str) -> Shown {
        let tag = if screen == "new" { "new-run" } else { screen };
        self.find_css(&format!("main > lc-{tag}")).await.map(|_| ())
    }

    /// Ticks the first evaluators of the list.
    pub async fn tick_evaluators(&self, how_many: usize) -> Shown {
        self.find("evaluator-row").await?;
        let ids = self
            .script("return [...document.querySelectorAll('[data-test=evaluator-row]')].map((row) => row.dataset.id);")
            .await?;
        let ids: Vec<&str> =
            ids.as_array().into_iter().flatten().filter_map(|id| id.as_str()).collect();
        if ids.len() < how_many {
            return amiss(format!("only {} evaluators can be ticked", ids.len()));
        }
        for id in ids.into_iter().take(how_many) {
            // By the evaluator: its row may move, and then stands for another one.
            let tick = format!("[data-test=evaluator-row][data-id='{id}'] input[type=checkbox]");
            if self.all_css(&format!("{tick}:checked")).await?.is_empty() {
                self.click_css(&tick).await?;
                self.find_css(&format!("{tick}:checked")).await?;
            }
        }
        Ok(())
    }

    /// Presses *Place N calls*, answers the question where one is asked, and waits for the result.
    pub async fn place(&self) -> Shown<Placed> {
        let said = self.until_text("plan-sum", CALLS, |text| first_number(text).is_some()).await?;
        let button = self.text("launch").await?;
        let calls = first_number(&button)
            .or_else(|| first_number(&said))
            .ok_or_else(|| format!("no number of calls in {button:?}"))?;
        self.click("launch").await?;
        // The plan is checked once more before a question is asked, or none.
        self.find_css("[data-test=launch-confirm], [data-test=count-in-progress]").await?;
        if !self.all("launch-confirm").await?.is_empty() {
            self.click("launch-confirm").await?;
        }
        self.find("count-in-progress").await?;
        Ok(Placed { calls })
    }

    /// Presses *Place N calls*, answers the question where one is asked, and waits for the card of a
    /// launch in a state.
    pub async fn place_until(&self, state: &str) -> Shown {
        self.press_place().await?;
        self.card(state).await
    }

    /// Presses *Place N calls*, once the sum has been checked.
    pub async fn press_place(&self) -> Shown {
        self.find_css("[data-test=plan-sum]:not([data-calls='0'])").await?;
        self.find("plan-check").await?;
        self.click("launch").await
    }

    /// Waits for the card of a launch in a state.
    pub async fn card(&self, state: &str) -> Shown {
        self.find_css(&format!("[data-test=launch-state][data-state={state:?}]")).await.map(|_| ())
    }

    /// The counts of the result on screen.
    pub async fn counts(&self) -> Shown<Counts> {
        self.counts_within(CALLS, |_, _| true).await
    }

    /// Waits until every call has ended and is known, and gives the counts.
    pub async fn finished(&self) -> Shown<Counts> {
        self.counts_within(CALLS, |counts, in_all| {
            counts.in_progress == 0 && !in_all.contains("not named") && !in_all.contains("not read")
        })
        .await
    }

    /// The counts, once they and what is said of their sum are as wanted. All are read at once: a
    /// call may end between two readings, and would be in both counts or in none.
    async fn counts_within(
        &self,
        limit: Duration,
        wanted: impl Fn(&Counts, &str) -> bool,
    ) -> Shown<Counts> {
        let began = std::time::Instant::now();
        loop {
            let read = self.script(COUNTS).await?;
            let texts: Vec<&str> =
                read.as_array().into_iter().flatten().filter_map(|text| text.as_str()).collect();
            if let [in_all, counts @ ..] = texts.as_slice()
                && let Some(counts) = counts_of(counts)
                && wanted(&counts, in_all)
            {
                return Ok(counts);
            }
            self.go_on(began, limit, &format!("the counts are {read}")).await?;
        }
    }

    /// Opens the first call whose outcome is `outcome`, or the first of all, and waits for what was
    /// said in it.
    pub async fn open_call(&self, outcome: Option<&str>) -> Shown {
        let selector = match outcome {
            Some(outcome) => format!("[data-test=call-row][data-outcome={outcome:?}]"),
            None => "[data-test=call-row]".to_owned(),
        };
        self.click_css(&selector).await?;
        self.find("transcript-turn").await.map(|_| ())
    }

    /// Opens a call that the agent failed, of a result that is known, and gives the result.
    pub async fn open_failed_call(&self) -> Shown<i64> {
        let result = self.result_with("agentFailed").await?;
        self.open_result(result).await?;
        self.open_call(Some("agent_failed")).await?;
        Ok(result)
    }

    /// A finished result, known in full, whose count of an outcome (as the page's types name it) is
    /// not nought.
    pub async fn result_with(&self, outcome: &str) -> Shown<i64> {
        let query = json!({ "search": "", "agent": null, "onlyFailing": false, "onlyMine": false, "days": 0, "offset": 0, "limit": 200 });
        let began = std::time::Instant::now();
        loop {
            let page = self.invoke("results_list", json!({ "query": query })).await?;
            let page = page.map_err(|error| format!("results_list: {error}"))?;
            let found = page["rows"].as_array().into_iter().flatten().find(|row| {
                row["finished"] == true
                    && row["counted"] == true
                    && row["counts"][outcome].as_u64().is_some_and(|count| count > 0)
            });
            if let Some(id) = found.and_then(|row| row["id"].as_i64()) {
                return Ok(id);
            }
            if began.elapsed() > CALLS {
                return amiss(format!("no result with {outcome}: {page}"));
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Waits until the calls of every result in the list are known: what is reckoned from them does
    /// not change by itself any more.
    pub async fn history_known(&self) -> Shown {
        let query = json!({ "search": "", "agent": null, "onlyFailing": false, "onlyMine": false, "days": 0, "offset": 0, "limit": 200 });
        super::until(CALLS, "all results counted", async || {
            let page = self.invoke("results_list", json!({ "query": query })).await?;
            let page = page.map_err(|error| format!("results_list: {error}"))?;
            let rows = page["rows"].as_array().cloned().unwrap_or_default();
            Ok(!rows.is_empty() && rows.iter().all(|row| row["counted"] == true))
        })
        .await
    }

    /// Opens a result from the list.
    pub async fn open_result(&self, id: i64) -> Shown {
        let began = std::time::Instant::now();
        let here = format!("return location.hash === '#/results/{id}';");
        loop {
            self.visit("results").await?;
            self.click_css(&format!("[data-test=result-row][data-id='{id}']")).await?;
            if self.script(&here).await? == json!(true) {
                break;
            }
            // Others came into the list under the press.
            self.go_on(began, CALLS, &format!("result {id} does not open")).await?;
        }
        self.find_css("lc-result [data-test=call-row]").await.map(|_| ())
    }
}

/// What is said of the sum, and the counts in the order of their struct.
const COUNTS: &str = "return ['calls-in-all', 'count-passed', 'count-agent-failed', 'count-never-connected', 'count-needs-a-look', 'count-stopped', 'count-in-progress']
    .map((name) => document.querySelector(`[data-test=${name}]`)?.textContent ?? null);";

fn counts_of(texts: &[&str]) -> Option<Counts> {
    let numbers: Option<Vec<u32>> = texts.iter().map(|text| first_number(text)).collect();
    let [passed, agent_failed, never_connected, needs_a_look, stopped, in_progress] =
        numbers?.try_into().ok()?;
    Some(Counts { passed, agent_failed, never_connected, needs_a_look, stopped, in_progress })
}

/// The first whole number in a text; digits may be grouped.
pub fn first_number(text: &str) -> Option<u32> {
    let digits: String = text
        .chars()
        .skip_while(|letter| !letter.is_ascii_digit())
        .take_while(|letter| {
            letter.is_ascii_digit() || matches!(letter, ',' | '\u{a0}' | '\u{202f}')
        })
        .filter(char::is_ascii_digit)
        .collect();
    digits.parse().ok()
}
