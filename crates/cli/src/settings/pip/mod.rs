//! pip's settings: pip.conf, in pip's order, and the `PIP_*` variables.
//!
//! Only options that pip has come from here. assay's own, some of which loosen a rule, do not: what
//! was written for pip decides nothing that pip has no word for.

mod apply;
mod command_line;
mod files;
pub mod ini;
mod preset;
mod site;
mod words;

use std::{
    fmt,
    path::{Path, PathBuf},
};

pub use apply::Applied;
pub use command_line::{CommandLine, Stop, common, read};
pub use files::{Kind, Places, load, parse, save};
pub use preset::{Given, Preset};
pub use site::is_from as is_from_environment;

use crate::failure::{Failure, Result};

/// Everything that is set, in the order in which one overrides the other.
#[derive(Debug, Clone, Default)]
pub struct Settings(Vec<Setting>);

/// One option as a file or a variable has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The section in a file; `None` for a variable, which is for every command.
    pub section: Option<String>,
    /// The option's name: lower case, dashes.
    pub key: String,
    /// As it was written.
    pub value: String,
    /// Where.
    pub source: Source,
}

/// Where a setting stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A variable's name.
    Variable(String),
    /// A line of a file.
    File {
        /// The option's name.
        key: String,
        /// The file.
        path: PathBuf,
        /// From 1.
        line: usize,
        /// What the file is for.
        kind: Kind,
    },
}

impl fmt::Display for Source {
    /// `PIP_INDEX_URL`, or `index-url in /etc/pip.conf:3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::File {
                key, path, line, ..
            } => write!(f, "{key} in {}:{line}", path.display()),
        }
    }
}

impl Setting {
    /// A fault of its value.
    pub fn wrong(&self, fact: impl fmt::Display) -> Failure {
        Failure::usage(format!("{}: {fact}", self.source))
    }
}

impl Settings {
    /// Reads the files, and the variables unless `--isolated` was typed.
    pub fn read(places: &Places<'_>) -> Result<Self> {
        let mut settings = Vec::new();
        for (kind, path) in places.read() {
            if let Some(document) = load(&path)? {
                settings.extend(of_file(&document, kind, &path));
            }
        }
        if !places.isolated {
            settings.extend(variables(&places.around.pip_variables)?);
        }
        Ok(Self(settings))
    }

    /// All of them; a later one of the same section and name overrides an earlier one.
    pub fn iter(&self) -> impl Iterator<Item = &Setting> {
        self.0.iter()
    }
}

/// What a file says.
pub fn of_file(document: &ini::Document, kind: Kind, path: &Path) -> Vec<Setting> {
    let setting = |(section, entry): (&str, &ini::Entry)| {
        let key = ini::normalized(&entry.key);
        Setting {
            section: Some(section.to_owned()),
            source: Source::File {
                key: key.clone(),
                path: path.to_owned(),
                line: entry.line(),
                kind,
            },
            key,
            value: entry.value.clone(),
        }
    };
    document.items().map(setting).collect()
}

/// What the variables say, sorted by name.
pub fn variables(variables: &[(String, std::ffi::OsString)]) -> Result<Vec<Setting>> {
    let settings = variables.iter().map(|(name, value)| {
        let value = value
            .to_str()
            .ok_or_else(|| Failure::usage(format!("the value of {name} is not UTF-8")))?;
        Ok(Setting {
            section: None,
            key: ini::normalized(name.strip_prefix("PIP_").unwrap_or(name)),
            value: value.to_owned(),
            source: Source::Variable(name.clone()),
        })
    });
    settings.collect()
}
