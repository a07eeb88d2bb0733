//! Which files pip's settings come from, in pip's order, and whether each is fit to be believed.

use std::{
    fmt,
    fs::{self, Metadata},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use assay_files::read_file;

use super::ini::Document;
use crate::{
    failure::{Failure, Result},
    surroundings::{PipConfigFile, Surroundings},
};

const NAME: &str = "pip.conf";
/// A file of settings is a page of text.
const LARGEST: u64 = 1 << 20;

/// What a file is for, in the order in which one overrides the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The machine's.
    Global,
    /// The user's.
    User,
    /// The environment's.
    Site,
    /// `PIP_CONFIG_FILE`.
    Env,
}

impl fmt::Display for Kind {
    /// pip's word for it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Global => "global",
            Self::User => "user",
            Self::Site => "site",
            Self::Env => "env",
        })
    }
}

/// Where files are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// Folders and `PIP_CONFIG_FILE`.
    pub around: &'a Surroundings,
    /// `--isolated`: not in the user's folders.
    pub isolated: bool,
    /// The environment that was named or is active.
    pub environment: Option<&'a Path>,
}

impl Places<'_> {
    /// Every file that is read if it is there; the last one has the last word.
    pub fn read(&self) -> Vec<(Kind, PathBuf)> {
        let named = match &self.around.pip_config_file {
            PipConfigFile::Nothing => return Vec::new(),
            PipConfigFile::Unset => None,
            PipConfigFile::File(path) => Some(path.clone()),
        };
        let user = !self.isolated && !named.as_ref().is_some_and(|it| it.exists());
        let kinds = [Kind::Global, Kind::User, Kind::Site];
        let kinds = kinds.into_iter().filter(|it| user || *it != Kind::User);
        let files = kinds.flat_map(|kind| self.of(kind).into_iter().map(move |it| (kind, it)));
        files.chain(named.map(|it| (Kind::Env, it))).collect()
    }

    /// The files of a kind, whether they are read now or not.
    pub fn of(&self, kind: Kind) -> Vec<PathBuf> {
        match kind {
            Kind::Global => {
                let folders = self.around.config_dirs.iter().map(|it| it.join("pip"));
                let folders = folders.chain([PathBuf::from("/etc")]);
                folders.map(|it| it.join(NAME)).collect()
            }
            Kind::User => {
                let legacy = self.around.home.iter().map(|it| it.join(".pip"));
                let new = self.around.config_home.iter().map(|it| it.join("pip"));
                legacy.chain(new).map(|it| it.join(NAME)).collect()
            }
            Kind::Site => self.environment.iter().map(|it| it.join(NAME)).collect(),
            Kind::Env => match &self.around.pip_config_file {
                PipConfigFile::File(path) => vec![path.clone()],
                PipConfigFile::Unset | PipConfigFile::Nothing => Vec::new(),
            },
        }
    }
}

/// Reads a file of settings; `None` where there is none.
///
/// pip passes over a file that it cannot read. Here that is an error: what it says may be which
/// index to ask.
pub fn load(path: &Path) -> Result<Option<Document>> {
    let failed = |error: std::io::Error| {
        Failure::could_not(format!(
            "reading pip's settings in {}: {error}",
            path.display()
        ))
        .hint("PIP_CONFIG_FILE=/dev/null reads no such files")
    };
    let (bytes, stat) = match read_file(path, LARGEST) {
        Ok(read) => read,
        Err(error) if is_missing(&error) => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    check_owner(path, &stat)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage(format!("{} is not UTF-8", path.display())))?;
    parse(path, &text).map(Some)
}

/// Reads a text that is in this file.
pub fn parse(path: &Path, text: &str) -> Result<Document> {
    Document::parse(text).map_err(|error| {
        let (path, line, column) = (path.display(), error.line, error.column);
        Failure::usage(format!("{path}:{line}:{column}: {}", error.fact))
            .hint("pip.conf has [sections] with lines such as `index-url = URL`")
    })
}

/// Nothing there, or no folder for it to be in.
fn is_missing(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

/// Settings decide whom to ask: whoever can write them is trusted with every install.
fn check_owner(path: &Path, metadata: &Metadata) -> Result<()> {
    let me = rustix::process::geteuid().as_raw();
    match objection(metadata.uid(), metadata.gid(), metadata.mode(), me) {
        None => Ok(()),
        Some(Objection::Owner(owner)) => Err(refused(path, &format!("belongs to user {owner}"))
            .hint(format!("make it your own: chown {me} {}", path.display()))),
        Some(Objection::Mode(mode)) => Err(refused(
            path,
            &format!("can be written to by other users (mode {mode:04o})"),
        )
        .hint(format!("chmod go-w {}", path.display()))),
    }
}

fn refused(path: &Path, fact: &str) -> Failure {
    Failure::refused(format!(
        "pip's settings in {}: the file {fact}",
        path.display()
    ))
    .detail("rule: settings come from files that only this user and root can write")
    .hint("PIP_CONFIG_FILE=/dev/null reads no such files")
}

#[derive(Debug, PartialEq, Eq)]
enum Objection {
    Owner(u32),
    Mode(u32),
}

/// The rule that ssh has for its own settings, but for root's group: who is in it is root.
fn objection(owner: u32, group: u32, mode: u32, me: u32) -> Option<Objection> {
    let others = if group == 0 { 0o002 } else { 0o022 };
    if owner != 0 && owner != me {
        Some(Objection::Owner(owner))
    } else if mode & others != 0 {
        Some(Objection::Mode(mode & 0o7777))
    } else {
        None
    }
}

/// Writes a file whole or not at all, with the mode that it had. A symbolic link stays, and what
/// it leads to is written.
pub fn save(path: &Path, text: &str) -> Result<()> {
    let failed =
        |error: std::io::Error| Failure::could_not(format!("writing {}: {error}", path.display()));
    let place = match fs::canonicalize(path) {
        Ok(place) => place,
        Err(error) if is_missing(&error) => path.to_owned(),
        Err(error) => return Err(failed(error)),
    };
    let folder = place.parent().unwrap_or(Path::new("/"));
    fs::create_dir_all(folder).map_err(failed)?;
    // A new file may get passwords: nobody else reads it, unlike what pip makes.
    let staged = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    fs::write(staged.path(), text).map_err(failed)?;
    if let Ok(before) = fs::metadata(&place) {
        staged
            .as_file()
            .set_permissions(before.permissions())
            .map_err(failed)?;
        let now = staged.as_file().metadata().map_err(failed)?;
        if (before.uid(), before.gid()) != (now.uid(), now.gid()) {
            std::os::unix::fs::fchown(staged.as_file(), Some(before.uid()), Some(before.gid()))
                .map_err(failed)?;
        }
    }
    staged.persist(&place).map_err(|it| failed(it.error))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_that_nobody_else_can_write_are_believed() {
        let judge = |(owner, group, mode), me| objection(owner, group, mode, me);
        for fit in [
            (1000, 1000, 0o644),
            (0, 0, 0o644),
            (1000, 1000, 0o600),
            (0, 0, 0o664),
        ] {
            assert_eq!(judge(fit, 1000), None, "{fit:?}");
        }
        assert_eq!(judge((1001, 0, 0o644), 1000), Some(Objection::Owner(1001)));
        for mode in [0o664, 0o646, 0o666] {
            assert_eq!(judge((1000, 1000, mode), 1000), Some(Objection::Mode(mode)));
        }
        assert_eq!(judge((0, 0, 0o666), 1000), Some(Objection::Mode(0o666)));
        // root believes no other user's file: `sudo` keeps HOME on some systems.
        assert_eq!(judge((1000, 1000, 0o600), 0), Some(Objection::Owner(1000)));
    }
}
