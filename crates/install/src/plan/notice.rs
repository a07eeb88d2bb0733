//! What a user should know of a plan that is not refused.

use std::fmt;

use assay_types::{Printable, ProjectName};

/// A warning, or a file that is not what one would expect. Paths are relative to the environment
/// and unescaped; `Display` escapes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// A module takes the place of one of the standard library.
    ShadowsModule {
        /// Whose.
        project: ProjectName,
        /// Top-level name.
        module: String,
    },
    /// A command has the name of a common one.
    ShadowsCommand {
        /// Whose.
        project: ProjectName,
        /// The command.
        command: String,
    },
    /// Bytecode without its source, which nobody can read.
    Sourceless {
        /// Whose.
        project: ProjectName,
        /// The file.
        path: String,
    },
    /// Two distributions have different contents for a file that is no code; the first one's
    /// stays.
    FirstStays {
        /// Whose file is not installed.
        project: ProjectName,
        /// Whose file stays; `None` where no distribution lists it.
        owner: Option<ProjectName>,
        /// The file.
        path: String,
    },
    /// The user allowed a project to replace another one's file.
    Overwrites {
        /// Whose file comes.
        project: ProjectName,
        /// Whose goes.
        owner: ProjectName,
        /// The file.
        path: String,
    },
    /// A file of a distribution that goes was not removed.
    Kept {
        /// Whose.
        project: ProjectName,
        /// The file, as RECORD names it.
        path: String,
        /// Why.
        why: &'static str,
    },
    /// A file was changed since it was installed, and the new version replaces it.
    ChangedReplaced {
        /// Whose.
        project: ProjectName,
        /// The file.
        path: String,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShadowsModule { project, module } => write!(
                f,
                "{project} installs a top-level {}, which is a module of the standard library",
                Printable(module)
            ),
            Self::ShadowsCommand { project, command } => {
                write!(
                    f,
                    "{project} installs a command called {}",
                    Printable(command)
                )
            }
            Self::Sourceless { project, path } => {
                write!(
                    f,
                    "{project} ships bytecode without source: {}",
                    Printable(path)
                )
            }
            Self::FirstStays {
                project,
                owner: Some(owner),
                path,
            } => write!(
                f,
                "{} of {owner} stays, {project} has another one",
                Printable(path)
            ),
            Self::FirstStays {
                project,
                owner: None,
                path,
            } => write!(
                f,
                "{} was there before and stays, {project} has another one",
                Printable(path)
            ),
            Self::Overwrites {
                project,
                owner,
                path,
            } => {
                write!(
                    f,
                    "{project} replaces {} of {owner}, as allowed",
                    Printable(path)
                )
            }
            Self::Kept { project, path, why } => {
                write!(f, "{} of {project} is kept: {why}", Printable(path))
            }
            Self::ChangedReplaced { project, path } => write!(
                f,
                "{} of {project} was changed since it was installed and is replaced",
                Printable(path)
            ),
        }
    }
}
