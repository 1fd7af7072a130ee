//! The first question to a server: whether it takes the key, and whether it is Cekura at all. A key
//! must not be kept for a server that answers anything to anybody.

use cekura::{AgentFilter, Client, Error, ErrorKind, Listing, Project};

use crate::code::Code;
use crate::error::{EngineError, Outcome};

/// The projects that the key sees, from a server that is Cekura.
///
/// A list of projects that can be read says so by itself. A new account has none, and its answer is
/// a bare `[]`, as that of many a server: then a second question decides.
pub(crate) async fn first_question(client: &Client) -> Outcome<Listing<Project>> {
    let projects = client.projects().await.map_err(not_cekura)?;
    if projects.items.is_empty() {
        if !projects.unreadable.is_empty() {
            return Err(EngineError::new(Code::NotCekura)
                .with_detail("the list of projects held nothing that could be read"));
        }
        speaks_as_cekura(client).await?;
    }
    Ok(projects)
}

/// What was wrong with the first question. An answer that is no JSON, and "no such thing", are not
/// what Cekura says to it.
fn not_cekura(error: Error) -> EngineError {
    match error.kind {
        ErrorKind::WebPage | ErrorKind::Unreadable { .. } | ErrorKind::NotFound(_) => {
            EngineError { code: Code::NotCekura, ..error.into() }
        }
        _ => of_a_key(error, Code::NotCekura),
    }
}

/// What was wrong when a key was tried; `page` where a page of markup refuses it (401, 403 and the
/// like), for then something else than Cekura did, which knows nothing of the key. A refusal without
/// a body, or in plain words, stays one of Cekura: the form of its 401 and 403 is not documented.
pub(crate) fn of_a_key(error: Error, page: Code) -> EngineError {
    let refused = matches!(
        error.kind,
        ErrorKind::BadKey(_)
            | ErrorKind::Forbidden(_)
            | ErrorKind::OutOfCredit(_)
            | ErrorKind::Refused { .. }
    );
    if refused && error.problem().is_some_and(cekura::Problem::is_page) {
        return EngineError { code: page, ..error.into() };
    }
    error.into()
}

/// Looks for a sign of Cekura in an account that shows no project. One is enough, so that no real
/// account is turned away:
///
/// - the list of agents counts its items, as the API's paged lists must, or holds some;
/// - the balance names its credits;
/// - either is refused in JSON: a key of an organisation may have to name a project for the first, a
///   key of a project may not ask the second. "No such thing" is no sign, for anybody says that.
///
/// A server that imitates one of these passes. Nothing in the API names it: it has no greeting, and
/// no question about the key itself.
async fn speaks_as_cekura(client: &Client) -> Outcome<()> {
    let agents = match client.agents(&AgentFilter::default()).await {
        Ok(agents) => Ok(agents.count.is_some() || !agents.items.is_empty()),
        Err(error) => refused_as_cekura(error),
    };
    if matches!(agents, Ok(true)) {
        return Ok(());
    }
    let balance = match client.billing_info().await {
        Ok(billing) => Ok(billing.credits_remaining.is_some() || billing.credits_used.is_some()),
        Err(error) => refused_as_cekura(error),
    };
    if matches!(balance, Ok(true)) {
        return Ok(());
    }
    // A question that got no answer decides nothing.
    agents.and(balance)?;
    Err(EngineError::new(Code::NotCekura).with_detail(
        "no projects, and nothing in the answers about agents and balance is Cekura's",
    ))
}

/// Whether a refusal is in the API's form; an error where the question got no answer of its own.
fn refused_as_cekura(error: Error) -> Outcome<bool> {
    match &error.kind {
        ErrorKind::Refused { problem, .. }
        | ErrorKind::Forbidden(problem)
        | ErrorKind::OutOfCredit(problem) => Ok(problem.is_json()),
        ErrorKind::BadKey(problem) if problem.is_page() => Ok(false),
        ErrorKind::WebPage | ErrorKind::Unreadable { .. } | ErrorKind::NotFound(_) => Ok(false),
        _ => Err(error.into()),
    }
}
