//! Linecheck with a page that is broken on purpose, for the tests of what it then shows: the program as
//! it is, except that `app.js`, or the file that `LINECHECK_BROKEN_FILE` names, throws, or waits for ever
//! with `LINECHECK_BROKEN_WAITS`. With `LINECHECK_BROKEN_SILENT` all files are whole, and the commands it
//! names, parted by commas, never answer. Not part of the program.

use std::process::ExitCode;

use tauri::{Context, Wry};

const BROKEN: &[u8] = b"throw new RangeError('broken on purpose'); export const start = () => {};";
const WAITING: &[u8] = b"await new Promise(() => {}); export const start = () => {};";

#[allow(clippy::exit, reason = "in what `generate_context!` makes, for a page that is not there")]
fn main() -> ExitCode {
    linecheck::environment::prepare();
    let mut context: Context<Wry> = tauri::generate_context!();
    let broken = std::env::var("LINECHECK_BROKEN_FILE").unwrap_or_else(|_| "app.js".to_owned());
    let broken = format!("/{broken}");
    if let Ok(silent) = std::env::var("LINECHECK_BROKEN_SILENT") {
        linecheck::replace_files(&mut context, move |name, built| {
            let built = built.filter(|_| name == "/boot.js")?;
            Some([silence(&silent).as_bytes(), built].concat())
        });
        return linecheck::run_page(context);
    }
    let waits = std::env::var_os("LINECHECK_BROKEN_WAITS").is_some();
    let script = if waits { WAITING } else { BROKEN };
    linecheck::replace_files(&mut context, move |name, built| {
        (name == broken && built.is_some()).then(|| script.to_vec())
    });
    linecheck::run_page(context)
}

/// Returns a script that leaves requests to these commands without an answer.
fn silence(commands: &str) -> String {
    format!(
        "const silent = {commands:?}.split(','); const ask = globalThis.fetch;
         globalThis.fetch = (to, ...more) => silent.some((name) => String(to).endsWith(name)) ? new Promise(() => {{}}) : ask(to, ...more);
"
    )
}
