//! Ids, one type a noun: a result's id passed for a call's does not compile.
//!
//! On the wire they are numbers; numeric text is accepted, because keys of objects (`runs` of a
//! result) and some webhooks carry them so.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::loose::{self, Lenient};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The number.
            pub fn get(self) -> i64 {
                self.0
            }
        }

        impl From<i64> for $name {
            fn from(number: i64) -> Self {
                Self(number)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl Lenient for $name {
            fn lenient(value: &Value) -> Option<Self> {
                loose::whole(value).map(Self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = Value::deserialize(deserializer)?;
                loose::whole(&value).map(Self).ok_or_else(|| {
                    serde::de::Error::custom("expected an id: a whole number, or one as text")
                })
            }
        }
    )+};
}

ids! {
    /// The voice agent under test (`aiagent`).
    AgentId,
    /// A group of agents.
    ProjectId,
    /// A scripted conversation with its checks.
    ScenarioId,
    /// Who the tester pretends to be.
    PersonalityId,
    /// The data the tester carries.
    TestProfileId,
    /// Something a call is measured by.
    MetricId,
    /// What came of one launch. Not the id of a run: the API mixes the words, this crate does not.
    ResultId,
    /// One call.
    RunId,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests {
    use super::RunId;

    #[test]
    fn an_id_is_a_number_or_numeric_text_and_nothing_else() {
        for text in ["7", "\"7\"", "\" 7 \"", "7.0"] {
            assert_eq!(serde_json::from_str::<RunId>(text).unwrap(), RunId::from(7), "{text}");
        }
        for text in ["null", "true", "\"seven\"", "7.5", "[7]", "{\"id\":7}", "1e300"] {
            assert!(serde_json::from_str::<RunId>(text).is_err(), "{text}");
        }
    }
}
