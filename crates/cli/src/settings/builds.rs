//! What the user says of builds: options, requirements files and the surroundings in one value.

mod variables;

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    path::PathBuf,
};

use assay_build::ConfigSettings;
use assay_sandbox::Host;
use assay_types::{FileName, MarkerEnvironment, ProjectName};

use super::{Formats, formats, name};
use crate::{
    args::{BuildArgs, ChoiceArgs},
    failure::{Failure, Result},
    inputs::{self, COMMAND_LINE, Fetch, Inputs},
    surroundings::Surroundings,
};

/// What tools agree on that make the same bytes twice: the time that it is to be.
const EPOCH: &str = "SOURCE_DATE_EPOCH";

/// How source distributions and trees are built, and which of them count at all.
#[derive(Debug, Default)]
pub struct BuildSettings {
    /// Constraints on what builds require, with their hashes; no roots.
    pub constraints: Inputs,
    /// Variables of the user's environment that builds see. None of them may hold a secret.
    pub variables: Vec<(String, OsString)>,
    /// Whether a build may run in the restricted sandbox where there is no better one.
    pub restricted: bool,
    /// Folders that hold what is the user's alone. A Python may lie in one of them, or all around one;
    /// builds see that Python, and not the folder.
    pub private: Vec<PathBuf>,
    /// Which kinds of files count.
    pub formats: Formats,
    /// What was typed is for whatever is built.
    for_all: bool,
    /// What was typed is for these.
    named: BTreeSet<ProjectName>,
    typed: ConfigSettings,
    in_files: BTreeMap<ProjectName, ConfigSettings>,
    network: BTreeMap<ProjectName, Vec<Host>>,
}

impl BuildSettings {
    /// Those for a command that builds. `inputs` is what it is asked for.
    pub fn new(
        args: &BuildArgs,
        choice: &ChoiceArgs,
        inputs: &Inputs,
        markers: Option<&MarkerEnvironment>,
        around: &Surroundings,
        fetch: Fetch<'_>,
    ) -> Result<Self> {
        let in_files = inputs.config_settings.iter();
        let in_files = in_files.map(|(name, texts)| Ok((name.clone(), config(texts)?)));
        let mut settings = Self {
            constraints: inputs::constraints(&args.build_constraint, markers, around, fetch)?,
            variables: variables::read(&args.build_env, around)?,
            restricted: args.allow_restricted_sandbox,
            private: private(around),
            formats: formats(choice, &inputs.options.choice)?,
            for_all: false,
            named: BTreeSet::new(),
            typed: config(&args.config_settings)?,
            in_files: in_files.collect::<Result<_>>()?,
            network: network(&args.allow_build_network)?,
        };
        settings.name(inputs);
        Ok(settings)
    }

    /// Learns what was named; to be told again once it is known which projects the source trees are.
    pub fn name(&mut self, inputs: &Inputs) {
        let roots = inputs.roots.iter().filter(|it| it.from == COMMAND_LINE);
        let roots = roots.map(|it| &it.requirement.name);
        let is_tree = |it: &&FileName| matches!(it, FileName::Tree(_));
        let trees = inputs.named.values().map(|it| &it.name).filter(is_tree);
        let trees = trees.map(FileName::project);
        self.named.extend(roots.chain(trees).cloned());
    }

    /// For a command that builds one project of the user's own: what was typed is for that, and the time
    /// that its user sets for reproducible builds holds.
    pub fn of_own_project(mut self, around: &Surroundings) -> Result<Self> {
        self.for_all = true;
        let is_named = self.variables.iter().any(|it| it.0 == EPOCH);
        let epoch = around.raw_variable(EPOCH).filter(|_| !is_named);
        let Some(epoch) = epoch.filter(|it| !it.is_empty()) else {
            return Ok(self);
        };
        let text = epoch.to_str().unwrap_or_default();
        if text.parse::<u64>().is_err() || !text.bytes().all(|it| it.is_ascii_digit()) {
            let fact = format!("{EPOCH} is no number of seconds since 1970");
            return Err(Failure::usage(fact).hint("unset it, or set it to one"));
        }
        self.variables.push((EPOCH.to_owned(), epoch));
        Ok(self)
    }

    /// Those for a command that only looks at what indexes have.
    pub fn of_choice(choice: &ChoiceArgs) -> Result<Self> {
        Ok(Self {
            formats: formats(choice, &ChoiceArgs::default())?,
            ..Self::default()
        })
    }

    /// What the backend of a project is told. As with pip: what was typed is for the projects that were
    /// named on the command line, and for source trees, of which the project is not known at first; what
    /// stands behind a requirement in a file is for that one's, and what these depend on is told nothing.
    /// `is_tree`: whatever it is called, the user named its folder.
    pub fn config_for(&self, project: Option<&ProjectName>, is_tree: bool) -> ConfigSettings {
        let Some(project) = project else {
            return self.typed.clone();
        };
        let is_named = self.for_all || is_tree || self.named.contains(project);
        let is_named = is_named && !self.typed.is_empty();
        let settings = match is_named {
            true => Some(&self.typed),
            false => self.in_files.get(project),
        };
        settings.cloned().unwrap_or_default()
    }

    /// The hosts that the build of a project may reach.
    pub fn network_for(&self, project: Option<&ProjectName>) -> &[Host] {
        let hosts = project.and_then(|it| self.network.get(it));
        hosts.map_or(&[], Vec::as_slice)
    }
}

/// Home and what is usually in it, wherever it is.
fn private(around: &Surroundings) -> Vec<PathBuf> {
    let home = around.home.as_deref();
    let below = home.map(|it| it.join(".local"));
    let folders = [
        home.map(PathBuf::from),
        below,
        around.cache_home.clone(),
        around.state_home.clone(),
        around.config_home.clone(),
    ];
    folders.into_iter().flatten().collect()
}

fn config(texts: &[String]) -> Result<ConfigSettings> {
    ConfigSettings::parse(texts)
        .map_err(|error| Failure::usage(format!("--config-settings: {error}")))
}

/// `--allow-build-network NAME=HOST,…`.
fn network(values: &[String]) -> Result<BTreeMap<ProjectName, Vec<Host>>> {
    const OPTION: &str = "--allow-build-network";
    let mut network = BTreeMap::<_, Vec<Host>>::new();
    for value in values {
        let (project, hosts) = value.split_once('=').ok_or_else(|| {
            Failure::usage(format!("{OPTION}: {value} is not of the form NAME=HOST,…"))
                .hint("name the project whose build may reach the host: no option opens the network to all")
        })?;
        let all = network.entry(name(OPTION, project)?).or_default();
        for host in hosts.split(',').map(str::trim) {
            let host = host
                .parse()
                .map_err(|error| Failure::usage(format!("{OPTION}: {error}")))?;
            if !all.contains(&host) {
                all.push(host);
            }
        }
    }
    Ok(network)
}

#[cfg(test)]
mod tests;
