//! The environment that nobody named: `.venv` in the working folder or above it.
//!
//! Using it runs its interpreter, and what lies in a folder is not the user's choice: a clone brings
//! its `.venv` along, and another user can leave one wherever everybody can write. So it counts only
//! where the user or root alone could have put it there, and only where its interpreter is a link to
//! one that did not come with it.

use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use super::find::executable_in;
use crate::{Error, Result};

const STICKY: u32 = 0o1000;

/// Says what is wrong with a file or folder, if anything.
type Rule = fn(&Metadata) -> Option<String>;

/// The nearest `.venv` from `folder` upwards. The search ends at the first folder in which others
/// could have put one. One that is found and does not count is an error: nobody expects that an
/// install goes past it, to another Python.
pub(super) fn environment(folder: &Path) -> Result<Option<PathBuf>> {
    for above in folder.ancestors() {
        // What cannot be looked at is nobody's environment.
        let Ok(stat) = fs::metadata(above) else {
            return Ok(None);
        };
        let found = above.join(".venv");
        if found.join("pyvenv.cfg").symlink_metadata().is_ok() && !is_planted(&found, &stat) {
            check(above, &found)?;
            return Ok(Some(found));
        }
        if objection(&stat).is_some() {
            return Ok(None);
        }
    }
    Ok(None)
}

/// Whether somebody else made it in a folder for everybody, such as `/tmp`.
fn is_planted(environment: &Path, above: &Metadata) -> bool {
    let is_others = |it: Metadata| foreign_owner(&it).is_some();
    above.mode() & STICKY != 0 && environment.symlink_metadata().is_ok_and(is_others)
}

fn check(above: &Path, environment: &Path) -> Result<()> {
    // In a sticky folder nobody can move away what is not theirs.
    let around: Rule = if stat(above)?.mode() & STICKY == 0 {
        objection
    } else {
        foreign_owner
    };
    let python = executable_in(environment)?;
    let base = resolved(&python)?;
    let judged: [(PathBuf, Rule); 5] = [
        (above.to_owned(), around),
        (environment.to_owned(), objection),
        (environment.join("pyvenv.cfg"), objection),
        (environment.join("bin"), objection),
        (base.clone(), objection),
    ];
    for (path, rule) in judged {
        if let Some(fact) = rule(&stat(&path)?) {
            return Err(refused(&path, fact, environment));
        }
    }
    // What came with the environment lies inside it, or beside it in the same folder.
    let origin = match above.parent() {
        Some(_) => above,
        None => environment,
    };
    if base.starts_with(resolved(origin)?) {
        let fact = "is no link to a Python that is installed elsewhere";
        return Err(refused(&python, fact.to_owned(), environment));
    }
    Ok(())
}

fn refused(path: &Path, fact: String, environment: &Path) -> Error {
    Error::NotPrivate {
        folder: path.to_owned(),
        fact,
        way_out: format!(
            "if you trust this environment, name it: --venv {}; --python python3 uses the Python \
             on PATH",
            environment.display()
        ),
    }
}

fn stat(path: &Path) -> Result<Metadata> {
    fs::metadata(path).map_err(|error| Error::io("looking at", path, error))
}

fn resolved(path: &Path) -> Result<PathBuf> {
    path.canonicalize()
        .map_err(|error| Error::io("resolving", path, error))
}

/// Why somebody else than the user and root could have made or changed it.
fn objection(stat: &Metadata) -> Option<String> {
    let by_group = stat.mode() & 0o020 != 0 && !is_private_group(stat.gid());
    let by_others = by_group || stat.mode() & 0o002 != 0;
    let mode = stat.mode() & 0o7777;
    let fact = || format!("can be written to by other users (mode {mode:04o})");
    foreign_owner(stat).or_else(|| by_others.then(fact))
}

fn foreign_owner(stat: &Metadata) -> Option<String> {
    let (owner, user) = (stat.uid(), user());
    let fact = || format!("belongs to user {owner}, and assay runs as user {user}");
    (owner != user && owner != 0).then(fact)
}

/// Systems that give each user a group of the same number let it write by default (umask 002).
fn is_private_group(group: u32) -> bool {
    group == user()
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}
