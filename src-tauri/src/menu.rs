//! The menu of macOS. Tauri's own *Quit* ends the program past the window; this one asks first, as the
//! closing button does. The Dock's *Quit* and the end of the session still end it without asking: the
//! toolkit tells of those only when nothing can hold them up any more.

use tauri::menu::{Menu, MenuItem, MenuItemKind};
use tauri::{AppHandle, Wry};

/// The name of *Quit*.
pub(crate) const QUIT: &str = "quit";

/// Returns the usual menu with a *Quit* of our own: the last entry of the first menu.
pub(crate) fn menu(app: &AppHandle) -> tauri::Result<Menu<Wry>> {
    let menu = Menu::default(app)?;
    if let Some(MenuItemKind::Submenu(own)) = menu.items()?.into_iter().next() {
        own.remove_at(own.items()?.len().saturating_sub(1))?;
        let words = format!("Quit {}", app.package_info().name);
        own.append(&MenuItem::with_id(app, QUIT, words, true, Some("Cmd+Q"))?)?;
    }
    Ok(menu)
}
