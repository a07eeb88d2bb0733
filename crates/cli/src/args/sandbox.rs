//! `assay sandbox`.

use clap::Subcommand;

/// What to do with the sandbox that holds builds.
#[derive(Debug, Subcommand)]
pub enum SandboxCommand {
    /// Try what can hold a build on this machine, and say how to get more. Exits with 1 where source
    /// distributions are not built without a word from you.
    Check,
}
