//! Times, permissions and identities of files.

use std::{fs::File, io, os::unix::fs::MetadataExt, path::Path};

use rustix::fs::{Mode, Timespec, Timestamps};
use serde::{Deserialize, Serialize};

/// What changes whenever a file is replaced or edited.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    size: u64,
    modified: (i64, i64),
    device: u64,
    inode: u64,
}

impl Stamp {
    /// Of the file at a path; symlinks are followed.
    pub fn of(path: &Path) -> io::Result<Self> {
        let stat = std::fs::metadata(path)?;
        Ok(Self {
            size: stat.size(),
            modified: (stat.mtime(), stat.mtime_nsec()),
            device: stat.dev(),
            inode: stat.ino(),
        })
    }
}

/// Makes a written file read-only and gives it a modification time, in seconds since 1970.
pub(crate) fn seal(file: &File, executable: bool, mtime: i64) -> io::Result<()> {
    let time = Timespec {
        tv_sec: mtime,
        tv_nsec: 0,
    };
    let times = Timestamps {
        last_access: time,
        last_modification: time,
    };
    rustix::fs::futimens(file, &times)?;
    let mode = if executable { 0o555 } else { 0o444 };
    Ok(rustix::fs::fchmod(file, Mode::from_raw_mode(mode))?)
}
