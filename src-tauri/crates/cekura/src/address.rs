//! Which addresses may be spoken to.

use url::{Host, Url};

use crate::error::ErrorKind;

/// Whether the host is this computer, by address or by the name reserved for it (RFC 6761).
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// A base URL that a key may be sent to: https, or http on loopback, and nothing but an origin.
///
/// A path is refused instead of dropped: a person who types one means something by it, and the
/// origin is what the key is filed under.
pub(crate) fn check_base(url: &Url) -> Result<(), ErrorKind> {
    let bad = |why: &str| Err(ErrorKind::BadAddress(why.to_owned()));
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(url) => {}
        "http" => return bad("a key may travel by https only, except on this computer"),
        _ => return bad("only https addresses can be used"),
    }
    if url.host_str().is_none_or(str::is_empty) {
        return bad("there is no host in it");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return bad("it holds a user name");
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return bad("only the server's name is wanted, without a path");
    }
    Ok(())
}

/// An address of a recording: https, or http on loopback when the API itself is there.
pub(crate) fn check_recording(url: &Url, api_on_loopback: bool) -> Result<(), ErrorKind> {
    let bad = |why: &str| Err(ErrorKind::BadAddress(why.to_owned()));
    match url.scheme() {
        "https" => {}
        "http" if api_on_loopback && is_loopback(url) => {}
        _ => return bad("recordings are fetched by https only"),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return bad("the recording's address holds a user name");
    }
    Ok(())
}

/// Scheme, host and port, as text; the default port is left out.
pub(crate) fn origin_text(url: &Url) -> String {
    url.origin().ascii_serialization()
}
