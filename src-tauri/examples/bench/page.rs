//! Stop watches inside the page: a time ends when the frame that shows the change has been drawn.

use serde_json::{Value, json};

use crate::support::{Shown, Window, amiss};

/// Calls back after the next frame has been drawn: in the frame there is still layout and painting
/// to come, and a message is handled only after them.
const DRAWN: &str = r"
    const drawn = (then) => requestAnimationFrame(() => {
        const after = new MessageChannel();
        after.port1.onmessage = () => then(performance.now());
        after.port2.postMessage(null);
    });
";

/// Milliseconds from a change of the address until something is there and drawn.
pub(crate) async fn open(window: &Window, address: &str, selector: &str) -> Shown<f64> {
    let script = format!(
        r"{DRAWN}
        const [address, selector, done] = arguments;
        const began = performance.now();
        const look = () => {{
            if (!document.querySelector(selector)) return;
            watch.disconnect();
            drawn((at) => done(at - began));
        }};
        const watch = new MutationObserver(look);
        watch.observe(document, {{ childList: true, subtree: true, attributes: true }});
        location.hash = address;
        look();"
    );
    number(&asynchronous(window, &script, vec![json!(address), json!(selector)]).await?)
}

/// Milliseconds from a command to its answer, which must not be an error.
pub(crate) async fn ask(window: &Window, command: &str, arguments: &Value) -> Shown<f64> {
    let script = r"
        const [command, given, done] = arguments;
        const began = performance.now();
        window.__TAURI_INTERNALS__.invoke(command, given).then(
            () => done(performance.now() - began),
            (error) => done({ error }),
        );
    ";
    number(&asynchronous(window, script, vec![json!(command), arguments.clone()]).await?)
}

/// Milliseconds from each key, of a text and of its deletion, until the list drawn is the one for
/// what then stands in the field, beside how many rows it then has.
pub(crate) async fn type_in(
    window: &Window,
    field: &str,
    list: &str,
    text: &str,
) -> Shown<Vec<(f64, u64)>> {
    let script = format!(
        r"{DRAWN}
        const [field, list] = arguments;
        const strokes = [];
        globalThis.benchStrokes = strokes;
        let pressed = 0;
        const target = document.querySelector(field);
        target.focus();
        if (globalThis.benchEnd) globalThis.benchEnd();
        const down = () => {{ pressed = performance.now(); }};
        const put = () => {{
            const began = pressed;
            drawn((at) => strokes.push([at - began, Number(document.querySelector(list)?.getAttribute('aria-rowcount') ?? 1) - 1]));
        }};
        addEventListener('keydown', down, true);
        addEventListener('input', put, true);
        globalThis.benchEnd = () => {{
            removeEventListener('keydown', down, true);
            removeEventListener('input', put, true);
        }};"
    );
    window.client().execute(&script, vec![json!(field), json!(list)]).await?;
    // A backspace for every letter, so that the list widens again too.
    let keys: Vec<char> = text.chars().chain(text.chars().map(|_| '\u{e003}')).collect();
    for (pressed, key) in keys.iter().enumerate() {
        window.keys(&key.to_string()).await?;
        window
            .until(
                &format!("the list after {} keys in {field}", pressed + 1),
                &format!("return globalThis.benchStrokes.length > {pressed};"),
            )
            .await?;
    }
    let told = window.script("globalThis.benchEnd(); return globalThis.benchStrokes;").await?;
    let strokes = told
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|stroke| Some((stroke.get(0)?.as_f64()?, stroke.get(1)?.as_f64()? as u64)));
    Ok(strokes.collect())
}

/// How a list went by.
pub(crate) struct Scroll {
    /// Milliseconds between frames.
    pub(crate) frames: Vec<f64>,
    /// Frames in whose middle no row stood.
    pub(crate) empty: u64,
}

/// Scrolls down, so many pixels a frame, and on from the top when the end is reached.
const SCROLL: &str = r"
    const [selector, step, count, done] = arguments;
    const box = document.querySelector(selector);
    const { left, top, width, height } = box.getBoundingClientRect();
    const frames = [];
    let empty = 0;
    let last = 0;
    box.scrollTop = 0;
    const frame = (now) => {
        if (last) {
            frames.push(now - last);
            const there = document.elementFromPoint(left + width / 2, top + height / 2);
            if (!there?.closest('.rows-row, .bench-row')) empty += 1;
        }
        last = now;
        if (frames.length === count) return done({ frames, empty });
        if (box.scrollTop + box.clientHeight + step >= box.scrollHeight) box.scrollTop = 0;
        else box.scrollTop += step;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
";

/// Frames of one scrolling.
const FRAMES: u32 = 240;
/// Pixels a frame: a firm turn of the wheel, three or four screens a second.
const STEP: u32 = 40;

pub(crate) async fn scroll(window: &Window, selector: &str) -> Shown<Scroll> {
    let told =
        asynchronous(window, SCROLL, vec![json!(selector), json!(STEP), json!(FRAMES)]).await?;
    let frames = told["frames"].as_array().into_iter().flatten().filter_map(Value::as_f64);
    Ok(Scroll { frames: frames.collect(), empty: told["empty"].as_u64().unwrap_or(u64::MAX) })
}

/// Puts a static page in the place of the app's: as many plain rows in a box of the same size.
pub(crate) async fn make_static(window: &Window, like: &str, rows: usize) -> Shown {
    let script = r"
        const [like, count] = arguments;
        const { left, top, width, height } = document.querySelector(like).getBoundingClientRect();
        const box = document.createElement('div');
        box.id = 'bench-static';
        Object.assign(box.style, { position: 'absolute', left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px`, overflow: 'auto' });
        for (let at = 0; at < count; at += 1) {
            const row = document.createElement('div');
            row.className = 'bench-row';
            Object.assign(row.style, { height: '56px', borderBottom: '1px solid #ddd' });
            row.textContent = `Row ${at + 1} of a page that does nothing`;
            box.append(row);
        }
        document.body.replaceChildren(box);
    ";
    window.client().execute(script, vec![json!(like), json!(rows)]).await?;
    Ok(())
}

async fn asynchronous(window: &Window, script: &str, arguments: Vec<Value>) -> Shown<Value> {
    Ok(window.client().execute_async(script, arguments).await?)
}

fn number(value: &Value) -> Shown<f64> {
    match value.as_f64() {
        Some(number) => Ok(number),
        None => amiss(format!("the page measured {value}")),
    }
}
