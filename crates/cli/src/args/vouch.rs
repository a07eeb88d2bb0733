//! Arguments of `vouch`.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand};

use super::{RequirementArgs, ReviewArgs, SigningArgs};

const EXAMPLES: &str = "\
Examples:
  assay vouch flask==3.1.0 --set vouches --with alice               I looked at this file
  assay vouch flask==3.1.1 --from 3.1.0 --set vouches --with alice  I looked at what changed since
  assay vouch suggest                                               what to look at next
  assay vouch deny evil==6.6.6 --reason 'mines coins' --set vouches --with alice";

/// Arguments of `vouch`.
#[derive(Debug)]
pub enum VouchArgs {
    /// Files to vouch for.
    Files(Box<VouchFilesArgs>),
    /// Something else to do with a set.
    Set(VouchCommand),
}

/// clap's derive has no word for either the one or the other.
impl Args for VouchArgs {
    fn augment_args(command: Command) -> Command {
        let command = VouchCommand::augment_subcommands(VouchFilesArgs::augment_args(command));
        command
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true)
            .after_help(EXAMPLES)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for VouchArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        match matches.subcommand() {
            Some(_) => VouchCommand::from_arg_matches(matches).map(Self::Set),
            None => VouchFilesArgs::from_arg_matches(matches).map(|it| Self::Files(Box::new(it))),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What else to do with a set of statements.
#[derive(Debug, Subcommand)]
pub enum VouchCommand {
    /// Sign that files, versions or projects are not to be installed, and why.
    Deny(Box<VouchDenyArgs>),
    /// Exempt what is installed, at which nobody looked, so that the first install passes.
    Init(Box<VouchInitArgs>),
    /// Say what to look at next, smallest differences first.
    Suggest(Box<VouchSuggestArgs>),
    /// Print what a set says.
    List(VouchListArgs),
    /// Read a whole set, and say what is wrong with it.
    Check(VouchListArgs),
}

/// Arguments of `vouch`, without a further word.
#[derive(Debug, Args)]
pub struct VouchFilesArgs {
    /// Wheels and sdists by their paths, or versions: the file of it that an install would take.
    #[arg(value_name = "FILE|NAME==VERSION", required = true)]
    pub words: Vec<String>,
    /// What you did; several are separated by commas, or repeated. A rule counts your word where it names
    /// all that its source asks for.
    #[arg(
        long,
        value_name = "NAME",
        value_delimiter = ',',
        default_value = "looked-at"
    )]
    pub criteria: Vec<String>,
    /// What others should know of it.
    #[arg(long, value_name = "TEXT")]
    pub notes: Option<String>,
    /// You looked at what changed since this version or file, for which the set vouches.
    #[arg(long, value_name = "VERSION|FILE")]
    pub from: Option<String>,
    /// Vouch for every file that the index has of a version.
    #[arg(long, conflicts_with = "from")]
    pub all_files: bool,
    /// The set, and who signs.
    #[command(flatten)]
    pub signing: VouchSigningArgs,
    /// Which wheels.
    #[command(flatten)]
    pub review: ReviewArgs,
}

/// Where statements go, and who makes them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Signing options")]
pub struct VouchSigningArgs {
    /// The set of statements: a folder, with a file for each project.
    #[arg(long, value_name = "FOLDER")]
    pub set: PathBuf,
    /// Who signs.
    #[command(flatten)]
    pub signing: SigningArgs,
    /// The last day (UTC) on which it counts, such as 2027-12-31. Default: always.
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
    /// Show what would be signed; sign and write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// Arguments of `vouch deny`.
#[derive(Debug, Args)]
pub struct VouchDenyArgs {
    /// Files at hand, versions, or projects with all the versions that there are.
    #[arg(value_name = "FILE|NAME==VERSION|NAME", required = true)]
    pub words: Vec<String>,
    /// Why; whoever is stopped by it reads that.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// The set, and who signs.
    #[command(flatten)]
    pub signing: VouchSigningArgs,
    /// Which wheels.
    #[command(flatten)]
    pub review: ReviewArgs,
}

/// Arguments of `vouch init`.
#[derive(Debug, Args)]
pub struct VouchInitArgs {
    /// The set, and who signs.
    #[command(flatten)]
    pub signing: VouchSigningArgs,
    /// What to exempt, in the place of what is installed.
    #[command(flatten)]
    pub wanted: VouchWantedArgs,
    /// Which wheels.
    #[command(flatten)]
    pub review: ReviewArgs,
}

/// Arguments of `vouch suggest`.
#[derive(Debug, Args)]
pub struct VouchSuggestArgs {
    /// A folder: say what this set does not vouch for. Default: what no source of the policy in force
    /// vouches for.
    #[arg(long, value_name = "FOLDER")]
    pub set: Option<PathBuf>,
    /// Whose statements in --set count: public keys, as OpenSSH writes them (id_ed25519.pub) or in PEM.
    /// Default: the keys of the policy in force.
    #[arg(long, value_name = "FILE", requires = "set")]
    pub key: Vec<PathBuf>,
    /// How many wheels are fetched at most, to see what differs.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub limit: usize,
    /// What to look at, in the place of what is installed.
    #[command(flatten)]
    pub wanted: VouchWantedArgs,
    /// Which wheels.
    #[command(flatten)]
    pub review: ReviewArgs,
}

/// What an install would take, in the place of what is installed.
#[derive(Debug, Args, Default)]
pub struct VouchWantedArgs {
    /// What an install of this requirements file would take, in the place of what is installed.
    #[arg(short, long, value_name = "FILE")]
    pub requirement: Vec<String>,
    /// With these constraints.
    #[arg(short, long, value_name = "FILE", requires = "requirement")]
    pub constraint: Vec<String>,
}

/// Arguments of `vouch list` and `vouch check`.
#[derive(Debug, Args)]
pub struct VouchListArgs {
    /// Only these projects.
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// The set: a folder.
    #[arg(long, value_name = "FOLDER")]
    pub set: PathBuf,
    /// Whose statements count: public keys, as OpenSSH writes them (id_ed25519.pub) or in PEM. Default:
    /// the keys of the policy in force.
    #[arg(long, value_name = "FILE")]
    pub key: Vec<PathBuf>,
}

impl VouchWantedArgs {
    /// As `install` takes them.
    pub fn requirements(&self) -> RequirementArgs {
        RequirementArgs {
            requirement: self.requirement.clone(),
            constraint: self.constraint.clone(),
            ..RequirementArgs::default()
        }
    }

    /// Whether the environment is meant.
    pub fn is_empty(&self) -> bool {
        self.requirement.is_empty()
    }
}
