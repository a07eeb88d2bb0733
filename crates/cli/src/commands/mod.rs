//! One module a command.

mod admitted;
mod asked_indexes;
mod attestation;
mod build;
mod builder;
mod cache;
mod check;
mod config;
mod conflicts;
mod debug;
mod diff;
mod download;
mod explain;
mod explain_index;
mod fitting;
mod freeze;
mod hash;
mod hook;
mod index_versions;
mod inspect;
mod install;
mod key;
mod list;
mod look;
mod offered;
mod policy;
mod release;
mod request;
mod sandbox;
mod saving;
mod scheme;
mod script_location;
mod show;
mod sign;
mod sources;
mod still_denied;
mod target;
mod trust;
mod uninstall;
mod venv;
mod verify;
mod vouch;
mod wheel;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::{
    args::{Arguments, Command, CompletionArgs, IndexCommand, NetworkArgs, PolicyCommand},
    failure::{Failure, Result},
    settings::{Folders, Purpose},
    surroundings::Surroundings,
    ui::Ui,
};

/// What every command works with.
pub struct Context<'a> {
    /// The process's environment.
    pub around: &'a Surroundings,
    /// What the user sees.
    pub ui: &'a Ui,
    /// Cache and state.
    pub folders: Folders,
    /// `--isolated`.
    pub isolated: bool,
    /// `--require-virtualenv`.
    pub require_virtualenv: bool,
    /// `--no-input`.
    pub no_input: bool,
    /// `--python`.
    pub python: Option<String>,
    /// How servers are reached.
    pub network: NetworkArgs,
}

impl Context<'_> {
    /// The same, seen otherwise.
    pub fn with_ui<'a>(&'a self, ui: &'a Ui) -> Context<'a> {
        Context {
            ui,
            folders: self.folders.clone(),
            python: self.python.clone(),
            network: self.network.clone(),
            ..*self
        }
    }
}

/// Runs a command; gives the exit code where it is not an error.
pub fn run(arguments: Arguments, around: &Surroundings, ui: &Ui) -> Result<u8> {
    let Arguments {
        common,
        network,
        command,
    } = arguments;
    let folders = Folders::new(&common, around, ui, purpose(&command))?;
    let context = Context {
        around,
        ui,
        folders,
        isolated: common.isolated,
        require_virtualenv: common.require_virtualenv,
        no_input: common.no_input,
        python: common.python,
        network,
    };
    run_in(command, &context)
}

fn run_in(command: Command, context: &Context<'_>) -> Result<u8> {
    match command {
        Command::Install(args) => install::run(&args, context)?,
        Command::Uninstall(args) => uninstall::run(&args, context)?,
        Command::Download(args) => download::run(&args, context)?,
        Command::Wheel(args) => wheel::run(&args, context)?,
        Command::Build(args) => build::run(&args, context)?,
        Command::List(args) => list::run(&args, context)?,
        Command::Freeze(args) => freeze::run(&args, context)?,
        Command::Debug(args) => debug::run(&args, context)?,
        Command::Inspect(args) => inspect::run(&args, context)?,
        Command::Index(IndexCommand::Versions(args)) => index_versions::run(&args, context)?,
        Command::Show(args) => return show::run(&args, context),
        Command::Check(args) => return check::run(&args, context),
        Command::Venv(args) => venv::run(&args, context)?,
        Command::Hash(args) => hash::run(&args, context)?,
        Command::Verify(args) => return verify::run(&args, context),
        Command::Diff(args) => return diff::run(&args, context),
        Command::Explain(args) => explain::run(&args, context)?,
        Command::Cache(command) => return cache::run(&command, context),
        Command::ExplainIndex(args) => return explain_index::run(&args, context),
        Command::Policy(command) => policy::run(&command, context)?,
        Command::Trust(command) => return trust::run(&command, context),
        Command::Hook(command) => return hook::run(&command, context),
        Command::Sandbox(command) => return sandbox::run(&command, context),
        Command::Key(command) => key::run(&command, context)?,
        Command::Sign(args) => sign::run(&args, context)?,
        Command::Vouch(args) => return vouch::run(&args, context),
        Command::Completion(args) => completion(&args, context.ui)?,
        Command::Config(args) => config::run(&args, context)?,
    }
    Ok(0)
}

/// Whoever installs, removes or judges relies on the state.
fn purpose(command: &Command) -> Purpose {
    match command {
        Command::Install(_)
        | Command::Uninstall(_)
        | Command::Download(_)
        | Command::Wheel(_)
        | Command::Build(_)
        | Command::Cache(_)
        | Command::Verify(_)
        | Command::Diff(_)
        | Command::Explain(_)
        | Command::Index(_)
        | Command::ExplainIndex(_)
        | Command::Policy(PolicyCommand::Approve(_))
        | Command::Trust(_)
        | Command::Key(_)
        | Command::Sign(_)
        | Command::Vouch(_) => Purpose::Change,
        Command::List(args) if args.outdated || args.uptodate => Purpose::Change,
        Command::List(_)
        | Command::Freeze(_)
        | Command::Show(_)
        | Command::Check(_)
        | Command::Venv(_)
        | Command::Hash(_)
        | Command::Completion(_)
        | Command::Policy(_)
        | Command::Hook(_)
        | Command::Sandbox(_)
        | Command::Config(_)
        | Command::Debug(_)
        | Command::Inspect(_) => Purpose::Look,
    }
}

fn completion(args: &CompletionArgs, ui: &Ui) -> Result<()> {
    let mut script = Vec::new();
    let shell = shell(args).ok_or_else(|| Failure::usage("name a shell"))?;
    clap_complete::generate(shell, &mut Arguments::command(), "assay", &mut script);
    ui.output(String::from_utf8_lossy(&script).trim_end())
}

/// A shell by its name, or by pip's options.
fn shell(args: &CompletionArgs) -> Option<Shell> {
    let by_option = [
        (args.bash, Shell::Bash),
        (args.zsh, Shell::Zsh),
        (args.fish, Shell::Fish),
        (args.powershell, Shell::PowerShell),
    ];
    let named = by_option.into_iter().find(|it| it.0).map(|it| it.1);
    args.shell.or(named)
}
