//! Where things are in the data folder, and the marks that say what was going on there.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Result;
use crate::migrations::Kind;
use crate::open::private_file;

/// Called with the name of each step of recovery and backup. A test ends the process there, or
/// returns an error as the disk would; absent in the program itself.
pub type Failpoint = Arc<dyn Fn(&'static str) -> io::Result<()> + Send + Sync>;

/// Stands in the mark of an open file that was no longer at its path when it was closed.
const REPLACED: &[u8] = b"replaced";

/// The data folder.
#[derive(Clone)]
pub(crate) struct Places {
    pub(crate) dir: PathBuf,
    pub(crate) failpoint: Option<Failpoint>,
}

impl Places {
    pub(crate) fn file(&self, kind: Kind) -> PathBuf {
        self.dir.join(kind.file_name())
    }

    pub(crate) fn backups(&self) -> PathBuf {
        self.dir.join("backups")
    }

    pub(crate) fn set_aside(&self) -> PathBuf {
        self.dir.join("set-aside")
    }

    /// Exists while a file is open: one that is there at a start was left by a process that did not
    /// close it.
    pub(crate) fn open_mark(&self, kind: Kind) -> PathBuf {
        self.dir.join(format!("{}.open", kind.file_name()))
    }

    /// Exists when a read met damage: the next start checks the whole file.
    pub(crate) fn suspect_mark(&self, kind: Kind) -> PathBuf {
        self.dir.join(format!("{}.suspect", kind.file_name()))
    }

    /// The journal that is being put together again. Exists from the first step of a restore until
    /// it takes the journal's place, so that a restore that was cut off is begun again.
    pub(crate) fn restoring(&self) -> PathBuf {
        self.dir.join("journal.restoring")
    }

    /// Holds when the archive was last checked.
    pub(crate) fn checked(&self) -> PathBuf {
        self.dir.join("archive.checked")
    }

    /// Whether an existing file is not all of what was written: another one was put in its place while
    /// it was open, or its log is missing or overwritten. While a file is open, its log exists, also
    /// when nothing is in it; one that holds something begins with one of two numbers
    /// (<https://www.sqlite.org/fileformat.html#the_write_ahead_log>). What is missing at its end cannot
    /// be told.
    pub(crate) fn is_incomplete(&self, kind: Kind) -> bool {
        if fs::read(self.open_mark(kind)).is_ok_and(|mark| mark == REPLACED) {
            return true;
        }
        let [log, _] = companions(&self.file(kind));
        let mut start = [0; 4];
        match File::open(&log).and_then(|mut log| log.read_exact(&mut start)) {
            Ok(()) => !matches!(u32::from_be_bytes(start), 0x377f_0682 | 0x377f_0683),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.open_mark(kind).exists(),
            Err(_) => false,
        }
    }

    /// A named step is reached.
    pub(crate) fn at(&self, step: &'static str) -> Result<()> {
        match &self.failpoint {
            Some(failpoint) => Ok(failpoint(step)?),
            None => Ok(()),
        }
    }
}

/// A database's write-ahead log and the index of it.
pub(crate) fn companions(path: &Path) -> [PathBuf; 2] {
    ["-wal", "-shm"].map(|ending| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    })
}

pub(crate) fn write_mark(path: &Path) -> Result<()> {
    Ok(private_file(path)?.set_len(0)?)
}

/// Notes in the mark of an open file that another one is in its place.
pub(crate) fn mark_replaced(path: &Path) -> Result<()> {
    write_mark(path)?;
    Ok(fs::write(path, REPLACED)?)
}

pub(crate) fn remove_if_there(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

pub(crate) fn remove_dir_if_there(path: &Path) -> Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// A database and its companions, removed. The log goes first: beside another file of the same name
/// it would be taken for that one's.
pub(crate) fn remove_database(path: &Path) -> Result<()> {
    for companion in companions(path) {
        remove_if_there(&companion)?;
    }
    remove_if_there(path)
}

/// Makes what was written to a file last. The handle has to be a writable one: Windows flushes no
/// other.
pub(crate) fn sync_file(path: &Path) -> Result<()> {
    Ok(File::options().write(true).open(path)?.sync_all()?)
}

/// Makes a rename last. Not every system lets a folder be synced; then there is nothing to do.
pub(crate) fn sync_dir(dir: &Path) {
    if let Ok(folder) = File::open(dir) {
        drop(folder.sync_all());
    }
}

/// The length of a file; `None` where there is none.
pub(crate) fn length(path: &Path) -> Option<u64> {
    fs::metadata(path).ok().map(|file| file.len())
}
