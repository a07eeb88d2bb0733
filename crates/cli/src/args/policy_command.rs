//! `assay policy`.

use std::path::PathBuf;

use clap::Subcommand;

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
}
