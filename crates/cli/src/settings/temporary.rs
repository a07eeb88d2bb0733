//! A folder for one run. It goes with the run; where that is killed, a later one takes it away.

use std::{
    fs, io,
    path::Path,
    time::{Duration, SystemTime},
};

use assay_files::{Lock, Patience, PrivateFolder, Turn};
use tempfile::{Builder, TempDir};

const PREFIX: &str = "assay-run-";
/// The lock's name: whoever holds it lives.
const ALIVE: &str = "alive";
/// Younger ones may not have their lock yet.
const YOUNG: Duration = Duration::from_secs(600);
const AT_ONCE: Patience = Patience {
    quiet: Duration::ZERO,
    limit: Duration::ZERO,
};

/// The folder. It is removed when this is dropped.
#[derive(Debug)]
pub struct Temporary {
    // Fields are dropped in this order: the lock lies in the folder.
    _alive: Option<Lock>,
    folder: TempDir,
}

impl Temporary {
    /// Makes one, and removes those of dead runs.
    pub fn new() -> io::Result<Self> {
        Self::within(&tempfile::env::temp_dir())
    }

    /// One in a folder of the user's own; removes those of dead runs in it.
    pub fn within(parent: &Path) -> io::Result<Self> {
        let _unread = sweep(parent);
        let folder = Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        Ok(Self {
            _alive: alive(folder.path()),
            folder,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// The lock of a folder that is the user's own, unless somebody has it or there are no locks.
fn alive(folder: &Path) -> Option<Lock> {
    match PrivateFolder::new(folder).lock(ALIVE, AT_ONCE, || ()) {
        Ok(Turn::Ours(lock)) => Some(lock),
        Ok(Turn::TimedOut | Turn::Unavailable(_)) | Err(_) => None,
    }
}

/// What cannot be looked at or removed is in nobody's way but the disk's, and keeps nothing else.
fn sweep(parent: &Path) -> io::Result<()> {
    for entry in fs::read_dir(parent)? {
        let _left = entry.and_then(|it| sweep_one(&it));
    }
    Ok(())
}

fn sweep_one(entry: &fs::DirEntry) -> io::Result<()> {
    let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
    if is_ours
        && entry.file_type()?.is_dir()
        && is_old(&entry.metadata()?)?
        && let Some(_dead) = alive(&entry.path())
    {
        // A build may have left folders that are closed to their owner.
        assay_build::remove_all(&entry.path())?;
    }
    Ok(())
}

fn is_old(stat: &fs::Metadata) -> io::Result<bool> {
    let age = SystemTime::now().duration_since(stat.modified()?);
    // One from the future is left alone.
    Ok(age.is_ok_and(|it| it > YOUNG))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn age(folder: &Path) {
        let hour_ago = SystemTime::now() - Duration::from_secs(3600);
        let opened = fs::File::open(folder).unwrap();
        opened.set_modified(hour_ago).unwrap();
    }

    #[test]
    fn folders_of_dead_runs_go_and_those_of_the_living_stay() {
        let parent = tempfile::tempdir().unwrap();
        let living = Temporary::within(parent.path()).unwrap();
        let dead = Temporary::within(parent.path()).unwrap();
        let Temporary { _alive, folder } = dead;
        drop(_alive);
        let dead = folder.keep();
        let young = parent.path().join(format!("{PREFIX}young"));
        let other = parent.path().join("assay-other");
        for folder in [&young, &other] {
            fs::create_dir(folder).unwrap();
        }
        for folder in [living.path(), &dead, &other] {
            age(folder);
        }
        let path = Temporary::within(parent.path()).unwrap().path().to_owned();
        assert!(!dead.exists() && !path.exists());
        assert!(living.path().exists() && young.exists() && other.exists());
    }
}
