//! `assay sign`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::SigningArgs;

const EXAMPLES: &str = "\
Examples:
  assay sign dist/* --with ssh-agent
  assay sign dist/* --with release --passphrase-file - < secret
  assay sign thing-1.0.gem --as thing==1.0 --with release
  assay sign dist/* --with ssh-agent --format sshsig";

/// `assay sign`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SignArgs {
    /// Wheels, sdists, or any other files. Signatures beside them are passed over.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Which key signs.
    #[command(flatten)]
    pub signing: SigningArgs,
    /// What is written beside each file.
    #[arg(long, value_name = "FORM", default_value = "statement")]
    pub format: SignFormat,
    /// What the file is a release of, where its name does not say that.
    #[arg(long = "as", value_name = "NAME==VERSION")]
    pub release: Option<String>,
    /// The file was built anew: replace its .sshsig, and take out statements about its former bytes.
    #[arg(long)]
    pub force: bool,
}

/// What a signature looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SignFormat {
    /// FILE.assay: that the key publishes this version of a project.
    Statement,
    /// FILE.sshsig, which "ssh-keygen -Y verify -n file" accepts.
    Sshsig,
}
