//! From the bytes of an answer to JSON, whatever state they are in.
//!
//! A sound body is read by `serde_json` and left as it is. Only one that it refuses is read here, in
//! three steps. A fault of one token (half a surrogate pair, `NaN`, bytes that are not UTF-8) is
//! repaired where it stands, by a replacement character or a null, and noted. A fault of grammar
//! costs the item of a list that it is in: its text stands in the item's place. Where the end of an
//! item cannot be told, nothing is guessed: what ended before is kept, and [`Body::lost`] says where
//! reading stopped.

use serde_json::{Map, Value};

use crate::error::ErrorKind;

/// Under this name an item that was repaired says so: a list of objects with `at` (the byte of the
/// answer), `path` (such as `results[3].transcript`) and `what`. It is kept with the item, so that
/// its details can tell what is not as it came.
pub const REPAIRED: &str = "linecheck_repaired";

/// Nesting that is read. Less than `serde_json` reads, so that what is kept here can be read again
/// when more is put around it.
const DEEPEST: usize = 100;
/// Notes kept of one item: a fault that repeats says nothing new.
const MOST_NOTES: usize = 20;
/// How much is kept of the text of an item that is no JSON.
const MOST_TEXT: usize = 64 << 10;

/// A place in an answer, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Bytes before it.
    pub(crate) at: usize,
    /// Such as `results[3].transcript`; `.` for the whole.
    pub(crate) path: String,
    pub(crate) what: &'static str,
}

impl Fault {
    pub(crate) fn kind(&self) -> ErrorKind {
        ErrorKind::unreadable(self.path.as_str(), format!("{} at byte {}", self.what, self.at))
    }
}

/// What could be read of an answer.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) value: Value,
    /// Where the boundaries of items were lost; what follows is not in `value`.
    pub(crate) lost: Option<Fault>,
}

/// JSON of a body that should be JSON.
pub(crate) fn read(bytes: &[u8]) -> Result<Body, ErrorKind> {
    match serde_json::from_slice(bytes) {
        Ok(value) => Ok(Body { value, lost: None }),
        Err(_) => read_faulty(bytes),
    }
}

fn read_faulty(bytes: &[u8]) -> Result<Body, ErrorKind> {
    let recoded = from_utf16(bytes);
    let bytes = recoded.as_deref().unwrap_or(bytes);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.iter().find(|byte| !byte.is_ascii_whitespace()) {
        None => return Err(ErrorKind::unreadable(".", "an empty answer")),
        Some(b'<') => return Err(ErrorKind::WebPage),
        Some(_) => {}
    }
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(Body { value, lost: None });
    }
    let mut reader = Reader { bytes, at: 0, path: Vec::new(), notes: Vec::new(), lost: None };
    match reader.value(Role::Root) {
        Ok(value) => Ok(Body { value, lost: reader.lost }),
        Err(Stop::Grammar(fault) | Stop::Lost(fault)) => Err(fault.kind()),
    }
}

/// UTF-8 of a body that begins with a byte order mark of UTF-16.
fn from_utf16(bytes: &[u8]) -> Option<Vec<u8>> {
    let (units, big) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, false),
        [0xfe, 0xff, rest @ ..] => (rest, true),
        _ => return None,
    };
    let units = units.chunks(2).map(|pair| match *pair {
        [first, second] if big => u16::from_be_bytes([first, second]),
        [first, second] => u16::from_le_bytes([first, second]),
        // Half a unit at the end of a body that was cut off.
        _ => 0xfffd,
    });
    let text: String =
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Some(text.into_bytes())
}

/// The id of an item whose text is no JSON, where it stands before the fault.
pub(crate) fn id_in(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let mut reader = Reader { bytes, at: 0, path: Vec::new(), notes: Vec::new(), lost: None };
    let mut fields = Map::new();
    // Whatever stopped it, what stands in `fields` was read whole.
    let _ = reader.fields(&mut fields, false);
    fields.get("id").and_then(crate::loose::whole)
}

/// What a value is to the lists around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// The whole answer: a list, or an object that may hold one.
    Root,
    /// Something whose faults are its own.
    Item,
    /// `results` or `runs`: an array, or an object keyed by id.
    List,
    /// Part of an item.
    Part,
}

/// Why a value ended before its end.
enum Stop {
    /// It is no JSON, but it may be possible to tell where it ends.
    Grammar(Fault),
    /// Where it ends cannot be told.
    Lost(Fault),
}

enum Step {
    Key(String),
    Index(usize),
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    path: Vec<Step>,
    /// Repairs in the items that are being read, the innermost last.
    notes: Vec<Fault>,
    lost: Option<Fault>,
}

impl Reader<'_> {
    fn value(&mut self, role: Role) -> Result<Value, Stop> {
        self.skip_space();
        match self.peek() {
            None => Err(Stop::Lost(self.fault("the answer ends too soon"))),
            Some(b'{' | b'[') if self.path.len() >= DEEPEST => {
                self.note("nested too deep");
                self.skip_balanced().map_err(Stop::Lost)?;
                Ok(Value::Null)
            }
            Some(b'[') if matches!(role, Role::Root | Role::List) => Ok(self.list(b']')),
            Some(b'{') if role == Role::List => Ok(self.list(b'}')),
            Some(b'[') => self.array(),
            Some(b'{') => self.object(role != Role::Part),
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(_) => self.word(),
        }
    }

    /// A list of items, each on its own. Ends early, with what ended before, where an item's end
    /// cannot be told.
    fn list(&mut self, close: u8) -> Value {
        let keyed = close == b'}';
        let mut items = Vec::new();
        let mut fields = Map::new();
        let mut index = 0;
        self.at += 1;
        loop {
            self.skip_space();
            match self.peek() {
                Some(byte) if byte == close => {
                    self.at += 1;
                    break;
                }
                Some(b',') => {
                    self.at += 1;
                    continue;
                }
                _ => {}
            }
            let key = if keyed {
                match self.key() {
                    Ok(key) => Some(key),
                    Err(Stop::Grammar(fault) | Stop::Lost(fault)) => {
                        self.lost = Some(fault);
                        break;
                    }
                }
            } else {
                None
            };
            self.path.push(key.clone().map_or(Step::Index(index), Step::Key));
            index += 1;
            let item = self.item();
            self.path.pop();
            match item {
                Ok(item) => {
                    // An item that was cut off is none, but an envelope of items holds some.
                    if self.lost.is_some() && !is_envelope(&item) {
                        break;
                    }
                    match key {
                        Some(key) => drop(fields.insert(key, item)),
                        None => items.push(item),
                    }
                }
                Err(fault) => self.lost = Some(fault),
            }
            if self.lost.is_some() {
                break;
            }
            self.skip_space();
            if !matches!(self.peek(), Some(byte) if byte == b',' || byte == close) {
                // What was read may go on, or be the half of something.
                self.lost = Some(self.fault("neither a comma nor an end"));
                break;
            }
        }
        if keyed { Value::Object(fields) } else { Value::Array(items) }
    }

    /// An item; as text where it is no JSON but its end is plain to see.
    fn item(&mut self) -> Result<Value, Fault> {
        self.skip_space();
        let (start, mark, depth) = (self.at, self.notes.len(), self.path.len());
        match self.value(Role::Item) {
            Ok(value) => Ok(value),
            Err(Stop::Lost(fault)) => {
                self.path.truncate(depth);
                Err(fault)
            }
            Err(Stop::Grammar(fault)) => {
                self.path.truncate(depth);
                self.notes.truncate(mark);
                self.at = start;
                self.skip_balanced().map_err(|_| fault)?;
                let text = &self.bytes[start..self.at];
                let text = &text[..text.len().min(MOST_TEXT)];
                Ok(Value::String(String::from_utf8_lossy(text).into_owned()))
            }
        }
    }

    fn array(&mut self) -> Result<Value, Stop> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.takes(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            self.path.push(Step::Index(items.len()));
            items.push(self.value(Role::Part)?);
            self.path.pop();
            self.skip_space();
            if self.takes(b']') {
                return Ok(Value::Array(items));
            }
            self.expect(b',')?;
        }
    }

    fn object(&mut self, is_item: bool) -> Result<Value, Stop> {
        let (mark, depth) = (self.notes.len(), self.path.len());
        let mut fields = Map::new();
        match self.fields(&mut fields, is_item) {
            Ok(()) => {}
            // The list that it holds was read.
            Err(Stop::Lost(fault)) if is_item && holds_list(&fields) => {
                self.path.truncate(depth);
                self.lost = Some(fault);
            }
            Err(stop) => return Err(stop),
        }
        if is_item && self.notes.len() > mark {
            let notes = self.notes.split_off(mark).into_iter().take(MOST_NOTES);
            let notes = notes.map(
                |note| serde_json::json!({ "at": note.at, "path": note.path, "what": note.what }),
            );
            fields.insert(REPAIRED.to_owned(), notes.collect());
        }
        Ok(Value::Object(fields))
    }

    /// The fields of an object, as far as they go.
    fn fields(&mut self, fields: &mut Map<String, Value>, is_item: bool) -> Result<(), Stop> {
        self.expect(b'{')?;
        self.skip_space();
        if self.takes(b'}') {
            return Ok(());
        }
        loop {
            let key = self.key()?;
            let holds_items = is_item && matches!(key.as_str(), "results" | "runs");
            self.path.push(Step::Key(key.clone()));
            let value = self.value(if holds_items { Role::List } else { Role::Part })?;
            self.path.pop();
            fields.insert(key, value);
            if self.lost.is_some() {
                return Ok(());
            }
            self.skip_space();
            if self.takes(b'}') {
                return Ok(());
            }
            self.expect(b',')?;
        }
    }

    /// A name and its colon.
    fn key(&mut self) -> Result<String, Stop> {
        self.skip_space();
        match self.peek() {
            None => return Err(Stop::Lost(self.fault("the answer ends too soon"))),
            Some(b'"') => {}
            Some(_) => return Err(Stop::Grammar(self.fault("no name of a field"))),
        }
        let key = self.string()?;
        self.skip_space();
        self.expect(b':')?;
        Ok(key)
    }

    fn string(&mut self) -> Result<String, Stop> {
        let mut text = Vec::new();
        self.at += 1;
        loop {
            let rest = &self.bytes[self.at..];
            let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
            let Some(plain) = plain else {
                return Err(Stop::Lost(self.fault("a text without an end")));
            };
            text.extend_from_slice(&rest[..plain]);
            self.at += plain;
            match self.bytes[self.at] {
                b'"' => break,
                b'\\' => self.escape(&mut text)?,
                control => {
                    self.note("a control character that is not escaped");
                    match control {
                        // Their meaning is plain.
                        b'\t' | b'\n' | b'\r' => text.push(control),
                        _ => push(&mut text, char::REPLACEMENT_CHARACTER),
                    }
                    self.at += 1;
                }
            }
        }
        let text = String::from_utf8(text).unwrap_or_else(|error| {
            self.note("bytes that are not UTF-8");
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        self.at += 1;
        Ok(text)
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Result<(), Stop> {
        let Some(letter) = self.bytes.get(self.at + 1).copied() else {
            return Err(Stop::Lost(self.fault("a text without an end")));
        };
        let (meant, length) = match letter {
            b'"' | b'\\' | b'/' => (Some(char::from(letter)), 2),
            b'b' => (Some('\u{8}'), 2),
            b'f' => (Some('\u{c}'), 2),
            b'n' => (Some('\n'), 2),
            b'r' => (Some('\r'), 2),
            b't' => (Some('\t'), 2),
            b'u' => match (self.unit(self.at), self.unit(self.at + 6)) {
                (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                    let code = 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    (char::from_u32(code), 12)
                }
                (Some(unit), _) => (char::from_u32(unit), 6),
                (None, _) => (None, 2),
            },
            // A control character or a byte of a longer one is looked at again by itself.
            0..=0x1f | 0x80.. => (None, 1),
            _ => (None, 2),
        };
        if meant.is_none() {
            self.note(if length == 6 { "half a surrogate pair" } else { "an escape that is none" });
        }
        push(text, meant.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.at += length;
        Ok(())
    }

    /// The unit of UTF-16 that an escape names.
    fn unit(&self, at: usize) -> Option<u32> {
        let escape = self.bytes.get(at..at + 6)?;
        let digits = escape.strip_prefix(b"\\u")?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }

    /// A number, or one of three words; null where it is meant for a number and is none.
    fn word(&mut self) -> Result<Value, Stop> {
        let word = self.peek_word();
        if word.is_empty() {
            return Err(Stop::Grammar(self.fault("no value")));
        }
        if let Ok(value) = serde_json::from_slice(word) {
            self.at += word.len();
            return Ok(value);
        }
        let Some(value) = meant_by(word) else {
            return Err(Stop::Grammar(self.fault("a word without quotes")));
        };
        let length = word.len();
        self.note("a value that JSON does not know");
        self.at += length;
        Ok(value)
    }

    /// Goes past an object or an array by its brackets. Texts tell brackets that are none; a word
    /// outside of them shows that it is no longer known what is text.
    fn skip_balanced(&mut self) -> Result<(), Fault> {
        let mut open = Vec::new();
        loop {
            match self.peek() {
                None => return Err(self.fault("the answer ends too soon")),
                Some(b'{') => open.push(b'}'),
                Some(b'[') => open.push(b']'),
                Some(b'"') => {
                    let mark = self.notes.len();
                    let text = self.string();
                    self.notes.truncate(mark);
                    match text {
                        Ok(_) => continue,
                        Err(Stop::Grammar(fault) | Stop::Lost(fault)) => return Err(fault),
                    }
                }
                Some(close @ (b'}' | b']')) => {
                    if open.pop() != Some(close) {
                        return Err(self.fault("brackets that do not match"));
                    }
                    if open.is_empty() {
                        self.at += 1;
                        return Ok(());
                    }
                }
                Some(b',' | b':' | b' ' | b'\t' | b'\n' | b'\r') => {}
                Some(_) => {
                    let word = self.peek_word();
                    let known = serde_json::from_slice::<Value>(word).is_ok();
                    if word.is_empty() || !(known || meant_by(word).is_some()) {
                        return Err(self.fault("a word without quotes"));
                    }
                    self.at += word.len();
                    continue;
                }
            }
            if open.is_empty() {
                return Err(self.fault("no value"));
            }
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn peek_word(&self) -> &[u8] {
        let rest = &self.bytes[self.at..];
        let ends = |byte: &u8| !(byte.is_ascii_alphanumeric() || b"+-._".contains(byte));
        &rest[..rest.iter().position(ends).unwrap_or(rest.len())]
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        match self.peek() {
            None => Err(Stop::Lost(self.fault("the answer ends too soon"))),
            Some(next) if next == byte => {
                self.at += 1;
                Ok(())
            }
            Some(_) => Err(Stop::Grammar(self.fault("something is missing"))),
        }
    }

    fn note(&mut self, what: &'static str) {
        let fault = self.fault(what);
        // One long text of control characters is one fault.
        let is_new =
            self.notes.last().is_none_or(|last| last.path != fault.path || last.what != what);
        if is_new && self.notes.len() < 10 * MOST_NOTES {
            self.notes.push(fault);
        }
    }

    fn fault(&self, what: &'static str) -> Fault {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Key(key) if path.is_empty() => path.push_str(key),
                Step::Key(key) => path.extend([".", key]),
                Step::Index(index) => path.extend(["[", &index.to_string(), "]"]),
            }
        }
        if path.is_empty() {
            path.push('.');
        }
        Fault { at: self.at, path, what }
    }
}

/// What a word that JSON does not know stands for: null for every number that is none. `None` for
/// words of a language.
fn meant_by(word: &[u8]) -> Option<Value> {
    let unsigned = word.strip_prefix(b"-").or(word.strip_prefix(b"+")).unwrap_or(word);
    match unsigned.to_ascii_lowercase().as_slice() {
        b"true" => Some(Value::Bool(true)),
        b"false" => Some(Value::Bool(false)),
        b"nan"
        | b"inf"
        | b"infinity"
        | b"none"
        | b"null"
        | b"undefined"
        | [b'0'..=b'9' | b'.', ..] => Some(Value::Null),
        _ => None,
    }
}

fn holds_list(fields: &Map<String, Value>) -> bool {
    ["results", "runs"].iter().any(|name| fields.get(*name).is_some_and(|list| !list.is_null()))
}

/// Whether an item of a list is a page of one: the newest document nests them.
pub(crate) fn is_envelope(item: &Value) -> bool {
    item.get("results").is_some_and(Value::is_array) && item.get("id").is_none()
}

fn push(text: &mut Vec<u8>, char: char) {
    text.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]
mod tests;
