//! One at a time, as far as the file system can tell.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    fs::{FlockOperation, flock},
    io::Errno,
};

use crate::{Error, PrivateFolder, Result};

/// How asking for a lock ended.
#[derive(Debug)]
pub enum Turn {
    /// It is ours until this is dropped or the process dies.
    Ours(Lock),
    /// Somebody else held it all the while.
    TimedOut,
    /// Locks cannot be had here, as on some network file systems and read-only ones.
    Unavailable(Error),
}

/// A file's exclusive, advisory lock. The file goes with it.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// The lock belongs to this opening; closing it gives the lock back.
    _file: File,
}

/// How long to wait for somebody else, and when to say so.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// After so long the caller hears that it waits.
    pub quiet: Duration,
    /// After so long it waits no more.
    pub limit: Duration,
}

/// The first pause between two attempts, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(5), Duration::from_millis(200));

impl PrivateFolder {
    /// Takes the lock of this plain name, made where it is missing. `on_wait` is called once, when
    /// somebody else has kept us waiting for longer than `patience.quiet`.
    ///
    /// There is no waiting queue: whoever asks first after it was given back has it. The only error
    /// is [`Error::NotPrivate`]; every other one means that locks are of no use here.
    pub fn lock(&self, name: &str, patience: Patience, on_wait: impl FnOnce()) -> Result<Turn> {
        let path = self.path().join(name);
        let started = Instant::now();
        let (mut pause, longest) = PAUSES;
        let mut on_wait = Some(on_wait);
        loop {
            match attempt(self, &path) {
                Ok(Some(lock)) => return Ok(Turn::Ours(lock)),
                Ok(None) => {}
                Err(refused @ Error::NotPrivate { .. }) => return Err(refused),
                Err(error) => return Ok(Turn::Unavailable(error)),
            }
            let waited = started.elapsed();
            if waited >= patience.limit {
                return Ok(Turn::TimedOut);
            }
            if waited >= patience.quiet
                && let Some(on_wait) = on_wait.take()
            {
                on_wait();
            }
            thread::sleep(pause.min(patience.limit - waited));
            pause = (pause * 2).min(longest);
        }
    }
}

impl Drop for Lock {
    /// The file goes while the lock is still held, so that whoever gets the lock next can see that
    /// it is one of a file that is gone. Where it cannot go it stays, empty, and hurts nobody.
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// The lock, unless somebody else holds it.
fn attempt(folder: &PrivateFolder, path: &Path) -> Result<Option<Lock>> {
    loop {
        folder.make()?;
        let file = open(path)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::WOULDBLOCK) => return Ok(None),
            Err(Errno::INTR) => continue,
            Err(error) => return Err(Error::io("locking", path, error.into())),
        }
        if is_still_there(&file, path)? {
            let path = path.to_owned();
            return Ok(Some(Lock { path, _file: file }));
        }
    }
}

/// Open for writing as well: NFS gives an exclusive lock to nobody else.
fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let file = options.mode(0o600).open(path);
    file.map_err(|error| Error::io("locking", path, error))
}

/// Whether a file was not removed between its opening and its locking.
fn is_still_there(file: &File, path: &Path) -> Result<bool> {
    let looking = |error| Error::io("looking at", path, error);
    let own = file.metadata().map_err(looking)?;
    match fs::symlink_metadata(path) {
        Ok(named) => Ok((named.dev(), named.ino()) == (own.dev(), own.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(looking(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    const IMPATIENT: Patience = Patience {
        quiet: Duration::from_millis(10),
        limit: Duration::from_millis(60),
    };
    const PATIENT: Patience = Patience {
        quiet: Duration::from_secs(30),
        limit: Duration::from_secs(60),
    };

    #[test]
    fn one_at_a_time_and_nothing_is_left() {
        let place = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::new(place.path().join("locks"));
        let (inside, turns) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..20 {
                        let turn = folder.lock("a", PATIENT, || ()).unwrap();
                        assert!(matches!(turn, Turn::Ours(_)), "{turn:?}");
                        assert_eq!(inside.fetch_add(1, SeqCst), 0);
                        turns.fetch_add(1, SeqCst);
                        inside.fetch_sub(1, SeqCst);
                    }
                });
            }
        });
        assert_eq!(turns.into_inner(), 160);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn who_waits_too_long_hears_it_and_another_name_is_free() {
        let place = tempfile::tempdir().unwrap();
        let folder = PrivateFolder::new(place.path());
        let held = folder.lock("a", IMPATIENT, || ()).unwrap();
        let mut said = 0;
        let turn = folder.lock("a", IMPATIENT, || said += 1).unwrap();
        assert!(matches!(turn, Turn::TimedOut), "{turn:?}");
        assert_eq!(said, 1);
        let other = folder.lock("b", IMPATIENT, || panic!()).unwrap();
        assert!(matches!(other, Turn::Ours(_)));
        drop(held);
        let turn = folder.lock("a", IMPATIENT, || panic!()).unwrap();
        assert!(matches!(turn, Turn::Ours(_)));
    }

    #[test]
    fn where_nothing_can_be_written_there_are_no_locks_and_a_foreign_folder_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("file"), "").unwrap();
        let no_folder = PrivateFolder::new(place.path().join("file"));
        let turn = no_folder.lock("a", IMPATIENT, || ()).unwrap();
        assert!(matches!(turn, Turn::Unavailable(_)), "{turn:?}");
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let refused = PrivateFolder::new(place.path()).lock("a", IMPATIENT, || ());
        assert!(matches!(refused, Err(Error::NotPrivate { .. })));
    }
}
