//! Start-up code, judged by where it lands.

use assay_trust::{Policy, startup};
use assay_types::path::collision_key;

use super::{Item, Plan, tree::FolderPlan};
use crate::Result;

/// Judges every file that the interpreter would read whenever it starts: those at the top of a
/// site-packages folder, and what lies in folders named after `sitecustomize`.
pub(super) fn check(plan: &Plan<'_>, policy: &Policy) -> Result<()> {
    let sites = plan.environment.sites();
    for folder in &plan.tree.folders {
        for site in &sites {
            let Some(below) = folder.place.below(site) else {
                continue;
            };
            // A plain file's name tells whether the folder matters at all.
            let matters = below.is_empty() || startup::Kind::of(&format!("{below}/x")).is_some();
            for item in folder.items.iter().filter(|_| matters) {
                let wheel = plan.wheel(*item);
                let name = wheel.file_name(item.source);
                let path = if below.is_empty() {
                    name.to_owned()
                } else {
                    format!("{below}/{name}")
                };
                if startup::Kind::of(&path).is_some() {
                    judge(plan, folder, *item, &path, policy)?;
                }
            }
        }
    }
    Ok(())
}

fn judge(
    plan: &Plan<'_>,
    folder: &FolderPlan,
    item: Item,
    path: &str,
    policy: &Policy,
) -> Result<()> {
    let wheel = plan.wheel(item);
    let contents = wheel.content(item.source)?;
    let leads_to = wheel.editable();
    let modules = match leads_to {
        Some(_) => modules(plan, folder, item, &contents)?,
        None => Vec::new(),
    };
    let editable = leads_to.as_deref().map(|folder| startup::Editable {
        folder,
        modules: &modules,
    });
    startup::judge(wheel.project(), path, &contents, editable, policy)?;
    Ok(())
}

/// Contents of the modules that are judged with a `.pth` file. One passes for what Python will import
/// only where it lies beside the file, comes with it, and nothing that comes has its name.
fn modules(
    plan: &Plan<'_>,
    folder: &FolderPlan,
    pth: Item,
    contents: &[u8],
) -> Result<Vec<(String, Vec<u8>)>> {
    let mut modules = Vec::new();
    for module in startup::modules(contents) {
        let key = collision_key(&module);
        let is_it = |name: &str| name.split('.').next().map(collision_key) == Some(key.clone());
        let mut rivals = 0;
        let mut own = None;
        for site in plan.environment.sites() {
            let Some(there) = plan.tree.find(site) else {
                continue;
            };
            let children = there.children.iter().map(|it| &plan.tree.folders[*it]);
            rivals += children.filter(|it| is_it(it.name())).count();
            for item in &there.items {
                let name = plan.wheel(*item).file_name(item.source);
                let is_own = there.place == folder.place
                    && item.wheel == pth.wheel
                    && name.strip_suffix(".py") == Some(&module);
                match is_own {
                    true => own = Some(*item),
                    false => rivals += usize::from(is_it(name)),
                }
            }
        }
        if let (Some(item), 0) = (own, rivals) {
            let contents = plan.wheel(item).content(item.source)?;
            modules.push((module, contents));
        }
    }
    Ok(modules)
}
