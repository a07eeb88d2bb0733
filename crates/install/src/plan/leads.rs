//! Where `.pth` files lead: the folders that they put on the import path, and the packages that
//! they register. What lies there is found, and partly run, whenever Python starts.

use std::path::Path;

use assay_files::read_file;
use assay_trust::{
    Policy,
    startup::{self, Kind, Package, Reads},
};
use assay_types::{ProjectName, path::collision_key};

use super::{
    Owners, Plan,
    modules::{self, INIT, module},
    tree::FolderPlan,
};
use crate::{Error, Result, environment::Place, sys};

/// Refuses what must not lie there, unless the user lets the project that brings it run code at
/// start-up. Both ways round: files that come to where an old `.pth` file leads, and new `.pth`
/// files that lead to old files.
pub(super) fn check(plan: &Plan<'_>, policy: &Policy, owners: &mut Owners<'_>) -> Result<()> {
    if plan.wheels.is_empty() {
        return Ok(());
    }
    for site in plan.environment.sites() {
        let mut files = incoming(plan, site)?;
        files.extend(existing(plan, site)?);
        for pth in &files {
            let Pth {
                owner, name, reads, ..
            } = pth;
            for package in &reads.packages {
                let project = match owner {
                    Some(it) => Some((*it).clone()),
                    None => owners.of(&site.join(name))?.cloned(),
                };
                check_hollow(plan, site, package, (*owner, project), policy, owners)?;
            }
            let owner = owner.filter(|it| !policy.startup.contains(*it));
            let leads = Leads {
                plan,
                policy,
                owner,
            };
            for path in &reads.paths {
                let path = plan.environment.path_of(site).join(path);
                if let Some(place) = plan.environment.place_of(&path) {
                    let owner = owner.filter(|_| !pth.is_own_folder(&path));
                    Leads { owner, ..leads }.check_path(&place)?;
                }
            }
            for package in &reads.packages {
                leads.check_package(site, package)?;
            }
        }
    }
    Ok(())
}

/// The folders that `.pth` files put on the import path, beside site-packages itself.
pub(super) fn folders(plan: &Plan<'_>) -> Result<Vec<Place>> {
    let sites = plan.environment.sites();
    let mut folders = Vec::new();
    for site in &sites {
        let mut files = incoming(plan, site)?;
        files.extend(existing(plan, site)?);
        for path in files.iter().flat_map(|it| &it.reads.paths) {
            let path = plan.environment.path_of(site).join(path);
            if let Some(place) = plan.environment.place_of(&path)
                && !sites.contains(&&place)
                && !folders.contains(&place)
            {
                folders.push(place);
            }
        }
    }
    Ok(folders)
}

/// The template registers an empty module under the package's name, before anyone imports it: code
/// of another distribution that is called so would never run.
fn check_hollow(
    plan: &Plan<'_>,
    site: &Place,
    package: &Package,
    (comes_with, project): (Option<&ProjectName>, Option<ProjectName>),
    policy: &Policy,
    owners: &mut Owners<'_>,
) -> Result<()> {
    const FACT: &str = "would be replaced by an empty module, which a .pth file registers";
    if project
        .as_ref()
        .is_some_and(|it| policy.startup.contains(it))
    {
        return Ok(());
    }
    let (parent, folder) = (site.join(&package.parent()), site.join(&package.folder()));
    if let Some(found) = plan.tree.find(&parent) {
        let of_name = modules::bringers(plan, found);
        for bringer in of_name.filter(|it| it.module == folder.name() && !it.is_namespace) {
            let whose = plan.wheel(bringer.item).project();
            if project.as_ref() != Some(whose) {
                let who = comes_with.unwrap_or(whose);
                startup::require_permission(who, &parent.join(bringer.path()).path, FACT, policy)?;
            }
        }
    }
    let Some(who) = comes_with else {
        return Ok(());
    };
    for (place, name) in [(&parent, folder.name()), (&folder, INIT)] {
        for (found, kind) in names(plan, place)? {
            let file = place.join(&found);
            if kind != sys::Kind::Folder
                && module(&found) == Some(name)
                && owners.of(&file)?.is_some_and(|it| it != who)
            {
                startup::require_permission(who, &file.path, FACT, policy)?;
            }
        }
    }
    Ok(())
}

struct Pth<'p> {
    /// Who brings it; `None` where it is there already.
    owner: Option<&'p ProjectName>,
    name: String,
    reads: Reads,
    /// The user's folder, of an editable install.
    editable: Option<String>,
}

impl Pth<'_> {
    /// Whether a path is in the user's folder: what is there already is judged by itself.
    fn is_own_folder(&self, path: &Path) -> bool {
        let folder = self.editable.as_ref();
        folder.is_some_and(|it| path.starts_with(it))
    }
}

fn incoming<'p>(plan: &'p Plan<'_>, site: &Place) -> Result<Vec<Pth<'p>>> {
    let items = plan.tree.find(site).map(|it| it.items.iter());
    let mut files = Vec::new();
    for item in items.into_iter().flatten() {
        let wheel = plan.wheel(*item);
        if Kind::of(wheel.file_name(item.source)) == Some(Kind::Pth) {
            files.push(Pth {
                owner: Some(wheel.project()),
                name: wheel.file_name(item.source).to_owned(),
                reads: Reads::of(&wheel.content(item.source)?),
                editable: wheel.editable(),
            });
        }
    }
    Ok(files)
}

fn existing<'p>(plan: &Plan<'_>, site: &Place) -> Result<Vec<Pth<'p>>> {
    /// Far above what any tool writes. Of a longer one nobody would know where it leads.
    const LARGEST: u64 = 16 * 1024 * 1024;
    let mut files = Vec::new();
    for (name, _) in names(plan, site)? {
        if Kind::of(&name) != Some(Kind::Pth) {
            continue;
        }
        // Python follows a symlink here, too, and passes over what it cannot read, such as a folder.
        let path = plan.environment.path_of(&site.join(&name));
        if !path.is_file() {
            continue;
        }
        let (bytes, _) =
            read_file(&path, LARGEST).map_err(|error| Error::io("reading", &path, error))?;
        files.push(Pth {
            owner: None,
            name,
            reads: Reads::of(&bytes),
            editable: None,
        });
    }
    Ok(files)
}

/// What lies in a folder of the environment and stays; nothing where there is no such folder.
fn names(plan: &Plan<'_>, folder: &Place) -> Result<Vec<(String, sys::Kind)>> {
    let Some(dir) = plan.environment.open_folder(folder)? else {
        return Ok(Vec::new());
    };
    let mut entries = dir.entries()?;
    entries.retain(|(name, _)| !plan.goes(&folder.join(name)));
    Ok(entries)
}

/// One `.pth` file's leads.
#[derive(Clone, Copy)]
struct Leads<'a, 'e> {
    plan: &'a Plan<'e>,
    policy: &'a Policy,
    /// Who answers for what is there already: the project that brings the file, unless it may run
    /// code anyway.
    owner: Option<&'a ProjectName>,
}

impl Leads<'_, '_> {
    fn check_path(&self, place: &Place) -> Result<()> {
        let Some((parent, own_name)) = place.split() else {
            return Ok(());
        };
        if self.plan.environment.sites().contains(&place) {
            return Ok(());
        }
        let is_itself = |name: &str| collision_key(name) == collision_key(own_name);
        self.refuse_files(&parent, Kind::Archive, is_itself)?;
        for folder in self.folders_at(place) {
            for item in &folder.items {
                let wheel = self.plan.wheel(*item);
                let name = wheel.file_name(item.source);
                self.judge(wheel.project(), place, name, Kind::on_path(own_name, name))?;
            }
            for &child in &folder.children {
                let name = self.plan.tree.folders[child].name();
                if let Some(project) = self.plan.project_below(child) {
                    self.judge(project, place, name, Kind::on_path(own_name, name))?;
                }
            }
        }
        let Some(owner) = self.owner else {
            return Ok(());
        };
        let siblings = names(self.plan, &parent)?;
        let Some((name, kind)) = siblings.into_iter().find(|(name, _)| is_itself(name)) else {
            return Ok(());
        };
        if kind == sys::Kind::File {
            return self.judge(owner, &parent, &name, Some(Kind::Archive));
        }
        for (name, _) in names(self.plan, place)? {
            self.judge(owner, place, &name, Kind::on_path(own_name, &name))?;
        }
        Ok(())
    }

    fn check_package(&self, site: &Place, package: &Package) -> Result<()> {
        let parent = site.join(&package.parent());
        let folder = site.join(&package.folder());
        let beside = |name: &str| package.is_loaded_beside(name);
        self.refuse_files(&parent, Kind::Native, beside)?;
        self.refuse_files(&folder, Kind::Native, Package::is_loaded_inside)?;
        let Some(owner) = self.owner else {
            return Ok(());
        };
        let siblings = names(self.plan, &parent)?;
        for (name, _) in siblings.iter().filter(|it| beside(&it.0)) {
            self.judge(owner, &parent, name, Some(Kind::Native))?;
        }
        for (name, _) in names(self.plan, &folder)? {
            let is_loaded = Package::is_loaded_inside(&name);
            self.judge(owner, &folder, &name, is_loaded.then_some(Kind::Native))?;
        }
        let is_there = self.plan.tree.find(&folder).is_some()
            || siblings
                .iter()
                .any(|(name, kind)| *kind == sys::Kind::Folder && folder.name() == name);
        let interpreter = self.plan.environment.interpreter();
        let fact = if !is_there {
            "is registered by a .pth file, and there is no such folder"
        } else if interpreter.is_standard_module(package.top()) {
            "is registered by a .pth file in the place of the standard library's"
        } else {
            return Ok(());
        };
        startup::require_permission(owner, &folder.path, fact, self.policy)?;
        Ok(())
    }

    /// Refuses files of the plan in one folder, by name.
    fn refuse_files(&self, folder: &Place, kind: Kind, is: impl Fn(&str) -> bool) -> Result<()> {
        for found in self.folders_at(folder) {
            for item in &found.items {
                let wheel = self.plan.wheel(*item);
                let name = wheel.file_name(item.source);
                self.judge(wheel.project(), folder, name, is(name).then_some(kind))?;
            }
        }
        Ok(())
    }

    fn judge(
        &self,
        project: &ProjectName,
        folder: &Place,
        name: &str,
        kind: Option<Kind>,
    ) -> Result<()> {
        if let Some(kind) = kind {
            let path = folder.join(name).path;
            startup::require_permission(project, &path, kind.fact(), self.policy)?;
        }
        Ok(())
    }

    /// The plan's folders at a place, in whatever case: file systems may not tell. `.pth` files
    /// are few, so looking at every folder costs little.
    fn folders_at(&self, place: &Place) -> impl Iterator<Item = &FolderPlan> {
        let key = collision_key(&place.path);
        let folders = self.plan.tree.folders.iter();
        let root = place.root;
        folders.filter(move |it| it.place.root == root && collision_key(&it.place.path) == key)
    }
}
