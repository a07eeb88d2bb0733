//! Options that every command takes.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

/// Options that every command takes.
#[derive(Debug, Args)]
#[command(next_help_heading = "Common options")]
pub struct CommonArgs {
    /// Say more: why each version was chosen.
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
    /// Say less: no progress, no table. Twice: no warnings either.
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub quiet: u8,
    /// Print the report as JSON on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// Never use colours.
    #[arg(long, global = true)]
    pub no_color: bool,
    /// How progress is shown.
    #[arg(long, value_name = "TYPE", default_value = "auto", global = true)]
    pub progress_bar: ProgressArg,
    /// Append what is said to this file, too, without colours.
    #[arg(
        long,
        visible_alias = "log-file",
        alias = "local-log",
        value_name = "PATH",
        global = true
    )]
    pub log: Option<PathBuf>,
    /// An interpreter (a path, a version such as 3.12, or a name) or a virtual environment.
    #[arg(long, value_name = "PYTHON", global = true)]
    pub python: Option<String>,
    /// Where what was fetched and what was built is kept.
    #[arg(long, value_name = "DIR", global = true)]
    pub cache_dir: Option<PathBuf>,
    /// Keep no cache: what is fetched is thrown away after the run.
    #[arg(long, global = true, conflicts_with = "cache_dir")]
    pub no_cache_dir: bool,
    /// Read neither PIP_* variables nor the user's pip.conf.
    #[arg(long, global = true)]
    pub isolated: bool,
    /// Refuse to work outside a virtual environment.
    #[arg(long, visible_alias = "require-venv", global = true)]
    pub require_virtualenv: bool,
    /// Never ask, not even for the passphrase of a key that signs.
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Accepted for pip's sake: assay looks for no newer version of itself.
    #[arg(long, global = true)]
    pub disable_pip_version_check: bool,
    /// Accepted for pip's sake: assay warns of no Python's age.
    #[arg(long, global = true, hide = true)]
    pub no_python_version_warning: bool,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProgressArg {
    /// Bars on a terminal, plain lines elsewhere.
    Auto,
    /// Bars.
    On,
    /// Nothing.
    Off,
    /// Plain lines.
    Raw,
}
