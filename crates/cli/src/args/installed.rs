//! Commands that look at what is installed, and `uninstall`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{ChoiceArgs, EnvironmentArgs, IndexArgs, PolicyArgs, TargetArgs};

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

/// Where to look, beside the environment's own folder.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Target options")]
pub struct LookArgs {
    /// Leave out what a virtual environment sees of the base interpreter.
    #[arg(short, long)]
    pub local: bool,
    /// Only what was installed for this user alone (PEP 370).
    #[arg(long)]
    pub user: bool,
    /// Look in this folder instead; may be repeated.
    #[arg(long, value_name = "DIR", conflicts_with_all = ["local", "user"])]
    pub path: Vec<PathBuf>,
    /// Which environment.
    #[command(flatten)]
    pub target: EnvironmentArgs,
}

/// Arguments of `list`.
#[derive(Debug, Args)]
pub struct ListArgs {
    /// How to print.
    #[arg(long, value_name = "FORMAT", default_value = "columns")]
    pub format: ListFormat,
    /// Only what the index has a newer version of.
    #[arg(short, long, conflicts_with = "uptodate")]
    pub outdated: bool,
    /// Only what the index has no newer version of.
    #[arg(short, long)]
    pub uptodate: bool,
    /// Only editable installs.
    #[arg(short, long)]
    pub editable: bool,
    /// Leave out editable installs.
    #[arg(long, conflicts_with = "editable")]
    pub exclude_editable: bool,
    /// With --outdated: editable installs, too. The default.
    #[arg(long, conflicts_with = "exclude_editable")]
    pub include_editable: bool,
    /// Leave out projects that another one depends on.
    #[arg(long)]
    pub not_required: bool,
    /// Leave out this project.
    #[arg(long, value_name = "NAME")]
    pub exclude: Vec<String>,
    /// Where to look.
    #[command(flatten)]
    pub look: LookArgs,
    /// For --outdated and --uptodate: which versions count.
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// For --outdated and --uptodate: whose word counts.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// For --outdated and --uptodate: where packages come from.
    #[command(flatten)]
    pub index: IndexArgs,
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
    /// Keep the order and the comments of this requirements file.
    #[arg(short, long, value_name = "FILE")]
    pub requirement: Vec<PathBuf>,
    /// Include pip, setuptools and wheel.
    #[arg(long)]
    pub all: bool,
    /// Leave out editable installs.
    #[arg(long)]
    pub exclude_editable: bool,
    /// Leave out this project.
    #[arg(long, value_name = "NAME")]
    pub exclude: Vec<String>,
    /// Where to look.
    #[command(flatten)]
    pub look: LookArgs,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// Where to look.
    #[command(flatten)]
    pub look: LookArgs,
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
    pub target: EnvironmentArgs,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Where.
    #[command(flatten)]
    pub target: EnvironmentArgs,
}
