//! What the window may do, as it is declared. A change here is a decision, not an accident.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

#[test]
fn the_surface_is_the_one_that_was_decided() {
    let config: Value = serde_json::from_str(&read("tauri.conf.json")).unwrap();
    let capability: Value =
        serde_json::from_str(&read("src-tauri/capabilities/main.json")).unwrap();
    let capabilities: Vec<String> = fs::read_dir(root().join("src-tauri/capabilities"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let manifest = read("Cargo.toml");
    let plugins: Vec<&str> = manifest
        .lines()
        .filter(|line| line.starts_with("tauri-plugin-") && line.contains(".workspace"))
        .filter_map(|line| line.split('.').next())
        .collect();
    let tauri = manifest.lines().find(|line| line.starts_with("tauri = ")).unwrap();
    insta::assert_json_snapshot!(json!({
        "app": config["app"],
        "identifier": config["identifier"],
        "capability files": capabilities,
        "capability": capability,
        "plugin crates": plugins,
        "tauri": tauri,
    }));
}

#[test]
fn the_window_has_the_pages_background_before_the_page_has_painted() {
    let config: Value = serde_json::from_str(&read("tauri.conf.json")).unwrap();
    let day = config["app"]["windows"][0]["backgroundColor"].as_str().unwrap().to_owned();
    let shell = read("src-tauri/src/window.rs");
    let night = shell
        .split_once("const NIGHT: Color = Color(")
        .and_then(|(_, rest)| rest.split_once(')'))
        .map(|(numbers, _)| {
            numbers
                .split(", ")
                .take(3)
                .map(|part| part.trim_start_matches("0x"))
                .collect::<String>()
        })
        .unwrap();
    let style = read("ui/src/style/tokens.css");
    let backgrounds: Vec<String> = style
        .split("--bg:")
        .skip(1)
        .map(|rest| {
            rest.trim_start()
                .chars()
                .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '#')
                .collect()
        })
        .collect();
    assert_eq!(backgrounds.first(), Some(&day), "by day, of {backgrounds:?}");
    assert!(backgrounds.contains(&format!("#{night}")), "#{night} is not in {backgrounds:?}");
}
