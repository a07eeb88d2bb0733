//! `wheel`.

use std::path::PathBuf;

use clap::Args;

use super::{IndexArgs, PolicyArgs, RequirementArgs, ResolveArgs};

/// Arguments of `wheel`.
#[derive(Debug, Args, Default)]
pub struct WheelArgs {
    /// What wheels are wanted of.
    #[command(flatten)]
    pub wanted: RequirementArgs,
    /// The folder to write wheels to.
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub wheel_dir: PathBuf,
    /// How versions are chosen, and how sources are built.
    #[command(flatten)]
    pub resolve: ResolveArgs,
    /// Whose word counts.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Where packages come from.
    #[command(flatten)]
    pub index: IndexArgs,
}
