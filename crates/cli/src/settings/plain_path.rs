//! A path as a person would write it.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

/// The same place without `.`, and without `..` where it leads back out of a folder that is no link: out
/// of one it may lead elsewhere than it seems.
pub fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if is_folder(&plain) => drop(plain.pop()),
            other => plain.push(other),
        }
    }
    plain
}

fn is_folder(path: &Path) -> bool {
    let is_named = matches!(path.components().next_back(), Some(Component::Normal(_)));
    is_named && fs::symlink_metadata(path).is_ok_and(|it| it.is_dir())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn a_plain_path_leads_to_the_same_place() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| plain(&folder.path().join(path));
        fs::create_dir_all(folder.path().join("a/b")).unwrap();
        symlink("a/b", folder.path().join("link")).unwrap();
        let whole = |path: &str| folder.path().join(path);
        assert_eq!(at("./a/./x"), whole("a/x"));
        assert_eq!(at("a/b/../../x"), whole("x"));
        for same in ["link/../x", "missing/../x", "link"] {
            assert_eq!(at(same), whole(same));
        }
        assert_eq!(plain(Path::new("/../x")), Path::new("/../x"));
    }
}
