//! Trees whose `.git` is a file: work trees and submodules, whose repository lies elsewhere. Version tools
//! need it in the copy.
//!
//! The file is a part of the tree, and a tree is a stranger's as often as not: what it leads to is taken
//! only where that says, in turn, that this tree is its own.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use rustix::fs::{CWD, OFlags};

use super::{
    files::{create, limited, open_regular},
    git_settings,
};

/// The files that git keeps for itself are short.
const MOST: u64 = 1 << 20;
/// What every work tree of a repository shares.
const SHARED: [&str; 4] = ["objects", "packed-refs", "refs", "shallow"];
/// What each has of its own.
const OWN: [&str; 2] = ["HEAD", "index"];

/// A repository, as the tree's `.git` leads to it.
#[derive(Debug, PartialEq, Eq)]
pub struct Repository {
    /// What is the tree's own, and lies in `shared`, too, for a submodule.
    own: PathBuf,
    shared: PathBuf,
}

impl Repository {
    /// Of a tree whose `.git` is a file; the reason, where there is none that belongs to it.
    pub fn of(root: &Path) -> Result<Self, String> {
        let root = root.canonicalize().map_err(|it| it.to_string())?;
        let pointer = line(&root.join(".git"))?;
        let leads_to = pointer.strip_prefix("gitdir:").map(str::trim);
        let leads_to = leads_to.ok_or("its .git does not say where its repository is")?;
        let own = found(&root.join(leads_to))?;
        if own.join("commondir").symlink_metadata().is_ok() {
            return Self::of_work_tree(&root, own);
        }
        let config = text(&own.join("config"))?;
        let back = config.lines().rev().find_map(|it| {
            let (key, value) = it.split_once('=')?;
            (key.trim() == "worktree").then(|| value.trim())
        });
        match back.map(|it| found(&own.join(it))) {
            Some(Ok(back)) if back == root => Ok(Self {
                shared: own.clone(),
                own,
            }),
            _ => Err(not_its_own(&own)),
        }
    }

    fn of_work_tree(root: &Path, own: PathBuf) -> Result<Self, String> {
        let shared = found(&own.join(line(&own.join("commondir"))?))?;
        let back = found(&own.join(line(&own.join("gitdir"))?))?;
        let is_known = own.parent() == Some(&shared.join("worktrees"));
        match is_known && back == root.join(".git") {
            true => Ok(Self { own, shared }),
            false => Err(not_its_own(&own)),
        }
    }

    /// Folders, and the names of what is copied of each.
    pub fn parts(&self) -> [(&Path, &'static [&'static str]); 2] {
        [(&self.own, &OWN), (&self.shared, &SHARED)]
    }

    /// Writes the settings, for a repository that lies in the tree.
    pub fn write_config(&self, to: &Path) -> io::Result<()> {
        let from = self.shared.join("config");
        let mut file = create(to, false)?;
        file.write_all(settings(&from)?.as_bytes())?;
        // Of two values the later is the one that counts.
        file.write_all(b"\n[core]\n\tbare = false\n\tworktree = ..\n")
    }
}

/// Writes those of a repository's settings that a build may see.
pub fn copy_settings(from: &Path, to: &Path) -> io::Result<()> {
    create(to, false)?.write_all(settings(from)?.as_bytes())
}

fn settings(from: &Path) -> io::Result<String> {
    let text = limited(open_regular(CWD, from, OFlags::empty())?, MOST)?;
    Ok(git_settings::plain(&text))
}

fn not_its_own(folder: &Path) -> String {
    format!("its .git leads to {folder:?}, which does not know it")
}

fn found(path: &Path) -> Result<PathBuf, String> {
    fs::canonicalize(path).map_err(|error| format!("{path:?}, to which its .git leads: {error}"))
}

fn text(path: &Path) -> Result<String, String> {
    let bytes = open_regular(CWD, path, OFlags::empty()).and_then(|it| limited(it, MOST));
    let text = bytes.and_then(|it| String::from_utf8(it).map_err(io::Error::other));
    text.map_err(|error| format!("{path:?}: {error}"))
}

fn line(path: &Path) -> Result<String, String> {
    text(path).map(|it| it.trim().to_owned())
}
