//! Projects: groups of agents.

use serde::Deserialize;
use serde_json::Value;

use crate::client::Client;
use crate::error::Error;
use crate::ids::ProjectId;
use crate::listing::{Item, Listing, walk};
use crate::loose::{Loose, Reference, filled};
use crate::transport::Call;

/// A group of agents (`GET /user/v1/projects/`).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Its name; empty when the server gives none.
    pub name: String,
    /// The organisation it belongs to.
    pub organization_name: Option<String>,
    /// As it came.
    pub raw: Value,
}

#[derive(Deserialize)]
pub(crate) struct ProjectWire {
    id: ProjectId,
    name: Loose<String>,
    organization: Loose<Reference>,
    organization_name: Loose<String>,
}

impl Item for Project {
    type Wire = ProjectWire;

    fn from_wire(wire: ProjectWire, raw: Value) -> Self {
        Self {
            id: wire.id,
            name: wire.name.0.unwrap_or_default(),
            organization_name: filled(
                wire.organization.0.and_then(|organization| organization.name),
            )
            .or(filled(wire.organization_name.0)),
            raw,
        }
    }

    fn identity(&self) -> String {
        self.id.to_string()
    }
}

impl Client {
    /// Every project the key may see. The cheapest way to check a key: there is no endpoint that
    /// says whose key it is.
    pub async fn projects(&self) -> Result<Listing<Project>, Error> {
        walk(self, Call::get("/user/v1/projects/")).await
    }
}
