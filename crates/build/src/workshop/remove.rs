//! Removing what a backend left, whatever it did to its folders.

use std::{
    ffi::CString,
    fs,
    io::{self, ErrorKind},
    os::fd::AsFd,
    path::Path,
};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, RenameFlags, renameat_with, statat};

use super::files::open_folder;

/// Removes whatever lies there, if anything does. No link is followed.
pub fn all(path: &Path) -> io::Result<()> {
    match once(path) {
        Ok(()) => Ok(()),
        Err(_) => flatten(path).and_then(|()| once(path)),
    }
}

fn once(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(it) if it.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Brings every folder up to the top one, open to its owner: a tree may be deeper than files can be open
/// at once or a path can be long, and closed on the way.
fn flatten(path: &Path) -> io::Result<()> {
    open_up(CWD, path)?;
    let top = open_folder(CWD, path)?;
    let mut waiting = folders(&top)?;
    let mut moved = 0_u64;
    while let Some(name) = waiting.pop() {
        let name = as_path(&name);
        open_up(&top, name)?;
        let folder = open_folder(&top, name)?;
        for inner in folders(&folder)? {
            let inner = as_path(&inner);
            // Only a folder that is open to its owner is moved to another.
            open_up(&folder, inner)?;
            let free = loop {
                moved += 1;
                let free = format!("moved-{moved}");
                let flags = RenameFlags::NOREPLACE;
                match renameat_with(&folder, inner, &top, free.as_str(), flags) {
                    Ok(()) => break free,
                    Err(rustix::io::Errno::EXIST) => {}
                    Err(error) => return Err(error.into()),
                }
            };
            waiting.push(CString::new(free)?);
        }
    }
    Ok(())
}

/// The names of the folders in a folder.
fn folders(folder: impl AsFd) -> io::Result<Vec<CString>> {
    let mut names = Vec::new();
    for entry in Dir::read_from(&folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let kind = match entry.file_type() {
            FileType::Unknown => {
                let found = statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
                FileType::from_raw_mode(found.st_mode)
            }
            kind => kind,
        };
        if kind == FileType::Directory {
            names.push(name.to_owned());
        }
    }
    Ok(names)
}

fn as_path(name: &CString) -> &Path {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    Path::new(OsStr::from_bytes(name.to_bytes()))
}

/// Gives a folder's owner every permission to it, and none to what a link leads to: in the weakest tier a
/// process of the build may live on.
#[cfg(target_os = "linux")]
fn open_up(folder: impl AsFd, name: &Path) -> io::Result<()> {
    use std::os::{fd::AsRawFd as _, unix::fs::PermissionsExt as _};

    use rustix::fs::{OFlags, openat};

    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let held = openat(folder, name, flags, Mode::empty())?;
    let held = format!("/proc/self/fd/{}", held.as_raw_fd());
    fs::set_permissions(held, fs::Permissions::from_mode(0o700))
}

#[cfg(not(target_os = "linux"))]
fn open_up(folder: impl AsFd, name: &Path) -> io::Result<()> {
    rustix::fs::chmodat(folder, name, Mode::RWXU, AtFlags::SYMLINK_NOFOLLOW)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::{
        fs::Permissions,
        os::unix::fs::{PermissionsExt as _, symlink},
    };

    use super::*;

    #[test]
    fn closed_folders_go_and_what_links_lead_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (kept, gone) = (folder.path().join("kept"), folder.path().join("gone"));
        fs::create_dir(&kept).unwrap();
        fs::write(kept.join("file"), "").unwrap();
        fs::create_dir_all(gone.join("a/b")).unwrap();
        symlink(&kept, gone.join("a/b/link")).unwrap();
        for closed in ["a/b", "a"] {
            fs::set_permissions(gone.join(closed), Permissions::from_mode(0o000)).unwrap();
        }
        all(&gone).unwrap();
        assert!(!gone.exists() && kept.join("file").exists());
        symlink(&kept, &gone).unwrap();
        all(&gone).unwrap();
        assert!(gone.symlink_metadata().is_err() && kept.join("file").exists());
        all(&gone).unwrap();
    }

    #[test]
    fn a_tree_goes_that_is_deeper_than_a_path_is_long() {
        let folder = tempfile::tempdir().unwrap();
        let gone = folder.path().join("gone");
        fs::create_dir(&gone).unwrap();
        fs::create_dir(gone.join("moved-1")).unwrap();
        let mut at = open_folder(CWD, &gone).unwrap();
        let name = "d".repeat(200);
        for depth in 0..50 {
            rustix::fs::mkdirat(&at, &*name, Mode::RWXU).unwrap();
            let next = open_folder(&at, Path::new(&name)).unwrap();
            if depth % 10 == 0 {
                rustix::fs::fchmod(&at, Mode::empty()).unwrap();
            }
            at = next;
        }
        flatten(&gone).unwrap();
        assert_eq!(fs::read_dir(&gone).unwrap().count(), 51);
        all(&gone).unwrap();
        assert!(!gone.exists());
    }
}
