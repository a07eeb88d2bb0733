//! Collisions by the name under which `import` finds a file: `x.abi3.so`, `x.pyc` and the package
//! `x/` take the place of another distribution's `x.py`, or are never found because of it.

use std::collections::HashMap;

use assay_trust::{Policy, startup};
use assay_types::ProjectName;

use super::{Item, Plan, between, leads, rules, spelling, tree::FolderPlan};
use crate::{Result, environment::Place};

/// The module that makes a folder a package.
pub(super) const INIT: &str = "__init__";

/// The module that a file of this name is, if `import` can find it (`FileFinder`).
pub(super) fn module(name: &str) -> Option<&str> {
    let (stem, rest) = name.split_once('.')?;
    // Native code may name the interpreter that it was made for.
    let is_module = matches!(rest, "py" | "pyc" | "pyw")
        || matches!(rest.rsplit('.').next(), Some("so" | "pyd"));
    is_module.then_some(stem)
}

/// Judges the files of the plan among themselves.
pub(super) fn check(plan: &Plan<'_>, policy: &Policy) -> Result<()> {
    check_commands(plan, policy)?;
    if plan.wheels.is_empty() {
        return Ok(());
    }
    let leads = leads::folders(plan)?;
    let mut sites = plan.environment.sites();
    sites.extend(&leads);
    for site in &sites {
        check_pip(plan, site, policy)?;
    }
    if plan.wheels.len() < 2 {
        return Ok(());
    }
    check_leads(plan, &sites, leads.len(), policy)?;
    let wheels = spelling::wheels_below(plan);
    for (index, folder) in plan.tree.folders.iter().enumerate() {
        let is_in_site = sites.iter().any(|it| folder.place.below(it).is_some());
        if is_in_site && wheels[index].are_several() {
            check_folder(plan, folder, policy)?;
        }
    }
    Ok(())
}

/// What brings a module into a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bringer<'p> {
    pub module: &'p str,
    pub item: Item,
    /// The file's name, and of a package none: packages of one name meet in their own folder.
    pub file: Option<&'p str>,
    /// Whether it is part of a folder without `__init__`, as far as this file goes: such folders
    /// are shared, and any other module of the name hides them.
    pub is_namespace: bool,
}

impl Bringer<'_> {
    /// The file, or a package's folder, relative to the folder it was found in.
    pub fn path(&self) -> &str {
        self.file.unwrap_or(self.module)
    }
}

/// All that a folder's files and packages bring.
pub(super) fn bringers<'p>(
    plan: &'p Plan<'_>,
    folder: &'p FolderPlan,
) -> impl Iterator<Item = Bringer<'p>> {
    let files = folder.items.iter().filter_map(|item| {
        let file = plan.wheel(*item).file_name(item.source);
        Some(Bringer {
            module: module(file)?,
            item: *item,
            file: Some(file),
            is_namespace: false,
        })
    });
    let packages = folder.children.iter().flat_map(|&child| {
        let name = plan.tree.folders[child].name();
        let is_init = |it: &Item| module(plan.wheel(*it).file_name(it.source)) == Some(INIT);
        let inits = plan.tree.folders[child].items.iter().copied();
        let mut items: Vec<_> = inits.filter(is_init).map(|it| (it, false)).collect();
        if may_be_package(name) {
            let mut parts = Vec::new();
            add_importable(plan, child, &mut parts);
            parts.retain(|part| items.iter().all(|(init, _)| init.wheel != part.wheel));
            items.extend(parts.into_iter().map(|it| (it, true)));
        }
        items.into_iter().map(move |(item, is_namespace)| Bringer {
            module: name,
            item,
            file: None,
            is_namespace,
        })
    });
    files.chain(packages)
}

/// Whether a folder of this name can hold modules.
pub(super) fn may_be_package(name: &str) -> bool {
    name != "__pycache__" && !name.contains('.')
}

/// Adds one file that `import` can find in a folder or below it, of each wheel that has one there.
fn add_importable(plan: &Plan<'_>, folder: usize, found: &mut Vec<Item>) {
    let folder = &plan.tree.folders[folder];
    for item in &folder.items {
        let is_new = found.iter().all(|it| it.wheel != item.wheel);
        if is_new && module(plan.wheel(*item).file_name(item.source)).is_some() {
            found.push(*item);
        }
    }
    for &child in &folder.children {
        if may_be_package(plan.tree.folders[child].name()) {
            add_importable(plan, child, found);
        }
    }
}

/// What a folder's files and packages bring, by module.
pub(super) fn by_module<'p>(
    plan: &'p Plan<'_>,
    folder: &'p FolderPlan,
) -> HashMap<&'p str, Vec<Bringer<'p>>> {
    let mut modules: HashMap<_, Vec<_>> = HashMap::new();
    for bringer in bringers(plan, folder) {
        modules.entry(bringer.module).or_default().push(bringer);
    }
    modules
}

/// Two wheels bring one module of a folder by different files. One file of both is judged as such.
fn check_folder(plan: &Plan<'_>, folder: &FolderPlan, policy: &Policy) -> Result<()> {
    let mut seen: HashMap<&str, Vec<Bringer<'_>>> = HashMap::new();
    for bringer in bringers(plan, folder) {
        let same_module = seen.entry(bringer.module).or_default();
        let is_other =
            |it: &&Bringer<'_>| it.item.wheel != bringer.item.wheel && it.file != bringer.file;
        for other in same_module.iter().filter(is_other) {
            compare(plan, (folder, other), (folder, &bringer), policy)?;
        }
        same_module.push(bringer);
    }
    Ok(())
}

/// The same between folders of the import path: the last of them are those that `.pth` files name.
/// Any other module hides folders without `__init__`, wherever it lies.
fn check_leads(plan: &Plan<'_>, sites: &[&Place], leads: usize, policy: &Policy) -> Result<()> {
    let first_lead = sites.len() - leads;
    for (index, lead) in sites.iter().enumerate().skip(first_lead) {
        let Some(lead) = plan.tree.find(lead) else {
            continue;
        };
        for site in sites[..index].iter().filter_map(|it| plan.tree.find(it)) {
            let modules = by_module(plan, site);
            for bringer in bringers(plan, lead) {
                let is_other = |it: &&Bringer<'_>| {
                    it.item.wheel != bringer.item.wheel
                        && !(it.is_namespace && bringer.is_namespace)
                };
                let others = modules.get(bringer.module).into_iter().flatten();
                for other in others.filter(is_other) {
                    compare(plan, (site, other), (lead, &bringer), policy)?;
                }
            }
        }
    }
    Ok(())
}

/// Python puts the folder of the command that runs before every other: modules there take the
/// place of the standard library's and of every distribution's.
fn check_commands(plan: &Plan<'_>, policy: &Policy) -> Result<()> {
    let Some(commands) = plan.tree.find(&plan.environment.schemes().scripts) else {
        return Ok(());
    };
    let interpreter = plan.environment.interpreter();
    let sites = plan.environment.sites().into_iter();
    let sites: Vec<_> = sites.filter_map(|it| plan.tree.find(it)).collect();
    // A folder without `__init__` hides nothing.
    for command in bringers(plan, commands).filter(|it| !it.is_namespace) {
        if interpreter.is_standard_module(command.module) {
            let project = plan.wheel(command.item).project();
            let path = commands.place.join(command.path()).path;
            let fact = startup::Kind::BesideCommands.fact();
            startup::require_permission(project, &path, fact, policy)?;
        }
        for site in &sites {
            let is_other = |it: &Bringer<'_>| {
                it.item.wheel != command.item.wheel && it.module == command.module
            };
            for other in bringers(plan, site).filter(is_other) {
                compare(plan, (site, &other), (commands, &command), policy)?;
            }
        }
    }
    Ok(())
}

fn compare(
    plan: &Plan<'_>,
    (folder_a, a): (&FolderPlan, &Bringer<'_>),
    (folder_b, b): (&FolderPlan, &Bringer<'_>),
    policy: &Policy,
) -> Result<()> {
    let wheels = (plan.wheel(a.item), plan.wheel(b.item));
    if between::is_allowed(policy, wheels.0, wheels.1)
        || between::is_allowed(policy, wheels.1, wheels.0)
    {
        return Ok(());
    }
    let place_a = folder_a.place.join(a.path());
    let place_b = folder_b.place.join(b.path());
    let fact = format!("is the module {} of another wheel, too", b.module);
    let (a, b) = (
        (wheels.0, place_a.path.as_str()),
        (wheels.1, place_b.path.as_str()),
    );
    Err(between::refusal(&place_b, a, b, fact).into())
}

/// `python -m pip` runs whatever is called so, and people do that where pip is not installed, too.
fn check_pip(plan: &Plan<'_>, site: &Place, policy: &Policy) -> Result<()> {
    const PIP: &str = "pip";
    let Some(folder) = plan.tree.find(site) else {
        return Ok(());
    };
    let files = folder.items.iter().copied();
    let files = files.filter(|it| module(plan.wheel(*it).file_name(it.source)) == Some(PIP));
    let mut children = folder.children.iter();
    let package = children.find(|it| plan.tree.folders[**it].name() == PIP);
    let below = package.map(|it| plan.items_below(*it)).unwrap_or_default();
    for item in files.chain(below) {
        let project = plan.wheel(item).project();
        let is_allowed = |(writer, owner): &(ProjectName, ProjectName)| {
            writer == project && owner.as_ref() == PIP
        };
        if project.as_ref() != PIP && !policy.overwrite.iter().any(is_allowed) {
            let fact = "is run in the place of pip".to_owned();
            let mut refusal = rules::refusal(project, &site.join(PIP), "collision", fact);
            refusal.hint = Some(format!("repeat with --allow-overwrite {project}:{PIP}"));
            return Err(refusal.into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::module;

    #[test]
    fn what_import_finds_is_told_from_other_files() {
        for (name, expected) in [
            ("x.py", Some("x")),
            ("x.pyc", Some("x")),
            ("x.so", Some("x")),
            ("x.abi3.so", Some("x")),
            ("x.cpython-312-x86_64-linux-gnu.so", Some("x")),
            ("__init__.py", Some("__init__")),
            ("x.cpython-312.pyc", None),
            ("x.y.py", None),
            ("x.pyi", None),
            ("libx.so.6", None),
            ("x", None),
        ] {
            assert_eq!(module(name), expected, "{name}");
        }
    }
}
