//! What an editable build made in the copy of the user's folder, and what of it is put there.
//!
//! An editable wheel leads to the user's own folder, in which a build cannot write. Extension modules that
//! a backend builds in place have to lie there, or nothing can be imported: these, and nothing else, are
//! put into folders that are there, and never through a link.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    path::{Path, PathBuf},
};

use assay_types::{SafePath, Sha256};
use rustix::{
    fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, openat, renameat, statat, unlinkat},
    process::geteuid,
};

use super::{
    Workshop, below,
    files::{limited, open_folder, open_left, open_regular},
    tree::digest,
};
use crate::{Error, Result};

/// A copy with what was built in it has no more entries.
const MOST_ENTRIES: usize = 500_000;
/// Folders that backends work in.
const OF_BACKENDS: [&str; 3] = ["build", "dist", "__pycache__"];

/// What an editable build made in the copy of the project's folder, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MadeInPlace {
    /// Extension modules that are new or changed.
    pub modules: Vec<NativeModule>,
    /// Other modules that are new: the user's folder lacks them.
    pub others: Vec<SafePath>,
}

/// An extension module.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NativeModule {
    /// Below the project's folder.
    pub path: SafePath,
    /// Its content.
    pub sha256: Sha256,
}

impl NativeModule {
    /// Whether it lies in the project's folder, as it was built.
    pub fn is_in(&self, project: &Path) -> bool {
        let found = || -> io::Result<Sha256> {
            let (folder, name) = place(project, &self.path)?;
            digest(open_regular(folder, Path::new(name), OFlags::empty())?)
        };
        found().is_ok_and(|it| it == self.sha256)
    }
}

impl Workshop {
    /// What the last run made in the copy. `python`: major and minor version of the Python for which it
    /// was built.
    ///
    /// # Errors
    ///
    /// Something may still be running, or a folder of the copy cannot be looked at.
    pub fn made_in_place(&self, python: (u64, u64)) -> Result<MadeInPlace> {
        let project = self.project();
        let failed = |error| Error::io("looking for what was built in", &project, error);
        let most = self.largest().map_err(failed)?;
        let mut walk = Walk {
            made: MadeInPlace::default(),
            left: MOST_ENTRIES,
            most,
            python,
            known: &self.modules,
            above: self.subdirectory().map_or("", SafePath::as_str),
        };
        let root = open_folder(CWD, &project).map_err(failed)?;
        walk.folder(&root, "").map_err(failed)?;
        walk.made.modules.sort();
        walk.made.others.sort();
        Ok(walk.made)
    }

    /// Puts a module into the project's folder of the user's: where nothing is, or in place of a regular
    /// file.
    ///
    /// # Errors
    ///
    /// Its folder is not there, a link, or somebody else's; or the module is not what it was.
    pub fn bring_back(&self, module: &NativeModule, project: &Path) -> Result<()> {
        let failed = |error| Error::io("putting", &below(project, Some(&module.path)), error);
        let most = self.largest().map_err(failed)?;
        let (folder, name) = place(&self.project(), &module.path).map_err(failed)?;
        let built = open_left(folder, name, most).and_then(|it| limited(it, most));
        let built = built.map_err(failed)?;
        if assay_trust::sha256(&built) != module.sha256 {
            return Err(failed(io::Error::other("it has changed")));
        }
        put(project, &module.path, &built).map_err(failed)
    }
}

/// A module's folder, without a link on the way, and its name there.
fn place<'a>(project: &Path, path: &'a SafePath) -> io::Result<(File, &'a str)> {
    let (folders, name) = path
        .as_str()
        .rsplit_once('/')
        .unwrap_or(("", path.as_str()));
    let mut folder = open_folder(CWD, project)?;
    for part in folders.split('/').filter(|it| !it.is_empty()) {
        folder = open_folder(&folder, Path::new(part))?;
    }
    Ok((folder, name))
}

/// Writes a file beside its place and renames it, in a folder of the user's own.
fn put(project: &Path, path: &SafePath, content: &[u8]) -> io::Result<()> {
    let (folder, name) = place(project, path)?;
    if rustix::fs::fstat(&folder)?.st_uid != geteuid().as_raw() {
        return Err(io::Error::other("its folder is somebody else's"));
    }
    match statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(found) if FileType::from_raw_mode(found.st_mode) != FileType::RegularFile => {
            return Err(io::Error::other("something else than a file has its name"));
        }
        Ok(_) | Err(rustix::io::Errno::NOENT) => {}
        Err(error) => return Err(error.into()),
    }
    let beside = format!(
        ".{}.assay-{}",
        &name[..name.len().min(100)],
        std::process::id()
    );
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let file = openat(&folder, &beside, flags, Mode::from_raw_mode(0o755))?;
    let written = io::Write::write_all(&mut File::from(file), content);
    let placed = written.and_then(|()| Ok(renameat(&folder, &beside, &folder, name)?));
    if placed.is_err() {
        // What stays is named after us.
        let _ = unlinkat(&folder, &beside, AtFlags::empty());
    }
    placed
}

/// Through a tree that a backend left.
struct Walk<'a> {
    made: MadeInPlace,
    left: usize,
    most: u64,
    python: (u64, u64),
    /// Modules that were there before, by their path in the tree.
    known: &'a BTreeMap<PathBuf, Sha256>,
    above: &'a str,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &File, path: &str) -> io::Result<()> {
        if path.split('/').count() > 64 {
            return Err(io::Error::other("its folders are too deep"));
        }
        for entry in Dir::read_from(folder)? {
            let entry = entry?;
            // What no module's name can be is none.
            let Ok(name) = entry.file_name().to_str() else {
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            let more = self.left.checked_sub(1);
            self.left = more.ok_or_else(|| io::Error::other("it has too many files"))?;
            let inner = if path.is_empty() {
                name.to_owned()
            } else {
                format!("{path}/{name}")
            };
            let found = statat(folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
            match FileType::from_raw_mode(found.st_mode) {
                FileType::Directory if !is_of_a_backend(name) => {
                    self.folder(&open_folder(folder, Path::new(name))?, &inner)?;
                }
                FileType::RegularFile => self.file(folder, name, &inner)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn file(&mut self, folder: &File, name: &str, path: &str) -> io::Result<()> {
        let before = self.known.get(&Path::new(self.above).join(path));
        let Ok(path) = SafePath::parse(path) else {
            return Ok(());
        };
        if is_extension_module(name, self.python) {
            let sha256 = digest(open_left(folder, name, self.most)?)?;
            if before != Some(&sha256) {
                self.made.modules.push(NativeModule { path, sha256 });
            }
        } else if name.ends_with(".py") && before.is_none() {
            self.made.others.push(path);
        }
        Ok(())
    }
}

fn is_of_a_backend(name: &str) -> bool {
    OF_BACKENDS.contains(&name) || name.ends_with(".egg-info")
}

/// Whether a file is one that matters here.
pub fn is_module(name: &str) -> bool {
    name.ends_with(".so") || name.ends_with(".py")
}

/// Whether this Python imports such a file: `x.so`, `x.abi3.so`, `x.cpython-311-x86_64-linux-gnu.so`.
fn is_extension_module(name: &str, (major, minor): (u64, u64)) -> bool {
    let Some((stem, tag)) = name
        .strip_suffix(".so")
        .map(|it| it.split_once('.').unwrap_or((it, "")))
    else {
        return false;
    };
    let is_name = !stem.is_empty()
        && !stem.starts_with(|c: char| c.is_ascii_digit())
        && stem.chars().all(|c| c == '_' || c.is_alphanumeric());
    let own = tag.strip_prefix(&format!("cpython-{major}{minor}"));
    let is_own =
        own.is_some_and(|it| !it.starts_with(|c: char| c.is_ascii_digit()) && !it.contains('.'));
    is_name && (is_own || matches!(tag, "" | "abi3" | "abi3t"))
}

#[cfg(test)]
mod tests {
    use super::is_extension_module;

    #[test]
    fn extension_modules_are_known_by_their_names() {
        let own = |it| is_extension_module(it, (3, 11));
        for name in [
            "x.so",
            "_x1.abi3.so",
            "x.cpython-311-x86_64-linux-gnu.so",
            "x.cpython-311.so",
        ] {
            assert!(own(name), "{name}");
        }
        for name in [
            "x.py",
            ".so",
            "lib-x.so",
            "libx.so.1",
            "1x.so",
            "x.cpython-312-x86_64-linux-gnu.so",
            "x.cpython-3111-x86_64-linux-gnu.so",
            "x.cpython-311.y.so",
            "x.other.so",
        ] {
            assert!(!own(name), "{name}");
        }
    }
}
