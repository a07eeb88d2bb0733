//! `assay trust`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with what is known of publishers.
#[derive(Debug, Subcommand)]
pub enum TrustCommand {
    /// List who may publish which project: what earlier installs saw, what was accepted, and what
    /// policy files name.
    List {
        /// Only these projects.
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
    /// Accept a further publisher of projects, or files of them that nobody attested.
    Accept(TrustAcceptArgs),
    /// Forget what is known of projects' publishers: their next install is at first sight again.
    Remove(TrustRemoveArgs),
    /// Print what is known as the [publishers] table of a policy file.
    Export {
        /// Only these projects.
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// What is known of this index. Default: those that an install would ask.
        #[arg(long, value_name = "URL")]
        index: Option<String>,
    },
    /// Accept all publishers that the [publishers] table of a file names.
    Import {
        /// A policy file, or one with such a table alone.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The index that the projects come from. Default: those that an install would ask.
        #[arg(long, value_name = "URL")]
        index: Option<String>,
    },
    /// Fetch Sigstore's trusted root, which says whose signatures count, and verify it through TUF.
    Refresh {
        /// A mirror of Sigstore's TUF repository. It need not be trusted.
        #[arg(long, value_name = "URL")]
        from: Option<String>,
    },
}

const ACCEPT_EXAMPLES: &str = "\
Examples:
  assay trust accept flask --identity github:pallets/flask:publish.yaml
  assay trust accept flask --identity github:pallets/flask:publish.yaml --until 2026-12-31
  assay trust accept flask --identity none    files without provenance, too";

/// `assay trust accept`.
#[derive(Debug, Args)]
#[command(after_help = ACCEPT_EXAMPLES)]
pub struct TrustAcceptArgs {
    /// The projects.
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// A publisher, such as github:OWNER/NAME:WORKFLOW:repository-id=N:owner-id=N, or none for files
    /// without provenance. May be repeated.
    #[arg(long = "identity", value_name = "IDENTITY", required = true)]
    pub identities: Vec<String>,
    /// The last day (UTC) on which that is accepted, such as 2026-12-31. Default: until it is removed.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// The index that the projects come from. Default: those that an install would ask.
    #[arg(long, value_name = "URL")]
    pub index: Option<String>,
}

/// `assay trust remove`.
#[derive(Debug, Args)]
pub struct TrustRemoveArgs {
    /// The projects.
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Only this publisher, or none for what was accepted of files without provenance. May be
    /// repeated.
    #[arg(long = "identity", value_name = "IDENTITY")]
    pub identities: Vec<String>,
    /// The index that the projects come from. Needed where one is known on several.
    #[arg(long, value_name = "URL")]
    pub index: Option<String>,
}
