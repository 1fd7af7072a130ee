//! What calls are measured by.

use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::Error;
use crate::ids::{AgentId, MetricId, ProjectId};
use crate::listing::{Item, Listing, walk};
use crate::loose::{Loose, filled};
use crate::transport::Call;

/// Something a call is measured by (`GET /test_framework/v2/metrics/`, an array without pages of the
/// document's `MetricListSerializerV2`).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Metric {
    /// Its id.
    pub id: MetricId,
    /// Its name; empty when the server gives none.
    pub name: String,
    /// `binary`, `continuous_qualitative`, `numeric` or `enum` (the values of `eval_type`), or a word
    /// that came later.
    pub eval_type: Option<String>,
    /// What an evaluation costs (`metric_cost`, such as 0.10). The document names no unit; credits
    /// are meant, for the balance is kept in nothing else.
    pub cost: Option<f64>,
    /// Whether it judges test calls (`simulation_enabled`).
    pub simulation_enabled: Option<bool>,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
pub(crate) struct MetricWire {
    id: MetricId,
    name: Loose<String>,
    eval_type: Loose<String>,
    metric_cost: Loose<f64>,
    simulation_enabled: Loose<bool>,
}

impl Item for Metric {
    type Wire = MetricWire;

    fn from_wire(wire: MetricWire, raw: Value) -> Self {
        Self {
            id: wire.id,
            name: wire.name.0.unwrap_or_default(),
            eval_type: filled(wire.eval_type.0),
            cost: wire.metric_cost.0,
            simulation_enabled: wire.simulation_enabled.0,
            raw,
        }
    }

    fn identity(&self) -> String {
        self.id.to_string()
    }
}

/// Which metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MetricFilter {
    /// Of this project.
    pub project: Option<ProjectId>,
    /// Of this agent.
    pub agent: Option<AgentId>,
}

impl Client {
    /// Every metric that fits. Both filters are the endpoint's own (`project_id`, `agent_id`).
    pub async fn metrics(&self, filter: &MetricFilter) -> Result<Listing<Metric>, Error> {
        let call = Call::get("/test_framework/v2/metrics/")
            .with("project_id", filter.project)
            .with("agent_id", filter.agent);
        walk(self, call).await
    }
}
