//! Declares the commands to Tauri's permission system, which then refuses every other one.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

macro_rules! commands {
    ($($noun:ident { $(
        $(#[$attribute:meta])*
        $name:ident($($arg:ident: $type:ty),*) -> $result:ty;
    )* })*) => {
        const COMMANDS: &[&str] = &[$($(stringify!($name)),*),*];
    };
}

include!("src/commands/list.rs");

fn main() -> ExitCode {
    for path in ["src-tauri/src/commands/list.rs", "src-tauri/capabilities", "ui/dist", "icons"] {
        say(&format!("cargo:rerun-if-changed={path}"));
    }
    if let Err(error) = page_or_stand_in() {
        say(&format!("cargo:warning=ui/dist cannot be written: {error}"));
    }
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    match tauri_build::try_build(attributes) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The page is built by `cargo xtask start`. Without it the crate must still compile, for an editor
/// and for the tests that need no page: then a page that says so stands in.
fn page_or_stand_in() -> std::io::Result<()> {
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        fs::create_dir_all("ui/dist")?;
        fs::write(
            page,
            "<!doctype html><title>Linecheck</title><p>The page is not built yet. Run: cargo xtask start</p>\n",
        )?;
        say(
            "cargo:warning=the page is not built yet, a stand-in is used; `cargo xtask start` builds it",
        );
    }
    Ok(())
}

/// A line to Cargo.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
