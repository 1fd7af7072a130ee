//! Faults of a token, of grammar, and of boundaries.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{REPAIRED, read};
use crate::listing::{Rows, Unreadable, decode_all, entries};
use crate::runs::Run;

fn value_of(bytes: &[u8]) -> Value {
    let body = read(bytes).unwrap();
    assert_eq!(body.lost, None, "{}", String::from_utf8_lossy(bytes));
    body.value
}

/// Tokens that are no JSON, what they become and what is said of them.
fn tokens() -> Vec<(Vec<u8>, Value, &'static str)> {
    let half = "half a surrogate pair";
    let escape = "an escape that is none";
    let unknown = "a value that JSON does not know";
    let control = "a control character that is not escaped";
    let utf8 = "bytes that are not UTF-8";
    let deep = |pair: [&str; 2]| [pair[0].repeat(400), pair[1].repeat(400)].concat();
    let mut deepest = Value::Null;
    for _ in 0..99 {
        deepest = json!([deepest]);
    }
    vec![
        (br#""a \ud83d b""#.to_vec(), json!("a \u{fffd} b"), half),
        (br#""\ude00""#.to_vec(), json!("\u{fffd}"), half),
        (br#""\ud83d\ud83d\ude00""#.to_vec(), json!("\u{fffd}\u{1f600}"), half),
        (br#""\ud83d\n""#.to_vec(), json!("\u{fffd}\n"), half),
        (br#""\x41\"""#.to_vec(), json!("\u{fffd}41\""), escape),
        (br#""\u12g4""#.to_vec(), json!("\u{fffd}12g4"), escape),
        (b"\"\\\xc3\xa9\"".to_vec(), json!("\u{fffd}é"), escape),
        (b"NaN".to_vec(), Value::Null, unknown),
        (b"nan".to_vec(), Value::Null, unknown),
        (b"-NaN".to_vec(), Value::Null, unknown),
        (b"Infinity".to_vec(), Value::Null, unknown),
        (b"-Infinity".to_vec(), Value::Null, unknown),
        (b"+inf".to_vec(), Value::Null, unknown),
        (b"undefined".to_vec(), Value::Null, unknown),
        (b"None".to_vec(), Value::Null, unknown),
        (b"True".to_vec(), json!(true), unknown),
        (b"1e999".to_vec(), Value::Null, unknown),
        (b"-1e999".to_vec(), Value::Null, unknown),
        (b"01".to_vec(), Value::Null, unknown),
        (b"1.".to_vec(), Value::Null, unknown),
        (b".5".to_vec(), Value::Null, unknown),
        (b"+1".to_vec(), Value::Null, unknown),
        (b"0x1F".to_vec(), Value::Null, unknown),
        (b"\"caf\xe9\"".to_vec(), json!("caf\u{fffd}"), utf8),
        (b"\"\xed\xa0\xbd\"".to_vec(), json!("\u{fffd}\u{fffd}\u{fffd}"), utf8),
        (b"\"a\x00b\"".to_vec(), json!("a\u{fffd}b"), control),
        (b"\"a\nb\tc\"".to_vec(), json!("a\nb\tc"), control),
        (deep(["[", "]"]).into_bytes(), deepest, "nested too deep"),
    ]
}

#[test]
fn a_token_that_is_none_is_repaired_where_it_stands_and_noted() {
    for (token, expected, what) in tokens() {
        let before = br#"{"id": 7, "given": "#;
        let bytes = [before.as_slice(), &token, br#", "after": [1, "x"]}"#].concat();
        let value = value_of(&bytes);
        let shown = String::from_utf8_lossy(&token);
        assert_eq!(value["id"], 7, "{shown}");
        assert_eq!(value["given"], expected, "{shown}");
        assert_eq!(value["after"], json!([1, "x"]), "{shown}");
        let note = &value[REPAIRED][0];
        assert_eq!(note["what"], what, "{shown}");
        assert!(note["path"].as_str().unwrap().starts_with("given"), "{shown}: {note}");
        let at = usize::try_from(note["at"].as_u64().unwrap()).unwrap();
        assert!((before.len()..before.len() + token.len()).contains(&at), "{shown}: {note}");
        // What is kept can be read again.
        let kept = serde_json::to_vec(&json!([{ "kept": value }])).unwrap();
        assert!(serde_json::from_slice::<Value>(&kept).is_ok(), "{shown}");
    }
}

#[test]
fn a_note_stands_with_the_item_that_it_is_about() {
    let body = br#"{"count": 2, "results": [{"id": 1}, {"id": 2, "n": NaN, "runs": {
        "5": {"status": "a"}, "6": {"turns": [{"said": "\ud83d"}]}}}]}"#;
    let value = value_of(body);
    assert_eq!(value.get(REPAIRED), None);
    assert_eq!(value["results"][0], json!({ "id": 1 }));
    let second = &value["results"][1];
    assert_eq!(second[REPAIRED].as_array().unwrap().len(), 1);
    assert_eq!(second[REPAIRED][0]["path"], "results[1].n");
    assert_eq!(second["runs"]["5"], json!({ "status": "a" }));
    let note = &second["runs"]["6"][REPAIRED][0];
    assert_eq!(note["path"], "results[1].runs.6.turns[0].said");
}

#[test]
fn marks_of_byte_order_are_skipped_and_utf_16_is_read() {
    let text = r#"{"id": 7, "name": "Fähre 🚢"}"#;
    let sound: Value = serde_json::from_str(text).unwrap();
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
    };
    assert_eq!(value_of(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), sound);
    assert_eq!(value_of(&utf16(u16::to_le_bytes)), sound);
    assert_eq!(value_of(&utf16(u16::to_be_bytes)), sound);
}

/// Items that were read, and those that were not.
fn rows(bytes: &[u8]) -> (Vec<i64>, Vec<Unreadable>, bool) {
    let rows = Rows::read(read(bytes).unwrap()).unwrap();
    let lost = rows.lost.is_some();
    let (items, unreadable) = decode_all::<Run>(rows.entries);
    (items.iter().map(|run| run.id.get()).collect(), unreadable, lost)
}

#[test]
fn a_fault_of_grammar_costs_the_item_it_is_in() {
    for bad in [
        r#"{"id": 2 "name": "x"}"#,
        r#"{"id": 2, "name": "x",}"#,
        r#"{"id": 2, "name":, "a": 1}"#,
        r#"{"id": 2, "a": {"b": [1 2]}}"#,
        r#"{"id": 2, "a": [1, , 2]}"#,
        r#"{"id": 2, 3: 4}"#,
        r#"{"id": 2, "a" "b"}"#,
    ] {
        let all = format!(r#"[{{"id": 1}}, {bad}, {{"id": 3, "n": [{{}}]}}]"#);
        let paged = format!(r#"{{"results": {all}, "count": 3}}"#);
        for text in [all.as_str(), &paged] {
            let (ids, unreadable, lost) = rows(text.as_bytes());
            assert_eq!((ids, unreadable.len(), lost), (vec![1, 3], 1, false), "{text}");
            assert_eq!(unreadable[0].id, Some(2), "{text}");
            assert!(unreadable[0].place.ends_with("[1]"), "{text}");
            assert_eq!(unreadable[0].raw, *bad, "as it came");
        }
    }
    // Keyed by id, the key names it.
    let value = value_of(br#"{"id": 9, "runs": {"1": {}, "2": {"status" 1}, "3": {}}}"#);
    let (runs, unreadable) = decode_all::<Run>(entries(value["runs"].clone(), "runs"));
    assert_eq!((runs.len(), unreadable.len()), (2, 1));
    assert_eq!((unreadable[0].id, unreadable[0].place.as_str()), (Some(2), "runs.2"));
}

#[test]
fn where_an_item_ends_is_not_guessed() {
    for rest in [
        r#"{"id": 2, "name": "x"#,
        r#"{"id": 2, "name": "x""#,
        r#"{"id": 2"#,
        r#"{"id": 2, "a": [1, 2}, {"id": 3}]"#,
        r#"{"id": 2, "a": {"b": 1, {"id": 3}]"#,
        r#"{"id": 2, "said": "He said "hi" to me"}, {"id": 3}]"#,
        r#"{"id": 2, "said": "an odd " quote"}, {"id": 3}]"#,
        r#"{"id": 2}} , {"id": 3}]"#,
        r#"{"id": 2} {"id": 3}]"#,
        "",
    ] {
        let (ids, unreadable, lost) = rows(format!(r#"[{{"id": 1}}, {rest}"#).as_bytes());
        let whole = if rest.starts_with(r#"{"id": 2}"#) { vec![1, 2] } else { vec![1] };
        assert_eq!((ids, unreadable.len(), lost), (whole, 0, true), "{rest}");
    }
}

#[test]
fn a_body_without_a_list_is_whole_or_not_read() {
    for text in ["{\"id\": 70", "{\"id\": 7, \"name\": \"a", "{\"id\": 7 \"a\": 1}", "@", "{"] {
        assert_eq!(read(text.as_bytes()).unwrap_err().code(), "unreadable", "{text}");
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 30, 4, |inner| {
        let key = prop_oneof![
            prop::sample::select(vec!["id", "results", "runs", "status", "transcript"])
                .prop_map(str::to_owned),
            ".{0,5}",
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A list with something else in the place of one item, in each form that lists come in.
fn forms(count: usize, at: usize, item: &[u8]) -> Vec<Vec<u8>> {
    let all = |keyed: bool| {
        let mut bytes = Vec::new();
        for index in 0..count {
            let id = index + 100;
            if index > 0 {
                bytes.extend_from_slice(b", ");
            }
            if keyed {
                bytes.extend_from_slice(format!("\"{id}\": ").as_bytes());
            }
            if index == at {
                bytes.extend_from_slice(item);
            } else {
                let sound = json!({ "id": id, "status": "completed", "n": [{ "a": "}]" }] });
                bytes.extend_from_slice(sound.to_string().as_bytes());
            }
        }
        bytes
    };
    let (plain, keyed) = (all(false), all(true));
    vec![
        [b"[".as_slice(), &plain, b"]"].concat(),
        [br#"{"count": 9, "results": ["#.as_slice(), &plain, b"]}"].concat(),
        [br#"{"results": [{"results": ["#.as_slice(), &plain, b"]}]}"].concat(),
        [br#"{"results": {"#.as_slice(), &keyed, b"}}"].concat(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_json_in_the_place_of_one_item_hides_no_other(
        (count, at) in (2_usize..7).prop_flat_map(|count| (Just(count), 0..count)),
        item in any_json(),
    ) {
        for bytes in forms(count, at, item.to_string().as_bytes()) {
            let (ids, unreadable, lost) = rows(&bytes);
            let others = (0..count).filter(|index| *index != at).map(|index| index as i64 + 100);
            for id in others {
                prop_assert!(ids.contains(&id), "{}", String::from_utf8_lossy(&bytes));
            }
            prop_assert!(!lost);
            // One that was read may have the id of another.
            prop_assert!(ids.len() + unreadable.len() <= count);
            if !item.is_object() {
                prop_assert_eq!(unreadable.len(), 1);
            }
        }
    }

    #[test]
    fn a_faulty_token_in_one_item_costs_none(
        (count, at) in (2_usize..7).prop_flat_map(|count| (Just(count), 0..count)),
        token in 0_usize..28,
        more in any_json(),
    ) {
        let (token, ..) = tokens().swap_remove(token);
        let more = more.to_string();
        let item = [
            format!(r#"{{"id": {}, "more": {more}, "given": "#, at + 100).as_bytes(),
            &token,
            b"}",
        ].concat();
        for bytes in forms(count, at, &item) {
            let (ids, unreadable, lost) = rows(&bytes);
            prop_assert_eq!(&ids, &(100..100 + count as i64).collect::<Vec<_>>());
            prop_assert!(unreadable.is_empty() && !lost);
        }
    }

    #[test]
    fn an_answer_cut_off_anywhere_keeps_what_ended(count in 1_usize..6, cut in any::<u16>()) {
        let whole = forms(count, 99, b"");
        for bytes in whole {
            let cut = usize::from(cut) % bytes.len();
            let Ok(body) = read(&bytes[..cut]) else { continue };
            prop_assert!(body.lost.is_some());
            let Ok(rows) = Rows::read(body) else { continue };
            let (items, unreadable) = decode_all::<Run>(rows.entries);
            let ids: Vec<_> = items.iter().map(|run| run.id.get()).collect();
            prop_assert_eq!(ids, (100..100 + items.len() as i64).collect::<Vec<_>>());
            prop_assert!(unreadable.is_empty());
            // Nothing that had ended was dropped.
            let ended = String::from_utf8_lossy(&bytes[..cut]).matches(r#""}]"}]}"#).count();
            prop_assert!(items.len() >= ended.saturating_sub(1), "{}", cut);
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused_without_a_panic(
        bytes in prop::collection::vec(
            prop_oneof![
                prop::sample::select(br#"[]{}",:\u19dx0NnatrulfeI-+.e"#.to_vec()),
                any::<u8>(),
            ],
            0..200,
        ),
    ) {
        if let Ok(body) = read(&bytes) {
            let kept = serde_json::to_vec(&json!([[body.value]])).unwrap();
            prop_assert!(serde_json::from_slice::<Value>(&kept).is_ok());
        }
    }

    #[test]
    fn a_sound_answer_is_left_as_it_is(value in any_json()) {
        let bytes = value.to_string();
        let sound: Value = serde_json::from_str(&bytes).unwrap();
        prop_assert_eq!(value_of(bytes.as_bytes()), sound);
    }

    #[test]
    fn what_is_sound_beside_a_fault_is_read_as_serde_reads_it(value in any_json()) {
        let sound: Value = serde_json::from_str(&value.to_string()).unwrap();
        let read = value_of(format!(r#"{{"sound": {value}, "bad": NaN}}"#).as_bytes());
        prop_assert_eq!(&read["sound"], &sound);
    }
}
