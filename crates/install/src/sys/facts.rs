//! What tells one file from another of the same name, without reading it.

use std::io;

use rustix::fs::{AtFlags, FileType};
use serde::{Deserialize, Serialize};

use super::{Dir, Kind, dir::DEEPEST};
use crate::{Error, Result};

/// Facts that a rename keeps and an edit, or another file, changes. Inode numbers are not among
/// them: on some network and stacked file systems they change with every mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Facts {
    /// Size in bytes; modification time in seconds since 1970, and nanoseconds.
    File(u64, i64, u64),
    /// How many files lie in it and below; bytecode, which comes and goes by itself, is left out.
    Folder(u64),
    /// A symlink or special file.
    Other,
}

impl Dir {
    /// The facts of what lies under a name; `None` where there is nothing. Symlinks are not
    /// followed.
    pub fn facts(&self, name: &str) -> Result<Option<Facts>> {
        let stat = match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(rustix::io::Errno::NOENT) => return Ok(None),
            stat => stat.map_err(|error| Error::io("looking at", self.path().join(name), error))?,
        };
        Ok(Some(match FileType::from_raw_mode(stat.st_mode) {
            FileType::RegularFile => Facts::File(
                u64::try_from(stat.st_size).unwrap_or_default(),
                stat.st_mtime,
                nanoseconds(stat.st_mtime_nsec),
            ),
            FileType::Directory => Facts::Folder(self.files_below(name, 0)?),
            _ => Facts::Other,
        }))
    }

    fn files_below(&self, name: &str, depth: usize) -> Result<u64> {
        let context = |error| Error::io("opening", self.path().join(name), error);
        if depth > DEEPEST {
            let fact = format!("more than {DEEPEST} folders within each other");
            return Err(context(io::Error::new(io::ErrorKind::InvalidInput, fact)));
        }
        let dir = self.beneath(name).map_err(context)?;
        let mut count = 0;
        for (entry, kind) in dir.entries()? {
            count += match kind {
                Kind::Folder if entry == "__pycache__" => 0,
                Kind::Folder => dir.files_below(&entry, depth + 1)?,
                Kind::File | Kind::Other => 1,
            };
        }
        Ok(count)
    }
}

/// The system's type differs; the value is below a thousand million.
fn nanoseconds(value: impl TryInto<u64>) -> u64 {
    value.try_into().unwrap_or_default()
}
