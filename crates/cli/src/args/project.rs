//! `build`.

use std::path::PathBuf;

use clap::Args;

use super::{BuildArgs, IndexArgs, PolicyArgs};

/// Arguments of `build`.
#[derive(Debug, Args, Default)]
pub struct ProjectArgs {
    /// The project's folder.
    #[arg(value_name = "PATH", default_value = ".")]
    pub path: PathBuf,
    /// Make a source distribution, and no wheel unless --wheel is given, too.
    #[arg(short, long)]
    pub sdist: bool,
    /// Make a wheel: of the source distribution with --sdist, else of the folder.
    #[arg(short, long)]
    pub wheel: bool,
    /// The folder to write to. Default: dist in the project's folder.
    #[arg(short, long, value_name = "DIR")]
    pub outdir: Option<PathBuf>,
    /// How it is built.
    #[command(flatten)]
    pub builds: BuildArgs,
    /// Whose word counts for what the build requires.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Where packages come from.
    #[command(flatten)]
    pub index: IndexArgs,
}
