//! Where packages are installed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The environment that a command works on.
#[derive(Debug, Args, Default)]
pub struct TargetArgs {
    /// A virtual environment; `install` makes it where it is missing.
    #[arg(long, value_name = "DIR", help_heading = "Target options")]
    pub venv: Option<PathBuf>,
    /// An interpreter (a path, a version such as 3.12, or a name) or a virtual environment.
    #[arg(long, value_name = "PYTHON", help_heading = "Target options")]
    pub python: Option<String>,
    /// A plain folder to install into.
    #[arg(
        short,
        long,
        value_name = "DIR",
        conflicts_with = "venv",
        help_heading = "Target options"
    )]
    pub target: Option<PathBuf>,
    /// Change an environment that the system's package manager owns (PEP 668).
    #[arg(long, help_heading = "Target options")]
    pub break_system_packages: bool,
}

/// How files reach the environment from the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum LinkModeArg {
    /// Reflink where the file system can, else hard link, else copy.
    #[default]
    Auto,
    /// Copy on write.
    Clone,
    /// Hard link.
    Hardlink,
    /// Copy.
    Copy,
}
