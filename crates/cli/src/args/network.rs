//! How servers are reached.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The network. pip takes these with every command.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network options")]
pub struct NetworkArgs {
    /// Whose certificates to trust. Default: SSL_CERT_FILE where it is set, else the platform's.
    #[arg(long, value_name = "ROOTS", global = true)]
    pub tls_roots: Option<RootsArg>,
    /// A PEM file of certificates to trust instead.
    #[arg(long, value_name = "PATH", global = true)]
    pub cert: Option<PathBuf>,
    /// A PEM file with a client certificate and its private key.
    #[arg(long, value_name = "PATH", global = true)]
    pub client_cert: Option<PathBuf>,
    /// A proxy, such as `http://user:password@host:port`.
    #[arg(long, value_name = "PROXY", global = true)]
    pub proxy: Option<String>,
    /// Use no proxy that the environment names.
    #[arg(long, global = true)]
    pub no_proxy_env: bool,
    /// Where passwords come from when a server asks: `subprocess` runs the `keyring` program.
    #[arg(long, value_name = "PROVIDER", default_value = "auto", global = true)]
    pub keyring_provider: KeyringArg,
    /// Seconds without a byte after which a connection is given up.
    #[arg(
        long,
        alias = "default-timeout",
        value_name = "SECONDS",
        default_value_t = 15.0,
        global = true
    )]
    pub timeout: f64,
    /// How often a failed connection is tried again.
    #[arg(long, value_name = "N", default_value_t = 5, global = true)]
    pub retries: u32,
    /// Ignored with a note: certificates are always verified.
    #[arg(long, value_name = "HOST", global = true)]
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

/// Where passwords come from, in pip's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KeyringArg {
    /// As `disabled`: assay is no Python program and cannot import keyring.
    Auto,
    /// Nowhere.
    Disabled,
    /// Not possible here; the message names `subprocess`.
    Import,
    /// The `keyring` program on the PATH.
    Subprocess,
}
