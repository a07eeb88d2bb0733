//! How source distributions and trees are built.

use clap::Args;

/// What the user says of builds, which always run in a sandbox.
#[derive(Debug, Clone, Args, Default)]
#[command(next_help_heading = "Build options")]
pub struct BuildArgs {
    /// A setting for the build backend of what is named on the command line.
    #[arg(
        short = 'C',
        long,
        alias = "config-setting",
        value_name = "KEY=VALUE",
        allow_hyphen_values = true
    )]
    pub config_settings: Vec<String>,
    /// A file of constraints (a path or URL) on what builds require.
    #[arg(long, value_name = "FILE")]
    pub build_constraint: Vec<String>,
    /// Hand this environment variable to builds. Never one that may hold a secret.
    #[arg(long, value_name = "NAME")]
    pub build_env: Vec<String>,
    /// Let the build of a project reach these hosts (HOST or HOST:PORT), and nothing else.
    #[arg(long, value_name = "NAME=HOST,…")]
    pub allow_build_network: Vec<String>,
    /// Build although this machine offers no more than the restricted sandbox.
    #[arg(long)]
    pub allow_restricted_sandbox: bool,
}
