//! Arguments of `verify`.

use std::path::PathBuf;

use clap::Args;

/// Arguments of `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// A wheel or source distribution.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// What the index says of its publisher: a provenance object, or a bare attestation (PEP 740).
    #[arg(long, value_name = "FILE")]
    pub provenance: PathBuf,
    /// The trusted root of a private Sigstore, in place of the public one's.
    #[arg(long, value_name = "FILE")]
    pub trusted_root: Option<PathBuf>,
}
