//! What a person sees of a window while it opens: pictures taken of the display from outside.

use std::ffi::OsStr;
use std::time::{Duration, Instant};

use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, ImageFormat, MapState,
};
use x11rb::rust_connection::RustConnection;

use crate::support::{Desktop, Shown, amiss};
use crate::weight::{Read, read_by};

/// Between two looks; a frame takes sixteen.
const PAUSE: Duration = Duration::from_millis(4);
/// A picture that stays the same for so long is the last one.
const STILL: Duration = Duration::from_millis(1500);
/// No start takes longer than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// A part of a window, in pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    pub(crate) x: i16,
    pub(crate) y: i16,
    pub(crate) width: u16,
    pub(crate) height: u16,
}

/// When a window that opened showed what, in milliseconds from the start of its program.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    /// It was on the display.
    pub(crate) shown: f64,
    /// It was not of one colour.
    pub(crate) painted: f64,
    /// The area looked as it does from then on.
    pub(crate) settled: f64,
    /// What its program had read when it was shown.
    pub(crate) read: Read,
}

/// The display of a desktop.
pub(crate) struct Screen {
    connection: RustConnection,
    root: u32,
    protocols: u32,
    delete: u32,
}

impl Screen {
    pub(crate) fn of(desktop: &Desktop) -> Shown<Self> {
        let command = desktop.command("true");
        let display = command
            .get_envs()
            .find(|(name, _)| *name == OsStr::new("DISPLAY"))
            .and_then(|(_, value)| value?.to_str())
            .ok_or("the desktop has no display")?;
        let (connection, number) = RustConnection::connect(Some(display))?;
        let root = connection.setup().roots[number].root;
        let protocols = connection.intern_atom(false, b"WM_PROTOCOLS")?.reply()?.atom;
        let delete = connection.intern_atom(false, b"WM_DELETE_WINDOW")?.reply()?.atom;
        Ok(Self { connection, root, protocols, delete })
    }

    /// Watches a window open until `area` of it stays as it is.
    pub(crate) fn watch(&self, began: Instant, pid: u32, area: Area) -> Shown<Seen> {
        let since = || began.elapsed().as_secs_f64() * 1e3;
        let window = loop {
            if let Some(window) = self.window()? {
                break window;
            }
            if began.elapsed() > PATIENCE {
                return amiss("no window opened");
            }
            std::thread::sleep(PAUSE);
        };
        let shown = since();
        let read = read_by(pid)?;
        let size = self.connection.get_geometry(window)?.reply()?;
        let lines = [1, size.height / 2, size.height - 2].map(|y| Area {
            x: 0,
            y: y.cast_signed(),
            width: size.width,
            height: 1,
        });
        loop {
            let mut picture = self.picture(window, area)?;
            for line in lines {
                picture.extend(self.picture(window, line)?);
            }
            if !is_one_colour(&picture) {
                break;
            }
            if began.elapsed() > PATIENCE {
                return amiss("the window stays of one colour");
            }
            std::thread::sleep(PAUSE);
        }
        let painted = since();
        let mut last = self.picture(window, area)?;
        let mut settled = since();
        let mut changed = Instant::now();
        while changed.elapsed() < STILL || is_one_colour(&last) {
            if began.elapsed() > PATIENCE {
                return amiss("the window does not come to rest");
            }
            std::thread::sleep(PAUSE);
            let next = self.picture(window, area)?;
            if next != last {
                settled = since();
                changed = Instant::now();
                last = next;
            }
        }
        Ok(Seen { shown, painted, settled, read })
    }

    /// Presses the closing button of the window that is shown.
    pub(crate) fn close(&self) -> Shown {
        let Some(window) = self.window()? else { return amiss("there is no window to close") };
        let data = [self.delete, x11rb::CURRENT_TIME, 0, 0, 0];
        let message = ClientMessageEvent::new(32, window, self.protocols, data);
        self.connection.send_event(false, window, EventMask::NO_EVENT, message)?.check()?;
        Ok(())
    }

    /// A window that is shown, and can be asked to close.
    fn window(&self) -> Shown<Option<u32>> {
        for window in self.connection.query_tree(self.root)?.reply()?.children {
            // One that has gone in between is none.
            let Ok(attributes) = self.connection.get_window_attributes(window)?.reply() else {
                continue;
            };
            if attributes.map_state != MapState::VIEWABLE {
                continue;
            }
            let told = self
                .connection
                .get_property(false, window, self.protocols, AtomEnum::ATOM, 0, 16)?
                .reply()?;
            if told.value32().is_some_and(|mut atoms| atoms.any(|atom| atom == self.delete)) {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    fn picture(&self, window: u32, area: Area) -> Shown<Vec<u8>> {
        let Area { x, y, width, height } = area;
        let asked = self.connection.get_image(
            ImageFormat::Z_PIXMAP,
            window,
            x,
            y,
            width,
            height,
            u32::MAX,
        )?;
        Ok(asked.reply()?.data)
    }
}

/// Four bytes a pixel, as displays of this depth have.
fn is_one_colour(picture: &[u8]) -> bool {
    // Equal to itself moved by a pixel: every pixel is like the one before it.
    picture.len() < 8 || picture[4..] == picture[..picture.len() - 4]
}
