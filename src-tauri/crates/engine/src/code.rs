//! The stable codes by which the page chooses its sentences.

use serde::Serialize;
use ts_rs::TS;

/// Everything that can go wrong, once. The page holds one sentence for each; a test there fails
/// when a code has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the page's table of sentences explains each")]
pub enum Code {
    BadAddress,
    Unreachable,
    TlsUntrusted,
    ProxyAuth,
    TimedOut,
    ConnectionLost,
    BadKey,
    Forbidden,
    NotFound,
    OutOfCredit,
    Refused,
    Throttled,
    ServerTrouble,
    Redirected,
    WebPage,
    Unreadable,
    NotCekura,
    TooBig,
    KeychainMissing,
    KeychainLocked,
    KeychainSlow,
    KeychainUnreadable,
    KeychainFailed,
    KeyTooLong,
    KeyBadCharacters,
    KeyEmpty,
    LedgerInUse,
    LedgerDamaged,
    DiskFull,
    DiskReadOnly,
    LedgerFailed,
    LedgerClosed,
    JournalMoved,
    DraftSpent,
    LaunchUnderWay,
    ConfirmNeeded,
    PlanNotReady,
    NoWorkspace,
    Gone,
    BadInput,
    PracticeFailed,
    Killed,
    ArchiveSetAside,
    JournalRestored,
    NameTaken,
    PlanUnreadable,
    DayLimit,
    NothingToRepeat,
    RecordingGone,
    NotRecorded,
    JournalSetAside,
    JournalMissing,
    ArchiveMissing,
    PlanChanged,
    NothingFits,
    KeyStays,
    KeychainWaits,
    OtherAccount,
    BadLength,
    Internal,
}

impl Code {
    /// The code of a stored or foreign code string; [`Code::Internal`] for one that is not known.
    pub fn parse(text: &str) -> Self {
        ALL.iter().copied().find(|code| code.as_str() == text).unwrap_or(Self::Internal)
    }

    /// The code as it crosses to the page and stands in the journal.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadAddress => "bad_address",
            Self::Unreachable => "unreachable",
            Self::TlsUntrusted => "tls_untrusted",
            Self::ProxyAuth => "proxy_auth",
            Self::TimedOut => "timed_out",
            Self::ConnectionLost => "connection_lost",
            Self::BadKey => "bad_key",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::OutOfCredit => "out_of_credit",
            Self::Refused => "refused",
            Self::Throttled => "throttled",
            Self::ServerTrouble => "server_trouble",
            Self::Redirected => "redirected",
            Self::WebPage => "web_page",
            Self::Unreadable => "unreadable",
            Self::NotCekura => "not_cekura",
            Self::TooBig => "too_big",
            Self::KeychainMissing => "keychain_missing",
            Self::KeychainLocked => "keychain_locked",
            Self::KeychainSlow => "keychain_slow",
            Self::KeychainUnreadable => "keychain_unreadable",
            Self::KeychainFailed => "keychain_failed",
            Self::KeyTooLong => "key_too_long",
            Self::KeyBadCharacters => "key_bad_characters",
            Self::KeyEmpty => "key_empty",
            Self::LedgerInUse => "ledger_in_use",
            Self::LedgerDamaged => "ledger_damaged",
            Self::DiskFull => "disk_full",
            Self::DiskReadOnly => "disk_read_only",
            Self::LedgerFailed => "ledger_failed",
            Self::LedgerClosed => "ledger_closed",
            Self::JournalMoved => "journal_moved",
            Self::DraftSpent => "draft_spent",
            Self::LaunchUnderWay => "launch_under_way",
            Self::ConfirmNeeded => "confirm_needed",
            Self::PlanNotReady => "plan_not_ready",
            Self::NoWorkspace => "no_workspace",
            Self::Gone => "gone",
            Self::BadInput => "bad_input",
            Self::PracticeFailed => "practice_failed",
            Self::Killed => "killed",
            Self::ArchiveSetAside => "archive_set_aside",
            Self::JournalRestored => "journal_restored",
            Self::NameTaken => "name_taken",
            Self::PlanUnreadable => "plan_unreadable",
            Self::DayLimit => "day_limit",
            Self::NothingToRepeat => "nothing_to_repeat",
            Self::RecordingGone => "recording_gone",
            Self::NotRecorded => "not_recorded",
            Self::JournalSetAside => "journal_set_aside",
            Self::JournalMissing => "journal_missing",
            Self::ArchiveMissing => "archive_missing",
            Self::PlanChanged => "plan_changed",
            Self::NothingFits => "nothing_fits",
            Self::KeyStays => "key_stays",
            Self::KeychainWaits => "keychain_waits",
            Self::OtherAccount => "other_account",
            Self::BadLength => "bad_length",
            Self::Internal => "internal",
        }
    }
}

/// Every code, for tests and for [`Code::parse`].
const ALL: &[Code] = &[
    Code::BadAddress,
    Code::Unreachable,
    Code::TlsUntrusted,
    Code::ProxyAuth,
    Code::TimedOut,
    Code::ConnectionLost,
    Code::BadKey,
    Code::Forbidden,
    Code::NotFound,
    Code::OutOfCredit,
    Code::Refused,
    Code::Throttled,
    Code::ServerTrouble,
    Code::Redirected,
    Code::WebPage,
    Code::Unreadable,
    Code::NotCekura,
    Code::TooBig,
    Code::KeychainMissing,
    Code::KeychainLocked,
    Code::KeychainSlow,
    Code::KeychainUnreadable,
    Code::KeychainFailed,
    Code::KeyTooLong,
    Code::KeyBadCharacters,
    Code::KeyEmpty,
    Code::LedgerInUse,
    Code::LedgerDamaged,
    Code::DiskFull,
    Code::DiskReadOnly,
    Code::LedgerFailed,
    Code::LedgerClosed,
    Code::JournalMoved,
    Code::DraftSpent,
    Code::LaunchUnderWay,
    Code::ConfirmNeeded,
    Code::PlanNotReady,
    Code::NoWorkspace,
    Code::Gone,
    Code::BadInput,
    Code::PracticeFailed,
    Code::Killed,
    Code::ArchiveSetAside,
    Code::JournalRestored,
    Code::NameTaken,
    Code::PlanUnreadable,
    Code::DayLimit,
    Code::NothingToRepeat,
    Code::RecordingGone,
    Code::NotRecorded,
    Code::JournalSetAside,
    Code::JournalMissing,
    Code::ArchiveMissing,
    Code::PlanChanged,
    Code::NothingFits,
    Code::KeyStays,
    Code::KeychainWaits,
    Code::OtherAccount,
    Code::BadLength,
    Code::Internal,
];

#[cfg(test)]
mod tests {
    use super::{ALL, Code};

    #[test]
    fn a_code_reads_back_as_itself_and_is_spelt_as_serde_spells_it() {
        for code in ALL {
            assert_eq!(Code::parse(code.as_str()), *code);
            assert_eq!(serde_json::json!(code), serde_json::json!(code.as_str()));
        }
        assert_eq!(Code::parse("from_a_later_version"), Code::Internal);
    }
}
