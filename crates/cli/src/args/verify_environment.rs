//! `verify-environment`.

use clap::Args;

use super::TargetArgs;

/// Arguments of `verify-environment`.
#[derive(Debug, Args)]
pub struct VerifyEnvironmentArgs {
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
}
