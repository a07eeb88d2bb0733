//! The `pip.conf` of an environment: whether it counts, and for what.
//!
//! It lies in a folder that may have come with a clone. So it counts only where the environment is
//! the user's own choice, and not for what could harm whoever did not write it.

use std::path::{Path, PathBuf};

use assay_install::Interpreter;

use super::{Kind, Setting, Source};
use crate::{
    compatibility::{self, PipCommand},
    surroundings::Surroundings,
};

/// Options that decide where files are written, which programs and folders run, whom to trust, and what
/// the user gets to hear.
const KEPT_OUT: [&str; 18] = [
    "--cache-dir",
    "--cert",
    "--client-cert",
    "--dest",
    "--editable",
    "--editor",
    "--keyring-provider",
    "--log",
    "--prefix",
    "--proxy",
    "--python",
    "--quiet",
    "--report",
    "--root",
    "--src",
    "--target",
    "--user",
    "--wheel-dir",
];
/// Options that may name files on servers.
const FILES: [&str; 3] = ["--build-constraint", "--constraint", "--requirement"];

/// The environment whose `pip.conf` counts.
#[derive(Debug, Default)]
pub struct Site {
    /// Its folder, whether it has such a file or not.
    pub folder: Option<PathBuf>,
    /// Why a file is there and does not count.
    pub note: Option<String>,
}

impl Site {
    /// Judges the environment that was named, or else the active one.
    pub fn of(venv: Option<&Path>, python: Option<&str>, around: &Surroundings) -> Self {
        let named = match (venv, python) {
            (Some(folder), _) => Some(around.absolute(folder)),
            (None, Some(python)) => Some(python)
                .filter(|it| Interpreter::is_path(it))
                .map(|it| around.absolute(Path::new(it)))
                .filter(|it| it.is_dir()),
            (None, None) => active(around).next().map(Path::to_owned),
        };
        named.map(|it| Self::judged(it, around)).unwrap_or_default()
    }

    fn judged(folder: PathBuf, around: &Surroundings) -> Self {
        let file = folder.join("pip.conf");
        let is_environment =
            folder.join("pyvenv.cfg").is_file() || folder.join("conda-meta").is_dir();
        let why = if file.symlink_metadata().is_err() {
            None
        } else if !is_environment {
            Some("its folder is no environment".to_owned())
        } else if active(around).any(|it| is_same(it, &folder)) {
            None
        } else {
            let fact = Interpreter::environment_objection(&folder);
            fact.map(|it| {
                format!(
                    "it may have come with a clone: {it}; activate the environment if you trust it"
                )
            })
        };
        match why {
            None => Self {
                folder: is_environment.then_some(folder),
                note: None,
            },
            Some(why) => Self {
                folder: None,
                note: Some(format!("{} is not read: {why}", file.display())),
            },
        }
    }
}

fn active(around: &Surroundings) -> impl Iterator<Item = &Path> {
    let folders = [&around.virtual_env, &around.conda_env];
    folders.into_iter().filter_map(|it| it.as_deref())
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// Whether a setting stands in an environment's file.
pub fn is_from(source: &Source) -> bool {
    matches!(
        source,
        Source::File {
            kind: Kind::Site,
            ..
        }
    )
}

/// Whether an environment's file has no say in this.
pub fn is_kept_out(setting: &Setting, pip: Option<&PipCommand>) -> bool {
    let Some(option) = compatibility::option_of(pip, &setting.key) else {
        return false;
    };
    let name = option.name();
    let is_remote = || FILES.contains(&name) && setting.value.contains("://");
    is_from(&setting.source) && (KEPT_OUT.contains(&name) || is_remote())
}

/// What the user is told of such a setting.
pub fn kept_out_note(setting: &Setting) -> String {
    format!(
        "{} is not taken: an environment's pip.conf may have come with a clone, and decides neither \
         where files are written nor which programs run nor whom to trust; if you want it, put it \
         into your own: assay config --user set global.{} VALUE",
        setting.source, setting.key
    )
}

/// The one note of what such files decide for a command; `None` where that is nothing.
pub fn in_force_note<'a>(settings: impl Iterator<Item = &'a Setting>) -> Option<String> {
    let places: Vec<_> = settings.map(|it| it.source.to_string()).collect();
    match places.as_slice() {
        [] => None,
        [place] => Some(format!("{place} is in force")),
        places => Some(format!("{} are in force", places.join(", "))),
    }
}
