//! The command line as it is typed. Names and meanings are pip's wherever pip has the option.

mod index;
mod install;
mod other;
mod policy;
mod target;

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

pub use index::{IndexArgs, RootsArg};
pub use install::{DownloadArgs, InstallArgs, RequirementArgs, ResolveArgs, UpgradeStrategy};
pub use other::{
    CacheCommand, CheckArgs, CompletionArgs, FreezeArgs, HashArgs, ListArgs, ListFormat, ShowArgs,
    UninstallArgs, VenvArgs,
};
pub use policy::PolicyArgs;
pub use target::{LinkModeArg, TargetArgs};

/// assay: a drop-in for pip that authenticates every archive before anything opens it.
#[derive(Debug, Parser)]
#[command(
    name = "assay",
    version,
    propagate_version = true,
    disable_help_subcommand = false
)]
#[command(
    after_help = "Exit codes: 0 done; 1 could not; 2 usage; 4 refused by a trust rule; 255 a bug."
)]
pub struct Arguments {
    /// Options that every command takes.
    #[command(flatten)]
    pub common: CommonArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Install packages: resolve, fetch, admit, unpack, commit.
    Install(Box<InstallArgs>),
    /// Remove installed packages; only files that are unchanged since their installation.
    Uninstall(UninstallArgs),
    /// Resolve, fetch and admit packages into a folder, without installing them.
    Download(Box<DownloadArgs>),
    /// List installed packages.
    List(ListArgs),
    /// Print installed packages as a requirements file.
    Freeze(FreezeArgs),
    /// Show what is known of installed packages.
    Show(ShowArgs),
    /// Check that installed packages have compatible dependencies.
    Check(CheckArgs),
    /// Create a virtual environment.
    Venv(VenvArgs),
    /// Print the digests of files, as `--hash` takes them.
    Hash(HashArgs),
    /// Look at the cache, verify it or empty it.
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Print a completion script for a shell.
    Completion(CompletionArgs),
}

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
    /// Where index pages and unpacked wheels are kept.
    #[arg(long, value_name = "DIR", global = true)]
    pub cache_dir: Option<PathBuf>,
    /// Keep nothing for the next run.
    #[arg(long, global = true, conflicts_with = "cache_dir")]
    pub no_cache_dir: bool,
    /// Refuse to work outside a virtual environment.
    #[arg(long, global = true)]
    pub require_virtualenv: bool,
    /// Accepted for pip's sake: assay never asks.
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Accepted for pip's sake: assay looks for no newer version of itself.
    #[arg(long, global = true)]
    pub disable_pip_version_check: bool,
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
