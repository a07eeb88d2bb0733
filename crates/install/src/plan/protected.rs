//! Files that belong to the environment itself: never written, never removed.

use assay_types::names;

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
    "activate_this.py",
    "deactivate.bat",
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
            if is_protected(plan.environment, &file) {
                let fact = "belongs to the environment itself".to_owned();
                let rule = "environment's own file";
                return Err(rules::refusal(wheel.project(), &file, rule, fact).into());
            }
        }
    }
    Ok(())
}

/// The interpreter, its configuration and the activate scripts: never written, never removed.
pub(super) fn is_protected(environment: &Environment, place: &Place) -> bool {
    let schemes = environment.schemes();
    let Some((folder, name)) = place.split() else {
        return true;
    };
    let name = name.to_lowercase();
    if folder == schemes.data && name == "pyvenv.cfg" {
        return true;
    }
    folder == schemes.scripts
        && (names::is_interpreter(&name) || ACTIVATORS.contains(&name.as_str()))
}
