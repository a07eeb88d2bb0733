//! Files that somebody else wrote: opened without following, and read to a limit.

use std::{
    fs::{File, OpenOptions, Permissions},
    io::{self, Read as _},
    os::{
        fd::AsFd,
        unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    },
    path::Path,
};

use rustix::fs::{Mode, OFlags, openat};

/// Opens a regular file, relative to a folder; whatever else has that name is an error. Nothing is
/// waited for.
pub fn open_regular(folder: impl AsFd, name: &Path, flags: OFlags) -> io::Result<File> {
    let flags = flags | OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
    let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = match openat(folder, name, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::LOOP) => return Err(invalid("it is a link")),
        Err(error) => return Err(error.into()),
    };
    match file.metadata()?.is_file() {
        true => Ok(file),
        false => Err(invalid("it is not a regular file")),
    }
}

/// Opens a folder that is no link.
pub fn open_folder(folder: impl AsFd, name: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    match openat(folder, name, flags, Mode::empty()) {
        Ok(folder) => Ok(File::from(folder)),
        Err(rustix::io::Errno::LOOP | rustix::io::Errno::NOTDIR) => {
            Err(invalid("it is not a folder"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Opens a regular file that has no other name, and at most so many bytes: what a backend left.
pub fn open_left(folder: impl AsFd, name: &str, most: u64) -> io::Result<File> {
    let file = open_regular(folder, Path::new(name), OFlags::empty())?;
    let metadata = file.metadata()?;
    if metadata.nlink() != 1 {
        return Err(invalid("it has another name, too"));
    }
    if metadata.len() > most {
        return Err(too_long(most));
    }
    Ok(file)
}

/// All of it, or an error where that is more than so many bytes.
pub fn limited(file: File, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > most {
        true => Err(too_long(most)),
        false => Ok(bytes),
    }
}

/// A new file, where nothing is, not even a link.
pub fn create(path: &Path, executable: bool) -> io::Result<File> {
    let mode = if executable { 0o755 } else { 0o644 };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(mode);
    let file = options.open(path)?;
    // Whatever the umask.
    file.set_permissions(Permissions::from_mode(mode))?;
    Ok(file)
}

pub fn too_long(most: u64) -> io::Error {
    let fact = format!("it has more than {most} bytes");
    io::Error::new(io::ErrorKind::FileTooLarge, fact)
}

fn invalid(fact: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, fact)
}
