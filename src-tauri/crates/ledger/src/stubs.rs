//! Signatures whose bodies follow.
#![allow(
    missing_docs,
    unused_variables,
    clippy::unused_self,
    clippy::needless_pass_by_value,
    reason = "being filled in"
)]
use crate::*;
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

fn soon<T>() -> Result<T> {
    Err(LedgerError::NotFound)
}

impl Ledger {
    pub fn workspaces(&self) -> Result<Vec<Workspace>> {
        soon()
    }
    pub fn workspace_current(&self) -> Result<Option<Workspace>> {
        soon()
    }
    pub fn workspace(&self, id: i64) -> Result<Workspace> {
        soon()
    }
    pub fn workspace_add(&self, new: &NewWorkspace) -> Result<Workspace> {
        soon()
    }
    pub fn workspace_close(&self) -> Result<()> {
        soon()
    }
    pub fn workspace_rename(&self, id: i64, label: &str) -> Result<()> {
        soon()
    }
    pub fn workspace_touch(&self, id: i64) -> Result<()> {
        soon()
    }
    pub fn workspace_erase(&self, id: i64) -> Result<()> {
        soon()
    }
    pub fn setting(&self, key: &str) -> Result<Option<Value>> {
        soon()
    }
    pub fn set_setting(&self, key: &str, value: &Value) -> Result<()> {
        soon()
    }
    pub fn usage(&self) -> Result<Usage> {
        soon()
    }
    pub fn erase_all(&self) -> Result<()> {
        soon()
    }
    pub fn backup_if_due(&self) -> Result<()> {
        soon()
    }

    pub fn draft_open(&self, workspace: i64, new_id: &str, default_body: &Value) -> Result<Draft> {
        soon()
    }
    pub fn draft(&self, id: &str) -> Result<Draft> {
        soon()
    }
    pub fn draft_save(&self, id: &str, body: &Value) -> Result<Draft> {
        soon()
    }
    pub fn draft_replace(&self, workspace: i64, new_id: &str, body: &Value) -> Result<Draft> {
        soon()
    }

    pub fn plans(&self, workspace: i64) -> Result<Vec<SavedPlan>> {
        soon()
    }
    pub fn plan(&self, id: &str) -> Result<SavedPlan> {
        soon()
    }
    pub fn plan_save(
        &self,
        workspace: i64,
        id: Option<&str>,
        new_id: &str,
        name: &str,
        body: &Value,
    ) -> Result<SavedPlan> {
        soon()
    }
    pub fn plan_delete(&self, id: &str) -> Result<()> {
        soon()
    }

    pub fn launch_begin(&self, new: &NewLaunch) -> Result<Launch> {
        soon()
    }
    pub fn launch_end(&self, id: &str, end: &LaunchEnd) -> Result<Launch> {
        soon()
    }
    pub fn launch_adopt(
        &self,
        id: &str,
        result: i64,
        agent: Option<i64>,
        calls_placed: u32,
    ) -> Result<Launch> {
        soon()
    }
    pub fn launch_look(&self, id: &str, found: &[i64]) -> Result<Launch> {
        soon()
    }
    pub fn launch_decide(&self, id: &str, decision: Decision) -> Result<Launch> {
        soon()
    }
    pub fn launch_dismiss(&self, id: &str) -> Result<Launch> {
        soon()
    }
    pub fn launch(&self, id: &str) -> Result<Launch> {
        soon()
    }
    pub fn launches(&self, workspace: i64, limit: u32) -> Result<Vec<Launch>> {
        soon()
    }
    pub fn launches_unsettled(&self, workspace: i64) -> Result<Vec<Launch>> {
        soon()
    }
    pub fn launch_by_result(&self, workspace: i64, result: i64) -> Result<Option<Launch>> {
        soon()
    }
    pub fn launches_sending_at_start(&self) -> Result<Vec<Launch>> {
        soon()
    }
    pub fn launch_same_since(
        &self,
        workspace: i64,
        body_hash: &str,
        since: Timestamp,
    ) -> Result<Option<Launch>> {
        soon()
    }
    pub fn placed_since(&self, workspace: i64, since: Timestamp) -> Result<Placed> {
        soon()
    }
    pub fn launch_events(&self, id: &str) -> Result<Vec<LaunchEvent>> {
        soon()
    }

    pub fn note_put(&self, workspace: i64, call: i64, text: &str) -> Result<()> {
        soon()
    }
    pub fn note(&self, workspace: i64, call: i64) -> Result<Option<String>> {
        soon()
    }
    pub fn notes(&self, workspace: i64, calls: &[i64]) -> Result<BTreeMap<i64, String>> {
        soon()
    }
    pub fn human_put(&self, workspace: i64, call: i64, verdict: &HumanVerdict) -> Result<()> {
        soon()
    }
    pub fn human(&self, workspace: i64, call: i64) -> Result<Option<HumanVerdict>> {
        soon()
    }
    pub fn humans(&self, workspace: i64, calls: &[i64]) -> Result<BTreeMap<i64, HumanVerdict>> {
        soon()
    }

    pub fn catalogue(&self, workspace: i64) -> Result<Option<CatalogueHead>> {
        soon()
    }
    pub fn catalogue_put(&self, workspace: i64, snapshot: &CatalogueSnapshot) -> Result<()> {
        soon()
    }
    pub fn evaluators(&self, workspace: i64, agent: Option<i64>) -> Result<Vec<EvaluatorRow>> {
        soon()
    }
    pub fn evaluator(&self, workspace: i64, id: i64) -> Result<Option<EvaluatorRow>> {
        soon()
    }
    pub fn evaluator_put(&self, workspace: i64, row: &EvaluatorRow) -> Result<()> {
        soon()
    }
    pub fn last_outcomes(&self, workspace: i64, last: u32) -> Result<HashMap<i64, Vec<String>>> {
        soon()
    }
    pub fn durations(&self, workspace: i64) -> Result<HashMap<i64, Vec<f64>>> {
        soon()
    }

    pub fn result_put(&self, workspace: i64, put: &ResultPut) -> Result<bool> {
        soon()
    }
    pub fn result_follow(&self, workspace: i64, id: i64, followed: bool) -> Result<()> {
        soon()
    }
    pub fn results_followed(&self, workspace: i64) -> Result<Vec<i64>> {
        soon()
    }
    pub fn results(&self, workspace: i64, query: &ResultQuery) -> Result<ResultPage> {
        soon()
    }
    pub fn result(&self, workspace: i64, id: i64) -> Result<Option<ResultRecord>> {
        soon()
    }
    pub fn calls_put(&self, workspace: i64, result: i64, puts: &[CallPut]) -> Result<u32> {
        soon()
    }
    pub fn calls(&self, workspace: i64, result: i64) -> Result<Vec<CallRow>> {
        soon()
    }
    pub fn calls_changed_since(
        &self,
        workspace: i64,
        result: i64,
        seq: i64,
    ) -> Result<Vec<CallRow>> {
        soon()
    }
    pub fn call(&self, workspace: i64, id: i64) -> Result<Option<CallRecord>> {
        soon()
    }
}
