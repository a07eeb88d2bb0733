//! Bringing a file of the store into an environment: reflink, hard link or copy.

use std::{
    io,
    sync::atomic::{AtomicU8, Ordering},
};

use rustix::{
    fs::{AtFlags, Mode, OFlags},
    io::Errno,
};

use super::{
    Dir,
    fault::{Call, strike},
    stamp::is_sealed,
};
use crate::LinkMode;

/// Places files, and remembers which way works on this pair of file systems.
#[derive(Debug)]
pub(crate) struct Linker {
    way: AtomicU8,
    may_fall_back: bool,
}

const REFLINK: u8 = 0;
const HARD_LINK: u8 = 1;
const COPY: u8 = 2;

impl Linker {
    /// Starts with the best way that `mode` allows.
    pub fn new(mode: LinkMode) -> Self {
        let way = match mode {
            LinkMode::Auto | LinkMode::Reflink => REFLINK,
            LinkMode::HardLink => HARD_LINK,
            LinkMode::Copy => COPY,
        };
        Self {
            way: AtomicU8::new(way),
            may_fall_back: mode == LinkMode::Auto,
        }
    }

    /// Makes `name` in `to` from `stored` in `from`. Nothing may lie there.
    pub fn place(
        &self,
        from: &Dir,
        stored: &str,
        (to, name): (&Dir, &str),
        executable: bool,
    ) -> io::Result<()> {
        strike(Call::Make)?;
        loop {
            let way = self.way.load(Ordering::Relaxed);
            let result = match way {
                REFLINK => reflink(from, stored, to, name, executable),
                HARD_LINK => rustix::fs::linkat(&from.fd, stored, &to.fd, name, AtFlags::empty()),
                _ => return copy(from, stored, to, name, executable),
            };
            match result {
                Ok(()) => return Ok(()),
                Err(error) if self.may_fall_back && is_unsupported(error) => {
                    // A full link count is this file's affair alone, the rest the file system's.
                    if error == Errno::MLINK {
                        return copy(from, stored, to, name, executable);
                    }
                    self.way.store(way + 1, Ordering::Relaxed);
                }
                Err(error) if is_unsupported(error) => return Err(explained(error)),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The user asked for one way, and it does not lead there.
fn explained(error: Errno) -> io::Error {
    let error = io::Error::from(error);
    let text = format!("{error}; --link-mode auto takes a way that these file systems have");
    io::Error::new(error.kind(), text)
}

fn is_unsupported(error: Errno) -> bool {
    matches!(
        error,
        Errno::XDEV
            | Errno::MLINK
            | Errno::PERM
            | Errno::OPNOTSUPP
            | Errno::NOTTY
            | Errno::INVAL
            | Errno::NOSYS
    )
}

fn reflink(from: &Dir, stored: &str, to: &Dir, name: &str, executable: bool) -> Result<(), Errno> {
    let source = open_stored(from, stored)?;
    let target = open_new(to, name, executable)?;
    let result = clone(&target, &source);
    if result.is_err() {
        drop(target);
        rustix::fs::unlinkat(&to.fd, name, AtFlags::empty())?;
    }
    result
}

#[cfg(target_os = "linux")]
fn clone(target: &std::fs::File, source: &std::fs::File) -> Result<(), Errno> {
    rustix::fs::ioctl_ficlone(target, source)
}

#[cfg(not(target_os = "linux"))]
fn clone(_: &std::fs::File, _: &std::fs::File) -> Result<(), Errno> {
    Err(Errno::OPNOTSUPP)
}

fn copy(from: &Dir, stored: &str, to: &Dir, name: &str, executable: bool) -> io::Result<()> {
    let mut source = open_stored(from, stored)?;
    let mut target = open_new(to, name, executable)?;
    io::copy(&mut source, &mut target)?;
    // It was what it should be before; somebody may have cut it short since.
    match is_sealed(&source)? {
        true => Ok(()),
        false => Err(io::Error::other("the store's file was changed meanwhile")),
    }
}

fn open_stored(from: &Dir, stored: &str) -> Result<std::fs::File, Errno> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    rustix::fs::openat(&from.fd, stored, flags, Mode::empty()).map(Into::into)
}

/// A copy belongs to the environment alone, so its owner may write to it.
fn open_new(to: &Dir, name: &str, executable: bool) -> Result<std::fs::File, Errno> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let mode = Mode::from_raw_mode(if executable { 0o777 } else { 0o666 });
    rustix::fs::openat(&to.fd, name, flags, mode).map(Into::into)
}

#[cfg(test)]
mod tests {
    use std::{fs, io::Write as _};

    use super::*;
    use crate::sys::seal;

    fn stored(folder: &std::path::Path) -> Dir {
        let mut file = fs::File::create(folder.join("0")).unwrap();
        file.write_all(b"text").unwrap();
        seal(&file, false, 1_000_000_000).unwrap();
        Dir::open(folder).unwrap()
    }

    #[test]
    fn a_copy_of_a_file_that_was_cut_short_meanwhile_is_no_copy() {
        let place = tempfile::tempdir().unwrap();
        let from = stored(place.path());
        let place_as = |name| {
            let linker = Linker::new(LinkMode::Copy);
            linker.place(&from, "0", (&from, name), false)
        };
        place_as("sealed").unwrap();
        assert_eq!(fs::read(place.path().join("sealed")).unwrap(), b"text");
        let path = place.path().join("0");
        fs::remove_file(&path).unwrap();
        fs::write(&path, "te").unwrap();
        let error = place_as("short").unwrap_err();
        assert!(error.to_string().contains("meanwhile"), "{error}");
    }

    #[test]
    fn only_auto_goes_on_where_file_systems_do_not_share() {
        let place = tempfile::tempdir().unwrap();
        let Ok(elsewhere) = tempfile::tempdir_in("/dev/shm") else {
            println!("skipped: no /dev/shm");
            return;
        };
        let from = stored(place.path());
        let to = Dir::open(elsewhere.path()).unwrap();
        let place_by = |mode| Linker::new(mode).place(&from, "0", (&to, "file"), false);
        if place_by(LinkMode::HardLink).is_ok() {
            println!("skipped: /dev/shm and the temporary folder are one file system");
            return;
        }
        for mode in [LinkMode::HardLink, LinkMode::Reflink] {
            let error = place_by(mode).unwrap_err();
            assert!(error.to_string().contains("--link-mode auto"), "{error}");
        }
        place_by(LinkMode::Auto).unwrap();
        assert_eq!(fs::read(elsewhere.path().join("file")).unwrap(), b"text");
    }
}
