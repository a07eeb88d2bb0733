//! What the commands have in common that look into wheels and install none.

use clap::Args;

use super::{ChoiceArgs, EnvironmentArgs, IndexArgs, PlatformArgs, PolicyArgs};

/// Which wheels an install would take, and by whose word.
#[derive(Debug, Args, Default)]
pub struct ReviewArgs {
    /// Which environment.
    #[command(flatten)]
    pub target: EnvironmentArgs,
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
