//! The page's side of the commands (`types.d.ts` and `commands.d.ts` in `ui/src/host`) and the
//! capability file, written from the one list. `cargo xtask bindings` writes them; without it this test fails when they are
//! stale.

use std::any::TypeId;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

use engine::view::{FeedTopic, FirstScreen};
use ts_rs::{Config, TS, TypeVisitor};

use crate::ipc::{Bytes, KeyText, TextChannel};

const HEAD: &str =
    "// Written by `cargo xtask bindings` from the shell's list of commands. Do not edit.\n";

/// Set by `cargo xtask bindings`.
const WRITE: &str = "LINECHECK_WRITE_BINDINGS";

/// What is told of the commands, one after another.
pub(crate) struct Description {
    config: Config,
    commands: Vec<Command>,
    types: Types,
}

struct Command {
    name: &'static str,
    docs: &'static str,
    arguments: Vec<(String, String)>,
    result: String,
}

#[derive(Default)]
struct Types {
    seen: BTreeSet<TypeId>,
    declared: BTreeMap<String, String>,
}

impl Description {
    fn new() -> Self {
        Self {
            // Identifiers of the API are far below 2^53.
            config: Config::new().with_large_int("number"),
            commands: Vec::new(),
            types: Types::default(),
        }
    }

    pub(crate) fn command(&mut self, name: &'static str, docs: &'static str) {
        self.commands.push(Command { name, docs, arguments: Vec::new(), result: String::new() });
    }

    pub(crate) fn argument<T: TS + 'static>(&mut self, name: &str) {
        let kind = self.know::<T>();
        if let Some(command) = self.commands.last_mut() {
            command.arguments.push((camel_case(name), kind));
        }
    }

    pub(crate) fn result<T: TS + 'static>(&mut self) {
        let kind = self.know::<T>();
        if let Some(command) = self.commands.last_mut() {
            command.result = kind;
        }
    }

    fn know<T: TS + 'static>(&mut self) -> String {
        Collector { config: &self.config, types: &mut self.types }.visit::<T>();
        T::name(&self.config)
    }

    fn types_file(&self) -> String {
        let mut text = String::from(HEAD);
        for declaration in self.types.declared.values() {
            let _ = write!(text, "\n{declaration}");
        }
        text
    }

    fn commands_file(&self) -> String {
        let mut body = String::from(
            "\n/** Takes no arguments. */\nexport type Nothing = Record<string, never>;\n\n\
             /** Every command: what it takes and what it gives. */\nexport interface Commands {\n",
        );
        for command in &self.commands {
            let arguments: Vec<String> =
                command.arguments.iter().map(|(name, kind)| format!("{name}: {kind}")).collect();
            let takes = if arguments.is_empty() {
                "Nothing".to_owned()
            } else {
                format!("{{ {} }}", arguments.join("; "))
            };
            let _ = writeln!(
                body,
                "{}  {}: {{ takes: {takes}; gives: {} }};",
                docs("  ", command.docs),
                command.name,
                command.result,
            );
        }
        body.push_str(
            "}\n\n/** The name of a command. */\nexport type CommandName = keyof Commands;\n",
        );
        let used: BTreeSet<&str> =
            body.split(|letter: char| !letter.is_alphanumeric() && letter != '_').collect();
        let imported: Vec<String> = self
            .types
            .declared
            .keys()
            .filter(|name| used.contains(name.as_str()))
            .map(|name| format!("  {name},\n"))
            .collect();
        format!(
            "{HEAD}import type {{ Channel }} from '@tauri-apps/api/core';\nimport type {{\n{}}} from './types';\n{body}",
            imported.concat()
        )
    }

    fn capability_file(&self) -> String {
        let mut text = String::from(
            "{\n  \"identifier\": \"main\",\n  \"description\": \"What the page may do: our commands, in the window \\\"main\\\", and nothing else.\",\n  \"windows\": [\"main\"],\n  \"permissions\": [\n",
        );
        let rows: Vec<String> = self
            .commands
            .iter()
            .map(|command| format!("    \"allow-{}\"", command.name.replace('_', "-")))
            .collect();
        text.push_str(&rows.join(",\n"));
        text.push_str("\n  ]\n}\n");
        text
    }
}

/// Visits a type and all it is made of, and keeps the declarations of those that are ours.
struct Collector<'a> {
    config: &'a Config,
    types: &'a mut Types,
}

impl TypeVisitor for Collector<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.types.seen.insert(TypeId::of::<T>()) {
            return;
        }
        if T::output_path().is_some() {
            let declaration = format!(
                "{}export {}\n",
                T::docs().map(|text| docs("", &plain(&text))).unwrap_or_default(),
                tidy(&T::decl(self.config))
            );
            self.types.declared.insert(T::ident(self.config), declaration);
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

/// A declaration with its comments on one line each and its fields indented.
fn tidy(declaration: &str) -> String {
    let mut text = String::new();
    let mut comment: Option<String> = None;
    for line in declaration.lines().map(str::trim) {
        match &mut comment {
            Some(words) if line == "*/" => {
                text.push_str(&docs("  ", words));
                comment = None;
            }
            Some(words) => {
                words.push_str(line.trim_start_matches('*').trim_start());
                words.push('\n');
            }
            None if line == "/**" => comment = Some(String::new()),
            None if text.is_empty() => {
                text.push_str(line);
                text.push('\n');
            }
            None => {
                let (field, end) =
                    line.strip_suffix(", };").map_or((line, ""), |field| (field, ";\n};"));
                let (field, more) =
                    field.strip_suffix(',').map_or((field, ""), |field| (field, ";"));
                let _ = writeln!(text, "  {field}{more}{end}");
            }
        }
    }
    text.trim_end().to_owned()
}

/// The text of a comment that is already one.
fn plain(comment: &str) -> String {
    comment
        .lines()
        .map(|line| line.trim().trim_start_matches("/**").trim_end_matches("*/"))
        .map(|line| line.trim_start().strip_prefix('*').unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn docs(indent: &str, text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() { String::new() } else { format!("{indent}/** {} */\n", lines.join(" ")) }
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut text = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        text.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        text.push_str(letters.as_str());
    }
    text
}

impl TS for KeyText {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &Config) -> String {
        "string".to_owned()
    }

    fn inline(config: &Config) -> String {
        Self::name(config)
    }
}

impl TS for TextChannel {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &Config) -> String {
        "Channel<string>".to_owned()
    }

    fn inline(config: &Config) -> String {
        Self::name(config)
    }
}

impl TS for Bytes {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &Config) -> String {
        "ArrayBuffer".to_owned()
    }

    fn inline(config: &Config) -> String {
        Self::name(config)
    }
}

fn held(path: &Path, wanted: &str) {
    if std::env::var_os(WRITE).is_some() {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).expect("the folder of the bindings");
        }
        std::fs::write(path, wanted).expect("the bindings are written");
        return;
    }
    let there = std::fs::read_to_string(path).unwrap_or_default();
    assert!(there == wanted, "{} is stale; run `cargo xtask bindings`", path.display());
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn described() -> Description {
    let mut description = Description::new();
    crate::commands::describe(&mut description);
    // Named in a hand-written type of a notice, where it is not seen.
    description.know::<FeedTopic>();
    // Stands in the page, and no command gives it.
    description.know::<FirstScreen>();
    description
}

#[test]
fn bindings_types_of_the_page_are_those_of_the_commands() {
    held(&root().join("ui/src/host/types.d.ts"), &described().types_file());
    held(&root().join("ui/src/host/commands.d.ts"), &described().commands_file());
}

#[test]
fn bindings_capability_grants_our_commands_and_nothing_else() {
    held(&root().join("src-tauri/capabilities/main.json"), &described().capability_file());
}

#[test]
fn names_cross_as_the_page_spells_them() {
    assert_eq!(camel_case("session_only"), "sessionOnly");
    assert_eq!(camel_case("id"), "id");
}
