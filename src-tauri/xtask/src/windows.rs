//! `cargo xtask windows`: builds crates for Windows and runs their tests under Wine, on Debian. It
//! shows what files, locks and paths do there without a machine that has Windows.
//!
//! The compiler is Debian's: the sources of its standard library come from the same place, and the
//! library is built from them for Windows.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::step::{Done, Failed, root, run, say};
use crate::suite::Tally;
use crate::system::{Need, ensure};

/// The crates that are built without a window. `tests/it` of the app is not among them: it is a test
/// of the package that has Tauri.
const CRATES: [&str; 6] = ["cekura", "engine", "ledger", "practice", "vault", "verdict"];

const TARGET: &str = "x86_64-pc-windows-gnu";
const WINE: &str = "/usr/lib/wine/wine64";
const CARGO: &str = "/usr/bin/cargo";
const RUSTC: &str = "/usr/bin/rustc";
const LINKER: &str = "x86_64-w64-mingw32-gcc";

/// The library that Rust's standard library asks for random bytes, which Wine 8 lacks. The older
/// library behind it, which Wine has, gives the same.
const RANDOM: &str = "
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL ProcessPrng(PBYTE data, SIZE_T length) {
    return SystemFunction036(data, (ULONG)length);
}
";

/// Builds and tests the crates that are named, or all of [`CRATES`].
pub(crate) fn windows(named: &[String]) -> Done {
    let crates = chosen(named)?;
    ensure(Need::Windows)?;
    let folder = root().join("target").join("windows");
    let wine = folder.join("wine");
    make_wine(&wine)?;
    let mut tally = Tally::default();
    tally.step(
        &format!("For Windows: {} (some minutes the first time)", crates.join(", ")),
        &mut test(&crates, &folder, &wine),
    );
    tally.finish()
}

/// The crates to test.
fn chosen(named: &[String]) -> Done<Vec<&str>> {
    if named.is_empty() {
        return Ok(CRATES.to_vec());
    }
    named
        .iter()
        .map(|name| {
            CRATES.into_iter().find(|known| known == name).ok_or_else(|| {
                Failed::new(
                    format!("`{name}` is not built for Windows here"),
                    format!("These are: {}.", CRATES.join(", ")),
                )
            })
        })
        .collect()
}

/// Makes the folder that Wine takes for a computer, unless it is there and complete.
fn make_wine(wine: &Path) -> Done {
    let system = wine.join("drive_c").join("windows").join("system32");
    if !system.join("kernel32.dll").is_file() {
        fs::create_dir_all(wine).map_err(|error| broken(wine, &error))?;
        // Without a display it also says what it cannot show. Whether the folder is complete is asked below.
        say("\n== Making a folder for Wine (a minute)");
        let _ = under_wine(&mut Command::new(WINE), wine)
            .args(["wineboot", "--init"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !system.join("kernel32.dll").is_file() {
            return Err(Failed::new(
                "Wine made no Windows folder",
                format!("Remove {} and call this again.", wine.display()),
            ));
        }
    }
    let library = system.join("bcryptprimitives.dll");
    if library.is_file() {
        return Ok(());
    }
    let source = wine.join("random.c");
    fs::write(&source, RANDOM).map_err(|error| broken(&source, &error))?;
    run(
        "Making the library of random bytes that Wine lacks",
        Command::new(LINKER).arg("-shared").arg("-o").arg(&library).arg(&source).arg("-ladvapi32"),
        "The lines above say why.",
    )
}

fn broken(place: &Path, error: &std::io::Error) -> Failed {
    Failed::new(format!("{}: {error}", place.display()), "Is the disk full?")
}

/// Cargo of the system, testing crates: all at once, or what they share would be built for each.
fn test(crates: &[&str], folder: &Path, wine: &Path) -> Command {
    let mut command = Command::new(CARGO);
    command
        .current_dir(root())
        .args(["test", "--no-fail-fast", "--lib", "--tests"])
        .args(crates.iter().flat_map(|name| ["--package", name]))
        .args(["--target", TARGET, "-Zbuild-std=std,panic_abort,panic_unwind,test"])
        .env("CARGO_TARGET_DIR", folder)
        .env("RUSTC", RUSTC)
        // A released compiler builds its own library only with this.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", LINKER)
        .env("CC_x86_64_pc_windows_gnu", LINKER)
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", WINE)
        // The library for TLS brings its assembled parts with it: no assembler is needed.
        .env("AWS_LC_SYS_PREBUILT_NASM", "1")
        // What compares with kept answers asks Cargo where they are, and under Wine there is no Cargo.
        .env("INSTA_WORKSPACE_ROOT", root())
        .env("INSTA_UPDATE", "no");
    // Those of the Cargo that runs this.
    for own in ["RUSTUP_TOOLCHAIN", "CARGO", "RUSTDOC", "RUSTFLAGS"] {
        command.env_remove(own);
    }
    under_wine(&mut command, wine);
    command
}

fn under_wine<'a>(command: &'a mut Command, wine: &Path) -> &'a mut Command {
    command.env("WINEPREFIX", wine).env("WINEARCH", "win64").env("WINEDEBUG", "-all")
}

#[cfg(test)]
mod tests {
    use super::{CRATES, chosen};

    #[test]
    fn named_crates_are_tested_and_otherwise_all() {
        let names = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(chosen(&[]).ok(), Some(CRATES.to_vec()));
        assert_eq!(chosen(&names(&["vault", "ledger"])).ok(), Some(vec!["vault", "ledger"]));
        let failed = chosen(&names(&["ledger", "linecheck"])).err();
        assert!(failed.is_some_and(|failed| failed.what.contains("`linecheck`")));
    }
}
