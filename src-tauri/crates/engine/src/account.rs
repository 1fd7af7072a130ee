//! Whose key it is. A workspace is one account of one server; a key of another account would put two
//! companies' calls into one list.

use std::collections::BTreeSet;

use ledger::Workspace;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};

/// What a key shows of its account. The API has no question "who am I" for keys; each project names
/// the organisation it is of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Account {
    organizations: BTreeSet<i64>,
    projects: BTreeSet<i64>,
}

impl Account {
    pub(crate) fn of(projects: &[cekura::Project]) -> Self {
        let organization = |project: &cekura::Project| {
            let named = project.raw.get("organization")?;
            named.as_i64().or_else(|| named.get("id").and_then(Value::as_i64))
        };
        Self {
            organizations: projects.iter().filter_map(organization).collect(),
            projects: projects.iter().map(|project| project.id.get()).collect(),
        }
    }

    /// Whether it is certainly another one: no organisation in common or, where one side names none,
    /// no project. Two keys of one account may show different projects.
    fn is_other_than(&self, known: &Self) -> bool {
        let apart = |one: &BTreeSet<i64>, other: &BTreeSet<i64>| {
            (!one.is_empty() && !other.is_empty()).then(|| one.is_disjoint(other))
        };
        apart(&self.organizations, &known.organizations)
            .or_else(|| apart(&self.projects, &known.projects))
            .unwrap_or(false)
    }
}

fn key(workspace: i64) -> String {
    format!("account/{workspace}")
}

impl Engine {
    /// Refuses a key that shows another account than the one whose calls this workspace keeps.
    pub(crate) fn refuse_other_account(
        &self,
        workspace: &Workspace,
        account: &Account,
    ) -> Outcome<()> {
        let kept = self.ledger().setting(&key(workspace.id))?;
        let known = match kept.and_then(|value| serde_json::from_value::<Account>(value).ok()) {
            Some(known) => known,
            // Kept by a version that did not write it down.
            None => Account {
                organizations: BTreeSet::new(),
                projects: self
                    .ledger()
                    .catalogue(workspace.id)?
                    .map(|head| head.projects.iter().map(|project| project.id).collect())
                    .unwrap_or_default(),
            },
        };
        if account.is_other_than(&known) {
            return Err(EngineError::new(Code::OtherAccount).with_detail(workspace.label.clone()));
        }
        Ok(())
    }

    /// Writes down whose calls a workspace keeps, unless that stands there already.
    pub(crate) fn remember_account(&self, workspace: i64, account: &Account) -> Outcome<()> {
        let account = crate::drafts::to_json(account)?;
        if self.ledger().setting(&key(workspace))?.as_ref() != Some(&account) {
            self.ledger().set_setting(&key(workspace), &account)?;
        }
        Ok(())
    }

    /// Nothing of an erased workspace is kept.
    pub(crate) fn forget_account(&self, workspace: i64) -> Outcome<()> {
        if self.ledger().setting(&key(workspace))?.is_some() {
            self.ledger().set_setting(&key(workspace), &Value::Null)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Account;

    fn account(organizations: &[i64], projects: &[i64]) -> Account {
        Account {
            organizations: organizations.iter().copied().collect(),
            projects: projects.iter().copied().collect(),
        }
    }

    #[test]
    fn accounts_are_told_apart_by_organisation_then_by_project() {
        let known = account(&[7], &[1, 2]);
        assert!(account(&[8], &[1, 2]).is_other_than(&known));
        assert!(!account(&[7], &[3]).is_other_than(&known), "another project's key of the account");
        assert!(account(&[], &[3]).is_other_than(&known));
        assert!(!account(&[], &[2, 3]).is_other_than(&known));
        for nothing_known in [account(&[], &[]), account(&[7], &[])] {
            assert!(!account(&[], &[]).is_other_than(&nothing_known));
            assert!(!account(&[], &[1]).is_other_than(&nothing_known), "nothing says so");
        }
    }
}
