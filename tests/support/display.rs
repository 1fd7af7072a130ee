//! Sizes that a person cannot give the window by hand: a zoom of 200 % leaves the page half of its
//! window, which is less than the least size the window has. The display is told directly, in the
//! four requests of the X protocol that this takes; and GTK, which would take the size back, is not
//! told of a least one.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Shown, amiss};

const CONFIGURE_WINDOW: u8 = 12;
const GET_WINDOW_ATTRIBUTES: u8 = 3;
const GET_GEOMETRY: u8 = 14;
const QUERY_TREE: u8 = 15;
/// Width and height, of what can be configured.
const SIZE: u16 = 0b1100;

/// Stands in for the function of GTK by which a window gets its least size.
const NO_LEAST_SIZE: &[u8] =
    b"void gtk_window_set_geometry_hints(void *w, void *g, void *h, int m) {}";

/// A library to be loaded before GTK, made in a folder.
pub(super) fn without_least_size(folder: &Path) -> Shown<PathBuf> {
    let library = folder.join("any-size.so");
    let mut compiler = Command::new("cc")
        .args(["-shared", "-fPIC", "-x", "c", "-", "-o"])
        .arg(&library)
        .stdin(Stdio::piped())
        .spawn()?;
    compiler.stdin.take().ok_or("no way into the compiler")?.write_all(NO_LEAST_SIZE)?;
    if compiler.wait()?.success() { Ok(library) } else { amiss("the C compiler failed") }
}

/// Gives the largest window that is shown on a display (`:7`) a size.
pub(super) fn resize(display: &str, width: u32, height: u32) -> Shown {
    let mut display = Display::open(display)?;
    let tree = display.ask(QUERY_TREE, display.root)?;
    let mut largest = None;
    for window in tree[32..].chunks_exact(4).map(long) {
        let is_shown = display.ask(GET_WINDOW_ATTRIBUTES, window)?[26] == 2;
        let geometry = display.ask(GET_GEOMETRY, window)?;
        let area = u32::from(short(&geometry[16..])) * u32::from(short(&geometry[18..]));
        if is_shown && largest.is_none_or(|(most, _)| area > most) {
            largest = Some((area, window));
        }
    }
    let Some((_, window)) = largest else { return amiss("no window is shown") };
    let mut request = vec![CONFIGURE_WINDOW, 0, 5, 0];
    request.extend(window.to_le_bytes());
    request.extend(SIZE.to_le_bytes());
    request.extend([0, 0]);
    request.extend(width.to_le_bytes());
    request.extend(height.to_le_bytes());
    display.line.write_all(&request)?;
    // An answer to the next request says that this one was read.
    display.ask(GET_GEOMETRY, window).map(|_| ())
}

struct Display {
    line: UnixStream,
    root: u32,
}

impl Display {
    fn open(display: &str) -> Shown<Self> {
        let number = display.trim_start_matches(':');
        let mut line = UnixStream::connect(format!("/tmp/.X11-unix/X{number}"))?;
        // Little-endian, version 11.0, no authorisation.
        line.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0])?;
        let mut head = [0; 8];
        line.read_exact(&mut head)?;
        let mut setup = vec![0; usize::from(short(&head[6..])) * 4];
        line.read_exact(&mut setup)?;
        if head[0] != 1 {
            return amiss("the display lets nobody in");
        }
        // Behind the vendor's name and the formats of pixmaps stand the screens, each with its root.
        let vendor = usize::from(short(&setup[16..])).next_multiple_of(4);
        let formats = usize::from(setup[21]) * 8;
        let root = long(&setup[32 + vendor + formats..]);
        Ok(Self { line, root })
    }

    /// The answer to a question about a window.
    fn ask(&mut self, what: u8, window: u32) -> Shown<Vec<u8>> {
        let mut request = vec![what, 0, 2, 0];
        request.extend(window.to_le_bytes());
        self.line.write_all(&request)?;
        let mut answer = vec![0; 32];
        self.line.read_exact(&mut answer)?;
        if answer[0] != 1 {
            return amiss(format!("the display answers {what} with error {}", answer[1]));
        }
        let more = usize::try_from(long(&answer[4..]))? * 4;
        answer.resize(32 + more, 0);
        self.line.read_exact(&mut answer[32..])?;
        Ok(answer)
    }
}

fn short(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

fn long(bytes: &[u8]) -> u32 {
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}
