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
  assay verify flask==3.1.0                what an install would take, and all that it needs
  assay verify --file thing.gem --as thing==1.0
                                           a file of another tool, by the same keys and rules";

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
    /// A file of any tool, judged by the rules for the release that it is said to be, and never opened.
    #[arg(
        long,
        value_name = "PATH",
        requires = "release",
        conflicts_with = "provenance",
        help_heading = "Files of other tools"
    )]
    pub file: Option<PathBuf>,
    /// What --file is.
    #[arg(
        long = "as",
        value_name = "NAME==VERSION",
        requires = "file",
        help_heading = "Files of other tools"
    )]
    pub release: Option<String>,
    /// Its signature or statements, where they do not lie beside it: FILE ends in .asc, .sshsig, .minisig
    /// or .assay.
    #[arg(
        long,
        value_name = "FILE",
        requires = "file",
        help_heading = "Files of other tools"
    )]
    pub signature: Vec<PathBuf>,
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
