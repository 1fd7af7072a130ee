//! Placing calls: once, written down before, and never again without a person's word.
//!
//! The order is the promise: checks, one durable commit that spends the draft and writes the row
//! `sending`, one request, one commit of what came of it. Whatever happens in between leaves a row
//! that is looked for; nothing in this program sends a launch a second time.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError, TryLockError};

use serde_json::Value;

use crate::code::Code;
use crate::core::Engine;
use crate::drafts::{draft_body, to_json};
use crate::error::{EngineError, Outcome};
use crate::launch_card::refusal;
use crate::session::Session;
use crate::storing::{Seen, timestamp};
use crate::view::{ConfirmReason, Confirmation, DraftMade, FeedTopic, FieldProblem, LaunchView};

/// How many characters of chance tie a launch to its result. 32 letters and digits to the power of
/// six are a thousand million: two launches of one agent do not share one by accident.
const TOKEN_LENGTH: usize = 6;
/// Lower-case letters and digits without those that look alike.
const TOKEN_ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// A launch that is on its way in this process, until this is dropped, whatever ends it.
struct Sending {
    engine: Engine,
    id: String,
}

impl Sending {
    fn new(engine: &Engine, id: String) -> Self {
        engine.inner.in_flight.send_modify(|ids| _ = ids.insert(id.clone()));
        Self { engine: engine.clone(), id }
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        self.engine.inner.in_flight.send_modify(|ids| _ = ids.remove(&self.id));
    }
}

impl Engine {
    /// Places the calls of a draft once. Returns when the launch is written down; what comes of it
    /// is told by the feed.
    ///
    /// Errors: `plan_not_ready`, `confirm_needed` with the number of calls, `day_limit` with what
    /// is left, `draft_spent` for the second press, `launch_under_way`, and those of the ledger,
    /// after which nothing was sent.
    pub fn launch_place(
        &self,
        draft_id: &str,
        confirmation: Option<&Confirmation>,
    ) -> Result<LaunchView, EngineError> {
        let session = self.session()?;
        let client = session.client()?;
        let workspace = session.workspace.id;
        // From the draft to the row, one press at a time: another one between them would make this
        // one's checks, its limits among them, those of a moment ago.
        let alone = self.alone_in_placing();
        let draft = self.ledger().draft(draft_id)?;
        self.at("launch.read");
        if draft.workspace != workspace {
            return Err(EngineError::new(Code::Gone));
        }
        if draft.spent {
            return Err(EngineError::new(Code::DraftSpent));
        }
        let body = draft_body(&draft);
        let plan = self.plan(workspace, &body)?;
        if let Some(left) = plan.day_limit {
            return Err(EngineError::new(Code::DayLimit).with_number(f64::from(left)));
        }
        let Some(mut request) = plan.request else {
            return Err(EngineError::new(Code::PlanNotReady));
        };
        if !confirmed(&plan.view.confirm, plan.view.calls, confirmation) {
            return Err(
                EngineError::new(Code::ConfirmNeeded).with_number(f64::from(plan.view.calls))
            );
        }
        let token = self.token();
        request.name = format!("{} ·{token}", request.name);
        self.at("launch.checked");
        // Before the row is there: a row that is `sending` and not known to be on its way counts as
        // one whose answer was lost.
        let sending = Sending::new(self, self.new_id());
        let launch = self.ledger().launch_begin(&ledger::NewLaunch {
            id: sending.id.clone(),
            draft: draft.id.clone(),
            workspace,
            name: request.name.clone(),
            token,
            agent: request.agent.get(),
            agent_name: plan.agent_name,
            body: request.body(),
            body_hash: plan.body_hash,
            endpoint: request.path().to_owned(),
            expected_calls: plan.view.calls,
            credits_low: plan.view.estimate.as_ref().map(|estimate| estimate.credits_low),
            credits_high: plan.view.estimate.as_ref().map(|estimate| estimate.credits_high),
            mocks: to_json(&body.mocks)?,
            parent: body.parent.as_ref().map(|parent| ledger::Parent {
                result: parent.result,
                reason: to_json(&parent.part)
                    .ok()
                    .and_then(|part| part.as_str().map(str::to_owned))
                    .unwrap_or_default(),
            }),
            app_version: self.inner.config.app_version.clone(),
            draft_seen: draft.changed_at,
        })?;
        drop(alone);
        self.at("launch.written");
        let engine = self.clone();
        self.inner.tasks.spawn(async move {
            engine.send(&session, &client, &sending.id, &request).await;
            drop(sending);
            session.nudge.notify_one();
        });
        self.launch_view(&launch)
    }

    /// The launch that something kept in the archive came of; `None` where the journal has lost it.
    pub(crate) fn launch_known(&self, id: &str) -> Outcome<Option<ledger::Launch>> {
        match self.ledger().launch(id) {
            Err(ledger::LedgerError::NotFound) => Ok(None),
            known => Ok(Some(known?)),
        }
    }

    /// A launch as its card shows it.
    pub fn launch_read(&self, id: &str) -> Result<LaunchView, EngineError> {
        self.launch_view(&self.ledger().launch(id)?)
    }

    /// Launches that a person may have to do something about, the newest first.
    pub fn launches_open(&self) -> Result<Vec<LaunchView>, EngineError> {
        let workspace = self.workspace_shown()?;
        let mut open = Vec::new();
        for launch in self.ledger().launches_unsettled(workspace)? {
            open.push(self.launch_view(&launch)?);
        }
        for launch in self.ledger().launches(workspace, 50)? {
            if launch.state == ledger::LaunchState::Launched && !launch.dismissed {
                let view = self.launch_view(&launch)?;
                if view.other_agent.is_some() {
                    open.push(view);
                }
            }
        }
        Ok(open)
    }

    /// Opens the choices of a launch that did not start once more, as a fresh draft.
    pub fn launch_reopen(&self, id: &str) -> Result<DraftMade, EngineError> {
        let launch = self.ledger().launch(id)?;
        let body = draft_body(&self.ledger().draft(&launch.draft)?);
        Ok(DraftMade { draft: self.draft_put(launch.workspace, &body)?, gone: Vec::new() })
    }

    /// Takes the card of a refused launch, one that was not sent, or an alarm, away.
    pub fn launch_dismiss(&self, id: &str) -> Result<(), EngineError> {
        self.ledger().launch_dismiss(id)?;
        Ok(())
    }

    async fn send(
        &self,
        session: &Arc<Session>,
        client: &cekura::Client,
        id: &str,
        request: &cekura::LaunchRequest,
    ) {
        self.at("send.begun");
        let answer = client.launch(request).await;
        self.at("send.answered");
        let out_of_credit = answer.as_ref().is_err_and(|failure| {
            EngineError::from(failure.error.clone()).code == Code::OutOfCredit
        });
        let recorded = match answer {
            Ok(launched) => self.record_launched(session, id, &launched),
            Err(failure) => self.record_failure(session, id, &failure),
        };
        if let Err(error) = recorded {
            // The row stays `sending` on disk; it becomes `unknown` when it is next looked at, and
            // is looked for. Nothing is sent again.
            tracing::error!(code = error.code.as_str(), "the answer to a launch was not recorded");
        }
        // The part that fits is reckoned from the balance, which is not what it was thought to be.
        if out_of_credit
            && self.read_balance(session, client).await.is_ok()
            && let Err(error) = self.keep_fit(session, id)
        {
            tracing::warn!(code = error.code.as_str(), "no part of a refused plan was worked out");
        }
        self.at("send.recorded");
    }

    fn record_launched(
        &self,
        session: &Arc<Session>,
        id: &str,
        launched: &cekura::Launched,
    ) -> Outcome<()> {
        let workspace = session.workspace.id;
        let result = launched.result.get();
        let launch = self.ledger().launch(id)?;
        // The archive first, so that whoever hears of the launch finds its result; the journal is
        // told whatever came of that.
        let kept = self.keep_launched(workspace, &launch, launched);
        self.at("launched.kept");
        self.ledger().launch_end(
            id,
            &ledger::LaunchEnd::Launched {
                result,
                agent: launched.agent.map(cekura::AgentId::get),
                calls_placed: placed(
                    launched.runs.len(),
                    launched.unreadable.len(),
                    launch.expected_calls,
                ),
            },
        )?;
        self.at("launched.recorded");
        session.connection().may_launch = Some(true);
        kept
    }

    /// Keeps the result and its calls as the answer to the launch lists them.
    fn keep_launched(
        &self,
        workspace: i64,
        launch: &ledger::Launch,
        launched: &cekura::Launched,
    ) -> Outcome<()> {
        let result = launched.result.get();
        let agent = launched.agent.map_or(launch.agent, cekura::AgentId::get);
        self.ledger().result_put(
            workspace,
            &ledger::ResultPut {
                id: result,
                name: launch.name.clone(),
                agent: Some(agent),
                agent_name: (agent == launch.agent).then(|| launch.agent_name.clone()),
                status: launched.status.clone(),
                run_type: None,
                scheduled: false,
                created_at: timestamp(launched.raw.get("created_at").and_then(Value::as_str))
                    .or_else(|| Some(self.now())),
                expected_calls: Some(placed(
                    launched.runs.len(),
                    launched.unreadable.len(),
                    launch.expected_calls,
                )),
                launch_id: Some(launch.id.clone()),
                followed: Some(true),
                raw: launched.raw.clone(),
                has_detail: false,
                server_passed: None,
                server_failed: None,
            },
        )?;
        self.ledger().result_came_of(workspace, result, &launch.draft)?;
        self.store_calls(workspace, result, &launched.runs, &mut Seen::default())
    }

    fn record_failure(
        &self,
        session: &Arc<Session>,
        id: &str,
        failure: &cekura::LaunchFailure,
    ) -> Outcome<()> {
        let error = EngineError::from(failure.error.clone());
        let code = error.code.as_str().to_owned();
        let end = match failure.fate {
            cekura::Fate::Refused => {
                let fit = match error.code {
                    // Not worth losing the refusal for.
                    Code::OutOfCredit => {
                        self.fit(session, &self.ledger().launch(id)?).unwrap_or_default()
                    }
                    _ => None,
                };
                let problems = refusal(failure, &error, fit.map(|(fit, _)| fit));
                ledger::LaunchEnd::Refused { code, problems }
            }
            cekura::Fate::NotSent => ledger::LaunchEnd::NotSent { code },
            cekura::Fate::Unknown => ledger::LaunchEnd::Unknown { code },
        };
        if failure.fate != cekura::Fate::Unknown {
            // Before the row says so: whoever hears of the refusal finds the choices open again, and
            // what it says of the key known.
            let launch = self.ledger().launch(id)?;
            if let Err(error) = self.draft_reopen(launch.workspace, &launch.draft) {
                // The choices stay in the spent draft, and its card can open them again.
                tracing::warn!(code = error.code.as_str(), "the choices were not given back");
            }
            self.at("refused.reopened");
        }
        match error.code {
            Code::Forbidden => {
                session.connection().may_launch = Some(false);
                self.tell(FeedTopic::Connection, &[]);
            }
            // A refusal is about this request; only a key that is not accepted is about them all.
            Code::BadKey => {
                self.failed(session, &error);
            }
            // The server does not know what the catalogue here says it has.
            Code::NotFound => session.wants_catalogue.store(true, Ordering::Release),
            Code::Refused if error.problems.iter().any(is_of_catalogue) => {
                session.wants_catalogue.store(true, Ordering::Release);
            }
            _ => {}
        }
        self.ledger().launch_end(id, &end)?;
        self.at("failure.recorded");
        Ok(())
    }

    /// Waits for its turn in placing a draft.
    fn alone_in_placing(&self) -> MutexGuard<'_, ()> {
        match self.inner.placing.try_lock() {
            Ok(alone) => alone,
            Err(TryLockError::Poisoned(broken)) => broken.into_inner(),
            Err(TryLockError::WouldBlock) => {
                self.at("launch.waits");
                self.inner.placing.lock().unwrap_or_else(PoisonError::into_inner)
            }
        }
    }

    /// Whether this process is sending a launch.
    pub(crate) fn is_sending(&self, id: &str) -> bool {
        self.inner.in_flight.borrow().contains(id)
    }

    fn token(&self) -> String {
        let random = &self.inner.config.random;
        (0..TOKEN_LENGTH)
            .map(|_| {
                let at = (random() * TOKEN_ALPHABET.len() as f64) as usize;
                char::from(TOKEN_ALPHABET[at.min(TOKEN_ALPHABET.len() - 1)])
            })
            .collect()
    }

    /// Passes a named place; tests stop the program there.
    pub(crate) fn at(&self, place: &'static str) {
        if let Some(failpoint) = &self.inner.config.failpoint {
            failpoint(place);
        }
    }
}

/// How many calls an answer lists, those that could not be read among them: they were placed too.
/// An answer that lists none says nothing about their number; then the plan's counts.
pub(crate) fn placed(read: usize, unreadable: usize, expected: u32) -> u32 {
    match u32::try_from(read + unreadable).unwrap_or(u32::MAX) {
        0 => expected,
        listed => listed,
    }
}

/// The name as people gave it, without the token.
pub(crate) fn shown_name(name: &str) -> &str {
    match name.rsplit_once(" ·") {
        Some((shown, token))
            if token.len() == TOKEN_LENGTH
                && token.bytes().all(|byte| TOKEN_ALPHABET.contains(&byte)) =>
        {
            shown
        }
        _ => name,
    }
}

fn confirmed(asked: &[ConfirmReason], calls: u32, given: Option<&Confirmation>) -> bool {
    asked.is_empty()
        || given.is_some_and(|given| {
            given.calls == calls && asked.iter().all(|reason| given.reasons.contains(reason))
        })
}

/// Whether a complaint is about something that was chosen from the catalogue.
fn is_of_catalogue(problem: &FieldProblem) -> bool {
    matches!(problem.field.as_str(), "evaluators" | "agent" | "callers" | "profiles")
}

#[cfg(test)]
mod tests {
    use super::{confirmed, shown_name};
    use crate::view::{ConfirmReason, Confirmation};

    #[test]
    fn a_token_is_taken_off_and_anything_else_stays() {
        assert_eq!(shown_name("Nightly ·k7m2qd"), "Nightly");
        assert_eq!(shown_name("Nightly ·K7M2QD"), "Nightly ·K7M2QD");
        assert_eq!(shown_name("Nightly · 23 Nov 14:03"), "Nightly · 23 Nov 14:03");
        assert_eq!(shown_name(""), "");
    }

    #[test]
    fn a_yes_counts_for_the_number_and_the_reasons_it_was_given_to() {
        let asked = [ConfirmReason::ManyCalls, ConfirmReason::SamePlan];
        let yes =
            |calls, reasons: &[ConfirmReason]| Confirmation { calls, reasons: reasons.to_vec() };
        assert!(confirmed(&[], 60, None));
        assert!(!confirmed(&asked, 60, None));
        assert!(confirmed(&asked, 60, Some(&yes(60, &asked))));
        assert!(!confirmed(&asked, 61, Some(&yes(60, &asked))));
        assert!(!confirmed(&asked, 60, Some(&yes(60, &asked[..1]))));
    }
}
