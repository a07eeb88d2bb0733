//! Arguments of `verify`.

use std::path::PathBuf;

use clap::Args;

use super::{EnvironmentArgs, IndexArgs, PlatformArgs, PolicyArgs, RequirementArgs, ResolveArgs};

/// `install` has the same words and takes them.
const WORDS: &str = "FILE: a wheel or sdist to judge. NAME==VERSION, and whatever else `install` \
    takes: what an install would take. Nothing: the environment is compared with what was installed";

const EXAMPLES: &str = "\
Examples:
  assay verify                             the environment, with what was installed
  assay verify dist/flask-3.1.0.tar.gz     a file at hand
  assay verify flask==3.1.0                what an install would take, and all that it needs";

/// Arguments of `verify`. With nothing named, the environment is meant.
#[derive(Debug, Args, Default)]
#[command(
    mut_arg("requirements", |it| it.value_name("FILE|REQUIREMENT").help(WORDS)),
    after_help = EXAMPLES
)]
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
    /// Which environment, where nothing is named.
    #[command(flatten)]
    pub target: EnvironmentArgs,
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
