//! A plan: from what is chosen to the sum, the checks and the one request.

use jiff::SignedDuration;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::checks::{Checked, Facts};
use crate::code::Code;
use crate::core::Engine;
use crate::drafts::proposed_name;
use crate::error::{EngineError, Outcome};
use crate::view::{
    CheckCode, ConfirmReason, DraftBody, EstimateView, PlanCheck, PlanReview, PlanView, Settings,
    ToolMocks,
};

/// Placing the same plan again within this time asks first (ten minutes: the window in which the
/// second press of one intention falls).
const SAME_PLAN: SignedDuration = SignedDuration::from_mins(10);
/// The last calls, whose lengths tell how long calls of this workspace usually take. That many give
/// the mean to within a few per cent; older ones would only make each check slower.
pub(crate) const LATELY: u32 = 1_000;
/// What a limit "for a day" looks back on.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A plan as the backend sees it.
pub(crate) struct Plan {
    pub(crate) view: PlanView,
    /// The request; absent while something stops it.
    pub(crate) request: Option<cekura::LaunchRequest>,
    pub(crate) agent_name: String,
    pub(crate) body_hash: String,
    /// A limit for a day that this plan would pass.
    pub(crate) day_limit: Option<u32>,
}

impl Engine {
    /// The sum, what it takes, and what was checked.
    pub fn plan_check(&self, body: &DraftBody) -> Result<PlanView, EngineError> {
        let workspace = self.workspace_shown()?;
        Ok(self.plan(workspace, body)?.view)
    }

    /// The exact request of a plan that nothing stops.
    pub fn plan_review(&self, body: &DraftBody) -> Result<PlanReview, EngineError> {
        let workspace = self.workspace_shown()?;
        let plan = self.plan(workspace, body)?;
        let request = plan.request.ok_or_else(|| EngineError::new(Code::PlanNotReady))?;
        let client = self.session()?.client()?;
        let body = serde_json::to_string_pretty(&request.body())
            .map_err(|error| EngineError::new(Code::Internal).with_detail(error.to_string()))?;
        Ok(PlanReview {
            address: format!("POST {}{}", client.origin(), request.path()),
            body,
            curl: client.as_curl(&request),
        })
    }

    pub(crate) fn plan(&self, workspace: i64, body: &DraftBody) -> Outcome<Plan> {
        let settings = self.settings_read()?;
        let facts = self.plan_facts(workspace, body)?;
        let checked = Checked::new(body, &facts);
        let agent_name = checked.agent_name.clone();
        let name = match body.name.trim() {
            "" => proposed_name(
                Some(&agent_name).filter(|name| !name.is_empty()).map(String::as_str),
                self.now(),
                &(self.inner.config.zone)(),
            ),
            typed => typed.to_owned(),
        };
        let request = checked.request(body, &name);
        let estimate = self.estimate(workspace, body, &checked)?;
        let body_hash = request.as_ref().map(hash_without_name).unwrap_or_default();

        let mut view = PlanView {
            calls: checked.calls(),
            evaluators: checked.evaluators(),
            times: checked.times,
            callers: u32::try_from(body.callers.len()).unwrap_or(u32::MAX),
            profiles: u32::try_from(body.profiles.len()).unwrap_or(u32::MAX),
            estimate,
            checks: checked.checks,
            may_place: false,
            confirm: Vec::new(),
            up_to: !body.callers.is_empty() || !body.profiles.is_empty(),
        };
        let gone = |check: &&mut PlanCheck| check.code == CheckCode::EvaluatorsGone;
        for check in view.checks.iter_mut().filter(gone) {
            check.names = self.names_of_gone(workspace, std::mem::take(&mut check.names));
        }
        let day_limit = self.check_money(workspace, &settings, &mut view)?;
        view.confirm = reasons(&settings, &view);
        if !body_hash.is_empty()
            && let Some(since) = self.now().checked_sub(SAME_PLAN).ok()
            && self.ledger().launch_same_since(workspace, &body_hash, since)?.is_some()
        {
            view.checks.push(crate::checks::warn(CheckCode::PlacedMomentsAgo));
            view.confirm.push(ConfirmReason::SamePlan);
        }
        view.checks.sort_by_key(|check| check.level);
        view.may_place = request.is_some() && !view.checks.iter().any(crate::checks::stops);
        Ok(Plan {
            request: request.filter(|_| view.may_place),
            view,
            agent_name,
            body_hash,
            day_limit,
        })
    }

    /// What the checks need to know of the world.
    pub(crate) fn plan_facts(&self, workspace: i64, body: &DraftBody) -> Outcome<Facts> {
        let head = self.ledger().catalogue(workspace)?;
        let evaluators = self.ledger().evaluators_by_id(workspace, &body.evaluators)?;
        let (state, may_launch, max_at_once) = match self.session() {
            Ok(session) => {
                let connection = session.connection();
                (connection.state, connection.may_launch, connection.max_at_once)
            }
            Err(_) => (crate::view::ConnectionState::Connecting, None, None),
        };
        let sending = self.ledger().launch_under_way(workspace)?;
        Ok(Facts { head, evaluators, state, may_launch, max_at_once, sending })
    }

    /// Whether the balance and the limits of a day cover it. The limit that does not, if any.
    fn check_money(
        &self,
        workspace: i64,
        settings: &Settings,
        view: &mut PlanView,
    ) -> Outcome<Option<u32>> {
        if view.calls == 0 {
            return Ok(None);
        }
        let credits_high = view.estimate.as_ref().map_or(0.0, |estimate| estimate.credits_high);
        if let Some(balance) = view.estimate.as_ref().and_then(|estimate| estimate.balance) {
            view.checks.push(if balance < credits_high {
                crate::checks::warn(CheckCode::BalanceLow)
            } else {
                crate::checks::good(CheckCode::BalanceEnough)
            });
        }
        let Some(since) = self.now().checked_sub(DAY).ok() else { return Ok(None) };
        let placed = self.ledger().placed_since(workspace, since)?;
        let mut reached = None;
        if settings.day_calls > 0 && placed.calls.saturating_add(view.calls) > settings.day_calls {
            let left = settings.day_calls.saturating_sub(placed.calls);
            view.checks.push(crate::checks::stop_counted(CheckCode::DayCallsReached, left));
            reached = Some(left);
        }
        let credits = placed.credits_high + credits_high;
        if settings.day_credits > 0 && credits > f64::from(settings.day_credits) {
            let left = (f64::from(settings.day_credits) - placed.credits_high).max(0.0) as u32;
            view.checks.push(crate::checks::stop_counted(CheckCode::DayCreditsReached, left));
            reached = Some(left);
        }
        Ok(reached)
    }

    /// How long and how much, learnt from this workspace's own finished calls.
    pub(crate) fn estimate(
        &self,
        workspace: i64,
        body: &DraftBody,
        checked: &Checked,
    ) -> Outcome<Option<EstimateView>> {
        if checked.calls() == 0 {
            return Ok(None);
        }
        let chosen: Vec<i64> = checked.found.iter().map(|row| row.id).collect();
        let durations = self.ledger().durations(workspace, Some(&chosen))?;
        let lately = self.ledger().durations_lately(workspace, LATELY)?;
        let (clock, balance) = match self.session() {
            Ok(session) => (session.clock_per_second, session.connection().credits),
            Err(_) => (1.0, None),
        };
        let factor = u32::try_from(body.callers.len().max(1) * body.profiles.len().max(1))
            .unwrap_or(u32::MAX);
        let estimate = verdict::estimate(&verdict::EstimateInput {
            evaluators: checked
                .found
                .iter()
                .map(|row| verdict::EstimateEvaluator {
                    seconds: durations.get(&row.id).cloned().unwrap_or_default(),
                    metrics: u32::try_from(row.metrics.len()).unwrap_or(0),
                    calls: checked.times.saturating_mul(factor),
                })
                .collect(),
            all_seconds: lately,
            at_once: checked.at_once.unwrap_or(1),
            clock_per_second: clock,
        });
        Ok(Some(EstimateView {
            minutes_low: estimate.minutes_low,
            minutes_high: estimate.minutes_high,
            credits_low: estimate.credits_low,
            credits_high: estimate.credits_high,
            assumed: estimate.assumed,
            balance,
            learnt_from: estimate.learnt_from,
        }))
    }
}

fn reasons(settings: &Settings, view: &PlanView) -> Vec<ConfirmReason> {
    let mut all = Vec::new();
    if view.calls > settings.confirm_above {
        all.push(ConfirmReason::ManyCalls);
    }
    let credits = view.estimate.as_ref().map_or(0.0, |estimate| estimate.credits_high);
    if settings.confirm_credits > 0 && credits > f64::from(settings.confirm_credits) {
        all.push(ConfirmReason::ManyCredits);
    }
    all
}

/// SHA-256 of the body without its name, its evaluators in order of id: two presses of the same
/// intention have the same one, whatever minute stands in the name.
pub(crate) fn hash_without_name(request: &cekura::LaunchRequest) -> String {
    let mut body = request.body();
    if let Some(fields) = body.as_object_mut() {
        fields.remove("name");
        if let Some(scenarios) = fields.get_mut("scenarios").and_then(Value::as_array_mut) {
            scenarios.sort_by_key(|one| one.get("scenario").and_then(Value::as_i64));
        }
    }
    let digest = Sha256::digest(body.to_string().as_bytes());
    digest.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The tools to mock in the client's words.
pub(crate) fn mock_tools(mocks: &ToolMocks) -> cekura::MockTools {
    match mocks {
        ToolMocks::All => cekura::MockTools::All,
        ToolMocks::None => cekura::MockTools::None,
        ToolMocks::Chosen(names) => cekura::MockTools::Only(names.clone()),
    }
}
