//! Where packages come from, and how they are reached.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Indexes and the network.
#[derive(Debug, Args, Default)]
pub struct IndexArgs {
    /// Base URL of the index (PEP 503). Default: PyPI.
    #[arg(short, long, value_name = "URL", help_heading = "Index options")]
    pub index_url: Option<String>,
    /// A further index, asked before the main one. The first index that has a project serves it.
    #[arg(long, value_name = "URL", help_heading = "Index options")]
    pub extra_index_url: Vec<String>,
    /// Ask no index; only --find-links.
    #[arg(long, help_heading = "Index options")]
    pub no_index: bool,
    /// A folder of wheels, or the URL of a page that links to them.
    #[arg(short, long, value_name = "URL", help_heading = "Index options")]
    pub find_links: Vec<String>,
    /// Use cached pages and wheels only.
    #[arg(long, help_heading = "Index options")]
    pub offline: bool,
    /// Ask the index again even where a cached page is still fresh.
    #[arg(long, help_heading = "Index options")]
    pub refresh: bool,
    /// Whose certificates to trust. Default: SSL_CERT_FILE where it is set, else the platform's.
    #[arg(long, value_name = "ROOTS", help_heading = "Network options")]
    pub tls_roots: Option<RootsArg>,
    /// A PEM file of certificates to trust instead.
    #[arg(long, value_name = "PATH", help_heading = "Network options")]
    pub cert: Option<PathBuf>,
    /// A PEM file with a client certificate and its private key.
    #[arg(long, value_name = "PATH", help_heading = "Network options")]
    pub client_cert: Option<PathBuf>,
    /// A proxy, such as `http://user:password@host:port`.
    #[arg(long, value_name = "PROXY", help_heading = "Network options")]
    pub proxy: Option<String>,
    /// Seconds without a byte after which a connection is given up.
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 15.0,
        help_heading = "Network options"
    )]
    pub timeout: f64,
    /// How often a failed connection is tried again.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 5,
        help_heading = "Network options"
    )]
    pub retries: u32,
    /// Ignored with a note: certificates are always verified.
    #[arg(long, value_name = "HOST", help_heading = "Network options")]
    pub trusted_host: Vec<String>,
}

/// Whose certificates to trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RootsArg {
    /// The operating system's store.
    Platform,
    /// Mozilla's list, compiled in.
    Mozilla,
}
