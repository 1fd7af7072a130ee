//! Rules of the house that a compiler does not hold.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Past this many lines a file is asked whether it is two.
const LONG: usize = 400;
/// Past this many it is.
const TOO_LONG: usize = 700;
/// A table, case by case, is as long as its cases.
const TABLES: [&str; 1] = ["src-tauri/crates/verdict/tests/outcomes.rs"];

/// Ways by which text could become markup or code.
const SINKS: [&str; 10] = [
    ".innerHTML",
    ".outerHTML",
    "insertAdjacentHTML",
    "document.write",
    "unsafeHTML",
    "unsafeSVG",
    "srcdoc",
    "eval(",
    "new Function",
    "createContextualFragment",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn files(folder: &Path, ends: &[&str], found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if path.is_dir() {
            if name != "node_modules" && name != "dist" && name != "dist-dev" && name != "target" {
                files(&path, ends, found);
            }
        } else if ends.iter().any(|end| name.to_string_lossy().ends_with(end)) {
            found.push(path);
        }
    }
}

#[test]
fn nothing_below_the_shell_knows_the_window_toolkit() {
    for entry in fs::read_dir(root().join("src-tauri/crates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let tree = Command::new(env!("CARGO"))
            .args([
                "tree",
                "--offline",
                "--edges",
                "normal,build",
                "--prefix",
                "none",
                "--format",
                "{p}",
            ])
            .args(["--package", &name])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(tree.status.success(), "{name}: {}", String::from_utf8_lossy(&tree.stderr));
        let tree = String::from_utf8_lossy(&tree.stdout);
        assert!(tree.starts_with(&name), "the tree of {name} begins with itself: {tree}");
        let known: Vec<&str> = tree
            .lines()
            .filter(|line| {
                ["tauri", "wry ", "tao ", "gtk", "webkit2gtk"]
                    .iter()
                    .any(|toolkit| line.starts_with(toolkit))
            })
            .collect();
        assert!(known.is_empty(), "{name} knows {known:?}");
    }
}

#[test]
fn arrows_point_the_way_the_house_says() {
    let allowed: [(&str, &[&str]); 6] = [
        ("cekura", &[]),
        ("vault", &[]),
        ("ledger", &[]),
        ("verdict", &[]),
        ("practice", &[]),
        ("engine", &["cekura", "ledger", "vault", "verdict"]),
    ];
    for (name, may) in allowed {
        let manifest =
            fs::read_to_string(root().join("src-tauri/crates").join(name).join("Cargo.toml"))
                .unwrap();
        let dependencies = manifest.split("[dev-dependencies]").next().unwrap();
        for (other, _) in allowed {
            let has = dependencies.lines().any(|line| line.starts_with(&format!("{other}.")));
            assert_eq!(has && other != name, may.contains(&other), "{name} -> {other}");
        }
    }
}

#[test]
fn text_never_becomes_markup() {
    let mut sources = Vec::new();
    files(&root().join("ui/src"), &[".js", ".html"], &mut sources);
    assert!(sources.len() > 5, "the page's sources are where they are looked for");
    for source in sources {
        let text = fs::read_to_string(&source).unwrap();
        for sink in SINKS {
            assert!(!text.contains(sink), "{} in {}", sink, source.display());
        }
    }
}

#[test]
fn no_file_is_very_long() {
    let mut sources = Vec::new();
    for folder in ["src-tauri", "ui/src", "tests"] {
        files(&root().join(folder), &[".rs", ".js", ".css"], &mut sources);
    }
    assert!(sources.len() > 20, "the sources are where they are looked for");
    let mut too_long = Vec::new();
    for source in &sources {
        let lines = fs::read_to_string(source).unwrap().lines().count();
        if lines > TOO_LONG {
            too_long.push(source.strip_prefix(root()).unwrap());
        } else if lines > LONG {
            // A question, not a rule: it is asked on every run and fails none.
            let _ = writeln!(std::io::stderr(), "{lines} lines: {}", source.display());
        }
    }
    assert_eq!(too_long, TABLES.map(Path::new), "over {TOO_LONG} lines; what is two ideas?");
}
