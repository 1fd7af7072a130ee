//! Hostile text in every field that is shown.
//!
//! Between Linecheck and a practice server stands a server of this test that writes hostile texts
//! in place of all that people or models wrote. Each stands between two marks with its number, so
//! that whatever is on screen can be held against what was sent.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::payloads::{TAGS, payloads, shown};
use crate::support::{Desktop, KEY, Keyring, Server, Shown, Start, Window, amiss};

/// Characters of a name; the page shows 300 at most.
const SHORT: usize = 280;
/// Characters of a sentence.
const LONG: usize = 900;

/// Fields of the API that hold what people or models wrote, and how much of it is shown.
fn room(field: &str) -> Option<usize> {
    match field {
        "name" | "scenario_name" | "personality_name" | "test_profile_name" | "agent_name"
        | "result_name" | "tags" | "metric_names" | "mocked_tool_names" | "enum"
        | "enum_values" | "pipecat_agent_name" | "title" => Some(SHORT),
        "description"
        | "instructions"
        | "expected_outcome_prompt"
        | "first_message"
        | "prompt"
        | "scenario_instructions"
        | "explanation"
        | "prompt_part"
        | "content"
        | "arguments"
        | "result"
        | "error_message"
        | "what_happened"
        | "why_it_happened"
        | "how_to_fix" => Some(LONG),
        _ => None,
    }
}

/// A text between its marks.
fn marked(number: usize, text: &str) -> String {
    format!("⟦{number}:{text}:{number}⟧")
}

/// Writes the hostile texts.
struct Hostile {
    upstream: String,
    payloads: Vec<String>,
    written: Mutex<Written>,
}

/// The same text is answered with the same one every time.
#[derive(Default)]
struct Written {
    of: HashMap<(usize, String), String>,
    next: usize,
}

impl Hostile {
    fn text(&self, room: usize, original: &str) -> String {
        let mut written = self.written.lock().unwrap();
        if let Some(text) = written.of.get(&(room, original.to_owned())) {
            return text.clone();
        }
        let mut text = String::new();
        loop {
            let number = written.next % self.payloads.len();
            let piece = marked(number, &self.payloads[number]);
            if text.encode_utf16().count() + piece.encode_utf16().count() > room && !text.is_empty()
            {
                break;
            }
            text.push_str(&piece);
            written.next += 1;
        }
        written.of.insert((room, original.to_owned()), text.clone());
        text
    }

    fn rewrite(&self, field: &str, value: &mut Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.rewrite(name, value);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.rewrite(field, item)),
            Value::String(text) if !text.is_empty() => {
                let Some(room) = room(field) else { return };
                *text = if field == "explanation" {
                    // The judge's sign and times stay: they are what the page reads in it.
                    let sign: String =
                        text.chars().take_while(|letter| !letter.is_alphanumeric()).collect();
                    let time = text
                        .find('(')
                        .and_then(|from| text.get(from..from + 7))
                        .filter(|time| time.ends_with(')'))
                        .unwrap_or_default()
                        .to_owned();
                    format!("{sign}{} {time}", self.text(room, text))
                } else {
                    self.text(room, text)
                };
            }
            _ => {}
        }
    }

    /// Asks the practice server the same, in the simplest way there is.
    fn ask(&self, request: &Request) -> std::io::Result<(u16, String, Vec<u8>)> {
        let address = self.upstream.trim_start_matches("http://");
        let mut line = TcpStream::connect(address)?;
        let path = match request.url.query() {
            Some(query) => format!("{}?{query}", request.url.path()),
            None => request.url.path().to_owned(),
        };
        write!(
            line,
            "{} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n",
            request.method
        )?;
        for (name, value) in &request.headers {
            if matches!(name.as_str(), "content-type" | "x-cekura-api-key" | "accept") {
                write!(line, "{name}: {}\r\n", value.to_str().unwrap_or_default())?;
            }
        }
        write!(line, "Content-Length: {}\r\n\r\n", request.body.len())?;
        line.write_all(&request.body)?;
        let mut answer = Vec::new();
        line.read_to_end(&mut answer)?;
        let head_end = answer.windows(4).position(|part| part == b"\r\n\r\n").unwrap_or(0);
        let head = String::from_utf8_lossy(&answer[..head_end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(502);
        let kind = head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .map_or_else(|| "application/json".to_owned(), |(_, kind)| kind.to_owned());
        Ok((status, kind, answer.split_off((head_end + 4).min(answer.len()))))
    }
}

struct Answers(Arc<Hostile>);

impl Respond for Answers {
    fn respond(&self, request: &Request) -> ResponseTemplate {
        let Ok((status, kind, body)) = self.0.ask(request) else {
            return ResponseTemplate::new(502);
        };
        match serde_json::from_slice::<Value>(&body) {
            Ok(mut value) if kind.contains("json") => {
                self.0.rewrite("", &mut value);
                ResponseTemplate::new(status).set_body_raw(value.to_string(), "application/json")
            }
            _ => ResponseTemplate::new(status).set_body_raw(body, &kind),
        }
    }
}

/// Listens for all that must not happen.
const LISTEN: &str = r"
    window.stillHere = true;
    window.hostile = undefined;
    window.refused = [];
    addEventListener('securitypolicyviolation', (event) => refused.push(`${event.effectiveDirective} ${event.blockedURI}`));
    window.left = [];
    for (const name of ['beforeunload', 'pagehide']) addEventListener(name, () => left.push(name));
";

/// All marked texts on screen: in text, in attributes, in fields; each with where it stands.
const READ: &str = r"
    const found = new Map();
    const marked = /\u27e6(\d+):([\s\S]*?):\1\u27e7/g;
    const take = (text, where) => {
        for (const [, number, said] of (text ?? '').matchAll(marked)) found.set(`${number} ${where} ${said}`, [Number(number), said, where]);
    };
    const look = (root, inside) => {
        for (const element of root.querySelectorAll('*')) {
            const where = element.closest('[data-test]')?.dataset.test ?? element.closest('[class]')?.className ?? inside;
            for (const child of element.childNodes) if (child.nodeType === 3) take(child.data, where);
            for (const name of element.getAttributeNames()) take(element.getAttribute(name), `${where} ${name}`);
            if (element.matches('input, textarea')) take(element.value, `${where} value`);
            if (element.shadowRoot) look(element.shadowRoot, where);
        }
    };
    look(document, 'page');
    take(document.title, 'title');
    return [...found.values()];
";

/// What has been seen, and what was amiss with it.
struct Seen {
    payloads: Vec<String>,
    /// Where, to the numbers of the texts.
    where_: BTreeMap<String, BTreeSet<usize>>,
    wrong: Vec<String>,
}

impl Seen {
    async fn look(&mut self, window: &Window) -> Shown {
        let read = window.script(READ).await?;
        for one in read.as_array().into_iter().flatten() {
            let number = one[0].as_u64().unwrap_or_default() as usize;
            let (said, place) = (one[1].as_str().unwrap(), one[2].as_str().unwrap().to_owned());
            let sent = &self.payloads[number];
            // A field that is written in holds what was written, to the letter.
            let as_written = place.ends_with(" value") && said == sent.replace('\r', "\n");
            if !as_written && said != shown(sent, false) && said != shown(sent, true) {
                self.wrong.push(format!("{place}: {said:?} for {sent:?}"));
            }
            self.where_.entry(place).or_default().insert(number);
        }
        let made = window
            .client()
            .execute(
                "return [document.querySelectorAll(arguments[0]).length, window.hostile ?? null, window.refused, window.left, window.stillHere ?? false, location.host];",
                vec![json!(format!(
                    "{}, script:not([src]), style, base, meta[http-equiv=refresh], link[href*=evil], form[action], a[href^=javascript]",
                    TAGS.join(", ")
                ))],
            )
            .await?;
        if made != json!([0, null, [], [], true, "localhost"]) {
            return amiss(format!("something was made of a text: {made}"));
        }
        Ok(())
    }

    /// Looks at all of a list, of which only a part is in the page at once.
    async fn scroll(&mut self, window: &Window, list: &str) -> Shown {
        window
            .client()
            .execute("document.querySelector(arguments[0])?.scrollTo(0, 0);", vec![json!(list)])
            .await?;
        loop {
            self.look(window).await?;
            let more = window
                .client()
                .execute_async(
                    "const [list, done] = arguments;
                     const box = document.querySelector(list);
                     const before = box?.scrollTop;
                     box?.scrollBy(0, box.clientHeight * 0.8);
                     requestAnimationFrame(() => requestAnimationFrame(() => done(Boolean(box) && box.scrollTop > before + 1)));",
                    vec![json!(list)],
                )
                .await?;
            if more != json!(true) {
                return Ok(());
            }
        }
    }

    fn count(&self, place: &str) -> usize {
        let at = self.where_.iter().filter(|(name, _)| name.split(' ').any(|word| word == place));
        at.flat_map(|(_, numbers)| numbers).collect::<BTreeSet<_>>().len()
    }
}

#[tokio::test]
async fn hostile_text_is_text_wherever_it_is_shown() -> Shown {
    let payloads = payloads();
    assert!(payloads.len() >= 200, "{}", payloads.len());
    let behind = Server::with(|config| config.evaluators = 160).await?;
    let hostile = Arc::new(Hostile {
        upstream: behind.base_url.clone(),
        payloads: payloads.clone(),
        written: Mutex::default(),
    });
    let front = MockServer::start().await;
    Mock::given(wiremock::matchers::any()).respond_with(Answers(hostile)).mount(&front).await;

    let desktop = Desktop::start("hostile", Keyring::Unlocked)?;
    let window = desktop.open(&Start::default()).await?;
    window.find("connect-key").await?;
    window.script(LISTEN).await?;
    window.connect(KEY, &front.uri()).await?;
    let mut seen = Seen { payloads, where_: BTreeMap::new(), wrong: Vec::new() };

    // New run: the list, an evaluator opened, the callers and profiles, a check with names.
    window.click_css("[data-test=evaluator-row] input[type=checkbox]").await?;
    seen.scroll(&window, "lc-evaluators .rows").await?;
    window.script("for (const one of document.querySelectorAll('lc-new-run [popover]')) one.showPopover?.();").await?;
    seen.look(&window).await?;
    window
        .script("for (const one of document.querySelectorAll('[popover]')) one.hidePopover?.();")
        .await?;
    window.script("document.querySelector('lc-evaluators .rows').scrollTo(0, 0);").await?;
    window.click_css("[data-test=evaluator-row] .new-run-name").await?;
    window.find("evaluator-open").await?;
    window
        .until(
            "the script of it",
            "return document.querySelector('lc-dialog[open]').textContent.includes('\\u27e6');",
        )
        .await?;
    seen.look(&window).await?;
    window.keys("\u{e00c}").await?;

    // Results, and their calls in every form; the calls that went wrong one by one.
    let first = window.result_with("agentFailed").await?;
    window.click("nav-results").await?;
    window.find("result-row").await?;
    seen.scroll(&window, "lc-results .rows").await?;
    let rows = window
        .script("return [...document.querySelectorAll('[data-test=result-row]')].map((row) => Number(row.dataset.id));")
        .await?;
    let mut ids: Vec<i64> =
        rows.as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
    ids.retain(|id| *id != first);
    ids.insert(0, first);
    let mut note = 0;
    for id in ids.into_iter().take(4) {
        window.open_result(id).await?;
        window.script("for (const one of document.querySelectorAll('lc-result details')) one.open = true;").await?;
        for view in ["view-causes", "view-calls", "view-evaluators"] {
            window.click(view).await?;
            seen.scroll(&window, ".result-table .rows").await?;
        }
        for _ in 0..5 {
            window.keys("n").await?;
            window
                .until(
                    "the call of the address",
                    "const one = document.querySelector('lc-call'); return one !== null && String(one.call) === location.hash.split('/').pop();",
                )
                .await?;
            window.find("transcript-turn").await?;
            let first = note % seen.payloads.len();
            let mut text = String::new();
            for number in (note..note + 15).map(|number| number % seen.payloads.len()) {
                text += &marked(number, &seen.payloads[number].replace('\r', "\n"));
            }
            note += 15;
            let call = window.client().current_url().await?;
            let call: i64 = call.fragment().unwrap().rsplit('/').next().unwrap().parse()?;
            let saved = window.invoke("note_save", json!({ "call": call, "text": text })).await?;
            assert!(saved.is_ok(), "{saved:?}");
            window
                .until(
                    "this note is shown",
                    // Not that of the call before, which stands there until this one is drawn.
                    &format!(
                        "return document.querySelector('[data-test=note]').value.includes('\\u27e6{first}:');"
                    ),
                )
                .await?;
            window.script("for (const one of document.querySelectorAll('lc-call details')) one.open = true;").await?;
            // Of the conversation, whatever is not far below the window is in the page.
            seen.look(&window).await?;
        }
        window.keys("\u{e00c}").await?;
    }
    window.close().await?;
    behind.stop().await;

    assert!(
        seen.wrong.is_empty(),
        "{} differ: {:#?}",
        seen.wrong.len(),
        &seen.wrong[..seen.wrong.len().min(12)]
    );
    let told: BTreeMap<&String, usize> =
        seen.where_.iter().map(|(place, numbers)| (place, numbers.len())).collect();
    let all: BTreeSet<usize> = seen.where_.values().flatten().copied().collect();
    assert_eq!(all.len(), seen.payloads.len(), "every text was seen: {told:#?}");
    for (place, least) in [
        ("evaluator-row", 200),
        ("transcript-turn", 200),
        ("criterion", 200),
        ("note", 200),
        ("evaluator-group", 200),
        ("call-row", 200),
        ("metric", 20),
        ("result-row", 20),
        ("cause-row", 20),
        ("summary", 20),
        // One sentence a result, and not every one of them quotes the judge.
        ("headline", 1),
        ("evaluator-open", 10),
    ] {
        assert!(seen.count(place) >= least, "{place} showed {}: {told:#?}", seen.count(place));
    }
    Ok(())
}
