//! The right to make an environment, before there is one that could be locked.

use std::{
    fs, io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::{Options, build, check, made::Made};
use crate::{
    Error, Interpreter, Result, commit,
    sys::{Dir, LockFile},
};

/// The folder of an environment that is being made, locked as the environment will be. When it is
/// dropped, what was made goes again, unless [`Claim::keep`] was called.
#[derive(Debug)]
pub struct Claim {
    folder: PathBuf,
    dir: Dir,
    lock: Option<LockFile>,
    /// The folder, and those above it.
    way: Made,
    /// What lies in it.
    inside: Made,
}

/// Takes a folder, which is made where it is missing, for this process alone. Whoever waited
/// (`on_wait` is called then) may find an environment in it. [`Error::Environment`] where anything
/// else lies there.
pub fn claim(folder: &Path, on_wait: impl Fn()) -> Result<Claim> {
    let folder =
        std::path::absolute(folder).map_err(|error| Error::io("resolving", folder, error))?;
    check(&folder)?;
    loop {
        let mut way = Made::default();
        let held = way.folder(&folder).and_then(|()| {
            let dir = Dir::open(&folder)?;
            LockFile::take(&dir, &on_wait).map(|lock| (dir, lock))
        });
        match held {
            Ok((dir, lock)) if is_at(&dir, &folder)? => {
                return Ok(Claim {
                    folder,
                    dir,
                    lock,
                    way,
                    inside: Made::default(),
                });
            }
            Ok(_) => {}
            // Its maker gave up and took it away while this process waited.
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                way.undo();
                return Err(error);
            }
        }
    }
}

impl Claim {
    /// Makes the environment, as [`super::create`] does. One that another process had begun is
    /// completed, and stays.
    pub fn create(
        &mut self,
        base: &Interpreter,
        options: &Options,
        state_dir: &Path,
    ) -> Result<Interpreter> {
        let is_new = fs::read_dir(&self.folder)
            .map_err(|error| Error::io("looking at", &self.folder, error))?
            .all(|it| it.is_ok_and(|it| it.file_name() == LockFile::NAME));
        build(&self.folder, base, options, &mut self.inside)?;
        if !is_new {
            self.inside = Made::default();
        }
        Interpreter::of_environment(&self.folder, state_dir)
    }

    /// What was made stays.
    pub fn keep(mut self) {
        (self.way, self.inside) = (Made::default(), Made::default());
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // Whoever comes next needs all of it to bring a run to its end.
        if !commit::is_begun(&self.dir) {
            self.inside.undo();
            self.lock = None;
            self.way.undo();
        }
    }
}

fn is_at(dir: &Dir, path: &Path) -> Result<bool> {
    let context = |error| Error::io("looking at", path, error);
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
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
            drop(first);
            let second = second.join().unwrap();
            assert!(folder.join(LockFile::NAME).is_file());
            second.keep();
            assert!(folder.is_dir() && !folder.join(LockFile::NAME).exists());
        });
    }

    #[test]
    fn what_others_put_there_stays_and_what_was_there_before_too() {
        let home = tempfile::tempdir().unwrap();
        let file = |name: &str| home.path().join(name);
        fs::create_dir(file("empty")).unwrap();
        let nobody = || panic!("nobody holds it");
        for name in ["empty", "new/env"] {
            drop(claim(&file(name), nobody).unwrap());
        }
        assert!(file("empty").is_dir() && !file("new").exists());
        let held = claim(&file("new/env"), nobody).unwrap();
        fs::write(file("new/env/theirs"), "").unwrap();
        drop(held);
        assert!(file("new/env/theirs").is_file());
        let refused = claim(&file("new/env"), nobody);
        assert!(matches!(refused, Err(Error::Environment { .. })));
    }
}
