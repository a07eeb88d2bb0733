//! Arguments of `explain`.

use std::path::PathBuf;

use clap::Args;

use super::TargetArgs;

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Installed projects; all of them where none is named.
    #[arg(value_name = "NAME", conflicts_with = "html")]
    pub names: Vec<String>,
    /// Write one page about the whole environment (`-` for standard output).
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub html: Option<PathBuf>,
    /// Where.
    #[command(flatten)]
    pub target: TargetArgs,
}
