//! Modules that are there already, under other file names than those that come.

use std::collections::HashMap;

use assay_trust::Policy;
use assay_types::ProjectName;

use super::{
    Owners, Plan, leads,
    modules::{Bringer, INIT, by_module, may_be_package, module},
    rules,
    tree::FolderPlan,
};
use crate::{Result, environment::Place, sys::Kind};

/// Refuses files that would take the place of a module of a folder, or that would never be found
/// because of it. `listing` is what lies in the folder now.
pub(super) fn check(
    plan: &Plan<'_>,
    folder: &FolderPlan,
    listing: &HashMap<String, Kind>,
    policy: &Policy,
    owners: &mut Owners<'_>,
) -> Result<()> {
    let sites = plan.environment.sites();
    if listing.is_empty() || sites.iter().all(|it| folder.place.below(it).is_none()) {
        return Ok(());
    }
    let coming = by_module(plan, folder);
    let mut there: Vec<_> = listing.iter().collect();
    // Which refusal comes first must not depend on the file system.
    there.sort_unstable_by_key(|it| it.0);
    for (name, kind) in there {
        let Some(module) = module_there(name, *kind) else {
            continue;
        };
        // One file of both, and packages of one name, are compared where they meet.
        let file = (*kind != Kind::Folder).then_some(name.as_str());
        let bringers = coming.get(module).into_iter().flatten();
        let bringers: Vec<_> = bringers.filter(|it| it.file != file).collect();
        if bringers.is_empty() {
            continue;
        }
        for there in files_there(plan, &folder.place.join(name), *kind, owners)? {
            for bringer in &bringers {
                judge(plan, (folder, bringer), &there, policy, owners)?;
            }
        }
    }
    Ok(())
}

/// The same between the commands and the site-packages folders: Python puts the folder of the
/// command that runs before every other. Commands that nobody lists are the user's own.
pub(super) fn check_commands(
    plan: &Plan<'_>,
    policy: &Policy,
    owners: &mut Owners<'_>,
) -> Result<()> {
    let scripts = &plan.environment.schemes().scripts;
    for site in plan.environment.sites() {
        for (coming, there) in [(scripts, site), (site, scripts)] {
            let Some(folder) = plan.tree.find(coming) else {
                continue;
            };
            let Some(dir) = plan.environment.open_folder(there)? else {
                continue;
            };
            let coming = by_module(plan, folder);
            let mut names = dir.entries()?;
            names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
            for (name, kind) in names {
                let found = module_there(&name, kind).and_then(|it| coming.get(it));
                // A folder of commands without `__init__` hides nothing.
                let found = found.into_iter().flatten();
                let found: Vec<_> = found
                    .filter(|it| there == scripts || !it.is_namespace)
                    .collect();
                if found.is_empty() {
                    continue;
                }
                let place = there.join(&name);
                let files = if there == site {
                    files_there(plan, &place, kind, owners)?
                } else {
                    Vec::from_iter(file_there(plan, &place, kind)?)
                };
                for file in &files {
                    if there == site || owners.of(file)?.is_some() {
                        for bringer in &found {
                            judge(plan, (folder, bringer), file, policy, owners)?;
                        }
                    }
                }
            }
        }
    }
    Ok(())
}

/// The same between the site-packages folders and those that `.pth` files put on the import path.
/// Two folders without `__init__` are one package, wherever they lie.
pub(super) fn check_leads(plan: &Plan<'_>, policy: &Policy, owners: &mut Owners<'_>) -> Result<()> {
    if plan.wheels.is_empty() {
        return Ok(());
    }
    let leads = leads::folders(plan)?;
    let sites = plan.environment.sites();
    let pairs = leads.iter().flat_map(|lead| {
        let sites = sites.iter().copied();
        sites.flat_map(move |site| [(lead, site), (site, lead)])
    });
    for (coming, there) in pairs {
        let Some(folder) = plan.tree.find(coming) else {
            continue;
        };
        let Some(dir) = plan.environment.open_folder(there)? else {
            continue;
        };
        let coming = by_module(plan, folder);
        let mut names = dir.entries()?;
        names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        for (name, kind) in names {
            let Some(found) = module_there(&name, kind).and_then(|it| coming.get(it)) else {
                continue;
            };
            let place = there.join(&name);
            let is_namespace = file_there(plan, &place, kind)?.is_none();
            for file in files_there(plan, &place, kind, owners)? {
                if owners.of(&file)?.is_none() {
                    continue;
                }
                for bringer in found.iter().filter(|it| !(is_namespace && it.is_namespace)) {
                    judge(plan, (folder, bringer), &file, policy, owners)?;
                }
            }
        }
    }
    Ok(())
}

/// The module that an entry of a folder is; of a folder, if it is a package.
fn module_there(name: &str, kind: Kind) -> Option<&str> {
    match kind {
        Kind::Folder => Some(name),
        Kind::File | Kind::Other => module(name),
    }
}

/// The files that are hidden where something else takes the name: of a folder without `__init__`,
/// one of each distribution.
fn files_there(
    plan: &Plan<'_>,
    place: &Place,
    kind: Kind,
    owners: &mut Owners<'_>,
) -> Result<Vec<Place>> {
    let mut found = Vec::from_iter(file_there(plan, place, kind)?);
    if found.is_empty() && kind == Kind::Folder {
        let mut whose = Vec::new();
        add_importable(plan, place, owners, &mut whose)?;
        found.extend(whose.into_iter().map(|it| it.1));
    }
    Ok(found)
}

/// Adds one file that `import` can find in a folder or below it, of each distribution that lists
/// and keeps one there.
fn add_importable(
    plan: &Plan<'_>,
    folder: &Place,
    owners: &mut Owners<'_>,
    found: &mut Vec<(ProjectName, Place)>,
) -> Result<()> {
    if !may_be_package(folder.name()) {
        return Ok(());
    }
    let Some(dir) = plan.environment.open_folder(folder)? else {
        return Ok(());
    };
    let mut names = dir.entries()?;
    names.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    for (name, kind) in names {
        let place = folder.join(&name);
        if kind == Kind::Folder {
            add_importable(plan, &place, owners, found)?;
        } else if module(&name).is_some()
            && let Some(owner) = owners.of(&place)?
            && found.iter().all(|it| it.0 != *owner)
        {
            found.push((owner.clone(), place));
        }
    }
    Ok(())
}

/// The file that makes it a module, if it stays; of a folder, its `__init__`.
fn file_there(plan: &Plan<'_>, place: &Place, kind: Kind) -> Result<Option<Place>> {
    if kind != Kind::Folder {
        return Ok((!plan.goes(place)).then(|| place.clone()));
    }
    let Some(dir) = plan.environment.open_folder(place)? else {
        return Ok(None);
    };
    let names = dir.entries()?.into_iter();
    let mut inits =
        names.filter(|(name, kind)| *kind != Kind::Folder && module(name) == Some(INIT));
    let staying = inits.find(|(name, _)| !plan.goes(&place.join(name)));
    Ok(staying.map(|(name, _)| place.join(&name)))
}

fn judge(
    plan: &Plan<'_>,
    (folder, bringer): (&FolderPlan, &Bringer<'_>),
    there: &Place,
    policy: &Policy,
    owners: &mut Owners<'_>,
) -> Result<()> {
    let project = plan.wheel(bringer.item).project();
    let owner = owners.of(there)?.cloned();
    let is_allowed = match &owner {
        Some(owner) => policy.overwrite.contains(&(project.clone(), owner.clone())),
        // The project's own file, changed since it was installed, stays beside the new version's.
        None => {
            let mut own = plan.removals.iter();
            let own = own.find(|it| it.installed.name() == project);
            own.is_some_and(|it| it.changed().any(|it| it == there))
        }
    };
    if is_allowed {
        return Ok(());
    }
    let whose = match &owner {
        Some(owner) => format!("of {owner}"),
        None => "that no distribution lists".to_owned(),
    };
    let place = folder.place.join(bringer.path());
    let fact = format!(
        "is the module {}, and {} {whose} is, too",
        bringer.module, there.path
    );
    let mut refusal = rules::refusal(project, &place, "collision", fact);
    refusal.hint = Some(match owner {
        Some(owner) => {
            format!("uninstall {owner}, or repeat with --allow-overwrite {project}:{owner}")
        }
        None => "look at it, and move it out of the environment".to_owned(),
    });
    Err(refusal.into())
}
