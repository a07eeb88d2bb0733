//! Places: paths relative to a root that is open.

use std::path::{Component, Path, PathBuf};

use crate::{Error, Result, sys::Dir};

/// A folder beneath which everything is opened without following symlinks.
#[derive(Debug)]
pub(crate) struct Root {
    /// Canonical.
    pub path: PathBuf,
    pub dir: Dir,
}

/// A file or folder of an environment: canonical parts below a root, no symlink among them when it
/// was made; empty for the root itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub root: usize,
    pub path: String,
}

impl Place {
    /// A file or folder inside this one.
    pub fn join(&self, relative: &str) -> Self {
        let path = match (self.path.as_str(), relative) {
            (_, "") => self.path.clone(),
            ("", _) => relative.to_owned(),
            (own, _) => format!("{own}/{relative}"),
        };
        Self {
            root: self.root,
            path,
        }
    }

    /// Its own name; empty for a root.
    pub fn name(&self) -> &str {
        self.path.rsplit_once('/').map_or(&self.path, |it| it.1)
    }

    /// The folder it lies in and its name; `None` for a root.
    pub fn split(&self) -> Option<(Self, &str)> {
        let (folder, name) = match self.path.rsplit_once('/') {
            Some(parts) => parts,
            None if self.path.is_empty() => return None,
            None => ("", self.path.as_str()),
        };
        Some((
            Self {
                root: self.root,
                path: folder.to_owned(),
            },
            name,
        ))
    }

    /// The path relative to a folder that holds it; empty for the folder itself.
    pub fn below(&self, folder: &Self) -> Option<&str> {
        if self.root != folder.root {
            return None;
        }
        match self.path.strip_prefix(folder.path.as_str())? {
            "" => Some(""),
            rest if folder.path.is_empty() => Some(rest),
            rest => rest.strip_prefix('/'),
        }
    }
}

/// Collects the roots of an environment.
pub(super) struct Roots {
    base: PathBuf,
    may_leave: bool,
    roots: Vec<Root>,
}

impl Roots {
    /// The first root is the base folder, or the nearest folder above it that exists.
    /// `may_leave`: whether places outside of it get roots of their own, as an installation's
    /// scheme needs; in a virtual environment a symlink is all that leads out.
    pub fn new(base: &Path, may_leave: bool) -> Result<Self> {
        let (existing, _) = nearest(base)?;
        let dir = Dir::open(&existing)?;
        let roots = vec![Root {
            path: existing,
            dir,
        }];
        Ok(Self {
            base: base.to_owned(),
            may_leave,
            roots,
        })
    }

    /// The place of a path that sysconfig gave, symlinks resolved.
    pub fn place(&mut self, path: &Path) -> Result<Place> {
        let (existing, missing) = nearest(path)?;
        let full = existing.join(&missing);
        if let Some(place) = find(&self.roots, &full) {
            return Ok(place);
        }
        if !self.may_leave {
            return Err(Error::Environment {
                path: self.base.clone(),
                why: format!("{} leads out of it, to {}", path.display(), full.display()),
            });
        }
        let dir = Dir::open(&existing)?;
        self.roots.push(Root {
            path: existing,
            dir,
        });
        let path = utf8(&missing)?;
        Ok(Place {
            root: self.roots.len() - 1,
            path,
        })
    }

    pub fn into_vec(self) -> Vec<Root> {
        self.roots
    }
}

/// The place of an absolute path beneath one of the roots. `.` and `..` are taken away first; no
/// symlink is resolved.
pub(super) fn find(roots: &[Root], path: &Path) -> Option<Place> {
    let path = normalized(path)?;
    roots.iter().enumerate().find_map(|(root, it)| {
        let rest = path.strip_prefix(&it.path).ok()?;
        Some(Place {
            root,
            path: rest.to_str()?.to_owned(),
        })
    })
}

/// The longest part of a path that exists, canonical, and the rest.
fn nearest(path: &Path) -> Result<(PathBuf, PathBuf)> {
    let path = normalized(path).ok_or_else(|| Error::Environment {
        path: path.to_owned(),
        why: "is no absolute path".to_owned(),
    })?;
    for ancestor in path.ancestors() {
        match ancestor.canonicalize() {
            Ok(existing) => {
                let rest = path.strip_prefix(ancestor).unwrap_or(Path::new(""));
                return Ok((existing, rest.to_owned()));
            }
            // A dangling symlink would be followed once its target appears.
            Err(error)
                if error.kind() == std::io::ErrorKind::NotFound
                    && ancestor.symlink_metadata().is_err() => {}
            Err(error) => return Err(Error::io("resolving", ancestor, error)),
        }
    }
    Err(Error::io(
        "resolving",
        path,
        std::io::Error::from(std::io::ErrorKind::NotFound),
    ))
}

/// An absolute path without `.` and `..`; `None` where it is relative or climbs above the top.
fn normalized(path: &Path) -> Option<PathBuf> {
    let mut clean = PathBuf::new();
    for component in path.components() {
        match component {
            Component::RootDir | Component::Prefix(_) => clean.push(component),
            Component::CurDir => {}
            Component::ParentDir => {
                clean.file_name()?;
                clean.pop();
            }
            Component::Normal(part) => clean.push(part),
        }
    }
    clean.is_absolute().then_some(clean)
}

fn utf8(path: &Path) -> Result<String> {
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| Error::Environment {
            path: path.to_owned(),
            why: "its path is not UTF-8".to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(path: &str) -> Place {
        Place {
            root: 0,
            path: path.to_owned(),
        }
    }

    #[test]
    fn places_are_compared_part_by_part() {
        assert_eq!(place("a/b/c").below(&place("a/b")), Some("c"));
        assert_eq!(place("a/b").below(&place("a/b")), Some(""));
        assert_eq!(place("a/b").below(&place("")), Some("a/b"));
        assert_eq!(place("a/bc").below(&place("a/b")), None);
        assert_eq!(place("a").join("b/c"), place("a/b/c"));
        assert_eq!(place("").join("b"), place("b"));
        assert_eq!(place("a/b").split(), Some((place("a"), "b")));
        assert_eq!(place("a").split(), Some((place(""), "a")));
        assert_eq!(place("").split(), None);
        for path in ["a/b", "b", ""] {
            let whole = place(path);
            assert_eq!(whole.split().map_or("", |(_, name)| name), whole.name());
        }
    }

    #[test]
    fn a_path_that_climbs_out_has_no_place() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().canonicalize().unwrap();
        let dir = Dir::open(&path).unwrap();
        let roots = [Root {
            path: path.clone(),
            dir,
        }];
        assert_eq!(find(&roots, &path.join("a/../b")), Some(place("b")));
        assert_eq!(find(&roots, &path.join("../b")), None);
        let sibling = format!("{}-evil/b", path.display());
        assert_eq!(find(&roots, Path::new(&sibling)), None);
        assert_eq!(find(&roots, Path::new("b")), None);
    }
}
