//! What dead runs left in an environment.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use super::{
    note::Note,
    recover,
    staging::{Phase, Staging},
};
use crate::{
    Environment, Result,
    error::{Shown, join},
    sys::{Dir, Kind, Lock},
};

/// What became of a run that was stopped before its end. `Display` says it, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leftover {
    /// It had moved nothing yet, or everything: what it left was removed.
    Removed(Vec<PathBuf>),
    /// It was decided, and was brought to its end.
    Finished {
        /// What it did.
        work: String,
        /// Whether the digests of its receipts are in this user's state.
        is_noted: bool,
    },
    /// It had failed: the environment is as it was before.
    MovedBack {
        /// What it wanted to do.
        work: String,
    },
    /// It could not be brought to an end, and will not be tried again: what it had moved away may
    /// lie in these folders and nowhere else.
    GivenUp {
        /// Its staging folders.
        folders: Vec<PathBuf>,
        /// Why, where that was found out just now.
        why: Option<String>,
    },
    /// Its journal speaks of folders that this environment does not have: it was run where they
    /// lie under other paths, or for another interpreter. Nothing was touched.
    Elsewhere(Vec<PathBuf>),
    /// Another user's run, which is not ours to touch.
    Foreign(PathBuf),
    /// This user's state knows no such run, or others could have changed what lies in its folders:
    /// it was stopped elsewhere, or came with files from elsewhere. Nothing was touched.
    Unknown(Vec<PathBuf>),
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Removed(folders) => {
                let folders = join(folders);
                write!(
                    f,
                    "removed {folders}, which a run that was stopped had left"
                )
            }
            Self::Finished { work, is_noted } => {
                write!(f, "finished {work}, which was stopped before its end")?;
                match is_noted {
                    true => Ok(()),
                    false => write!(
                        f,
                        "; the digests of its receipts are not in this user's state: \
                         --force-reinstall notes them"
                    ),
                }
            }
            Self::MovedBack { work } => write!(
                f,
                "moved everything back that {work} had moved before it failed: this environment \
                 is as it was before"
            ),
            Self::GivenUp { folders, why } => {
                if let Some(why) = why {
                    let why = assay_types::Printable(why);
                    write!(f, "a run that was stopped cannot be finished: {why}. ")?;
                }
                let folders = join(folders);
                write!(
                    f,
                    "this environment may be neither old nor new since a run was stopped: repeat \
                     that run with --force-reinstall, or make the environment anew; {folders} \
                     holds the files that were replaced (in `old`) and those that did not arrive, \
                     and can go after that"
                )
            }
            Self::Elsewhere(folders) => {
                let folders = join(folders);
                write!(
                    f,
                    "a run was stopped while it moved files ({folders}), and it was run under \
                     other paths or for another Python: repeat it there, which finishes it"
                )
            }
            Self::Foreign(folder) => {
                let folder = Shown(folder);
                write!(
                    f,
                    "a run of another user was stopped while it moved files ({folder}): that \
                     user's next install or uninstall here finishes it"
                )
            }
            Self::Unknown(folders) => f.write_str(&unknown(folders)),
        }
    }
}

fn unknown(folders: &[PathBuf]) -> String {
    format!(
        "{} says that a run was stopped while it moved files, and this user's state does not know \
         that run: nothing of it was used. Stopped elsewhere (on another machine, in a container, \
         with another state folder), it is finished by the next install or uninstall there; if it \
         came with files from elsewhere, remove it",
        join(folders)
    )
}

/// A run that has not come to its end. `Display` says so to somebody who only looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    folder: PathBuf,
    end: End,
}

/// How it will come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// By itself.
    Alive,
    /// By whoever locks the environment next.
    Dead,
    /// By nobody: [`Leftover::GivenUp`].
    GivenUp,
    /// Not here: [`Leftover::Unknown`].
    Unknown,
}

impl fmt::Display for Unfinished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = Shown(&self.folder);
        match self.end {
            End::Alive => write!(
                f,
                "another assay is moving files here just now ({folder}), so this is a mixture of \
                 old and new"
            ),
            End::Dead => write!(
                f,
                "a run was stopped while it moved files ({folder}), so this is a mixture of old \
                 and new; the next install or uninstall here mends that first"
            ),
            End::GivenUp => {
                let folders = vec![self.folder.clone()];
                write!(f, "{}", Leftover::GivenUp { folders, why: None })
            }
            End::Unknown => write!(f, "{}", Leftover::Unknown(vec![self.folder.clone()])),
        }
    }
}

/// Brings dead runs to their end, and removes what nobody needs. Runs that live are left alone.
/// The caller holds the environment's lock.
pub(crate) fn sweep(environment: &Environment, state_dir: &Path) -> Result<Vec<Leftover>> {
    let mut found = Vec::new();
    for index in 0..environment.roots().len() {
        found.extend(sweep_root(environment, index, state_dir)?);
    }
    // A run that made the environment's own folder worked in the nearest one above it.
    for above in environment.folders_above() {
        if has_leads(&above) {
            let wider = environment.with_root(&above)?;
            let all = sweep_root(&wider, wider.roots().len() - 1, state_dir)?;
            // What is not of this environment is none of its business.
            let is_own = |it: &Leftover| {
                use Leftover::{Elsewhere, Foreign, Unknown};
                !matches!(it, Elsewhere(_) | Foreign(_) | Unknown(_))
            };
            found.extend(all.into_iter().filter(is_own));
        }
    }
    Ok(found)
}

fn sweep_root(environment: &Environment, index: usize, state_dir: &Path) -> Result<Vec<Leftover>> {
    let root = &environment.roots()[index];
    let mut found = Vec::new();
    for name in leads(&root.dir)? {
        let (Some((phase, digits)), Ok(folder)) = (Phase::of(&name), root.dir.beneath(&name))
        else {
            continue;
        };
        if !folder.is_own()? {
            found.push(Leftover::Foreign(folder.path().to_owned()));
            continue;
        }
        let Some(dead) = Lock::try_exclusive(&folder)? else {
            continue;
        };
        // It may have come to its end since the folder was listed.
        if root.dir.kind(&name)?.is_none() {
            continue;
        }
        let staging = Staging::adopt(environment.roots(), index, (phase, digits), dead)?;
        found.push(recover::run(environment, staging, state_dir)?);
    }
    Ok(found)
}

/// Whether a folder that is none of ours, and may not even be readable, holds what a run left.
fn has_leads(folder: &Path) -> bool {
    Dir::open(folder).is_ok_and(|dir| leads(&dir).is_ok_and(|it| !it.is_empty()))
}

/// Runs that have begun to move files and not ended, dead or alive.
pub(crate) fn unfinished(environment: &Environment, state_dir: &Path) -> Result<Vec<Unfinished>> {
    let mut found = Vec::new();
    for root in environment.roots() {
        for name in leads(&root.dir)? {
            let Some((phase, digits)) = Phase::of(&name) else {
                continue;
            };
            if matches!(phase, Phase::Staged | Phase::Done) {
                continue;
            }
            let Ok(folder) = root.dir.beneath(&name) else {
                continue;
            };
            let end = match phase {
                Phase::GivenUp => End::GivenUp,
                _ if Lock::is_held(&folder)? => End::Alive,
                _ => match Note::of(state_dir, digits).journal_in(&folder)? {
                    Some(_) => End::Dead,
                    None => End::Unknown,
                },
            };
            let folder = folder.path().to_owned();
            found.push(Unfinished { folder, end });
        }
    }
    Ok(found)
}

/// Whether a run has begun to move files here and not ended, as far as can be seen.
pub(crate) fn is_begun(root: &Dir) -> bool {
    let is_moving = |name: &String| {
        let phase = Phase::of(name).map(|(phase, _)| phase);
        matches!(phase, Some(Phase::Moving | Phase::Undoing))
    };
    leads(root).is_ok_and(|names| names.iter().any(is_moving))
}

/// The names of staging folders that lead.
fn leads(root: &Dir) -> Result<Vec<String>> {
    let entries = root.entries()?.into_iter();
    let leads = entries.filter(|(name, kind)| *kind == Kind::Folder && Phase::of(name).is_some());
    Ok(leads.map(|(name, _)| name).collect())
}
