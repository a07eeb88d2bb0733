//! The right to make an environment, before there is one that could be locked.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path};

use crate::{
    Error, Result,
    sys::{Dir, Lock},
};

/// The folder of an environment that is being made, locked. It is the lock that the environment
/// will have: [`crate::Environment::lock_claimed`].
#[derive(Debug)]
pub struct Claim(pub(crate) Lock);

/// Takes a folder, which is made where it is missing, for this process alone. Whoever waited
/// (`on_wait` is called then) may find an environment in it.
pub fn claim(folder: &Path, on_wait: impl Fn()) -> Result<Claim> {
    loop {
        fs::create_dir_all(folder).map_err(|error| Error::io("making", folder, error))?;
        let dir = Dir::open(folder)?;
        let lock = Lock::exclusive(&dir, &on_wait)?;
        if is_at(&dir, folder)? {
            return Ok(Claim(lock));
        }
        // Its maker gave up and took it away while this process waited.
    }
}

fn is_at(dir: &Dir, path: &Path) -> Result<bool> {
    let context = |error| Error::io("looking at", path, error);
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(context(error)),
        Ok(stat) => Ok(dir.identity()? == (stat.dev(), stat.ino())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_that_went_while_one_waited_is_made_again() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("new/env");
        let first = claim(&folder, || panic!("nobody holds it")).unwrap();
        std::thread::scope(|scope| {
            let (waits, is_waiting) = std::sync::mpsc::channel();
            let path = &folder;
            let second = scope.spawn(move || claim(path, || waits.send(()).unwrap()).unwrap());
            is_waiting.recv().unwrap();
            fs::remove_dir(&folder).unwrap();
            drop(first);
            let second = second.join().unwrap();
            assert!(folder.is_dir());
            let dir = Dir::open(&folder).unwrap();
            assert!(Lock::is_held(&dir).unwrap());
            drop(second);
            assert!(!Lock::is_held(&dir).unwrap());
        });
    }
}
