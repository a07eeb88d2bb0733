//! `assay install`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
};

use assay_install::{
    Addition, CommitOptions, Environment, EnvironmentLock, Error, LinkMode, Plan, Reference, Scope,
    Store,
};
use assay_resolve::{Request, Resolution, Upgrade};
use assay_types::{
    ProjectName, Url,
    listing::{File, Location, Origin},
};

use super::{
    Context, conflicts,
    fitting::{self, Fitting},
    request::{Asked, Run},
    scheme, script_location, still_denied,
    target::{Target, warn_unfinished},
};
use crate::{
    args::{InstallArgs, LinkModeArg, UpgradeStrategy},
    failure::{Failure, Result},
    pipeline::{self, Builder, Builds, Installed, Outcome},
    report::{InstallReport, installation},
    ui::Progress,
};

/// Threads that link files; more would wait for the same folders.
const LINK_THREADS: usize = 2;

/// Resolves, fetches, admits, and puts the whole set in place at once.
pub fn run(args: &InstallArgs, context: &Context<'_>) -> Result<()> {
    fitting::check_install(args)?;
    check_report(args, context)?;
    // As in pip, a report of what would be installed may be had of any interpreter.
    let managed_too = args.target.break_system_packages || args.dry_run && args.report.is_some();
    let target = Target::find(&args.target, &args.scheme, managed_too, context)?;
    let fitting = Fitting::new(target.interpreter(), &args.platform)?;
    let mut asked = Asked::new(
        &args.wanted,
        &args.resolve,
        &args.policy,
        &args.index,
        &fitting.markers,
        context,
    )?;
    asked.check_any(&args.wanted, "install", context)?;
    asked.note_inapplicable(&fitting.markers, context);
    // Held to the end: what is installed must not change under the plan.
    let (mut installed, _lock) = look_at(&target, args, context)?;
    let is_there = matches!(target, Target::Present(_));
    let may_stay = is_there && !args.force_reinstall && !args.ignore_installed;
    let elsewhere = installed.foreign_to(&asked.indexes.pins);
    let staying = may_stay.then_some(&installed);
    let (mut request, there) = settled_request(args, &mut asked, &fitting, staying, context)?;
    if let Some(projects) = there {
        elsewhere.values().for_each(|it| context.ui.warn(it));
        still_denied::warn(projects.iter(), &installed, &asked, context);
        write_report(args, None, &request, context)?;
        return InstallReport::nothing_to_do(&request, &installed).print(context.ui);
    }
    let unreadable = installed.leave_out_unreadable();
    unreadable.iter().for_each(|it| context.ui.warn(it));
    if may_stay {
        request.installed = installed.candidates();
    }
    let job = Job {
        args,
        context,
        asked: &asked,
        fitting: &fitting,
        request: Arc::new(request),
        installed: &installed,
        store: context.folders.store(),
        progress: context.ui.progress(),
    };
    let outcome = job.prepare()?;
    let pins = &outcome.resolution.pins;
    let coming = outcome.new.iter().map(|it| &pins[it.at].name);
    job.warn_of_what_stays(&outcome, elsewhere);
    scheme::check_precedence(&args.scheme, target.interpreter(), coming, &installed)?;
    // As pip does: once everything is decided, and before anything is changed.
    write_report(args, Some(&outcome), &job.request, context)?;
    if let Some(report) = job.without_change(&outcome) {
        return report.print(context.ui);
    }
    let Some((environment, fresh)) = target.make(context)? else {
        let text = "another assay made the environment in the meantime; looking at it";
        context.ui.note(text);
        return run(args, context);
    };
    job.finish(outcome, &environment)?;
    fresh.keep();
    asked.note_time(context);
    Ok(())
}

/// What the resolver is asked, and the projects where all of it is installed. Source trees are fetched and
/// looked at only where their names do not tell. `staying`: what may be left as it is.
fn settled_request(
    args: &InstallArgs,
    asked: &mut Asked,
    fitting: &Fitting,
    staying: Option<&Installed>,
    context: &Context<'_>,
) -> Result<(Request, Option<BTreeSet<ProjectName>>)> {
    let satisfied = |asked: &Asked, request: &Request| {
        let named = &asked.inputs.named;
        staying.and_then(|it| pipeline::satisfied(request, it, named))
    };
    let request = asked.unsettled_request(&args.resolve, fitting, upgrade(args))?;
    let trees = &asked.inputs.trees;
    if trees.is_empty() || trees.iter().all(|it| it.name.is_some()) {
        let there = satisfied(asked, &request);
        if there.is_some() || asked.inputs.trees.is_empty() {
            return Ok((request, there));
        }
    }
    asked.settle(fitting, context)?;
    let request = asked.request(&args.resolve, fitting, upgrade(args))?;
    let there = satisfied(asked, &request);
    Ok((request, there))
}

/// Standard output takes one JSON document.
fn check_report(args: &InstallArgs, context: &Context<'_>) -> Result<()> {
    match &args.report {
        Some(path) if path.as_os_str() == "-" && context.ui.json() => Err(Failure::usage(
            "--json and --report - would both be written to standard output",
        )
        .hint("name a file for one of them, such as --report report.json")),
        _ => Ok(()),
    }
}

/// `--report`.
fn write_report(
    args: &InstallArgs,
    outcome: Option<&Outcome>,
    request: &Request,
    context: &Context<'_>,
) -> Result<()> {
    let Some(to) = &args.report else {
        return Ok(());
    };
    let report = installation::report(outcome, request, &request.markers)?;
    installation::write(&report, to, context.around, context.ui)
}

/// What the target has, and the lock on it unless it is only looked at.
fn look_at(
    target: &Target,
    args: &InstallArgs,
    context: &Context<'_>,
) -> Result<(Installed, Option<EnvironmentLock>)> {
    let Target::Present(environment) = target else {
        return Ok((Installed::default(), None));
    };
    let lock = if args.dry_run {
        warn_unfinished(environment, context)?;
        None
    } else {
        Some(lock(environment, context)?)
    };
    // What the user alone has is not there for others.
    let seen = environment.visible(Scope::Visible, None)?;
    Ok((Installed::new(seen.distributions), lock))
}

/// One install, from the request to the report.
struct Job<'a> {
    args: &'a InstallArgs,
    context: &'a Context<'a>,
    asked: &'a Asked,
    fitting: &'a Fitting,
    request: Arc<Request>,
    installed: &'a Installed,
    store: Store,
    progress: Progress,
}

impl Job<'_> {
    /// `elsewhere`: what came from another index than the one that it may come from.
    fn warn_of_what_stays(&self, outcome: &Outcome, mut elsewhere: BTreeMap<ProjectName, String>) {
        let pins = &outcome.resolution.pins;
        for new in &outcome.new {
            elsewhere.remove(&pins[new.at].name);
        }
        elsewhere.values().for_each(|it| self.context.ui.warn(it));
        let staying = pins.iter().filter(|it| it.candidate.installed);
        let staying = staying.map(|it| &it.name);
        still_denied::warn(staying, self.installed, self.asked, self.context);
    }

    /// What there is to say where nothing will be changed.
    fn without_change(&self, outcome: &Outcome) -> Option<InstallReport> {
        if self.args.dry_run {
            return Some(InstallReport::would(outcome, &self.request, self.installed));
        }
        let stays = || InstallReport::stays(&outcome.resolution, &self.request, self.installed);
        outcome.new.is_empty().then(stays)
    }

    fn builder(&self) -> Builder<'_> {
        let Self { asked, context, .. } = self;
        asked.builder(self.fitting, &self.store, &self.progress, context)
    }

    /// Everything that can be done without touching the environment.
    fn prepare(&self) -> Result<Outcome> {
        let asked = self.asked;
        let builder = self.builder();
        let run = Run {
            installed: self.installed,
            store: &self.store,
            progress: &self.progress,
            builds: Builds::by(&builder, self.fitting),
            wheels: !self.args.dry_run,
            foresight: self.args.dry_run,
            describe: self.args.report.is_some(),
        };
        let world = asked.world(&self.request, self.fitting, run);
        let outcome = pipeline::run(&world);
        self.progress.pause();
        let warnings = [builder.warnings(), world.warnings()].concat();
        warnings.iter().for_each(|it| self.context.ui.warn(it));
        let outcome = outcome?;
        self.explain(&outcome.resolution);
        Ok(outcome)
    }

    /// What the resolver has to say, and with `-v` why each version is there.
    fn explain(&self, resolution: &Resolution) {
        let ui = self.context.ui;
        resolution.warnings.iter().for_each(|it| ui.warn(it));
        for pin in &resolution.pins {
            let why = pin.required_by.join(", ");
            ui.detail(&format!("{} {}: {why}", pin.name, pin.candidate.version));
        }
    }

    /// Plans, commits and reports. A stored wheel that turns out to be changed is forgotten and
    /// fetched again: at most once each.
    fn finish(&self, mut outcome: Outcome, environment: &Environment) -> Result<()> {
        for _ in 0..=outcome.new.len() {
            self.progress.phase("Installing");
            let result = self.commit(&outcome, environment);
            self.progress.pause();
            match result {
                Ok(mut notices) => {
                    notices.extend(self.builder().bring_back());
                    return self.report(&outcome, environment, notices);
                }
                Err(error @ Error::Damaged { sha256, .. }) => {
                    self.context
                        .ui
                        .warn(&format!("{error}; it is fetched again"));
                    self.store.forget(sha256)?;
                    outcome = self.prepare()?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(
            Failure::could_not("somebody keeps changing the cache while this runs")
                .hint("use another cache with --cache-dir"),
        )
    }

    fn commit(
        &self,
        outcome: &Outcome,
        environment: &Environment,
    ) -> assay_install::Result<Vec<String>> {
        let additions = outcome.new.iter().filter_map(|new| {
            Some(Addition {
                approved: new.approved.clone()?,
                requested: outcome.resolution.pins[new.at].requested,
                reference: reference(&new.file),
            })
        });
        let inventory = environment.installed()?;
        let plan = Plan::build(
            environment,
            &inventory,
            &[],
            additions.collect(),
            &self.asked.policy,
        )?;
        let done = plan.commit(CommitOptions {
            link_mode: link_mode(self.args.link_mode),
            threads: LINK_THREADS,
            state_dir: self.context.folders.state(),
        })?;
        script_location::warn(self.args, &plan, self.context);
        if let Err(failure) = self.asked.signers.learn(&outcome.new) {
            let said = format!("who published these is not remembered: {}", failure.fact());
            self.context.ui.warn(&said);
        }
        Ok(notices(&plan, &done, self.context))
    }

    fn report(
        &self,
        outcome: &Outcome,
        environment: &Environment,
        notices: Vec<String>,
    ) -> Result<()> {
        let pins = &outcome.resolution.pins;
        let new = outcome.new.iter().map(|it| &pins[it.at].name).collect();
        let markers = &self.fitting.markers;
        conflicts::warn(self.args, environment, &new, markers, self.context)?;
        let folder = environment.folder().display().to_string();
        InstallReport::done(
            outcome,
            &self.request,
            self.installed,
            folder,
            notices,
            &self.progress,
        )
        .print(self.context.ui)
    }
}

/// What the user should know of a plan that was carried out. Where no state is kept there is no
/// list of receipts either, which was said.
pub(super) fn notices(
    plan: &Plan<'_>,
    done: &assay_install::Outcome,
    context: &Context<'_>,
) -> Vec<String> {
    let notices = plan.notices().iter().map(ToString::to_string);
    let trouble = done.ledger_trouble.iter().map(ToString::to_string);
    let trouble = trouble.filter(|_| context.folders.keeps_state());
    notices.chain(trouble).collect()
}

/// One assay at a time changes an environment.
pub(super) fn lock(environment: &Environment, context: &Context<'_>) -> Result<EnvironmentLock> {
    let wait = || say_waiting(environment.folder(), context);
    let lock = environment.lock(context.folders.state(), wait)?;
    let leftovers = lock.leftovers().iter();
    leftovers.for_each(|it| context.ui.warn(&it.to_string()));
    Ok(lock)
}

/// Somebody else has it.
pub(super) fn say_waiting(folder: &Path, context: &Context<'_>) {
    let folder = folder.display();
    let text = format!("waiting for another assay that is at work in {folder}");
    context.ui.note(&text);
}

fn upgrade(args: &InstallArgs) -> Upgrade {
    match (args.upgrade, args.upgrade_strategy) {
        (false, _) => Upgrade::No,
        (true, UpgradeStrategy::OnlyIfNeeded) => Upgrade::OnlyIfNeeded,
        (true, UpgradeStrategy::Eager) => Upgrade::Eager,
    }
}

fn link_mode(arg: LinkModeArg) -> LinkMode {
    match arg {
        LinkModeArg::Auto => LinkMode::Auto,
        LinkModeArg::Clone => LinkMode::Reflink,
        LinkModeArg::Hardlink => LinkMode::HardLink,
        LinkModeArg::Copy => LinkMode::Copy,
    }
}

/// PEP 610: what did not come from an index is recorded with its URL.
fn reference(file: &File) -> Option<Reference> {
    match (&file.origin, &file.location) {
        (Origin::Repository(it), _) => Some(Reference::Repository(Arc::clone(it))),
        (Origin::Local(_), Location::Tree(tree)) => Some(Reference::Folder {
            url: Url::from_file_path(tree.project()).ok()?,
            editable: tree.editable,
        }),
        (Origin::Direct(url), _) => Some(Reference::Archive(url.as_ref().clone())),
        (Origin::Local(path), _) => Url::from_file_path(path).ok().map(Reference::Archive),
        (Origin::Index(_) | Origin::FindLinks(_), _) => None,
    }
}
