//! Arguments of `diff`.

use clap::Args;

use super::ReviewArgs;

const EXAMPLES: &str = "\
Examples:
  assay diff flask                    what is installed, and what an upgrade would bring
  assay diff flask 3.0.3 3.1.0        two versions
  assay diff flask dist/a.whl 3.1.0   a wheel at hand, and a version";

/// Arguments of `diff`. With one version named, what is installed is compared with that; with none,
/// with the newest that an install would take.
#[derive(Debug, Args, Default)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// The project.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// The version to compare from, or the path of a wheel.
    #[arg(value_name = "A")]
    pub first: Option<String>,
    /// The version to compare with, or the path of a wheel.
    #[arg(value_name = "B")]
    pub second: Option<String>,
    /// Leave the lines of text out.
    #[arg(long)]
    pub stat: bool,
    /// How many lines of text are shown; what is left out is said.
    #[arg(long, value_name = "N", default_value_t = 2000)]
    pub max_lines: usize,
    /// Exit with code 3 where any file differs.
    #[arg(long)]
    pub exit_code: bool,
    /// Which wheels.
    #[command(flatten)]
    pub review: ReviewArgs,
}
