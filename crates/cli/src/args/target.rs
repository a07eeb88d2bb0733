//! Where packages are installed.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The environment that a command changes.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Target options")]
pub struct TargetArgs {
    /// A virtual environment; `install` makes it where it is missing.
    #[arg(long, value_name = "DIR")]
    pub venv: Option<PathBuf>,
    /// A plain folder to install into.
    #[arg(short, long, value_name = "DIR", conflicts_with = "venv")]
    pub target: Option<PathBuf>,
    /// Change an environment that the system's package manager owns (PEP 668).
    #[arg(long)]
    pub break_system_packages: bool,
    /// What to do when run as root outside a virtual environment.
    #[arg(long, value_name = "ACTION", default_value = "warn")]
    pub root_user_action: RootUserAction,
}

/// The environment that a command looks at and leaves as it is.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Target options")]
pub struct EnvironmentArgs {
    /// A virtual environment.
    #[arg(long, value_name = "DIR")]
    pub venv: Option<PathBuf>,
    /// A plain folder that was installed into.
    #[arg(short, long, value_name = "DIR", conflicts_with = "venv")]
    pub target: Option<PathBuf>,
}

/// Folders in the place of an environment's own, for `install`.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Target options")]
pub struct SchemeArgs {
    /// Install under this folder as an installation of its own: DIR/lib/pythonX.Y/site-packages, DIR/bin.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["venv", "target"])]
    pub prefix: Option<PathBuf>,
    /// Put everything under this folder as if it were `/`.
    #[arg(long, value_name = "DIR", conflicts_with = "venv")]
    pub root: Option<PathBuf>,
    /// Install for this user alone (PEP 370).
    #[arg(long, conflicts_with_all = ["venv", "target", "prefix"])]
    pub user: bool,
    /// Accepted for pip's sake: --user is never chosen unasked.
    #[arg(long, hide = true, conflicts_with = "user")]
    pub no_user: bool,
}

/// Another Python than the one at hand decides what fits.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Target options")]
pub struct PlatformArgs {
    /// Wheels for this platform tag. Only with --target, or for `download`.
    #[arg(long, value_name = "PLATFORM")]
    pub platform: Vec<String>,
    /// For this Python version: 3, 3.12 or 3.12.1, or without the dots.
    #[arg(long, value_name = "VERSION")]
    pub python_version: Option<String>,
    /// For this implementation: cp, pp, py …
    #[arg(long, value_name = "NAME")]
    pub implementation: Option<String>,
    /// For this ABI tag.
    #[arg(long, value_name = "ABI")]
    pub abi: Vec<String>,
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

/// What to do when run as root outside a virtual environment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum RootUserAction {
    /// Say so.
    #[default]
    Warn,
    /// Say nothing.
    Ignore,
}
