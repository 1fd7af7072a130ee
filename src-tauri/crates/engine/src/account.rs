//! Whose key it is. A workspace is one account of one server; a key of another account would put two
//! companies' calls into one list.

use std::collections::BTreeSet;

use ledger::{Account, Workspace};
use serde_json::Value;

use crate::code::Code;
use crate::core::Engine;
use crate::error::{EngineError, Outcome};

/// What a key shows of its account. The API has no question "who am I" for keys; each project names
/// the organisation it is of.
pub(crate) fn account_of(projects: &[cekura::Project]) -> Account {
    let organization = |project: &cekura::Project| {
        let named = project.raw.get("organization")?;
        named.as_i64().or_else(|| named.get("id").and_then(Value::as_i64))
    };
    Account {
        organizations: projects.iter().filter_map(organization).collect(),
        projects: projects.iter().map(|project| project.id.get()).collect(),
    }
}

/// Whether it is certainly another one: no organisation in common or, where one side names none, no
/// project. Two keys of one account may show different projects.
fn is_other(account: &Account, known: &Account) -> bool {
    let apart = |one: &BTreeSet<i64>, other: &BTreeSet<i64>| {
        (!one.is_empty() && !other.is_empty()).then(|| one.is_disjoint(other))
    };
    apart(&account.organizations, &known.organizations)
        .or_else(|| apart(&account.projects, &known.projects))
        .unwrap_or(false)
}

impl Engine {
    /// Refuses a key that shows another account than the one whose calls this workspace keeps.
    pub(crate) fn refuse_other_account(
        &self,
        workspace: &Workspace,
        account: &Account,
    ) -> Outcome<()> {
        let known = match self.ledger().account(workspace.id)? {
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
        if is_other(account, &known) {
            return Err(EngineError::new(Code::OtherAccount).with_detail(workspace.label.clone()));
        }
        Ok(())
    }

    /// Writes down whose calls a workspace keeps, unless that stands there already.
    pub(crate) fn remember_account(&self, workspace: i64, account: &Account) -> Outcome<()> {
        if self.ledger().account(workspace)?.as_ref() != Some(account) {
            self.ledger().account_put(workspace, account)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Account, is_other};

    fn account(organizations: &[i64], projects: &[i64]) -> Account {
        Account {
            organizations: organizations.iter().copied().collect(),
            projects: projects.iter().copied().collect(),
        }
    }

    #[test]
    fn accounts_are_told_apart_by_organisation_then_by_project() {
        let known = account(&[7], &[1, 2]);
        assert!(is_other(&account(&[8], &[1, 2]), &known));
        assert!(!is_other(&account(&[7], &[3]), &known), "another project's key of the account");
        assert!(is_other(&account(&[], &[3]), &known));
        assert!(!is_other(&account(&[], &[2, 3]), &known));
        for nothing_known in [account(&[], &[]), account(&[7], &[])] {
            assert!(!is_other(&account(&[], &[]), &nothing_known));
            assert!(!is_other(&account(&[], &[1]), &nothing_known), "nothing says so");
        }
    }
}
