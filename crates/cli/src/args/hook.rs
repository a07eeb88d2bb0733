//! `assay hook`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const CHECK_EXAMPLES: &str = "\
Examples:
  assay hook check -- ./hook.py --strict
  assay hook check --within '5 seconds' -- /usr/bin/python3 -I /opt/hooks/hook.py";

/// What to do with hooks.
#[derive(Debug, Subcommand)]
pub enum HookCommand {
    /// Run a program as an install runs a hook, on files that are made up, and say whether it keeps to
    /// the protocol. Exits with 1 where it does not.
    Check(HookCheckArgs),
    /// Ask a hook of the policy about a file at hand. Nothing is installed.
    Run(HookRunArgs),
}

/// Arguments of `hook check`.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub struct HookCheckArgs {
    /// How long one answer may take, as `timeout` of a policy file has it.
    #[arg(long, value_name = "TIME", default_value = "60 seconds")]
    pub within: String,
    /// The program by its path, and its arguments.
    #[arg(value_name = "PROGRAM", required = true, last = true)]
    pub command: Vec<String>,
}

/// Arguments of `hook run`.
#[derive(Debug, Args)]
pub struct HookRunArgs {
    /// Its name in [hooks] of a policy file that is in force here.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// A wheel or an sdist.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}
