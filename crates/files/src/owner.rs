//! Whether somebody else than the user and root could have made or changed a file.

use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use crate::{Error, Result};

const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

/// Why somebody else could have made or changed it, as a clause about it; `None` where nobody could.
pub fn objection(stat: &Metadata) -> Option<String> {
    let by_group = stat.mode() & 0o020 != 0 && !is_private_group(stat.gid());
    let by_others = by_group || stat.mode() & OTHERS_WRITE != 0;
    foreign_owner(stat).or_else(|| by_others.then(|| writable(stat)))
}

/// Whose it is, where it is neither the user's nor root's.
pub fn foreign_owner(stat: &Metadata) -> Option<String> {
    let (owner, user) = (stat.uid(), user());
    let fact = || format!("belongs to user {owner}, and assay runs as user {user}");
    (owner != user && owner != 0).then(fact)
}

/// What lets somebody else put another file in this one's place, or one beside it: the first thing on the
/// way, as it is written and as it leads, to which there is an [`objection`], and that. The path is
/// absolute. Who may connect to a socket is not asked.
pub fn objection_on_the_way(file: &Path) -> Result<Option<(PathBuf, String)>> {
    let resolved = fs::canonicalize(file).map_err(|it| Error::io("looking for", file, it))?;
    let stat = looked_at(&resolved)?;
    let own = (stat.is_file() || stat.is_dir()).then_some(resolved.as_path());
    // Interpreters take modules from the folder of a script, and programs libraries from theirs.
    let folders = [file.parent(), resolved.parent()].map(|it| it.filter(|_| !stat.is_dir()));
    for path in own.into_iter().chain(folders.into_iter().flatten()) {
        let stat = fs::metadata(path).map_err(|it| Error::io("looking at", path, it))?;
        if let Some(objection) = objection(&stat) {
            return Ok(Some((path.to_owned(), objection)));
        }
    }
    for path in file.ancestors().chain(resolved.ancestors()) {
        let stat = looked_at(path)?;
        let objection = match stat.is_dir() {
            true => objection_to_folder_above(&stat),
            false => foreign_owner(&stat),
        };
        if let Some(objection) = objection {
            return Ok(Some((path.to_owned(), objection)));
        }
    }
    Ok(None)
}

/// The thing itself, be it a link.
fn looked_at(path: &Path) -> Result<Metadata> {
    fs::symlink_metadata(path).map_err(|it| Error::io("looking at", path, it))
}

/// In a folder that everybody can write to nobody else can replace our files if it is sticky, as /tmp is.
fn objection_to_folder_above(stat: &Metadata) -> Option<String> {
    let anybody = stat.mode() & OTHERS_WRITE != 0 && stat.mode() & STICKY == 0;
    foreign_owner(stat).or_else(|| anybody.then(|| writable(stat)))
}

fn writable(stat: &Metadata) -> String {
    let mode = stat.mode() & 0o7777;
    format!("can be written to by other users (mode {mode:04o})")
}

/// Systems that give each user a group of the same number let it write by default (umask 002).
fn is_private_group(group: u32) -> bool {
    group == user()
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}
