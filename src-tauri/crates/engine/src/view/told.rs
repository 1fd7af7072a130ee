//! Long lists, told to a page that may have some of them already.

use serde::Serialize;
use ts_rs::TS;

use super::{CallRowView, EvaluatorGroup, EvaluatorView, ResultView};

/// A piece of a list.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(untagged)]
pub enum Piece<T> {
    /// Rows the page has: from which place of its list on, and how many.
    Kept(u32, u32),
    /// A row it does not have.
    New(T),
}

/// The evaluators of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct EvaluatorsTold {
    /// Names the list when it is asked for again; the same while nothing of it changes.
    pub reading: u64,
    /// The rows are the first ones only; the rest is told when asked again.
    pub more: bool,
    /// The rows, by name.
    pub rows: Vec<Piece<EvaluatorView>>,
}

/// A result, opened.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct ResultTold {
    /// Names the list of evaluators when it is asked for again; the same while nothing of it changes.
    pub reading: u64,
    /// The evaluators are the first ones only; the rest is told when asked again.
    pub more: bool,
    /// All of it but the evaluators.
    pub head: ResultView,
    /// The evaluators, the worst first.
    pub groups: Vec<Piece<GroupTold>>,
}

/// An evaluator of a result that is new or has changed.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct GroupTold {
    /// Its place in the page's list, where it has it: kept calls are that one's.
    pub was: Option<u32>,
    /// All of it but the calls.
    pub head: EvaluatorGroup,
    /// Its calls in the order they were placed.
    pub calls: Vec<Piece<CallRowView>>,
}
