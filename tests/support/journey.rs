//! The main job, step by step, as a person does it. Each step ends when its effect is on screen.

use std::time::Duration;

use serde_json::json;

use super::{Shown, Window, amiss};

/// How long the calls of a run may take at the speed tests use.
const CALLS: Duration = Duration::from_secs(240);

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

    /// Chooses the agent at a place in the list; the first place says that one must be chosen.
    pub async fn choose_agent(&self, place: usize) -> Shown {
        let select = self
            .find_css("[data-test=agent-select]:is(select), [data-test=agent-select] select")
            .await?;
        self.find("evaluator-row").await?;
        select.select_by_index(place).await?;
        Ok(())
    }

    /// Ticks the first evaluators of the list.
    pub async fn tick_evaluators(&self, how_many: usize) -> Shown {
        self.find("evaluator-row").await?;
        let boxes = self.all_css("[data-test=evaluator-row] input[type=checkbox]").await?;
        if boxes.len() < how_many {
            return amiss(format!("only {} evaluators can be ticked", boxes.len()));
        }
        for tick in boxes.iter().take(how_many) {
            if !tick.is_selected().await? {
                tick.click().await?;
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
        Ok(Counts {
            passed: self.count("count-passed").await?,
            agent_failed: self.count("count-agent-failed").await?,
            never_connected: self.count("count-never-connected").await?,
            needs_a_look: self.count("count-needs-a-look").await?,
            stopped: self.count("count-stopped").await?,
            in_progress: self.count("count-in-progress").await?,
        })
    }

    /// Waits until every call has ended, and gives the counts.
    pub async fn finished(&self) -> Shown<Counts> {
        self.until_text("count-in-progress", CALLS, |text| first_number(text) == Some(0)).await?;
        self.counts().await
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

    /// Opens a result from the list.
    pub async fn open_result(&self, id: i64) -> Shown {
        self.click("nav-results").await?;
        self.click_css(&format!("[data-test=result-row][data-id='{id}']")).await?;
        self.find("call-row").await.map(|_| ())
    }

    async fn count(&self, name: &str) -> Shown<u32> {
        let text = self.text(name).await?;
        match first_number(&text) {
            Some(number) => Ok(number),
            None => amiss(format!("{name} says {text:?}")),
        }
    }
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
