//! `install` and `download`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{IndexArgs, LinkModeArg, PolicyArgs, TargetArgs};

/// What is asked for.
#[derive(Debug, Args, Default)]
pub struct RequirementArgs {
    /// Requirements: names with versions and extras, wheels, folders of wheels, `name @ URL`.
    #[arg(value_name = "REQUIREMENT")]
    pub requirements: Vec<String>,
    /// A requirements file (a path or URL).
    #[arg(short, long, value_name = "FILE")]
    pub requirement: Vec<String>,
    /// A constraints file (a path or URL).
    #[arg(short, long, value_name = "FILE")]
    pub constraint: Vec<String>,
    /// Let requirements files put environment variables (${NAME}) into URLs of this host.
    #[arg(long, value_name = "HOST", help_heading = "Trust options")]
    pub allow_variables: Vec<String>,
    /// Editable installs are not offered yet.
    #[arg(short, long, value_name = "PATH")]
    pub editable: Vec<String>,
}

/// How versions are chosen.
#[derive(Debug, Args, Default)]
pub struct ResolveArgs {
    /// Leave dependencies out.
    #[arg(long, help_heading = "Resolution options")]
    pub no_deps: bool,
    /// Allow pre-releases.
    #[arg(long, help_heading = "Resolution options")]
    pub pre: bool,
    /// Use wheels only for these projects (`:all:`). Always so for now.
    #[arg(long, value_name = "NAMES", help_heading = "Resolution options")]
    pub only_binary: Vec<String>,
    /// Refused for now: source distributions are not built yet.
    #[arg(long, value_name = "NAMES", help_heading = "Resolution options")]
    pub no_binary: Vec<String>,
    /// Prefer older wheels over newer source distributions. Always so for now.
    #[arg(long, help_heading = "Resolution options")]
    pub prefer_binary: bool,
}

/// Arguments of `install`.
#[derive(Debug, Args, Default)]
pub struct InstallArgs {
    /// What to install.
    #[command(flatten)]
    pub wanted: RequirementArgs,
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
    /// How versions are chosen.
    #[command(flatten)]
    pub resolve: ResolveArgs,
    /// Take the newest versions of what was asked for, though older ones are installed.
    #[arg(short = 'U', long, help_heading = "Resolution options")]
    pub upgrade: bool,
    /// What --upgrade does to dependencies.
    #[arg(
        long,
        value_name = "STRATEGY",
        default_value = "only-if-needed",
        help_heading = "Resolution options"
    )]
    pub upgrade_strategy: UpgradeStrategy,
    /// Install again what is installed already.
    #[arg(long, help_heading = "Resolution options")]
    pub force_reinstall: bool,
    /// Resolve and report; change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// How files reach the environment from the store.
    #[arg(
        long,
        value_name = "MODE",
        default_value = "auto",
        help_heading = "Target options"
    )]
    pub link_mode: LinkModeArg,
    /// Whose word counts.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Where packages come from.
    #[command(flatten)]
    pub index: IndexArgs,
}

/// What `--upgrade` does to dependencies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum UpgradeStrategy {
    /// Dependencies are upgraded where a requirement demands it.
    #[default]
    OnlyIfNeeded,
    /// Dependencies are upgraded too.
    Eager,
}

/// Arguments of `download`.
#[derive(Debug, Args, Default)]
pub struct DownloadArgs {
    /// What to download.
    #[command(flatten)]
    pub wanted: RequirementArgs,
    /// The folder to write wheels to.
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub dest: PathBuf,
    /// An interpreter (a path, a version such as 3.12, or a name) or a virtual environment.
    #[arg(long, value_name = "PYTHON", help_heading = "Target options")]
    pub python: Option<String>,
    /// How versions are chosen.
    #[command(flatten)]
    pub resolve: ResolveArgs,
    /// Whose word counts.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Where packages come from.
    #[command(flatten)]
    pub index: IndexArgs,
}
