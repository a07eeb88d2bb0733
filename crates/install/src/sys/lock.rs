//! One at a time.

use std::os::fd::OwnedFd;

use rustix::{
    fs::{FlockOperation, Mode, OFlags},
    io::Errno,
};

use super::Dir;
use crate::{Error, Result};

/// A folder's exclusive lock. It ends when this is dropped or the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _handle: OwnedFd,
}

impl Lock {
    /// Takes the lock. `on_wait` is called once where somebody else holds it.
    pub fn exclusive(dir: &Dir, on_wait: impl FnOnce()) -> Result<Self> {
        let handle = open(dir)?;
        if !is_taken(&handle, dir)? {
            on_wait();
            rustix::fs::flock(&handle, FlockOperation::LockExclusive)
                .map_err(|error| Error::io("locking", dir.path(), error))?;
        }
        Ok(Self { _handle: handle })
    }

    /// Takes the lock, unless somebody else holds it.
    pub fn try_exclusive(dir: &Dir) -> Result<Option<Self>> {
        let handle = open(dir)?;
        let is_taken = is_taken(&handle, dir)?;
        Ok(is_taken.then_some(Self { _handle: handle }))
    }
}

/// A handle of its own: a lock belongs to the opening, not to the folder.
fn open(dir: &Dir) -> Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    rustix::fs::openat(&dir.fd, ".", flags, Mode::empty())
        .map_err(|error| Error::io("locking", dir.path(), error))
}

/// Whether the lock could be had at once.
fn is_taken(handle: &OwnedFd, dir: &Dir) -> Result<bool> {
    match rustix::fs::flock(handle, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(Error::io("locking", dir.path(), error)),
    }
}
