//! What all commands have in common that ask what an install would take: from arguments to a world in
//! which things can be resolved.

use std::sync::Arc;

use assay_index::{Client, Indexes};
use assay_install::Store;
use assay_resolve::{Request, Upgrade, select};
use assay_trust::Policy;
use assay_types::{
    MarkerEnvironment, Timestamp, Url, listing::Location, requirement::redacted,
    text::without_secrets,
};

use super::{Context, fitting::Fitting};
use crate::{
    args::{IndexArgs, PolicyArgs, RequirementArgs, ResolveArgs},
    failure::{Failure, Result},
    inputs::{self, Inputs},
    pipeline::{Builds, Installed, Places, Signers, Workbench, World},
    settings::{self, BuildSettings, PolicyFiles, index},
    ui::Progress,
};

/// Everything that was asked for, and the rules for it.
pub struct Asked {
    pub client: Client,
    pub indexes: Indexes,
    pub inputs: Inputs,
    pub policy: Policy,
    pub signers: Signers,
    pub builds: BuildSettings,
    pub bench: Workbench,
    pub now: Timestamp,
}

impl Asked {
    /// Reads options and files. Asks the network only for files that were named by URL.
    pub fn new(
        wanted: &RequirementArgs,
        resolve: &ResolveArgs,
        policy: &PolicyArgs,
        index_args: &IndexArgs,
        markers: &MarkerEnvironment,
        context: &Context<'_>,
    ) -> Result<Self> {
        // A mistake in one is told before anybody is asked anything.
        let now = Timestamp::now();
        let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
        let client = client(index_args, context)?;
        let mut inputs = inputs::gather(wanted, context.around, Some(markers), &|url| {
            fetch(&client, url)
        })?;
        keep_secrets(&client, &mut inputs)?;
        let (choice, around) = (&resolve.choice, context.around);
        let fetch = |url: &Url| fetch(&client, url);
        let builds = BuildSettings::new(
            &resolve.builds,
            choice,
            &inputs,
            Some(markers),
            around,
            &fetch,
        )?;
        check_script_python(resolve, &inputs, markers)?;
        let asked = Self::ruled(client, inputs, policy, index_args, (files, now), context)?;
        Ok(Self { builds, ..asked })
    }

    /// The rules alone, for whoever only looks at what indexes have.
    pub fn nothing(
        policy: &PolicyArgs,
        index_args: &IndexArgs,
        context: &Context<'_>,
    ) -> Result<Self> {
        let now = Timestamp::now();
        let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
        let client = client(index_args, context)?;
        let inputs = Inputs::default();
        Self::ruled(client, inputs, policy, index_args, (files, now), context)
    }

    fn ruled(
        client: Client,
        mut inputs: Inputs,
        policy: &PolicyArgs,
        index_args: &IndexArgs,
        (files, now): (PolicyFiles, Timestamp),
        context: &Context<'_>,
    ) -> Result<Self> {
        if let Some(said) = context.folders.judge_clock(now)? {
            context.ui.warn(&said);
        }
        let require_hashes =
            policy.require_hashes || inputs.require_hashes || context.around.pip.require_hashes;
        let set = &context.around.pip;
        let pypi = index::pypi()?;
        let mut policy = settings::policy(policy, set, require_hashes, &files, &pypi, now)?;
        settings::add_lines(&mut policy, &inputs.options.rules, &files, now)?;
        let indexes = index::indexes(&client, index_args, &inputs.options, &files, context.around)?;
        check_named_indexes(&policy, &indexes)?;
        note_trusted_hosts(&inputs, context);
        inputs.require_hashes = require_hashes;
        let main = index::usual(&client, context.around)?.map(|it| it.url().clone());
        let moment = context.folders.moment(now)?;
        let signers = Signers::new(files, context.folders.state().to_owned(), main, moment);
        signers.programs().check(&policy)?;
        Ok(Self {
            client,
            indexes,
            inputs,
            policy,
            signers,
            builds: BuildSettings::default(),
            bench: Workbench::default(),
            now,
        })
    }

    /// Refuses to do nothing at all, in pip's words. An empty file is nothing to do, and no mistake:
    /// that is told.
    pub fn check_any(
        &self,
        wanted: &RequirementArgs,
        command: &str,
        context: &Context<'_>,
    ) -> Result<()> {
        if !self.inputs.roots.is_empty() || !self.inputs.trees.is_empty() {
            return Ok(());
        }
        if !names_a_file(wanted) {
            let fact = format!("You must give at least one requirement to {command}");
            return Err(Failure::usage(fact).hint("name a requirement, or a file with -r"));
        }
        for file in &wanted.requirement {
            let file = without_secrets(file);
            context.ui.note(&format!("{file} contains no requirements"));
        }
        Ok(())
    }

    /// Says which requirements are not for this target, as pip does.
    pub fn note_inapplicable(&self, markers: &MarkerEnvironment, context: &Context<'_>) {
        let roots = self.inputs.roots.iter();
        for root in roots.filter(|it| !it.requirement.applies(markers, &[])) {
            let (what, from) = (&root.requirement, &root.from);
            context.ui.note(&format!(
                "{what} from {from} is not for this Python; ignored"
            ));
        }
    }

    /// What the resolver is asked, as if nothing were installed.
    pub fn request(
        &self,
        resolve: &ResolveArgs,
        fitting: &Fitting,
        upgrade: Upgrade,
    ) -> Result<Request> {
        self.check_settled()?;
        self.unsettled_request(resolve, fitting, upgrade)
    }

    /// The same of what is known before trees are settled.
    pub fn unsettled_request(
        &self,
        resolve: &ResolveArgs,
        fitting: &Fitting,
        upgrade: Upgrade,
    ) -> Result<Request> {
        let prereleases = settings::prereleases(&resolve.choice, &self.inputs.options.choice)?;
        Ok(Request {
            roots: self.inputs.roots.clone(),
            constraints: self.inputs.constraints.clone(),
            upgrade,
            prereleases,
            no_deps: resolve.no_deps,
            only_deps: resolve.only_deps,
            ignore_requires_python: resolve.ignore_requires_python,
            ..Request::new(fitting.markers.clone(), fitting.python.clone())
        })
    }

    /// Wheels were verified. The time is the earlier one of our clock and the index's: neither
    /// alone makes the other a liar in the next run.
    pub fn note_time(&self, context: &Context<'_>) {
        let theirs = self.client.index_time();
        let seen = theirs.map_or(self.now, |it| it.min(self.now));
        if let Err(failure) = context.folders.saw(seen) {
            let said = format!("the time is not remembered: {}", failure.fact());
            context.ui.warn(&said);
        }
    }

    /// Asks something of the indexes, for a target on which nothing is installed; no wheel is fetched but
    /// by what is asked. Warnings are told whether or not there is an answer.
    pub fn answer<T>(
        &self,
        request: &Arc<Request>,
        fitting: &Fitting,
        context: &Context<'_>,
        ask: impl FnOnce(&World<'_>) -> T,
    ) -> T {
        let (installed, progress) = (Installed::default(), context.ui.progress());
        let store = context.folders.store();
        let run = Run {
            installed: &installed,
            store: &store,
            progress: &progress,
            builds: Builds::Listed,
            wheels: false,
            foresight: false,
            describe: false,
        };
        let world = self.world(request, fitting, run);
        let answer = ask(&world);
        progress.pause();
        world.warnings().iter().for_each(|it| context.ui.warn(it));
        answer
    }

    /// Where the request's questions are answered.
    pub fn world<'a>(
        &'a self,
        request: &Arc<Request>,
        fitting: &Fitting,
        run: Run<'a>,
    ) -> World<'a> {
        let target = select::Target {
            tags: Arc::clone(fitting.tags()),
            python: fitting.python.clone(),
            ignore_requires_python: request.ignore_requires_python,
        };
        let places = Places {
            client: &self.client,
            indexes: &self.indexes,
            inputs: &self.inputs,
            installed: run.installed,
            signers: &self.signers,
            store: run.store,
            progress: run.progress,
            formats: &self.builds.formats,
            builds: run.builds,
            wheels: run.wheels,
            foresight: run.foresight,
            describe: run.describe,
        };
        World::new(
            places,
            Arc::clone(request),
            self.policy.clone(),
            target,
            self.now,
        )
    }
}

fn client(args: &IndexArgs, context: &Context<'_>) -> Result<Client> {
    index::client(args, &context.network, &context.folders, context.around)
}

fn note_trusted_hosts(inputs: &Inputs, context: &Context<'_>) {
    let typed = context.network.trusted_host.iter();
    for host in typed.chain(&inputs.options.trusted_host) {
        // Somebody may have put credentials before it.
        let host = host.rsplit('@').next().unwrap_or(host);
        context.ui.note(&format!(
            "--trusted-host {host} is ignored: certificates are always verified; --cert FILE names an \
             authority"
        ));
    }
}

/// What differs between runs of one command.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub installed: &'a Installed,
    pub store: &'a Store,
    pub progress: &'a Progress,
    /// What becomes of sources.
    pub builds: Builds<'a>,
    /// Whether wheels are wanted, or only versions.
    pub wheels: bool,
    /// Without wheels: whether it is to be said what would become of them.
    pub foresight: bool,
    /// Whether all of METADATA is wanted, for a report.
    pub describe: bool,
}

/// A limit for an index that nobody asks is a mistake in its URL.
fn check_named_indexes(policy: &Policy, indexes: &Indexes) -> Result<()> {
    let asked: Vec<_> = indexes
        .extra
        .iter()
        .chain(&indexes.main)
        .chain(&indexes.for_pins)
        .map(|it| it.url())
        .collect();
    let pypi = index::pypi()?;
    let named = policy.cooldown.by_index.iter().map(|(url, _)| url);
    let mut unknown = named.filter(|url| **url != pypi && !asked.contains(url));
    match unknown.next() {
        None => Ok(()),
        Some(url) => Err(Failure::usage(format!(
            "--min-age: no index with the URL {} is asked",
            redacted(url)
        ))
        .hint("write the URL as --index-url or --extra-index-url has it")),
    }
}

fn names_a_file(wanted: &RequirementArgs) -> bool {
    !(wanted.requirement.is_empty()
        && wanted.group.is_empty()
        && wanted.requirements_from_script.is_empty())
}

/// A script says which Pythons it runs on (PEP 723).
fn check_script_python(
    resolve: &ResolveArgs,
    inputs: &Inputs,
    markers: &MarkerEnvironment,
) -> Result<()> {
    let Some((wanted, from)) = &inputs.script_python else {
        return Ok(());
    };
    let python = &markers.python_full_version().version;
    if resolve.ignore_requires_python || wanted.contains(&python.only_release()) {
        return Ok(());
    }
    Err(Failure::could_not(format!(
        "{from}: the script requires Python {wanted}, and this is {python}"
    ))
    .hint("name another Python with --python, or repeat with --ignore-requires-python"))
}

/// A requirements file on the network.
fn fetch(client: &Client, url: &Url) -> Result<Vec<u8>> {
    Ok(client.fetch_text(&client.url(url.as_str())?)?)
}

/// Moves the credentials of direct URLs into the client, which alone sends them.
fn keep_secrets(client: &Client, inputs: &mut Inputs) -> Result<()> {
    for file in inputs.named.values_mut() {
        if let Location::Url(url) = &mut file.location {
            *url = client.url(url.as_str())?;
        }
    }
    Ok(())
}
