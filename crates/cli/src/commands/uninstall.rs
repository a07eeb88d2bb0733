//! `assay uninstall`.

use assay_install::{CommitOptions, Environment, LinkMode, Plan};
use assay_trust::{Cooldown, Policy};
use assay_types::{ProjectName, Requirement, text::without_secrets};

use super::{
    Context,
    install::{lock, notices},
    target::Target,
};
use crate::{
    args::{RequirementArgs, SchemeArgs, UninstallArgs},
    failure::{Failure, Result},
    inputs,
};

/// Removes distributions: their files that are unchanged, and nothing else.
pub fn run(args: &UninstallArgs, context: &Context<'_>) -> Result<()> {
    let names = names(args, context)?;
    let environment = match Target::find(&args.target, &SchemeArgs::default(), context)? {
        Target::Present(environment) => environment,
        Target::Missing { folder, .. } => {
            return Err(Failure::could_not(format!(
                "{} is no virtual environment",
                folder.display()
            )));
        }
    };
    remove(&names, &environment, context)
}

fn remove(names: &[ProjectName], environment: &Environment, context: &Context<'_>) -> Result<()> {
    let _lock = lock(environment, context)?;
    let inventory = environment.installed()?;
    let mut removals = Vec::new();
    for name in names {
        match inventory.get(name) {
            Some(distribution) => removals.push(distribution.clone()),
            None => context
                .ui
                .warn(&format!("Skipping {name} as it is not installed.")),
        }
    }
    let plan = Plan::build(
        environment,
        &inventory,
        &removals,
        Vec::new(),
        &Policy::new(Cooldown::none()),
    )?;
    let outcome = plan.commit(CommitOptions {
        link_mode: LinkMode::Auto,
        threads: 1,
        state_dir: context.folders.state(),
    })?;
    let notices = notices(&plan, &outcome, context);
    let changes = plan.changes();
    if context.ui.json() {
        let removed: Vec<_> = removals.iter().map(|it| serde_json::json!({ "name": it.name().to_string(), "version": it.version().to_string() })).collect();
        return context.ui.json_output(&serde_json::json!({ "removed": removed, "files": outcome.removed, "notices": notices }));
    }
    notices.iter().for_each(|it| context.ui.note(it));
    // The words are pip's: people and programs look for them.
    for change in changes {
        let version = change.from.map(|it| it.to_string()).unwrap_or_default();
        let gone = format!("{}-{version}", change.project);
        context.ui.line(format_args!("Uninstalling {gone}:"))?;
        let done = format!("  Successfully uninstalled {gone}");
        context.ui.line(context.ui.green(&done))?;
    }
    Ok(())
}

/// Names on the command line (a version behind them is ignored, as in pip) and in files.
fn names(args: &UninstallArgs, context: &Context<'_>) -> Result<Vec<ProjectName>> {
    let mut names = Vec::new();
    for text in &args.names {
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
    names.sort();
    names.dedup();
    Ok(names)
}
