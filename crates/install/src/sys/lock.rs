//! One at a time.

use std::os::fd::OwnedFd;

use rustix::{
    fs::{FlockOperation, Mode, OFlags},
    io::Errno,
};

use super::{
    Dir,
    fault::{Call, strike},
};
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

    /// Whether somebody holds it; takes nothing.
    pub fn is_held(dir: &Dir) -> Result<bool> {
        let handle = open(dir)?;
        match rustix::fs::flock(&handle, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(false),
            Err(Errno::WOULDBLOCK) => Ok(true),
            Err(error) => Err(Error::io("locking", dir.path(), error)),
        }
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
    let lock = || rustix::fs::flock(handle, FlockOperation::NonBlockingLockExclusive);
    match strike(Call::Lock).and_then(|()| lock()) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(Error::io("locking", dir.path(), error)),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::fault, *};

    #[test]
    fn a_file_system_that_cannot_lock_is_an_error_and_a_lock_that_is_held_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open(folder.path()).unwrap();
        for error in [Errno::NOLCK, Errno::OPNOTSUPP, Errno::IO] {
            let broken = fault::Fault {
                at: 0,
                error,
                again_after: Some(0),
                spares: &[],
            };
            let waits = || panic!("nobody holds it");
            let (locked, _) = fault::during(broken, || Lock::exclusive(&dir, waits).map(|_| ()));
            let said = locked.unwrap_err().to_string();
            assert!(
                said.contains(&folder.path().display().to_string()),
                "{said}"
            );
            let (tried, _) = fault::during(broken, || Lock::try_exclusive(&dir).map(|_| ()));
            assert!(tried.is_err(), "{error}");
        }
        let held = Lock::exclusive(&dir, || panic!("nobody holds it")).unwrap();
        assert!(Lock::try_exclusive(&dir).unwrap().is_none());
        assert!(Lock::is_held(&dir).unwrap());
        drop(held);
        assert!(!Lock::is_held(&dir).unwrap());
        assert!(Lock::try_exclusive(&dir).unwrap().is_some());
    }
}
