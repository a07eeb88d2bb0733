//! An open folder, and calls relative to it.

use std::{
    fs::File,
    io::{self, Write as _},
    os::{fd::OwnedFd, unix::fs::MetadataExt as _},
    path::{Path, PathBuf},
};

use rustix::fs::{AtFlags, FileType, Mode, OFlags, RenameFlags};

use super::fault::{Call, strike};
use crate::{Error, Result};

/// An open folder. Its path is only for messages: calls go through the handle.
#[derive(Debug)]
pub(crate) struct Dir {
    pub(super) fd: OwnedFd,
    path: PathBuf,
}

/// What a name stands for; symlinks are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Other,
}

impl Dir {
    /// Opens a folder that the user or the interpreter named; symlinks in its path are followed.
    pub fn open(path: &Path) -> Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let fd = rustix::fs::open(path, flags, Mode::empty())
            .map_err(|error| Error::io("opening", path, error))?;
        Ok(Self {
            fd,
            path: path.to_owned(),
        })
    }

    /// Opens a folder beneath this one; no symlink is followed and `..` leads nowhere.
    pub fn beneath(&self, relative: &str) -> io::Result<Self> {
        let fd = super::beneath::open(&self.fd, relative, OFlags::DIRECTORY)?;
        let path = match relative {
            "" => self.path.clone(),
            _ => self.path.join(relative),
        };
        Ok(Self { fd, path })
    }

    /// The path it was opened by, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes that it was renamed.
    pub fn is_now_at(&mut self, path: PathBuf) {
        self.path = path;
    }

    /// Makes a folder, which must not exist, and opens it.
    pub fn make(&self, name: &str, mode: u32) -> Result<Self> {
        let context = |error| Error::io("making the folder", self.path.join(name), error);
        strike(Call::Make)
            .and_then(|()| rustix::fs::mkdirat(&self.fd, name, Mode::from_raw_mode(mode)))
            .map_err(context)?;
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let fd = rustix::fs::openat(&self.fd, name, flags, Mode::empty()).map_err(context)?;
        Ok(Self {
            fd,
            path: self.path.join(name),
        })
    }

    /// The same for the user alone.
    pub fn make_private(&self, name: &str) -> Result<Self> {
        self.make(name, 0o700)
    }

    /// What lies under a name; `None` where there is nothing.
    pub fn kind(&self, name: &str) -> Result<Option<Kind>> {
        match rustix::fs::statat(&self.fd, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => Ok(Some(Kind::of(FileType::from_raw_mode(stat.st_mode)))),
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => Err(Error::io("looking at", self.path.join(name), error)),
        }
    }

    /// Names and kinds of what lies in the folder, unsorted. A name that is not UTF-8 is given
    /// with replacement characters: nothing of ours is called that.
    pub fn entries(&self) -> Result<Vec<(String, Kind)>> {
        let context = |error| Error::io("listing", &self.path, error);
        let mut entries = Vec::new();
        for entry in rustix::fs::Dir::read_from(&self.fd).map_err(context)? {
            let entry = entry.map_err(context)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if matches!(name.as_str(), "." | "..") {
                continue;
            }
            let kind = match entry.file_type() {
                FileType::Unknown => self.kind(&name)?.unwrap_or(Kind::Other),
                known => Kind::of(known),
            };
            entries.push((name, kind));
        }
        Ok(entries)
    }

    /// Whether it belongs to this process's user.
    pub fn is_own(&self) -> Result<bool> {
        let stat = rustix::fs::fstat(&self.fd)
            .map_err(|error| Error::io("looking at", &self.path, error))?;
        Ok(stat.st_uid == rustix::process::geteuid().as_raw())
    }

    /// The same, and that nobody else can look into it.
    pub fn is_private(&self) -> Result<bool> {
        let stat = rustix::fs::fstat(&self.fd)
            .map_err(|error| Error::io("looking at", &self.path, error))?;
        Ok(stat.st_mode & 0o077 == 0 && self.is_own()?)
    }

    /// Its device and inode.
    pub fn identity(&self) -> Result<(u64, u64)> {
        let stat = self.fd.try_clone().and_then(|it| File::from(it).metadata());
        let stat = stat.map_err(|error| Error::io("looking at", &self.path, error))?;
        Ok((stat.dev(), stat.ino()))
    }

    /// Opens a regular file beneath this folder for reading; a symlink in its place or on the way
    /// is an error.
    pub fn read(&self, relative: &str) -> io::Result<File> {
        // A pipe must not keep us waiting.
        let file = File::from(super::beneath::open(&self.fd, relative, OFlags::NONBLOCK)?);
        if file.metadata()?.is_file() {
            Ok(file)
        } else {
            Err(io::Error::other("not a regular file"))
        }
    }

    /// Makes a file, which must not exist, with these permission bits (less the umask).
    pub fn create(&self, name: &str, mode: u32) -> Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        strike(Call::Make)
            .and_then(|()| rustix::fs::openat(&self.fd, name, flags, Mode::from_raw_mode(mode)))
            .map(File::from)
            .map_err(|error| Error::io("making", self.path.join(name), error))
    }

    /// Makes a file, which must not exist, with this content.
    pub fn write(&self, name: &str, mode: u32, bytes: &[u8]) -> Result<()> {
        let mut file = self.create(name, mode)?;
        strike(Call::Write)
            .map_err(io::Error::from)
            .and_then(|()| file.write_all(bytes))
            .map_err(|error| Error::io("writing", self.path.join(name), error))
    }

    /// Moves `name` to `new_name` in `to`; whatever lies there already is an error.
    pub fn rename_to(&self, name: &str, to: &Self, new_name: &str) -> Result<()> {
        let flags = RenameFlags::NOREPLACE;
        let rename = || rustix::fs::renameat_with(&self.fd, name, &to.fd, new_name, flags);
        let moved = match strike(Call::Rename).and_then(|()| rename()) {
            // File systems that do not know the flag: look first, then rename.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
                if to.kind(new_name)?.is_some() {
                    Err(rustix::io::Errno::EXIST)
                } else {
                    rustix::fs::renameat(&self.fd, name, &to.fd, new_name)
                }
            }
            moved => moved,
        };
        moved.map_err(|error| Error::io("moving into place", to.path.join(new_name), error))
    }

    /// Removes an empty folder; whether there is none now.
    pub fn remove_empty(&self, name: &str) -> bool {
        let remove = || rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR);
        let removed = strike(Call::Tidy).and_then(|()| remove());
        matches!(removed, Ok(()) | Err(rustix::io::Errno::NOENT))
    }

    /// Removes a file or symlink.
    pub fn remove_file(&self, name: &str) -> io::Result<()> {
        strike(Call::Remove)?;
        Ok(rustix::fs::unlinkat(&self.fd, name, AtFlags::empty())?)
    }

    /// Removes whatever lies under a name, folders with all they hold; symlinks are not followed.
    pub fn remove_tree(&self, name: &str) -> Result<()> {
        let context = |error: io::Error| Error::io("removing", self.path.join(name), error);
        match self.kind(name)? {
            None => Ok(()),
            Some(Kind::Folder) => {
                let inner = self.beneath(name).map_err(context)?;
                while !inner.entries()?.is_empty() {
                    inner.clear(&inner, 0)?;
                }
                strike(Call::Remove)
                    .and_then(|()| rustix::fs::unlinkat(&self.fd, name, AtFlags::REMOVEDIR))
                    .map_err(|error| context(error.into()))
            }
            Some(_) => self.remove_file(name).map_err(context),
        }
    }
}

impl Dir {
    /// Removes what lies in it, but for folders that lie deeper than handles and stack go: they
    /// move up into `top`.
    fn clear(&self, top: &Self, depth: usize) -> Result<()> {
        for (entry, kind) in self.entries()? {
            let context = |error: io::Error| Error::io("removing", self.path.join(&entry), error);
            if kind != Kind::Folder {
                self.remove_file(&entry).map_err(context)?;
            } else if depth < DEEPEST {
                self.beneath(&entry)
                    .map_err(context)?
                    .clear(top, depth + 1)?;
                strike(Call::Remove)
                    .and_then(|()| rustix::fs::unlinkat(&self.fd, &entry, AtFlags::REMOVEDIR))
                    .map_err(|error| context(error.into()))?;
            } else {
                self.rename_to(&entry, top, &super::sixteen_digits())?;
            }
        }
        Ok(())
    }
}

/// How many folders within folders are open at a time, and the most that are counted.
pub(super) const DEEPEST: usize = 200;

impl Kind {
    fn of(kind: FileType) -> Self {
        match kind {
            FileType::RegularFile => Self::File,
            FileType::Directory => Self::Folder,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Folders within each other; paths of that length cannot be named.
    fn nested(top: &Dir, name: &str, depth: usize) {
        let mut folder = top.make(name, 0o755).unwrap();
        for _ in 1..depth {
            folder.write("file", 0o644, b"").unwrap();
            folder = folder.make("a", 0o755).unwrap();
        }
    }

    #[test]
    fn folders_of_any_depth_can_be_removed_and_not_all_are_counted() {
        let home = tempfile::tempdir().unwrap();
        let top = Dir::open(home.path()).unwrap();
        nested(&top, "deep", 30_000);
        nested(&top, "flat", DEEPEST + 1);
        let said = top.facts("deep").unwrap_err().to_string();
        assert!(said.contains("200 folders within each other"), "{said}");
        top.facts("flat").unwrap();
        for name in ["deep", "flat"] {
            top.remove_tree(name).unwrap();
        }
        assert_eq!(top.entries().unwrap(), []);
    }
}
