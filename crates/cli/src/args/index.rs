//! Where packages come from.

use clap::Args;

/// Indexes.
#[derive(Debug, Args, Default)]
#[command(next_help_heading = "Index options")]
pub struct IndexArgs {
    /// Base URL of the index (PEP 503). Default: PyPI.
    #[arg(short, long, visible_alias = "pypi-url", value_name = "URL")]
    pub index_url: Option<String>,
    /// A further index, asked before the main one. The first index that has a project serves it.
    #[arg(long, value_name = "URL")]
    pub extra_index_url: Vec<String>,
    /// Ask no index; only --find-links.
    #[arg(long)]
    pub no_index: bool,
    /// A folder of wheels and source distributions, or the URL of a page that links to them.
    #[arg(short, long, value_name = "URL")]
    pub find_links: Vec<String>,
    /// Use what the cache has, and no network.
    #[arg(long)]
    pub offline: bool,
    /// Ask the index again even where a cached page is still fresh.
    #[arg(long)]
    pub refresh: bool,
    /// Ask the index again for these projects (`:all:`), separated by commas.
    #[arg(long, value_name = "NAMES")]
    pub refresh_package: Vec<String>,
}
