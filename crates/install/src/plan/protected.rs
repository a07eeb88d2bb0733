//! Files that belong to the environment itself: never written, never removed.

use assay_types::{ProjectName, names, path::collision_key};

use super::{Plan, rules};
use crate::{Environment, Result, environment::Place};

/// Files that the shells' activate scripts are made of.
const ACTIVATORS: &[&str] = &[
    "activate",
    "activate.bat",
    "activate.csh",
    "activate.fish",
    "activate.nu",
    "activate.ps1",
    "activate.xsh",
    "activate_this.py",
    "deactivate.bat",
    "pydoc.bat",
];

/// Refuses files that no distribution may bring, wherever in the wheel they come from.
pub(super) fn check(plan: &Plan<'_>) -> Result<()> {
    let schemes = plan.environment.schemes();
    for place in [&schemes.scripts, &schemes.data] {
        let Some(folder) = plan.tree.find(place) else {
            continue;
        };
        for item in &folder.items {
            let wheel = plan.wheel(*item);
            let file = place.join(wheel.file_name(item.source));
            check_one(plan.environment, wheel.project(), &file)?;
        }
        for &child in &folder.children {
            if let Some(project) = plan.project_below(child) {
                check_one(plan.environment, project, &plan.tree.folders[child].place)?;
            }
        }
    }
    Ok(())
}

fn check_one(environment: &Environment, project: &ProjectName, place: &Place) -> Result<()> {
    if !is_protected(environment, place) {
        return Ok(());
    }
    let fact = "belongs to the environment itself".to_owned();
    Err(rules::refusal(project, place, "environment's own file", fact).into())
}

/// The interpreter, what it reads at its start, and the activate scripts, with all that lies below
/// such a name: never written, never removed.
pub(crate) fn is_protected(environment: &Environment, place: &Place) -> bool {
    let schemes = environment.schemes();
    if place.split().is_none() {
        return true;
    }
    let first_below = |folder| {
        let name = place.below(folder)?.split('/').next()?;
        Some(collision_key(name))
    };
    first_below(&schemes.data).is_some_and(|it| it == "pyvenv.cfg")
        || first_below(&schemes.scripts)
            .is_some_and(|it| names::governs_interpreter(&it) || ACTIVATORS.contains(&it.as_str()))
}
