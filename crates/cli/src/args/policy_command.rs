//! `assay policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// What to do with policy files.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Read policy files, and say what is wrong with them.
    Check {
        /// Files; without any, those in force here. A file named assay.toml or pyproject.toml is
        /// read as a project's, any other as your own.
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print the settings in force here, and which file and line say so.
    Show {
        /// Only what covers this project, and what it comes to.
        #[arg(value_name = "PROJECT")]
        project: Option<String>,
    },
    /// Let a project's file loosen rules, for as long as no byte of it changes.
    Approve(ApproveArgs),
}

/// Arguments of `policy approve`.
#[derive(Debug, Args)]
pub struct ApproveArgs {
    /// The project's assay.toml or pyproject.toml; without it, the one in force here.
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Approve only if this is the file's SHA-256: for scripts, which say so which content they mean.
    /// Each key or trust root that the file names needs one of its own, behind its path as the file
    /// has it: keys/release.asc=HEX.
    #[arg(long, value_name = "[PATH=]HEX")]
    pub sha256: Vec<String>,
    /// Print what was approved, and whether it still is so.
    #[arg(long, conflicts_with_all = ["file", "sha256", "remove"])]
    pub list: bool,
    /// Take back what was approved of FILE, which need not be there any more.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "sha256"])]
    pub remove: Option<PathBuf>,
}
