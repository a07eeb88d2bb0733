//! The smaller commands.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::TargetArgs;

/// Arguments of `uninstall`.
#[derive(Debug, Args)]
pub struct UninstallArgs {
    /// Projects to remove.
    #[arg(value_name = "NAME", required_unless_present = "requirement")]
    pub names: Vec<String>,
    /// A requirements file whose projects are removed.
    #[arg(short, long, value_name = "FILE")]
    pub requirement: Vec<String>,
    /// Accepted for pip's sake: assay never asks.
    #[arg(short, long)]
    pub yes: bool,
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "columns")]
    pub format: ListFormat,
    /// Leave out projects that another one depends on.
    #[arg(long)]
    pub not_required: bool,
    /// Leave out this project.
    #[arg(long, value_name = "NAME")]
    pub exclude: Vec<String>,
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// How `list` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table.
    Columns,
    /// `name==version` lines.
    Freeze,
    /// JSON.
    Json,
}

/// Arguments of `freeze`.
#[derive(Debug, Args)]
pub struct FreezeArgs {
    /// Include pip, setuptools and wheel.
    #[arg(long)]
    pub all: bool,
    /// Leave out this project.
    #[arg(long, value_name = "NAME")]
    pub exclude: Vec<String>,
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// Arguments of `show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Projects to show.
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// List the installed files too.
    #[arg(short, long)]
    pub files: bool,
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
}

/// Arguments of `venv`.
#[derive(Debug, Args)]
pub struct VenvArgs {
    /// The folder to make.
    #[arg(value_name = "DIR", default_value = ".venv")]
    pub path: PathBuf,
    /// The interpreter: a path, a version such as 3.12, or a name. Default: python3 on the PATH.
    #[arg(long, value_name = "PYTHON")]
    pub python: Option<String>,
    /// Let the environment see the base interpreter's packages.
    #[arg(long)]
    pub system_site_packages: bool,
    /// The name that the shell's prompt shows.
    #[arg(long, value_name = "NAME")]
    pub prompt: Option<String>,
    /// Empty an environment that exists already.
    #[arg(long)]
    pub clear: bool,
}

/// Arguments of `hash`.
#[derive(Debug, Args)]
pub struct HashArgs {
    /// Files to hash.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Which digest.
    #[arg(short, long, value_name = "ALGORITHM", default_value = "sha256", value_parser = ["sha256", "sha384", "sha512"])]
    pub algorithm: String,
}

/// What to do with the cache.
#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// Print where it is.
    Dir,
    /// Print how large it is.
    Info,
    /// Delete everything in it. Safe at any time.
    #[command(visible_alias = "purge")]
    Clean,
    /// Hash every stored file and report what was changed.
    Verify,
}

/// Arguments of `completion`.
#[derive(Debug, Args)]
pub struct CompletionArgs {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}
