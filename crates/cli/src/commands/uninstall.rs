//! `assay uninstall`.

use std::collections::HashSet;

use assay_install::{CommitOptions, Environment, LinkMode, Plan, Scope};
use assay_trust::{Cooldown, Policy};
use assay_types::{ProjectName, Requirement, Version, text::without_secrets};

use super::{
    Context,
    install::{lock, notices},
    scheme,
    target::Target,
};
use crate::{
    args::{RequirementArgs, SchemeArgs, TargetArgs, UninstallArgs},
    failure::{Failure, Result},
    inputs,
};

/// Removes distributions: their files that are unchanged, and nothing else.
pub fn run(args: &UninstallArgs, context: &Context<'_>) -> Result<()> {
    let names = names(args, context)?;
    let (target, managed_too) = (&args.target, args.target.break_system_packages);
    let environment = match Target::find(target, &SchemeArgs::default(), managed_too, context)? {
        Target::Present(environment) => environment,
        Target::Missing { folder, .. } => {
            return Err(Failure::could_not(format!(
                "{} is no virtual environment",
                folder.display()
            )));
        }
    };
    let user = user_environment(target, &environment, context)?;
    // What the user has comes first when Python looks for it, and goes first.
    let is_users = |name: &ProjectName| user.as_ref().is_some_and(|(_, had)| had.contains(name));
    let (of_user, own): (Vec<_>, Vec<_>) = names.into_iter().partition(is_users);
    let mut removed = Removed::default();
    if let Some((user, _)) = user.filter(|_| !of_user.is_empty()) {
        removed.remove(&of_user, &user, context)?;
    }
    removed.remove(&own, &environment, context)?;
    removed.print(context)
}

/// What was installed for this user alone (PEP 370), and where. A virtual environment leaves that
/// alone, as with pip.
fn user_environment(
    args: &TargetArgs,
    environment: &Environment,
    context: &Context<'_>,
) -> Result<Option<(Environment, HashSet<ProjectName>)>> {
    let interpreter = environment.interpreter();
    let is_plain = args.target.is_none() && interpreter.venv().is_none();
    if !is_plain || context.around.no_user_site {
        return Ok(None);
    }
    // Without a home there is nothing of a user's.
    let Ok(base) = scheme::user_base(interpreter, context) else {
        return Ok(None);
    };
    // PEP 668 was asked for the interpreter.
    let user = Environment::user(interpreter.clone(), &base, None, true)?;
    let names = user.installed()?.distributions;
    let names = names.iter().map(|it| it.name().clone()).collect();
    Ok(Some((user, names)))
}

/// What went.
#[derive(Default)]
struct Removed {
    projects: Vec<(ProjectName, Version)>,
    files: usize,
    notices: Vec<String>,
}

impl Removed {
    fn remove(
        &mut self,
        names: &[ProjectName],
        environment: &Environment,
        context: &Context<'_>,
    ) -> Result<()> {
        let _lock = lock(environment, context)?;
        let inventory = environment.installed()?;
        let (there, missing): (Vec<_>, Vec<_>) =
            names.iter().partition(|it| inventory.get(it).is_some());
        warn_of_missing(&missing, environment, context)?;
        let removals: Vec<_> = there
            .iter()
            .filter_map(|it| inventory.get(it).cloned())
            .collect();
        let policy = Policy::new(Cooldown::none());
        let plan = Plan::build(environment, &inventory, &removals, Vec::new(), &policy)?;
        let outcome = plan.commit(CommitOptions {
            link_mode: LinkMode::Auto,
            threads: 1,
            state_dir: context.folders.state(),
        })?;
        let gone = removals.iter();
        self.projects
            .extend(gone.map(|it| (it.name().clone(), it.version().clone())));
        self.files += outcome.removed;
        self.notices.extend(notices(&plan, &outcome, context));
        Ok(())
    }

    fn print(&self, context: &Context<'_>) -> Result<()> {
        if context.ui.json() {
            let projects = self.projects.iter();
            let removed: Vec<_> = projects
                .map(|(name, version)| {
                    serde_json::json!({ "name": name.to_string(), "version": version.to_string() })
                })
                .collect();
            return context.ui.json_output(&serde_json::json!({
                "removed": removed, "files": self.files, "notices": self.notices,
            }));
        }
        self.notices.iter().for_each(|it| context.ui.note(it));
        // The words are pip's: people and programs look for them.
        for (name, version) in &self.projects {
            context
                .ui
                .line(format_args!("Uninstalling {name}-{version}:"))?;
            let done = format!("  Successfully uninstalled {name}-{version}");
            context.ui.line(context.ui.green(&done))?;
        }
        Ok(())
    }
}

/// What is not there, and what the interpreter sees of another's, such as the system's package
/// manager: that is not ours to remove.
fn warn_of_missing(
    names: &[&ProjectName],
    environment: &Environment,
    context: &Context<'_>,
) -> Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let seen = environment.visible(Scope::Visible, None)?.distributions;
    for name in names {
        let text = match seen.iter().find(|it| it.name() == *name) {
            None => format!("Skipping {name} as it is not installed."),
            Some(other) => format!(
                "Not uninstalling {name} at {}, outside environment {}",
                other.site().display(),
                environment.folder().display()
            ),
        };
        context.ui.warn(&text);
    }
    Ok(())
}

/// Names on the command line (a version behind them is ignored, as in pip) and in files.
fn names(args: &UninstallArgs, context: &Context<'_>) -> Result<Vec<ProjectName>> {
    let mut names = Vec::new();
    for text in &args.names {
        if inputs::is_unnamed(text) {
            let text = without_secrets(text);
            context.ui.warn(&format!(
                "Invalid requirement: '{text}' ignored - the uninstall command expects named \
                 requirements."
            ));
            continue;
        }
        let requirement = Requirement::parse(text)
            .map_err(|error| Failure::usage(format!("{}: {error}", without_secrets(text))))?;
        names.push(requirement.name);
    }
    let files = RequirementArgs {
        requirement: args.requirement.clone(),
        ..RequirementArgs::default()
    };
    let local_only = |url: &assay_types::Url| {
        Err(Failure::usage(format!(
            "{}: uninstall reads local files only",
            assay_types::requirement::redacted(url)
        )))
    };
    let inputs = inputs::gather(&files, context.around, None, &local_only)?;
    names.extend(inputs.roots.into_iter().map(|it| it.requirement.name));
    if names.is_empty() {
        let fact = "You must give at least one requirement to uninstall";
        return Err(Failure::usage(fact).hint("name a project, or a file with -r"));
    }
    names.sort();
    names.dedup();
    Ok(names)
}
