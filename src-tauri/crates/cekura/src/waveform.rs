//! How loud a recording is, so that it can be drawn without being fetched.

use serde_json::Value;

use crate::loose::Lenient;

/// Amplitudes over the length of a recording, one list a side.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Waveform {
    /// The agent under test.
    pub agent: Vec<f64>,
    /// The tester.
    pub caller: Vec<f64>,
}

impl Waveform {
    /// Reads "one array of values per audio channel" (the newest document). The keys of the channels
    /// are not documented: names that say whose they are, as the transcript's roles do, are
    /// believed; otherwise the order counts, together with the run's `testing_channel_index`.
    ///
    /// `None` when it cannot be told whose is whose: a drawing that blames the wrong side is worse
    /// than none.
    pub(crate) fn read(value: &Value, tester_channel: Option<u32>) -> Option<Self> {
        let channels = channels(value);
        let named = |words: &[&str]| {
            channels
                .iter()
                .find(|(key, _)| words.iter().any(|word| key.to_lowercase().contains(word)))
                .map(|(_, list)| list.clone())
        };
        if let (Some(agent), Some(caller)) =
            (named(&["main"]), named(&["testing", "tester", "caller"]))
        {
            return Some(Self { agent, caller });
        }
        let [(_, first), (_, second)] = channels.as_slice() else { return None };
        match tester_channel? {
            0 => Some(Self { agent: second.clone(), caller: first.clone() }),
            1 => Some(Self { agent: first.clone(), caller: second.clone() }),
            _ => None,
        }
    }
}

/// Lists of numbers with their keys, at the top or one level down (`{"channels": [[…], […]]}`).
fn channels(value: &Value) -> Vec<(String, Vec<f64>)> {
    let found = lists(value);
    if !found.is_empty() {
        return found;
    }
    match value {
        Value::Object(fields) => {
            fields.values().map(lists).find(|found| !found.is_empty()).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn lists(value: &Value) -> Vec<(String, Vec<f64>)> {
    let entries: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(key, it)| (key.clone(), it)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(at, it)| (at.to_string(), it)).collect()
        }
        _ => return Vec::new(),
    };
    entries
        .into_iter()
        .filter_map(|(key, list)| Some((key, Vec::<f64>::lenient(list)?)))
        .filter(|(_, list)| !list.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Waveform;

    #[track_caller]
    fn sides(value: &Value, tester: Option<u32>, agent: &[f64], caller: &[f64]) {
        let read = Waveform::read(value, tester);
        assert_eq!(read, Some(Waveform { agent: agent.to_vec(), caller: caller.to_vec() }));
    }

    #[test]
    fn channels_are_told_apart_by_name_or_by_the_testers_index() {
        let ordered = json!({"0": [0.1, 0.2], "1": [0.3]});
        sides(&ordered, Some(0), &[0.3], &[0.1, 0.2]);
        sides(&ordered, Some(1), &[0.1, 0.2], &[0.3]);
        sides(&json!([[1], ["2"]]), Some(0), &[2.0], &[1.0]);
        sides(&json!({"channels": [[1], [2]], "rate": 10}), Some(1), &[1.0], &[2.0]);
        sides(&json!({"testing_agent": [1], "main_agent": [2]}), None, &[2.0], &[1.0]);
    }

    #[test]
    fn what_cannot_be_told_apart_is_not_drawn() {
        let ordered = json!({"left": [0.1], "right": [0.3]});
        for (value, tester) in
            [(&ordered, None), (&ordered, Some(2)), (&json!([[1]]), Some(0)), (&json!({}), Some(0))]
        {
            assert_eq!(Waveform::read(value, tester), None, "{value}");
        }
    }
}
