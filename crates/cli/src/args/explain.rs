//! Arguments of `explain`.

use std::path::PathBuf;

use clap::Args;

use super::EnvironmentArgs;

const EXAMPLES: &str = "\
Examples:
  assay explain                      a table of everything that is installed
  assay explain flask                one package: who vouches for it, and who needs it
  assay explain --html page.html     a page about the whole environment";

/// Arguments of `explain`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// Installed projects; all of them where none is named.
    #[arg(value_name = "NAME", conflicts_with = "html")]
    pub names: Vec<String>,
    /// Write one page about the whole environment (`-` for standard output).
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub html: Option<PathBuf>,
    /// Where.
    #[command(flatten)]
    pub target: EnvironmentArgs,
}
