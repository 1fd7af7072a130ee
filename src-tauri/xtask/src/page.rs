//! The page: its packages from the lock file, and its bundle.

use std::process::Command;

use crate::stamp;
use crate::step::{Done, root, run};
use crate::system::npm;

/// npm in the page's folder.
pub(crate) fn page(arguments: &[&str]) -> Command {
    let mut command = Command::new(npm());
    command.args(arguments).current_dir(root().join("ui"));
    command
}

/// Installs the page's packages and builds it, where its sources are not those of the last time.
pub(crate) fn build() -> Done {
    let ui = root().join("ui");
    let lock = stamp::digest(&[ui.join("package-lock.json"), ui.join("package.json")]);
    let installed = ui.join("node_modules").is_dir();
    if !(installed && stamp::is_fresh("npm-ci", &lock)) {
        run(
            "Installing the page's packages (npm ci)",
            &mut page(&["ci", "--no-audit", "--no-fund"]),
            "Is the package registry reachable? Behind a proxy, set HTTPS_PROXY.",
        )?;
        stamp::keep("npm-ci", &lock);
    }
    let sources = stamp::digest(std::slice::from_ref(&ui));
    let built = ui.join("dist").join("index.html").is_file();
    if !(built && stamp::is_fresh("page", &sources)) {
        run(
            "Building the page",
            &mut page(&["run", "--silent", "build"]),
            "The lines above name the file; `npm run build` in ui/ repeats it.",
        )?;
        stamp::keep("page", &sources);
    }
    Ok(())
}
