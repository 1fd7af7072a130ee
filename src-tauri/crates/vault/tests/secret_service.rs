//! The vault against a real Secret Service: gnome-keyring on a D-Bus of its own.
//!
//! Each test runs this program again as a child under `dbus-run-session`, with folders of its own,
//! so that nobody's real keyring is touched. Where the two programs are not installed the tests
//! say so and check nothing.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should say so")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use vault::{KeyState, Vault};

const ORIGIN: &str = "https://api.example.test";
const KEY: &str = "canary-5b1d70aa-secret-service";
const UNLOCK: &str =
    "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1";

fn installed() -> bool {
    let found = |program: &str| {
        std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
        })
    };
    let missing: Vec<&str> = ["dbus-run-session", "gnome-keyring-daemon"]
        .into_iter()
        .filter(|program| !found(program))
        .collect();
    if !missing.is_empty() {
        // Not by `eprintln`: the test's harness keeps to itself what a test that passes says so.
        let _ = writeln!(
            std::io::stderr(),
            "NOT CHECKED: {} not installed; the vault is not tested against a real Secret Service",
            missing.join(" and ")
        );
    }
    missing.is_empty()
}

/// Runs a child test of this program on a D-Bus of its own, after `before`.
fn on_a_bus_of_its_own(home: &Path, child: &str, before: &str, config: Option<&Path>) {
    let mut command = Command::new("dbus-run-session");
    if let Some(config) = config {
        command.arg("--config-file").arg(config);
    }
    let output = command
        .args([
            "--",
            "sh",
            "-c",
            &format!("{before}; exec \"$0\" --exact {child} --ignored --nocapture"),
        ])
        .arg(std::env::current_exe().unwrap())
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_RUNTIME_DIR", home)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("GNOME_KEYRING_CONTROL")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = format!(
        "{}\n{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success() && said.contains("1 passed"), "{child}:\n{said}");
}

fn vault() -> Vault {
    Vault::system_within("dev.linecheck.test", Duration::from_secs(60))
}

fn sh(script: &str) {
    assert!(Command::new("sh").args(["-c", script]).status().unwrap().success(), "{script}");
}

/// Whether any file below a folder holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).into_iter().flatten().flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            holds(&path, bytes)
        } else if path.is_file() {
            std::fs::read(&path).is_ok_and(|all| all.windows(bytes.len()).any(|one| one == bytes))
        } else {
            false
        }
    })
}

#[test]
fn unlocked_then_restarted_then_locked() {
    if !installed() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    on_a_bus_of_its_own(home.path(), "child_unlocked", UNLOCK, None);
    // Another session, in which nobody unlocks it.
    let start = "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1";
    on_a_bus_of_its_own(home.path(), "child_locked", start, None);
    // And one in which somebody does: the key has outlived both.
    on_a_bus_of_its_own(home.path(), "child_later", UNLOCK, None);
    assert!(!holds(home.path(), KEY.as_bytes()), "the key lies in a file in plain text");
}

#[test]
fn absent() {
    if !installed() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    // A bus that can start no service.
    let config = home.path().join("bus.conf");
    std::fs::write(
        &config,
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
         <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>",
    )
    .unwrap();
    on_a_bus_of_its_own(home.path(), "child_absent", "true", Some(&config));
    // No bus at all.
    let nowhere =
        "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus; export DBUS_SESSION_BUS_ADDRESS";
    on_a_bus_of_its_own(home.path(), "child_absent", nowhere, None);
    assert!(!holds(home.path(), KEY.as_bytes()), "the key lies in a file in plain text");
}

#[tokio::test]
#[ignore = "run by unlocked_then_restarted_then_locked, on a bus of its own"]
async fn child_unlocked() {
    let vault = vault();
    assert_eq!(vault.status(ORIGIN).await, KeyState::None);
    vault.save(ORIGIN, SecretString::from("an-older-key-0000")).await.unwrap();
    vault.save(ORIGIN, SecretString::from(KEY)).await.unwrap();
    assert_eq!(vault.status(ORIGIN).await, KeyState::Saved);
    let fresh = self::vault();
    assert_eq!(fresh.read(ORIGIN).await.unwrap().unwrap().expose_secret(), KEY);

    // The daemon is replaced while the vault runs: its old session means nothing to the new one.
    let open = self::vault();
    assert_eq!(open.status("https://other.example.test").await, KeyState::None);
    sh("printf pw | gnome-keyring-daemon --replace --unlock --components=secrets >/dev/null 2>&1");
    assert_eq!(open.read(ORIGIN).await.unwrap().unwrap().expose_secret(), KEY);

    let other = "https://forgotten.example.test";
    open.save(other, SecretString::from(KEY)).await.unwrap();
    open.forget(other).await.unwrap();
    assert_eq!(self::vault().status(other).await, KeyState::None);
}

#[tokio::test]
#[ignore = "run by unlocked_then_restarted_then_locked, on a bus of its own"]
async fn child_locked() {
    let vault = vault();
    // Nobody can be asked here, so the question to unlock counts as dismissed.
    assert_eq!(vault.status(ORIGIN).await, KeyState::Locked);
    assert_eq!(
        vault.save(ORIGIN, SecretString::from(KEY)).await.unwrap_err().code(),
        "keychain_locked"
    );
    vault.keep_for_session(ORIGIN, SecretString::from(KEY)).await;
    assert_eq!(vault.status(ORIGIN).await, KeyState::SessionOnly);
}

#[tokio::test]
#[ignore = "run by unlocked_then_restarted_then_locked, on a bus of its own"]
async fn child_later() {
    assert_eq!(vault().read(ORIGIN).await.unwrap().unwrap().expose_secret(), KEY);
}

#[tokio::test]
#[ignore = "run by absent, on a bus without a key store"]
async fn child_absent() {
    let vault = vault();
    assert_eq!(vault.status(ORIGIN).await, KeyState::StoreMissing);
    let error = vault.save(ORIGIN, SecretString::from(KEY)).await.unwrap_err();
    assert_eq!(error.code(), "keychain_missing", "{error}");
    vault.keep_for_session(ORIGIN, SecretString::from(KEY)).await;
    assert_eq!(vault.status(ORIGIN).await, KeyState::SessionOnly);
    vault.forget(ORIGIN).await.unwrap();
}
