//! Root runs no build: the work folder is given to somebody who is nobody else.

use std::{
    fs, io,
    os::unix::fs::{MetadataExt, lchown},
    path::Path,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use rustix::process::geteuid;

use crate::{Error, Result};

/// User ids that distributions give to nobody, below the end of what small containers map.
const FIRST: u32 = 62_000;
const HOW_MANY: u32 = 1_000;

/// As root, the user id for a build, which owns the folder and everything in it from now on. No process
/// may be at work in the folder.
pub fn lend(work: &Path) -> Result<Option<u32>> {
    if !geteuid().is_root() {
        return Ok(None);
    }
    // Limits on processes count by user: builds at the same time get different ones.
    static BUILDS: AtomicU32 = AtomicU32::new(0);
    let build = BUILDS.fetch_add(1, Ordering::Relaxed);
    let user = FIRST + process::id().wrapping_add(build) % HOW_MANY;
    give(work, user)?;
    Ok(Some(user))
}

/// Links are given away themselves, never what they lead to.
fn give(path: &Path, user: u32) -> Result<()> {
    let failed = |error: io::Error| Error::path("giving to the build's user", path, error);
    let metadata = path.symlink_metadata().map_err(failed)?;
    if metadata.is_dir() {
        for entry in fs::read_dir(path).map_err(failed)? {
            give(&entry.map_err(failed)?.path(), user)?;
        }
    }
    if (metadata.uid(), metadata.gid()) != (user, user) {
        lchown(path, Some(user), Some(user)).map_err(failed)?;
    }
    Ok(())
}
