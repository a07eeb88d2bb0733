//! The command line as it is typed. Names and meanings are pip's wherever pip has the option.

mod build;
mod common;
mod diff;
mod explain;
mod hook;
mod index;
mod install;
mod installed;
mod key;
mod network;
mod policy;
mod policy_command;
mod project;
mod review;
mod sandbox;
mod sign;
mod target;
mod tools;
mod trust;
mod verify;
mod vouch;
mod wheel;

use clap::{ArgMatches, Args as _, FromArgMatches as _, Parser, Subcommand, error::ErrorKind};

pub use build::BuildArgs;
pub use common::{CommonArgs, ProgressArg};
pub use diff::DiffArgs;
pub use explain::ExplainArgs;
pub use hook::{HookCheckArgs, HookCommand, HookRunArgs};
pub use index::IndexArgs;
pub use install::{
    ChoiceArgs, DownloadArgs, InstallArgs, RequirementArgs, ResolveArgs, UpgradeStrategy,
};
pub use installed::{
    CheckArgs, FreezeArgs, InspectArgs, ListArgs, ListFormat, LookArgs, ShowArgs, UninstallArgs,
};
pub use key::{
    KeyCommand, KeyExportArgs, KeyFormat, KeyGenerateArgs, KeyImportArgs, KeyRotateArgs,
    PassphraseArgs, SigningArgs,
};
pub use network::{KeyringArg, NetworkArgs, RootsArg};
pub use policy::PolicyArgs;
pub use policy_command::{ApproveArgs, PolicyCommand};
pub use project::ProjectArgs;
pub use review::ReviewArgs;
pub use sandbox::SandboxCommand;
pub use sign::{SignArgs, SignFormat};
pub use target::{
    EnvironmentArgs, LinkModeArg, PlatformArgs, RootUserAction, SchemeArgs, TargetArgs,
};
pub use tools::{
    CacheCommand, CacheFormat, CompletionArgs, ConfigArgs, ConfigCommand, DebugArgs,
    ExplainIndexArgs, HashArgs, IndexCommand, IndexVersionsArgs, VenvArgs,
};
pub use trust::{TrustAcceptArgs, TrustCommand, TrustRemoveArgs};
pub use verify::VerifyArgs;
pub use vouch::{
    VouchArgs, VouchCommand, VouchDenyArgs, VouchFilesArgs, VouchInitArgs, VouchListArgs,
    VouchSigningArgs, VouchSuggestArgs, VouchWantedArgs,
};
pub use wheel::WheelArgs;

/// assay: a drop-in for pip that authenticates every archive before anything opens it.
#[derive(Debug, Parser)]
#[command(
    name = "assay",
    version,
    propagate_version = true,
    disable_help_subcommand = false,
    infer_long_args = true,
    args_override_self = true
)]
#[command(
    after_help = "Exit codes: 0 done; 1 could not; 2 usage; 3 a difference (diff --exit-code); 4 refused by a trust rule; 255 a bug."
)]
pub struct Arguments {
    /// Options that every command takes.
    #[command(flatten)]
    pub common: CommonArgs,
    /// How servers are reached.
    #[command(flatten)]
    pub network: NetworkArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

impl Arguments {
    /// The command line with `install` and no other command. To make the arguments of all commands
    /// and to carry the common ones into each takes longer than an install that finds nothing to do.
    pub fn install_alone() -> clap::Command {
        let root = clap::Command::new("assay")
            .version(env!("CARGO_PKG_VERSION"))
            .propagate_version(true)
            .infer_long_args(true)
            .args_override_self(true)
            .subcommand_required(true);
        let root = NetworkArgs::augment_args(CommonArgs::augment_args(root));
        root.subcommand(InstallArgs::augment_args(clap::Command::new("install")))
    }

    /// What was typed, as [`Self::install_alone`] read it.
    pub fn of_install(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let (_, own) = matches
            .subcommand()
            .ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        Ok(Self {
            common: CommonArgs::from_arg_matches(matches)?,
            network: NetworkArgs::from_arg_matches(matches)?,
            command: Command::Install(Box::new(InstallArgs::from_arg_matches(own)?)),
        })
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Install packages: resolve, fetch, admit, unpack, commit.
    Install(Box<InstallArgs>),
    /// Remove installed packages; only files that are unchanged since their installation.
    Uninstall(UninstallArgs),
    /// Resolve, fetch and admit packages into a folder, without installing them.
    Download(Box<DownloadArgs>),
    /// Put one wheel for each package into a folder; what comes as a source is built in a sandbox.
    Wheel(Box<WheelArgs>),
    /// Build a project of your own in a sandbox: a source distribution, and from that a wheel.
    Build(Box<ProjectArgs>),
    /// List installed packages.
    List(Box<ListArgs>),
    /// Print installed packages as a requirements file.
    Freeze(FreezeArgs),
    /// Print installed packages with their metadata as JSON, as pip does.
    Inspect(InspectArgs),
    /// Show what is known of installed packages.
    Show(ShowArgs),
    /// Check that installed packages have compatible dependencies.
    Check(CheckArgs),
    /// Create a virtual environment.
    Venv(VenvArgs),
    /// Print the digests of files, as `--hash` takes them.
    Hash(HashArgs),
    /// Compare an environment with what was installed; or judge files and names, installing nothing.
    Verify(Box<VerifyArgs>),
    /// Compare two versions of a project as a reviewer needs it; nothing is installed.
    Diff(Box<DiffArgs>),
    /// Show why installed packages were accepted, and by whose word.
    Explain(ExplainArgs),
    /// Look at the cache, verify it or empty it.
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Read and change pip.conf.
    Config(ConfigArgs),
    /// Ask the index.
    #[command(subcommand)]
    Index(IndexCommand),
    /// Show which index would serve a project, and why.
    ExplainIndex(ExplainIndexArgs),
    /// Check policy files, show what they say, or approve a project's.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// See and change who may publish a project.
    #[command(subcommand)]
    Trust(TrustCommand),
    /// Try programs that a policy asks about files.
    #[command(subcommand)]
    Hook(HookCommand),
    /// See what holds builds on this machine.
    #[command(subcommand)]
    Sandbox(SandboxCommand),
    /// Make, list and hand out the keys that sign.
    #[command(subcommand)]
    Key(Box<KeyCommand>),
    /// Sign files that you publish.
    Sign(Box<SignArgs>),
    /// Sign that you looked at files, for everybody who listens to you; say what to look at next.
    Vouch(VouchArgs),
    /// Print what is known of the Python, the platform and the settings, for a report of a fault.
    Debug(DebugArgs),
    /// Print a completion script for a shell.
    Completion(CompletionArgs),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn install_alone_is_install_among_the_others() {
        let described = |mut root: clap::Command| {
            root.build();
            let install = root.find_subcommand("install").unwrap();
            let mut all: Vec<_> = install
                .get_arguments()
                .map(|it| format!("{it:?}"))
                .collect();
            all.sort();
            all
        };
        let (alone, whole) = (Arguments::install_alone(), Arguments::command());
        assert_eq!(described(alone), described(whole));
        let words = [
            "assay",
            "install",
            "-q",
            "--timeout",
            "3",
            "--venv",
            "e",
            "flask",
        ];
        let matches = Arguments::install_alone().get_matches_from(words);
        let alone = Arguments::of_install(&matches).unwrap();
        assert_eq!(
            format!("{alone:?}"),
            format!("{:?}", Arguments::parse_from(words))
        );
    }
}
