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
    /// A file that no distribution lists is there already, with the content that comes: from now on
    /// it is the project's, and goes with it.
    Adopted {
        /// Whose it becomes.
        project: ProjectName,
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
        why: WhyKept,
    },
    /// A distribution goes that conda installed, and conda's own list is not changed.
    ListedByConda {
        /// Which one.
        project: ProjectName,
    },
    /// A file was changed since it was installed, and the new version replaces it.
    ChangedReplaced {
        /// Whose.
        project: ProjectName,
        /// The file.
        path: String,
    },
}

/// Why a file of a distribution that goes was not removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyKept {
    /// Its digest is not the one in RECORD.
    Changed,
    /// It lies outside of the environment.
    Outside,
    /// It is a symlink, or a symlink is in its way.
    Symlink,
    /// RECORD gives no digest of it.
    Unproven,
    /// It belongs to the environment itself.
    Protected,
}

impl fmt::Display for WhyKept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => "it was changed since it was installed",
            Self::Outside => "it lies outside of the environment",
            Self::Symlink => "a symlink is in its way",
            Self::Unproven => "RECORD gives no digest of it",
            Self::Protected => "it belongs to the environment itself",
        })
    }
}

impl Notice {
    /// The module, command, file or project that it is about; unescaped.
    fn subject(&self) -> &str {
        match self {
            Self::ShadowsModule { module, .. } => module,
            Self::ShadowsCommand { command, .. } => command,
            Self::Sourceless { path, .. }
            | Self::FirstStays { path, .. }
            | Self::Adopted { path, .. }
            | Self::Overwrites { path, .. }
            | Self::Kept { path, .. }
            | Self::ChangedReplaced { path, .. } => path,
            Self::ListedByConda { project } => project.as_ref(),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = Printable(self.subject());
        match self {
            Self::ShadowsModule { project, .. } => {
                write!(f, "{project} installs a top-level {subject}, which is a ")?;
                write!(f, "module of the standard library")
            }
            Self::ShadowsCommand { project, .. } => {
                write!(f, "{project} installs a command called {subject}")
            }
            Self::Sourceless { project, .. } => {
                write!(f, "{project} ships bytecode without source: {subject}")
            }
            Self::FirstStays { project, owner, .. } => {
                match owner {
                    Some(owner) => write!(f, "{subject} of {owner} stays")?,
                    None => write!(f, "{subject} was there before and stays")?,
                }
                write!(f, ", {project} has another one")
            }
            Self::Adopted { project, .. } => {
                write!(
                    f,
                    "{subject} was there before, is the same as {project}'s, "
                )?;
                write!(f, "and will be removed with it")
            }
            Self::Overwrites { project, owner, .. } => {
                write!(f, "{project} replaces {subject} of {owner}, as allowed")
            }
            Self::Kept { project, why, .. } => {
                write!(f, "{subject} of {project} is kept: {why}")
            }
            Self::ListedByConda { .. } => {
                write!(
                    f,
                    "{subject} was installed by conda, which goes on listing it"
                )
            }
            Self::ChangedReplaced { project, .. } => {
                write!(f, "{subject} of {project} was changed since it was ")?;
                write!(f, "installed and is replaced")
            }
        }
    }
}
