//! What the user asks for: the command line and requirements files, gathered into one value.

mod file;
mod group;
mod options;
mod script;
mod taking;
mod target;
mod toml_text;
mod tree;
mod variables;

use std::{collections::BTreeMap, path::PathBuf};

use assay_resolve::Stated;
use assay_trust::Evidence;
use assay_types::{
    Digests, MarkerEnvironment, ProjectName, Url, VersionSpecifiers, listing::File,
    text::without_secrets,
};

pub use file::LONGEST;
pub use options::{FileOptions, LinkLine, RuleLine, RuleOption};
pub use target::is_unnamed;
pub use tree::{AskedTree, Place, Settled};

use crate::{
    args::RequirementArgs,
    failure::{Failure, Result},
    settings::Temporary,
    surroundings::Surroundings,
};

/// Everything that was asked for.
#[derive(Debug, Default)]
pub struct Inputs {
    /// What to install.
    pub roots: Vec<Stated>,
    /// Limits on what may be installed.
    pub constraints: Vec<Stated>,
    /// Files that the user named, by project.
    pub named: BTreeMap<ProjectName, File>,
    /// Source trees that the user named. Nobody has looked at them: what they are becomes known when they
    /// are settled, and then they stand among the `named`, too.
    pub trees: Vec<AskedTree>,
    /// Where checkouts lie, for as long as this is there.
    pub checkouts: Option<Temporary>,
    /// Digests that the user gave, by project. A file must match one digest of each entry.
    pub hashes: BTreeMap<ProjectName, Vec<Given>>,
    /// Whether a requirement carried `--hash`, which demands one of every requirement, or the
    /// file said `--require-hashes`.
    pub require_hashes: bool,
    /// The target's marker values: what is not for it neither names files nor gives digests.
    /// `None` where there is no target yet, and everything counts.
    pub markers: Option<MarkerEnvironment>,
    /// Where relative paths of the command line start.
    pub working_dir: PathBuf,
    /// `--config-settings` behind requirements in files, by project.
    pub config_settings: BTreeMap<ProjectName, Vec<String>>,
    /// Index options that requirements files set.
    pub options: FileOptions,
    /// `requires-python` of a script that was named, and its place.
    pub script_python: Option<(VersionSpecifiers, String)>,
}

/// Digests that one requirement gives.
#[derive(Debug, Clone)]
pub struct Given {
    /// Any of these may match: one for each file of the version.
    pub digests: Digests,
    /// `requirements.txt:3`.
    pub from: String,
}

/// Fetches a requirements file from a URL.
pub type Fetch<'a> = &'a dyn Fn(&Url) -> Result<Vec<u8>>;

/// Where a requirement stands; decides what it may say.
#[derive(Debug, Clone)]
pub(crate) enum Base {
    /// The command line or a local file; relative paths start here.
    Local(PathBuf),
    /// A file from the network: it may neither set an index nor name local paths.
    Remote(Url),
}

/// Where a requirement stands that was typed.
pub const COMMAND_LINE: &str = "the command line";

/// Reads the command line and every file that it names.
pub fn gather(
    args: &RequirementArgs,
    around: &Surroundings,
    markers: Option<&MarkerEnvironment>,
    fetch: Fetch<'_>,
) -> Result<Inputs> {
    let mut inputs = Inputs {
        markers: markers.cloned(),
        working_dir: around.working_dir.clone(),
        ..Inputs::default()
    };
    let here = Base::Local(around.working_dir.clone());
    for text in &args.requirements {
        inputs.add_argument(text, &here)?;
    }
    for text in &args.editable {
        inputs.add_tree(tree::editable(text, &here, COMMAND_LINE)?);
    }
    for value in &args.group {
        inputs.add_group(value, around)?;
    }
    let mut reader = file::Reader::new(&mut inputs, args, around, fetch);
    for name in &args.requirement {
        reader.read(name, &here, file::Role::Requirements)?;
    }
    for name in &args.constraint {
        reader.read(name, &here, file::Role::Constraints)?;
    }
    for given in &around.pip.constraint {
        reader
            .read(&given.value, &here, file::Role::Constraints)
            .map_err(|failure| given.blamed(failure))?;
    }
    match args.requirements_from_script.as_slice() {
        [] => {}
        [script] => inputs.add_script(script, around)?,
        _ => {
            return Err(Failure::usage(
                "--requirements-from-script can be given once only",
            ));
        }
    }
    Ok(inputs)
}

/// Constraints alone, from files that hold nothing else.
pub fn constraints(
    files: &[String],
    markers: Option<&MarkerEnvironment>,
    around: &Surroundings,
    fetch: Fetch<'_>,
) -> Result<Inputs> {
    let mut inputs = Inputs {
        markers: markers.cloned(),
        working_dir: around.working_dir.clone(),
        ..Inputs::default()
    };
    let here = Base::Local(around.working_dir.clone());
    let args = RequirementArgs::default();
    let mut reader = file::Reader::new(&mut inputs, &args, around, fetch);
    for name in files {
        reader.read(name, &here, file::Role::Constraints)?;
    }
    match files.first() {
        Some(name) if inputs.options != FileOptions::default() => {
            let name = without_secrets(name);
            Err(Failure::usage(format!(
                "--build-constraint {name}: it sets options, and only constraints are for builds"
            ))
            .hint("options of a requirements file hold for builds, too; take them out of this one"))
        }
        _ => Ok(inputs),
    }
}

impl Inputs {
    /// The user's own digests as evidence.
    pub fn hash_evidence(&self, project: &ProjectName) -> impl Iterator<Item = Evidence> + '_ {
        self.hashes
            .get(project)
            .into_iter()
            .flatten()
            .map(|given| Evidence::Hash {
                digests: given.digests.clone(),
                given_in: given.from.clone(),
            })
    }
}

#[cfg(test)]
mod tests;
