//! Arguments of `diff`.

use clap::Args;

use super::{ChoiceArgs, IndexArgs, PlatformArgs, PolicyArgs, TargetArgs};

/// Arguments of `diff`. With one version named, what is installed is compared with that; with none,
/// with the newest that an install would take.
#[derive(Debug, Args, Default)]
pub struct DiffArgs {
    /// The project.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The version to compare from, or the path of a wheel.
    #[arg(value_name = "A")]
    pub first: Option<String>,
    /// The version to compare with, or the path of a wheel.
    #[arg(value_name = "B")]
    pub second: Option<String>,
    /// Leave the lines of text out.
    #[arg(long)]
    pub stat: bool,
    /// How many lines of text are shown; what is left out is said.
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub max_lines: usize,
    /// Exit with code 3 where any file differs.
    #[arg(long)]
    pub exit_code: bool,
    /// Which environment.
    #[command(flatten)]
    pub target: TargetArgs,
    /// For which Python.
    #[command(flatten)]
    pub platform: PlatformArgs,
    /// Take versions whose Requires-Python says that they do not fit.
    #[arg(long, help_heading = "Resolution options")]
    pub ignore_requires_python: bool,
    /// Which versions count.
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// Whose word counts.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Where packages come from.
    #[command(flatten)]
    pub index: IndexArgs,
}
