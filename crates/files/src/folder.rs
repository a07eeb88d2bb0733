//! One private folder: made, judged, read and written.

use std::{
    fs::{self, DirBuilder, File, Metadata, OpenOptions},
    hash::{BuildHasher, RandomState},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rustix::{
    fs::{Access, AtFlags, CWD, accessat},
    io::Errno,
};

use crate::{Error, Result};

const OTHERS_WRITE: u32 = 0o022;
const STICKY: u32 = 0o1000;

/// A folder that the user alone can write to: a root that was named to us, or a folder below one.
///
/// Everything from the root down belongs to the effective user and has no permission to write for
/// group and others; each call below sees to that before it touches anything else. What lies above
/// the root is not ours to judge.
#[derive(Debug, Clone)]
pub struct PrivateFolder {
    path: PathBuf,
    parent: Option<Box<Self>>,
}

impl PrivateFolder {
    /// A root. Nothing is looked at or made yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            path: root.into(),
            parent: None,
        }
    }

    /// The folder of this plain name in this one.
    pub fn below(&self, name: &str) -> Self {
        Self {
            path: self.path.join(name),
            parent: Some(Box::new(self.clone())),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it exists. Fails with [`Error::NotPrivate`] where it, or a folder between it and
    /// the root, is not the user's own.
    pub fn check(&self) -> Result<bool> {
        match &self.parent {
            Some(parent) if !parent.check()? => Ok(false),
            _ => judge(&self.path),
        }
    }

    /// Makes it with mode 0700 where it is missing. Folders above the root are made as the user's
    /// umask says: others may have business there.
    pub fn make(&self) -> Result<()> {
        let making = |error| Error::io("making", &self.path, error);
        match (&self.parent, self.path.parent()) {
            (Some(parent), _) => parent.make()?,
            (None, Some(above)) => fs::create_dir_all(above).map_err(making)?,
            (None, None) => {}
        }
        match DirBuilder::new().mode(0o700).create(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                judge(&self.path).map(|_| ())
            }
            made => made.map_err(making),
        }
    }

    /// Whether files can be made in it: neither its permissions nor a read-only file system forbid
    /// it. A full disk is another matter.
    pub fn is_writable(&self) -> bool {
        let access = Access::WRITE_OK | Access::EXEC_OK;
        match accessat(CWD, &self.path, access, AtFlags::EACCESS) {
            // A system that cannot tell: the first write will.
            Ok(()) | Err(Errno::NOSYS | Errno::INVAL) => true,
            Err(_) => false,
        }
    }

    /// A new file of mode 0600 in a name that nobody can guess, open for reading and writing. Makes
    /// the folder where it is missing.
    pub fn create(&self) -> Result<(File, PathBuf)> {
        self.make()?;
        let path = self.path.join(format!(".new-{:016x}", random()));
        let mut options = OpenOptions::new();
        options.read(true).write(true).create_new(true).mode(0o600);
        let file = options
            .open(&path)
            .map_err(|error| Error::io("making", &path, error))?;
        Ok((file, path))
    }

    /// Writes the file of this plain name, mode 0600, whole or not at all: beside its place, then
    /// renamed. Not synced to the disk: what is kept with it can be made again, and whoever reads
    /// it must notice when it is cut short.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.replace(name, |file| file.write_all(bytes))
    }

    /// The same for what cannot be made again: on return it is on the disk, as far as the system
    /// tells, and a power cut leaves the earlier file or this one.
    pub fn write_synced(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.replace(name, |file| {
            file.write_all(bytes)?;
            file.sync_all()
        })?;
        // Renaming changed the folder.
        match File::open(&self.path).and_then(|it| it.sync_all()) {
            // A file system that syncs no folders.
            Err(error) if is_no_such_call(&error) => Ok(()),
            synced => synced.map_err(|error| Error::io("syncing", &self.path, error)),
        }
    }

    fn replace(&self, name: &str, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<()> {
        let path = self.path.join(name);
        let (mut file, fresh) = self.create()?;
        let written = write(&mut file).and_then(|()| fs::rename(&fresh, &path));
        if written.is_err() {
            // The first error is the one to tell; a leftover does no harm.
            let _ = fs::remove_file(&fresh);
        }
        written.map_err(|error| Error::io("writing", &path, error))
    }

    /// Reads the file of this plain name; `None` where there is none.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>> {
        if !self.check()? {
            return Ok(None);
        }
        let path = self.path.join(name);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("reading", &path, error)),
        }
    }

    /// Gives the file of this plain name another one, in place of whatever file has that.
    pub fn rename(&self, name: &str, new_name: &str) -> Result<()> {
        let (path, new) = (self.path.join(name), self.path.join(new_name));
        self.check()?;
        fs::rename(&path, &new).map_err(|error| Error::io("renaming to", &new, error))
    }

    /// Removes the file of this plain name, if it is there.
    pub fn remove_file(&self, name: &str) -> Result<()> {
        if !self.check()? {
            return Ok(());
        }
        let path = self.path.join(name);
        removed(&path, fs::remove_file(&path))
    }

    /// Gives whatever lies under this plain name, file or folder, another one beside it, so that
    /// the name is free and nothing is lost. The new path; `None` where there is nothing.
    pub fn set_aside(&self, name: &str) -> Result<Option<PathBuf>> {
        if !self.check()? {
            return Ok(None);
        }
        let path = self.path.join(name);
        let aside = self
            .path
            .join(format!("{name}.damaged-{:08x}", random() >> 32));
        match fs::rename(&path, &aside) {
            Ok(()) => Ok(Some(aside)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io("setting aside", &path, error)),
        }
    }

    /// Removes it with all it holds, if it is there.
    pub fn remove(&self) -> Result<()> {
        if !self.check()? {
            return Ok(());
        }
        removed(&self.path, fs::remove_dir_all(&self.path))
    }
}

fn is_no_such_call(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidInput, Unsupported};
    matches!(error.kind(), InvalidInput | Unsupported)
}

/// Somebody else may have been faster.
fn removed(path: &Path, result: io::Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other.map_err(|error| Error::io("removing", path, error)),
    }
}

/// Whether a folder of the user's own lies there; anything else but nothing is an error.
fn judge(path: &Path) -> Result<bool> {
    let looking = |error| Error::io("looking at", path, error);
    // Whoever owns a symlink decides where it leads tomorrow.
    let named = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        found => found.map_err(looking)?,
    };
    let folder = fs::metadata(path).map_err(looking)?;
    if !folder.is_dir() {
        return Err(looking(io::ErrorKind::NotADirectory.into()));
    }
    check_owner(path, &named)?;
    check_owner(path, &folder)?;
    check_mode(path, &folder)?;
    Ok(true)
}

fn check_owner(path: &Path, metadata: &Metadata) -> Result<()> {
    let (owner, user) = (metadata.uid(), rustix::process::geteuid().as_raw());
    if owner == user {
        return Ok(());
    }
    Err(Error::NotPrivate {
        folder: path.to_owned(),
        fact: format!("belongs to user {owner}, and assay runs as user {user}"),
        way_out:
            "name a folder of your own: --cache-dir, XDG_CACHE_HOME or --no-cache-dir for the \
                  cache, XDG_STATE_HOME for the state"
                .to_owned(),
    })
}

fn check_mode(path: &Path, metadata: &Metadata) -> Result<()> {
    let mode = metadata.mode() & 0o7777;
    if mode & OTHERS_WRITE == 0 {
        return Ok(());
    }
    // A folder that is meant for everybody, such as /tmp, must stay that.
    let way_out = if mode & STICKY == 0 {
        format!("chmod go-w {}", quoted(path))
    } else {
        "name a folder below it instead".to_owned()
    };
    Err(Error::NotPrivate {
        folder: path.to_owned(),
        fact: format!("can be written to by other users (mode {mode:04o})"),
        way_out,
    })
}

/// A path as one word of a shell.
fn quoted(path: &Path) -> String {
    let text = path.to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+".contains(c);
    if text.chars().all(is_plain) {
        return text.into_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Sixty-four bits from the operating system's random keys (each `RandomState` has its own).
fn random() -> u64 {
    RandomState::new().hash_one(std::process::id())
}

#[cfg(test)]
mod tests;
