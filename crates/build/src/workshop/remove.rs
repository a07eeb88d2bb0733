//! Removing what a backend left, whatever it did to its folders.

use std::{
    fs::{self, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

/// Removes whatever lies there, if anything does. No link is followed.
pub fn all(path: &Path) -> io::Result<()> {
    match once(path) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            open_up(path);
            once(path)
        }
        removed => removed,
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

/// Gives the owner every permission to the folder and all below it. What fails shows when it is removed.
fn open_up(path: &Path) {
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let is_folder = fs::symlink_metadata(&folder).is_ok_and(|it| it.is_dir());
        if !is_folder || fs::set_permissions(&folder, Permissions::from_mode(0o700)).is_err() {
            continue;
        }
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        folders.extend(entries.flatten().map(|it| it.path()));
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

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
}
