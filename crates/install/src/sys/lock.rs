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
        let context = |error| Error::io("locking", dir.path(), error);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        // A handle of its own: a lock belongs to the opening, not to the folder.
        let handle = rustix::fs::openat(&dir.fd, ".", flags, Mode::empty()).map_err(context)?;
        match rustix::fs::flock(&handle, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) => {
                on_wait();
                rustix::fs::flock(&handle, FlockOperation::LockExclusive).map_err(context)?;
            }
            locked => locked.map_err(context)?,
        }
        Ok(Self { _handle: handle })
    }
}
