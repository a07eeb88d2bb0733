//! `install` and `download`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{BuildArgs, IndexArgs, LinkModeArg, PlatformArgs, PolicyArgs, SchemeArgs, TargetArgs};

/// What is asked for.
#[derive(Debug, Clone, Args, Default)]
pub struct RequirementArgs {
    /// Requirements: names with versions and extras, `name @ URL`, or paths and URLs of wheels, source
    /// distributions, projects, folders of wheels and repositories (git+https://…).
    #[arg(value_name = "REQUIREMENT")]
    pub requirements: Vec<String>,
    /// A requirements file (a path or URL).
    #[arg(short, long, value_name = "FILE")]
    pub requirement: Vec<String>,
    /// A constraints file (a path or URL).
    #[arg(short, long, value_name = "FILE")]
    pub constraint: Vec<String>,
    /// A dependency group (PEP 735): GROUP of ./pyproject.toml, or PATH:GROUP.
    #[arg(long, value_name = "[PATH:]GROUP")]
    pub group: Vec<String>,
    /// A script whose dependencies are written in it (PEP 723).
    #[arg(long, value_name = "FILE")]
    pub requirements_from_script: Vec<PathBuf>,
    /// Let requirements files put environment variables (${NAME}) into URLs of this host.
    #[arg(long, value_name = "HOST", help_heading = "Trust options")]
    pub allow_variables: Vec<String>,
    /// The folder of a project that the environment is to run where it lies (PEP 660).
    #[arg(short, long, value_name = "PATH")]
    pub editable: Vec<String>,
}

/// How versions are chosen, and made where they come as sources.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Resolution options")]
pub struct ResolveArgs {
    /// Leave dependencies out.
    #[arg(long, visible_alias = "no-dependencies")]
    pub no_deps: bool,
    /// Take the dependencies of what is named, and not what is named itself.
    #[arg(
        long,
        visible_alias = "only-dependencies",
        conflicts_with_all = ["no_deps", "requirement", "group", "requirements_from_script"]
    )]
    pub only_deps: bool,
    /// Take versions whose Requires-Python says that they do not fit.
    #[arg(long)]
    pub ignore_requires_python: bool,
    /// Which kinds of files and versions count.
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// How sources are built.
    #[command(flatten)]
    pub builds: BuildArgs,
}

/// Which kinds of files and versions count.
#[derive(Debug, Clone, Args, Default, PartialEq, Eq)]
#[command(next_help_heading = "Resolution options")]
pub struct ChoiceArgs {
    /// Allow pre-releases.
    #[arg(long)]
    pub pre: bool,
    /// Allow pre-releases of these projects (`:all:`), separated by commas.
    #[arg(long, value_name = "NAMES")]
    pub all_releases: Vec<String>,
    /// Never take pre-releases of these projects (`:all:`), separated by commas.
    #[arg(long, value_name = "NAMES")]
    pub only_final: Vec<String>,
    /// Build nothing of these projects (`:all:`, `:none:`), separated by commas: wheels only.
    #[arg(long, value_name = "NAMES")]
    pub only_binary: Vec<String>,
    /// Use no wheels of these projects (`:all:`, `:none:`), separated by commas: build them.
    #[arg(long, value_name = "NAMES")]
    pub no_binary: Vec<String>,
    /// Prefer older wheels over newer source distributions.
    #[arg(long)]
    pub prefer_binary: bool,
}

/// Arguments of `install`.
#[derive(Debug, Args, Default)]
pub struct InstallArgs {
    /// What to install.
    #[command(flatten)]
    pub wanted: RequirementArgs,
    /// Resolve and report; change nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Write what was installed to this file as JSON (`-` for standard output).
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
    /// Where, in other folders than the environment's own.
    #[command(flatten)]
    pub scheme: SchemeArgs,
    /// For which Python.
    #[command(flatten)]
    pub platform: PlatformArgs,
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
    /// Choose versions as if nothing were installed, and replace what is.
    #[arg(short = 'I', long, help_heading = "Resolution options")]
    pub ignore_installed: bool,
    /// How files reach the environment from the store.
    #[arg(
        long,
        value_name = "MODE",
        default_value = "auto",
        help_heading = "Target options"
    )]
    pub link_mode: LinkModeArg,
    /// Accepted for pip's sake: Python writes bytecode when a module is first imported.
    #[arg(long, help_heading = "Target options")]
    pub no_compile: bool,
    /// Say nothing where the scripts' folder is not on the PATH.
    #[arg(long, help_heading = "Target options")]
    pub no_warn_script_location: bool,
    /// Say nothing of conflicts with what was installed before.
    #[arg(long, help_heading = "Resolution options")]
    pub no_warn_conflicts: bool,
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
    /// The folder to write files to.
    #[arg(
        short,
        long,
        visible_aliases = ["destination-dir", "destination-directory"],
        value_name = "DIR",
        default_value = "."
    )]
    pub dest: PathBuf,
    /// For which Python.
    #[command(flatten)]
    pub platform: PlatformArgs,
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
