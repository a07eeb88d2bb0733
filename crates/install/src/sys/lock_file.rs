//! One at a time in a folder that others can open.
//!
//! Whoever can open a folder can lock it, and keep the lock for ever. So a file in it is locked,
//! which only those can open who could change the folder anyway. It is there while the lock is
//! held: whoever takes the lock looks whether the file still has its name, and begins anew if not.

use std::os::fd::OwnedFd;

use rustix::{
    fs::{AtFlags, FileType, FlockOperation, Mode, OFlags, Stat},
    io::Errno,
};

use super::{
    Dir,
    fault::{Call, strike},
};
use crate::{Error, Result};

const STICKY: rustix::fs::RawMode = 0o1000;

/// A folder's exclusive lock. It ends, and its file goes, when this is dropped.
#[derive(Debug)]
pub(crate) struct LockFile {
    dir: Dir,
    file: OwnedFd,
}

impl LockFile {
    /// The file's name.
    pub const NAME: &'static str = ".assay-lock";

    /// Takes the lock. `on_wait` is called where somebody else holds it. `None` where this user
    /// cannot make files, and so cannot change anything; and where everybody can (`/tmp`), for
    /// whoever came first could keep it.
    pub fn take(dir: &Dir, mut on_wait: impl FnMut()) -> Result<Option<Self>> {
        let folder = stat(&dir.fd, dir)?;
        if folder.st_mode & (STICKY | 0o002) == STICKY | 0o002 {
            return Ok(None);
        }
        loop {
            let Some(file) = open(dir, &folder)? else {
                return Ok(None);
            };
            if !is_had_at_once(&file, dir)? {
                on_wait();
                rustix::fs::flock(&file, FlockOperation::LockExclusive)
                    .map_err(|error| failed(dir, error))?;
            }
            let lock = Self {
                dir: dir.beneath("").map_err(|error| failed(dir, error))?,
                file,
            };
            // Whoever had it before took the file away at the end.
            if lock.has_its_name() {
                return Ok(Some(lock));
            }
        }
    }

    fn has_its_name(&self) -> bool {
        let named = rustix::fs::statat(&self.dir.fd, LockFile::NAME, AtFlags::SYMLINK_NOFOLLOW);
        let own = rustix::fs::fstat(&self.file);
        matches!((named, own), (Ok(a), Ok(b)) if (a.st_dev, a.st_ino) == (b.st_dev, b.st_ino))
    }
}

impl Drop for LockFile {
    /// A file that stays, as after a kill, is locked by the next one.
    fn drop(&mut self) {
        if self.has_its_name() {
            let _ = rustix::fs::unlinkat(&self.dir.fd, LockFile::NAME, AtFlags::empty());
        }
    }
}

/// Opens the file, which is made where it is missing; `None` where this user cannot make files.
fn open(dir: &Dir, folder: &Stat) -> Result<Option<OwnedFd>> {
    // Network file systems lock only what was opened for writing. A pipe must not keep us waiting.
    let flags =
        OFlags::RDWR | OFlags::CREATE | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match rustix::fs::openat(&dir.fd, LockFile::NAME, flags, Mode::from_raw_mode(0o600))
    {
        Ok(file) => file,
        Err(Errno::ROFS) => return Ok(None),
        Err(Errno::ACCESS | Errno::PERM) if dir.kind(LockFile::NAME)?.is_none() => return Ok(None),
        Err(Errno::ACCESS | Errno::PERM) => return Err(not_ours(dir)),
        Err(error) => return Err(failed(dir, error)),
    };
    let found = stat(&file, dir)?;
    let user = rustix::process::geteuid().as_raw();
    let is_shared = folder.st_mode & 0o022 != 0;
    if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile
        || !(is_shared || [user, 0, folder.st_uid].contains(&found.st_uid))
    {
        return Err(not_ours(dir));
    }
    if found.st_uid == user {
        share(&file, folder, user == 0);
    }
    Ok(Some(file))
}

/// Lets those open the file who can write to the folder, and nobody else. Where the system does
/// not let us, fewer can.
fn share(file: &OwnedFd, folder: &Stat, is_root: bool) {
    use rustix::fs::{Gid, Uid};
    let owner = is_root.then(|| Uid::from_raw(folder.st_uid));
    let has_group = rustix::fs::fchown(file, owner, Some(Gid::from_raw(folder.st_gid))).is_ok();
    let group = if has_group { 0o020 } else { 0 };
    let writers = folder.st_mode & (0o002 | group);
    // Those who may write may read.
    let mode = Mode::from_raw_mode(0o600 | writers | (writers << 1));
    let _ = rustix::fs::fchmod(file, mode);
}

/// Whether the lock could be had without waiting.
fn is_had_at_once(file: &OwnedFd, dir: &Dir) -> Result<bool> {
    let lock = || rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive);
    match strike(Call::Lock).and_then(|()| lock()) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(failed(dir, error)),
    }
}

fn stat(handle: &OwnedFd, dir: &Dir) -> Result<Stat> {
    rustix::fs::fstat(handle).map_err(|error| failed(dir, error))
}

fn failed(dir: &Dir, error: impl Into<std::io::Error>) -> Error {
    Error::io("locking", dir.path().join(LockFile::NAME), error)
}

fn not_ours(dir: &Dir) -> Error {
    let fact = "another user's, or no file; it can be removed where no assay is at work";
    failed(dir, std::io::Error::other(fact))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::Path};

    use super::{super::fault, *};

    fn take(folder: &Path) -> Result<Option<LockFile>> {
        LockFile::take(&Dir::open(folder).unwrap(), || panic!("nobody holds it"))
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn who_only_reads_the_folder_stops_nobody() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path();
        let reader = fs::File::open(folder).unwrap();
        reader.lock().unwrap();
        let lock = take(folder).unwrap().unwrap();
        assert_eq!(mode(&folder.join(LockFile::NAME)), 0o600);
        drop(lock);
        assert!(!folder.join(LockFile::NAME).exists());
        // Those who share the folder share the lock.
        fs::set_permissions(folder, PermissionsExt::from_mode(0o2775)).unwrap();
        let lock = take(folder).unwrap().unwrap();
        assert_eq!(mode(&folder.join(LockFile::NAME)), 0o660);
        drop(lock);
        fs::set_permissions(folder, PermissionsExt::from_mode(0o1777)).unwrap();
        assert!(take(folder).unwrap().is_none());
    }

    #[test]
    fn one_waits_for_the_other_and_one_that_was_killed_is_not_waited_for() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(LockFile::NAME), "").unwrap();
        let first = take(home.path()).unwrap().unwrap();
        assert_eq!(mode(&home.path().join(LockFile::NAME)), 0o600);
        let (waits, is_waiting) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let dir = Dir::open(home.path()).unwrap();
            let second = scope.spawn(move || {
                let lock = LockFile::take(&dir, || waits.send(()).unwrap());
                assert!(lock.unwrap().unwrap().has_its_name());
            });
            is_waiting.recv().unwrap();
            drop(first);
            second.join().unwrap();
        });
        assert!(!home.path().join(LockFile::NAME).exists());
    }

    #[test]
    fn anything_but_a_file_is_named() {
        let home = tempfile::tempdir().unwrap();
        let (file, victim) = (home.path().join(LockFile::NAME), home.path().join("victim"));
        std::os::unix::fs::symlink(&victim, &file).unwrap();
        let said = take(home.path()).unwrap_err().to_string();
        assert!(said.contains(LockFile::NAME) && !victim.exists(), "{said}");
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        take(home.path()).unwrap_err();
    }

    #[test]
    fn a_file_system_that_cannot_lock_is_an_error() {
        let home = tempfile::tempdir().unwrap();
        for error in [Errno::NOLCK, Errno::OPNOTSUPP, Errno::IO] {
            let broken = fault::Fault {
                at: 0,
                error,
                again_after: Some(0),
                spares: &[],
            };
            let (locked, _) = fault::during(broken, || take(home.path()).map(|_| ()));
            assert!(locked.unwrap_err().to_string().contains(LockFile::NAME));
        }
    }
}
