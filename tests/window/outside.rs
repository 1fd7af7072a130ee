//! Hands on the window from outside the page, as a window manager and a desktop have them.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, CreateWindowAux, EventMask, InputFocus, MapState,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use zbus::zvariant::OwnedValue;

use crate::support::{Desktop, Shown, amiss, wait};

const PATIENCE: Duration = Duration::from_secs(60);

/// The screen a desktop's windows are on. There is no window manager on it: this is one.
pub(crate) struct Screen {
    connection: RustConnection,
    root: u32,
    window: u32,
    elsewhere: u32,
}

impl Screen {
    /// Finds the app's window, and gives it the keyboard.
    pub(crate) fn of(desktop: &Desktop) -> Shown<Self> {
        let display = variable(desktop, "DISPLAY")?;
        let (connection, number) = RustConnection::connect(Some(&display))?;
        let root = connection.setup().roots[number].root;
        let elsewhere = connection.generate_id()?;
        connection.create_window(
            x11rb::COPY_DEPTH_FROM_PARENT,
            elsewhere,
            root,
            0,
            0,
            8,
            8,
            0,
            WindowClass::INPUT_OUTPUT,
            x11rb::COPY_FROM_PARENT,
            &CreateWindowAux::new().override_redirect(1),
        )?;
        connection.map_window(elsewhere)?;
        let mut screen = Self { connection, root, window: 0, elsewhere };
        let mut found = None;
        wait(PATIENCE, "the app's window", || {
            found = screen.find().ok().flatten();
            found.is_some()
        })?;
        screen.window = found.unwrap_or_default();
        screen.focus(screen.window)?;
        Ok(screen)
    }

    /// Presses the window's closing button.
    pub(crate) fn ask_to_close(&self) -> Shown {
        let message = ClientMessageEvent::new(
            32,
            self.window,
            self.atom("WM_PROTOCOLS")?,
            [self.atom("WM_DELETE_WINDOW")?, x11rb::CURRENT_TIME, 0, 0, 0],
        );
        self.connection.send_event(false, self.window, EventMask::NO_EVENT, message)?.check()?;
        Ok(())
    }

    /// Turns to another window.
    pub(crate) fn look_away(&self) -> Shown {
        self.focus(self.elsewhere)
    }

    /// Whether the app's window is on the screen.
    pub(crate) fn is_shown(&self) -> Shown<bool> {
        Ok(self.find()?.is_some())
    }

    /// Whether the app's window has the keyboard, or something inside it.
    pub(crate) fn is_in_front(&self) -> Shown<bool> {
        let mut focus = self.connection.get_input_focus()?.reply()?.focus;
        while focus > 1 && focus != self.root {
            if focus == self.window {
                return Ok(true);
            }
            focus = self.connection.query_tree(focus)?.reply()?.parent;
        }
        Ok(false)
    }

    fn focus(&self, window: u32) -> Shown {
        self.connection
            .set_input_focus(InputFocus::POINTER_ROOT, window, x11rb::CURRENT_TIME)?
            .check()?;
        self.connection.sync()?;
        Ok(())
    }

    /// A window that is shown, and can be asked to close.
    fn find(&self) -> Shown<Option<u32>> {
        let (protocols, delete) = (self.atom("WM_PROTOCOLS")?, self.atom("WM_DELETE_WINDOW")?);
        for window in self.connection.query_tree(self.root)?.reply()?.children {
            let shown = self.connection.get_window_attributes(window)?.reply()?.map_state;
            let has = self
                .connection
                .get_property(false, window, protocols, AtomEnum::ATOM, 0, 16)?
                .reply()?
                .value32()
                .is_some_and(|mut atoms| atoms.any(|atom| atom == delete));
            if shown == MapState::VIEWABLE && has {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    fn atom(&self, name: &str) -> Shown<u32> {
        Ok(self.connection.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }
}

/// What was told through the system.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) body: String,
    pub(crate) actions: Vec<String>,
}

/// The desktop's notifications: each is written down, and can be pressed.
pub(crate) struct Notifications {
    connection: zbus::Connection,
    told: Arc<Mutex<Vec<Told>>>,
}

const PATH: &str = "/org/freedesktop/Notifications";
const NAME: &str = "org.freedesktop.Notifications";

struct Desk(Arc<Mutex<Vec<Told>>>);

#[zbus::interface(name = "org.freedesktop.Notifications")]
#[allow(
    clippy::too_many_arguments,
    clippy::needless_pass_by_value,
    clippy::unused_self,
    reason = "the shape of the interface"
)]
impl Desk {
    fn notify(
        &self,
        app_name: String,
        replaces: u32,
        icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expires: i32,
    ) -> u32 {
        let _ = (app_name, replaces, icon, hints, expires);
        let mut told = self.0.lock().unwrap();
        told.push(Told { title: summary, body, actions });
        told.len() as u32
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".to_owned(), "body".to_owned(), "body-markup".to_owned()]
    }

    fn close_notification(&self, id: u32) {
        let _ = id;
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("desk".to_owned(), "tests".to_owned(), "1".to_owned(), "1.2".to_owned())
    }
}

impl Notifications {
    /// Starts them on the desktop's session bus.
    pub(crate) async fn of(desktop: &Desktop) -> Shown<Self> {
        let told: Arc<Mutex<Vec<Told>>> = Arc::default();
        let bus = variable(desktop, "DBUS_SESSION_BUS_ADDRESS")?;
        let connection = zbus::connection::Builder::address(bus.as_str())?
            .serve_at(PATH, Desk(Arc::clone(&told)))?
            .name(NAME)?
            .build()
            .await?;
        Ok(Self { connection, told })
    }

    /// Everything told so far.
    pub(crate) fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap().clone()
    }

    /// Waits for the first so many.
    pub(crate) async fn first(&self, how_many: usize) -> Shown<Vec<Told>> {
        let began = std::time::Instant::now();
        loop {
            let told = self.told();
            if told.len() >= how_many {
                return Ok(told);
            }
            if began.elapsed() > PATIENCE {
                return amiss(format!("{how_many} notifications: {told:?}"));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Presses one, by its place from 1.
    pub(crate) async fn press(&self, id: u32) -> Shown {
        self.connection
            .emit_signal(None::<&str>, PATH, NAME, "ActionInvoked", &(id, "default"))
            .await?;
        Ok(())
    }
}

/// A variable of the desktop's programs.
fn variable(desktop: &Desktop, name: &str) -> Shown<String> {
    let command = desktop.command("true");
    let value = command
        .get_envs()
        .find(|(known, _)| *known == OsStr::new(name))
        .and_then(|(_, value)| value?.to_str().map(str::to_owned));
    value.ok_or_else(|| format!("the desktop has no {name}").into())
}
