//! What the machine must have: system packages, and Node for building the page.

use std::path::Path;
use std::process::Command;

use crate::step::{Done, Failed, answers, output, run, say};

/// What a chore needs beyond Rust.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// To build the app and open its window.
    Build,
    /// To drive the window where there is no display, too.
    Drive,
    /// To build for Windows and run that under Wine. Nothing of the page or the window.
    Windows,
}

const BUILD: [&str; 4] =
    ["build-essential", "pkg-config", "libwebkit2gtk-4.1-dev", "ca-certificates"];
const DRIVE: [&str; 5] =
    ["webkit2gtk-driver", "xvfb", "dbus", "gnome-keyring", "fonts-dejavu-core"];

const WINDOWS: [&str; 5] =
    ["rustc-web", "cargo-web", "rust-web-src", "gcc-mingw-w64-x86-64", "wine64"];

/// The oldest Node that has the test runner and the modules the page's tools use.
const NODE: u32 = 18;

const BY_HAND: &str = "Install these by hand, then call this again:
  Debian, Ubuntu:  build-essential pkg-config libwebkit2gtk-4.1-dev, Node 18 or newer with npm;
                   for `cargo xtask test` also webkit2gtk-driver xvfb dbus gnome-keyring
  Fedora:          gcc pkgconf webkit2gtk4.1-devel nodejs npm; for the window tests also
                   webkit2gtk-driver xorg-x11-server-Xvfb dbus-daemon gnome-keyring
  macOS:           xcode-select --install, and Node 18 or newer
  Windows:         the Visual Studio C++ build tools, WebView2, and Node 18 or newer";

/// Where the system's own packages hold an older Node. Cargo is there: it runs this.
const NEWER_NODE: &str = "Get a newer one beside it, then call this again in the same terminal:
  cargo install --locked fnm
  fnm install 22
  eval \"$(fnm env)\"
With a version manager that is there already: `nvm install 22`, or `volta install node@22`.
Or install it from Node's own download page.";

/// Makes sure that all of it is there. Costs two short calls when it is.
pub(crate) fn ensure(need: Need) -> Done {
    if need == Need::Windows {
        return ensure_for_windows();
    }
    if cfg!(target_os = "linux") {
        ensure_packages(need)?;
    }
    ensure_node()
}

fn ensure_packages(need: Need) -> Done {
    let mut wanted = BUILD.to_vec();
    if need == Need::Drive {
        wanted.extend(DRIVE);
    }
    if !answers("dpkg-query", &["--version"]) {
        return ensure_without_apt(need);
    }
    ensure_installed(&wanted)
}

/// The compiler whose library can be built for Windows is Debian's alone.
fn ensure_for_windows() -> Done {
    if !answers("dpkg-query", &["--version"]) {
        return Err(Failed::new(
            "this is made for Debian",
            format!("It needs these packages of it: {}.", WINDOWS.join(" ")),
        ));
    }
    ensure_installed(&WINDOWS)
}

fn ensure_installed(wanted: &[&str]) -> Done {
    let missing: Vec<&str> =
        wanted.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    say(&format!("Missing system packages: {}", missing.join(" ")));
    read_package_lists()?;
    install(&missing)
}

fn is_installed(package: &str) -> bool {
    output("dpkg-query", &["--show", "--showformat=${db:Status-Status}", package])
        .is_some_and(|status| status.trim() == "installed")
}

/// On other systems the libraries are looked for, not installed.
fn ensure_without_apt(need: Need) -> Done {
    let mut missing = Vec::new();
    if !answers("pkg-config", &["--exists", "webkit2gtk-4.1"]) {
        missing.push("the development files of WebKitGTK 4.1");
    }
    if need == Need::Drive {
        for (program, argument) in [("WebKitWebDriver", "--version"), ("Xvfb", "-help")] {
            if Command::new(program).arg(argument).output().is_err() {
                missing.push(program);
            }
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Failed::new(format!("this machine lacks {}", missing.join(", ")), BY_HAND))
    }
}

fn read_package_lists() -> Done {
    run("Reading the list of system packages", &mut root("apt-get", &["update", "-qq"]), BY_HAND)
}

fn install(packages: &[&str]) -> Done {
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(packages);
    run("Installing system packages (a minute or two)", &mut root("apt-get", &arguments), BY_HAND)
}

/// A command with the rights to install.
fn root(program: &str, arguments: &[&str]) -> Command {
    let is_root = output("id", &["-u"]).is_some_and(|id| id.trim() == "0");
    let mut command = if is_root {
        let mut command = Command::new("env");
        command.args(["DEBIAN_FRONTEND=noninteractive", program]);
        command
    } else {
        let mut command = Command::new("sudo");
        command.args(["env", "DEBIAN_FRONTEND=noninteractive", program]);
        command
    };
    command.args(arguments);
    command
}

fn ensure_node() -> Done {
    if node_is_new_enough() && npm_answers() {
        return Ok(());
    }
    if cfg!(target_os = "linux") && answers("apt-get", &["--version"]) {
        say(&format!("Node {NODE} or newer with npm is missing."));
        read_package_lists()?;
        let mut packages = Vec::new();
        if !node_is_new_enough() {
            // Some systems that are still in use have Node 12: installing that would help nobody.
            let offered = output("env", &["LC_ALL=C", "apt-cache", "policy", "nodejs"]);
            let offered = offered.as_deref().and_then(candidate);
            if offered.and_then(major).is_none_or(|major| major < NODE) {
                return Err(Failed::new(
                    format!(
                        "Node {NODE} or newer is missing, and the packages of this system have {}",
                        offered.map_or("none".to_owned(), |version| format!("only {version}"))
                    ),
                    NEWER_NODE,
                ));
            }
            packages.push("nodejs");
        }
        if !npm_answers() {
            packages.push("npm");
        }
        install(&packages)?;
    }
    if node_is_new_enough() && npm_answers() {
        Ok(())
    } else {
        Err(Failed::new(format!("Node {NODE} or newer with npm is missing"), BY_HAND))
    }
}

fn node_is_new_enough() -> bool {
    output("node", &["--version"]).and_then(|said| major(&said)).is_some_and(|major| major >= NODE)
}

/// The version that would be installed, of what `apt-cache policy` says in English, without the
/// epoch in front of it.
fn candidate(policy: &str) -> Option<&str> {
    let version = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    let version = version.split_once(':').map_or(version, |(_, version)| version).trim();
    (version != "(none)").then_some(version)
}

/// `20` of `v20.20.2`.
fn major(version: &str) -> Option<u32> {
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

fn npm_answers() -> bool {
    answers(npm(), &["--version"])
}

/// The name npm goes by.
pub(crate) fn npm() -> &'static str {
    if cfg!(windows) { "npm.cmd" } else { "npm" }
}

/// Whether there is a display to open a window on.
pub(crate) fn has_display() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let wayland = set("WAYLAND_DISPLAY").is_some_and(|name| {
        let folder = set("XDG_RUNTIME_DIR").unwrap_or_default();
        Path::new(&folder).join(name).exists()
    });
    wayland || set("DISPLAY").is_some()
}

#[cfg(test)]
mod tests {
    use super::{candidate, major};

    #[test]
    fn the_version_that_would_be_installed_is_read() {
        let policy = |version: &str| {
            format!("nodejs:\n  Installed: (none)\n  Candidate: {version}\n  Version table:\n")
        };
        let read = |text: &str| candidate(text).and_then(major);
        assert_eq!(read(&policy("12.22.9~dfsg-1ubuntu3.6")), Some(12));
        assert_eq!(read(&policy("1:20.19.2+dfsg-1")), Some(20));
        assert_eq!(read(&policy("(none)")), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("18.0"), Some(18));
        assert_eq!(major("none"), None);
    }
}
