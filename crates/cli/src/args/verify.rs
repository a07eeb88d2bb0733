//! Arguments of `verify`.

use std::path::PathBuf;

use clap::Args;

use super::{IndexArgs, PlatformArgs, PolicyArgs, RequirementArgs, ResolveArgs, TargetArgs};

/// Arguments of `verify`. With nothing named, the environment is meant.
#[derive(Debug, Args, Default)]
pub struct VerifyArgs {
    /// What to judge: files, and whatever `install` takes.
    #[command(flatten)]
    pub wanted: RequirementArgs,
    /// What the index says of the publisher of one FILE: a provenance object, or a bare attestation
    /// (PEP 740).
    #[arg(long, value_name = "FILE", help_heading = "Trust options")]
    pub provenance: Option<PathBuf>,
    /// The trusted root of a private Sigstore, in place of the public one's.
    #[arg(
        long,
        value_name = "FILE",
        requires = "provenance",
        help_heading = "Trust options"
    )]
    pub trusted_root: Option<PathBuf>,
    /// Which environment.
    #[command(flatten)]
    pub target: TargetArgs,
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
