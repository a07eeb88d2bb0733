//! Opening a folder beneath another one without following any symlink.

use std::{io, os::fd::OwnedFd};

use rustix::fs::{Mode, OFlags};

/// Opens `relative` beneath `root` for reading. `..`, an absolute path, a mount of magic links or a
/// symlink anywhere on the way fails; see [`leads_out`]. With [`OFlags::DIRECTORY`] the empty path
/// is the root itself.
pub(super) fn open(root: &OwnedFd, relative: &str, flags: OFlags) -> io::Result<OwnedFd> {
    let flags = flags | OFlags::RDONLY | OFlags::CLOEXEC;
    if relative.is_empty() {
        return Ok(rustix::fs::openat(root, ".", flags, Mode::empty())?);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::{fs::ResolveFlags, io::Errno};
        let resolve =
            ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS | ResolveFlags::NO_MAGICLINKS;
        match rustix::fs::openat2(root, relative, flags, Mode::empty(), resolve) {
            // Kernels before 5.6, and sandboxes whose filter does not know the call.
            Err(Errno::NOSYS | Errno::PERM | Errno::AGAIN) => {}
            result => return Ok(result?),
        }
    }
    step_by_step(root, relative, flags)
}

/// The same with one `openat` for each part.
fn step_by_step(root: &OwnedFd, relative: &str, flags: OFlags) -> io::Result<OwnedFd> {
    const FOLDER: OFlags = OFlags::RDONLY
        .union(OFlags::DIRECTORY)
        .union(OFlags::CLOEXEC)
        .union(OFlags::NOFOLLOW);
    let (way, name) = relative.rsplit_once('/').unwrap_or(("", relative));
    let mut current = rustix::fs::openat(root, ".", FOLDER, Mode::empty())?;
    let parts = way.split('/').filter(|_| !way.is_empty());
    for (part, flags) in parts.map(|it| (it, FOLDER)).chain([(name, flags)]) {
        if matches!(part, "" | "." | "..") {
            return Err(rustix::io::Errno::XDEV.into());
        }
        let flags = flags | OFlags::NOFOLLOW;
        current = rustix::fs::openat(&current, part, flags, Mode::empty())?;
    }
    Ok(current)
}

/// Whether opening failed because the path leaves its root or goes through something that is not
/// a folder of its own (a symlink, a file).
pub(crate) fn leads_out(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::LOOP, Errno::XDEV, Errno::NOTDIR]
        .iter()
        .any(|it| error.raw_os_error() == Some(it.raw_os_error()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn symlinks_and_parents_are_refused_and_plain_folders_open() {
        let outside = tempfile::tempdir().unwrap();
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("a/b")).unwrap();
        symlink(outside.path(), root.path().join("a/out")).unwrap();
        symlink("b", root.path().join("a/in")).unwrap();
        std::fs::write(root.path().join("a/file"), "").unwrap();
        let handle: OwnedFd = std::fs::File::open(root.path()).unwrap().into();
        std::fs::write(outside.path().join("x"), "").unwrap();
        symlink("file", root.path().join("a/link")).unwrap();
        let (folder, file) = (OFlags::DIRECTORY, OFlags::NONBLOCK);
        for way in [open, step_by_step] {
            way(&handle, "a/b", folder).unwrap();
            way(&handle, "a/file", file).unwrap();
            for bad in ["a/out", "a/in", "a/file", "a/../..", ".."] {
                let error = way(&handle, bad, folder).unwrap_err();
                assert!(leads_out(&error), "{bad}: {error}");
            }
            for bad in ["a/out/x", "a/link", "../x", "a/file/x"] {
                let error = way(&handle, bad, file).unwrap_err();
                assert!(leads_out(&error), "{bad}: {error}");
            }
            for flags in [folder, file] {
                let missing = way(&handle, "a/none", flags).unwrap_err();
                assert!(!leads_out(&missing) && missing.kind() == io::ErrorKind::NotFound);
            }
        }
    }
}
