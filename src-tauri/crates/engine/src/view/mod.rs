//! What crosses to the page. Every type here is exported to `ui/src/host/types.d.ts`.
//!
//! Absent on purpose: the key, in any form but its last four characters; prose (the page owns the
//! words, see [`crate::Code`]); the API's own names.

mod call;
mod catalogue;
mod draft;
mod launch;
mod plan;
mod result;
mod told;
mod workspace;

pub use call::{
    CallView, CriterionView, ExpectedView, HumanView, MetricView, Speaker, ToolView, TurnView,
    WaveformView,
};
pub use catalogue::{
    AgentView, CatalogueState, CatalogueView, EvaluatorDetail, EvaluatorView, FolderView, NamedView,
};
pub use draft::{
    DraftBody, DraftFilter, DraftMade, DraftMessage, DraftParent, DraftPipecat, DraftView,
    ImportView, RepeatMade, RepeatPart, SavedPlanView, ToolMocks,
};
pub use launch::{FitView, LaunchStateView, LaunchView};
pub use plan::{
    CheckCode, CheckLevel, ConfirmReason, Confirmation, EstimateView, PlanCheck, PlanReview,
    PlanView,
};
pub use result::{
    CallRowView, CauseView, CountsView, EvaluatorGroup, Fitness, FixedView, HeadlineView,
    OutcomeView, PartView, RangeView, RelatedView, RepeatView, ResultRowView, ResultView,
    ResultsPage, ResultsQuery, SaidView, StallView, SummaryView, WhyView,
};
pub use told::{EvaluatorsTold, GroupTold, Piece, ResultTold};
pub use workspace::{
    AppState, Closing, ConnectRequest, ConnectionState, ConnectionView, ErrorView, FeedNotice,
    FeedTopic, FieldProblem, FirstScreen, KeyStateView, KeyView, Notice, Settings, UsageView,
    WorkspaceKind, WorkspaceView,
};
