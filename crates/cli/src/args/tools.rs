//! Commands beside the main job.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::{ChoiceArgs, IndexArgs, PlatformArgs, PolicyArgs};

/// Arguments of `venv`.
#[derive(Debug, Args)]
pub struct VenvArgs {
    /// The folder to make.
    #[arg(value_name = "DIR", default_value = ".venv")]
    pub path: PathBuf,
    /// Let the environment see the base interpreter's packages.
    #[arg(long)]
    pub system_site_packages: bool,
    /// The name that the shell's prompt shows.
    #[arg(long, value_name = "NAME")]
    pub prompt: Option<String>,
    /// Empty an environment that exists already.
    #[arg(long)]
    pub clear: bool,
}

/// Arguments of `hash`.
#[derive(Debug, Args)]
pub struct HashArgs {
    /// Files to hash.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Which digest.
    #[arg(short, long, value_name = "ALGORITHM", default_value = "sha256", value_parser = ["sha256", "sha384", "sha512"])]
    pub algorithm: String,
}

/// What to do with the cache.
#[derive(Debug, Subcommand)]
pub enum CacheCommand {
    /// Print where it is.
    Dir,
    /// Print how large it is.
    Info,
    /// List the wheels in it.
    List {
        /// Only file names that match, such as `flask-3*`; a name alone means any version.
        #[arg(value_name = "PATTERN")]
        pattern: Option<String>,
        /// How to print.
        #[arg(long, value_name = "FORMAT", default_value = "human")]
        format: CacheFormat,
    },
    /// Delete wheels whose file names match.
    Remove {
        /// Such as `flask-3*`; a name alone means any version.
        #[arg(value_name = "PATTERN")]
        pattern: String,
    },
    /// Delete everything in it. Safe at any time.
    #[command(visible_alias = "clean")]
    Purge,
    /// Hash every stored file and report what was changed.
    Verify,
}

/// How `cache list` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CacheFormat {
    /// For a person.
    Human,
    /// One absolute path a line.
    Abspath,
}

/// What to do with pip.conf.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// The program that `edit` starts.
    #[arg(long, value_name = "PROGRAM", global = true)]
    pub editor: Option<String>,
    /// The machine's file.
    #[arg(long, global = true, conflicts_with_all = ["user", "site"])]
    pub global: bool,
    /// The user's file.
    #[arg(long, global = true, conflicts_with = "site")]
    pub user: bool,
    /// The environment's file.
    #[arg(long, global = true)]
    pub site: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: ConfigCommand,
}

/// What to do with pip.conf.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print every setting in force, with its section.
    List,
    /// Print one setting.
    Get {
        /// `section.option`, such as global.index-url.
        name: String,
    },
    /// Write a setting.
    Set {
        /// `section.option`, such as global.index-url.
        name: String,
        /// Its value.
        value: String,
    },
    /// Take a setting away.
    Unset {
        /// `section.option`, such as global.index-url.
        name: String,
    },
    /// Open the file in an editor.
    Edit,
    /// Print which files are read, in their order, and what each says.
    Debug,
}

/// What to ask of the index.
#[derive(Debug, Subcommand)]
pub enum IndexCommand {
    /// List the versions of a project that could be installed.
    Versions(Box<IndexVersionsArgs>),
}

/// Arguments of `index versions`.
#[derive(Debug, Args)]
pub struct IndexVersionsArgs {
    /// The project.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// For which Python.
    #[command(flatten)]
    pub platform: PlatformArgs,
    /// Take versions whose Requires-Python says that they do not fit.
    #[arg(long)]
    pub ignore_requires_python: bool,
    /// Which versions count.
    #[command(flatten)]
    pub choice: ChoiceArgs,
    /// Whose word counts.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Where packages come from.
    #[command(flatten)]
    pub index: IndexArgs,
}

/// Arguments of `explain-index`.
#[derive(Debug, Args)]
pub struct ExplainIndexArgs {
    /// Projects.
    #[arg(value_name = "NAME", required = true)]
    pub names: Vec<String>,
    /// Whose word counts.
    #[command(flatten)]
    pub policy: PolicyArgs,
    /// Where packages come from.
    #[command(flatten)]
    pub index: IndexArgs,
}

/// Arguments of `debug`.
#[derive(Debug, Args)]
pub struct DebugArgs {
    /// For which Python.
    #[command(flatten)]
    pub platform: PlatformArgs,
}

/// Arguments of `completion`.
#[derive(Debug, Args)]
pub struct CompletionArgs {
    /// The shell.
    #[arg(value_enum, required_unless_present_any = ["bash", "zsh", "fish", "powershell"])]
    pub shell: Option<clap_complete::Shell>,
    /// For bash.
    #[arg(short, long, group = "named")]
    pub bash: bool,
    /// For zsh.
    #[arg(short, long, group = "named")]
    pub zsh: bool,
    /// For fish.
    #[arg(short, long, group = "named")]
    pub fish: bool,
    /// For PowerShell.
    #[arg(short, long, group = "named")]
    pub powershell: bool,
}
