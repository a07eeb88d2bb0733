//! The environment that nobody named: `.venv` in the working folder or above it.
//!
//! Using it runs its interpreter, and what lies in a folder is not the user's choice: a clone brings
//! its `.venv` along, and another user can leave one wherever everybody can write. So it counts only
//! where the user or root alone could have put it there, and only where its interpreter is a link to
//! one that did not come with it: a clone knows its own files by relative paths alone.

use std::{
    fs::{self, Metadata},
    os::unix::fs::MetadataExt as _,
    path::{Component, Path, PathBuf},
};

use assay_files::{foreign_owner, objection};

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

/// What is against an environment that was named, as a sentence; `None` where it could not have come
/// with the folder that holds it.
pub(super) fn objection_to(environment: &Path) -> Option<String> {
    let Some(above) = environment.parent() else {
        return Some("everything lies below the root".to_owned());
    };
    match check(above, environment) {
        Ok(()) => None,
        Err(Error::NotPrivate { folder, fact, .. }) => Some(format!("{} {fact}", folder.display())),
        Err(error) => Some(error.to_string()),
    }
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
    let parts = [
        environment.to_owned(),
        environment.join("pyvenv.cfg"),
        environment.join("bin"),
    ];
    for part in &parts {
        if lstat(part)?.is_symlink() {
            let fact = "is a symlink, and may lead to files that came with it";
            return Err(refused(part, fact.to_owned(), environment));
        }
    }
    let python = executable_in(environment)?;
    let base = resolved(&python)?;
    let mut judged: Vec<(&Path, Rule)> = vec![(above, around), (&base, objection)];
    judged.extend(parts.iter().map(|it| (it.as_path(), objection as Rule)));
    for (path, rule) in judged {
        if let Some(fact) = rule(&stat(path)?) {
            return Err(refused(path, fact, environment));
        }
    }
    let came_along = origins(above, environment)?;
    if !leads_away(&python)? || came_along.iter().any(|it| base.starts_with(it)) {
        let fact = "is no absolute link to a Python that is installed elsewhere";
        return Err(refused(&python, fact.to_owned(), environment));
    }
    Ok(())
}

/// Whether an executable in `bin` is a link, perhaps by way of others in `bin`, to an absolute path
/// that means the same file wherever the environment lies and whoever asks.
fn leads_away(python: &Path) -> Result<bool> {
    /// As Linux has it.
    const MOST_LINKS: usize = 40;
    let mut link = python.to_owned();
    for _ in 0..MOST_LINKS {
        if !lstat(&link)?.is_symlink() {
            return Ok(false);
        }
        let target =
            fs::read_link(&link).map_err(|error| Error::io("reading the link", &link, error))?;
        if target.is_absolute() {
            let is_plain = !target.components().any(|it| it == Component::ParentDir);
            // `/proc/self/cwd` and `/dev/fd` are different folders for each process.
            let is_fixed = !["/proc", "/dev"].iter().any(|it| target.starts_with(it));
            return Ok(is_plain && is_fixed);
        }
        let mut components = target.components();
        let (Some(Component::Normal(name)), None) = (components.next(), components.next()) else {
            return Ok(false);
        };
        link.set_file_name(name);
    }
    Ok(false)
}

/// The folders whose files may have come with an environment, resolved: the one that holds it, and
/// the working copies that this one belongs to.
fn origins(above: &Path, environment: &Path) -> Result<Vec<PathBuf>> {
    let around = resolved(above)?;
    // Everything lies below the root.
    if around.parent().is_none() {
        return Ok(vec![resolved(environment)?]);
    }
    let mut origins = vec![around.clone()];
    // Each on its own: a clone made by Git can bring a folder called `.svn`.
    for name in [".git", ".hg", ".svn"] {
        for folder in around.ancestors().filter(|it| it.parent().is_some()) {
            let Ok(found) = folder.join(name).symlink_metadata() else {
                continue;
            };
            origins.push(folder.to_owned());
            // A submodule has a file called `.git`, and the clone that brought it lies further up.
            if found.is_dir() {
                break;
            }
        }
    }
    Ok(origins)
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

fn lstat(path: &Path) -> Result<Metadata> {
    path.symlink_metadata()
        .map_err(|error| Error::io("looking at", path, error))
}

fn resolved(path: &Path) -> Result<PathBuf> {
    path.canonicalize()
        .map_err(|error| Error::io("resolving", path, error))
}
