//! Collisions with what lies in the environment already.

use std::collections::{HashMap, HashSet};

use assay_trust::{Policy, Refusal};
use assay_types::ProjectName;

use super::{Item, Notice, Owners, Plan, rules, shadows};
use crate::{
    Environment, Result,
    environment::Place,
    hash,
    sys::{Dir, Kind},
};

/// Compares each folder of the plan with what is there. A folder is listed once, and only where
/// the folder above it exists.
pub(super) fn resolve(plan: &mut Plan<'_>, policy: &Policy, owners: &mut Owners<'_>) -> Result<()> {
    let going = Going::of(plan);
    let mut listings: Vec<HashMap<String, Kind>> = Vec::new();
    // A folder comes after the one that holds it.
    for index in 0..plan.tree.folders.len() {
        let exists = exists(plan, index, &listings, &going)?;
        plan.tree.folders[index].exists = exists;
        if !exists {
            listings.push(HashMap::new());
            continue;
        }
        let Some(dir) = plan
            .environment
            .open_folder(&plan.tree.folders[index].place)?
        else {
            listings.push(HashMap::new());
            continue;
        };
        let listing: HashMap<_, _> = dir.entries()?.into_iter().collect();
        let folder = &plan.tree.folders[index];
        shadows::check(plan, folder, &listing, policy, owners)?;
        Folder {
            plan,
            index,
            dir: &dir,
            going: &going,
            policy,
        }
        .resolve(&listing, owners)?;
        listings.push(listing);
    }
    Ok(())
}

/// What goes before anything comes.
struct Going {
    files: HashSet<Place>,
    /// Files of distributions that are replaced, but changed since: the new version's take their
    /// place.
    changed: HashMap<Place, ProjectName>,
}

impl Going {
    fn of(plan: &Plan<'_>) -> Self {
        let removals = || plan.removals.iter();
        let changed = removals().flat_map(|removal| {
            let project = removal.installed.name();
            removal
                .changed()
                .map(move |it| (it.clone(), project.clone()))
        });
        Self {
            files: removals().flat_map(|it| it.files.iter().cloned()).collect(),
            changed: changed.collect(),
        }
    }

    /// Whether nothing but folders is left of a folder: a new version may put a file there.
    fn empties(&self, environment: &Environment, folder: &Place) -> Result<bool> {
        let Some(dir) = environment.open_folder(folder)? else {
            return Ok(true);
        };
        for (name, kind) in dir.entries()? {
            let place = folder.join(&name);
            let goes = match kind {
                Kind::Folder => self.empties(environment, &place)?,
                Kind::File | Kind::Other => self.files.contains(&place),
            };
            if !goes {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a folder of the plan exists. Anything else under its name is refused: a symlink there
/// could lead out of the environment.
fn exists(
    plan: &Plan<'_>,
    index: usize,
    listings: &[HashMap<String, Kind>],
    going: &Going,
) -> Result<bool> {
    let folder = &plan.tree.folders[index];
    let Some(parent) = folder.parent else {
        return Ok(true);
    };
    match listings[parent].get(folder.name()) {
        None => Ok(false),
        Some(Kind::Folder) => Ok(true),
        Some(_) if going.files.contains(&folder.place) => Ok(false),
        Some(kind) => {
            let what = if *kind == Kind::File {
                "a file"
            } else {
                "a symlink or special file"
            };
            let fact = format!("must be a folder, and {what} lies there");
            let project = plan
                .project_below(index)
                .expect("what lies below a folder yields only after the folder was found to exist");
            let mut refusal = rules::refusal(project, &folder.place, "collision", fact);
            refusal.hint = Some("move it out of the environment first".to_owned());
            Err(refusal.into())
        }
    }
}

/// One existing folder.
struct Folder<'a, 'e> {
    plan: &'a mut Plan<'e>,
    index: usize,
    dir: &'a Dir,
    going: &'a Going,
    policy: &'a Policy,
}

enum Fate {
    /// Installed.
    Comes,
    /// Installed, and what is there goes.
    Replaces(Option<Notice>),
    /// The same file is there.
    Shared(Option<Notice>),
    /// What is there stays.
    Yields(Notice),
}

impl Folder<'_, '_> {
    fn resolve(self, listing: &HashMap<String, Kind>, owners: &mut Owners<'_>) -> Result<()> {
        let items = std::mem::take(&mut self.plan.tree.folders[self.index].items);
        let mut staged = Vec::with_capacity(items.len());
        for item in items {
            let name = self.plan.wheel(item).file_name(item.source).to_owned();
            let fate = match listing.get(&name) {
                None => Fate::Comes,
                Some(kind) => self.judge(item, &name, *kind, owners)?,
            };
            match fate {
                Fate::Comes => staged.push(item),
                Fate::Shared(notice) => self.plan.notices.extend(notice),
                Fate::Yields(notice) => {
                    self.plan.wheels[item.wheel as usize]
                        .absent
                        .insert(item.source);
                    self.plan.notices.push(notice);
                }
                Fate::Replaces(notice) => {
                    let place = self.place(&name);
                    self.plan.replaced.push(place);
                    self.plan.notices.extend(notice);
                    staged.push(item);
                }
            }
        }
        self.plan.tree.folders[self.index].items = staged;
        Ok(())
    }

    fn place(&self, name: &str) -> Place {
        self.plan.tree.folders[self.index].place.join(name)
    }

    fn judge(&self, item: Item, name: &str, kind: Kind, owners: &mut Owners<'_>) -> Result<Fate> {
        let place = self.place(name);
        if self.going.files.contains(&place) {
            return Ok(Fate::Comes);
        }
        if kind == Kind::File && self.is_same(item, name)? {
            // An unreadable RECORD is no reason against a file that does not change.
            let is_nobodys = owners.of(&place).is_ok_and(|it| it.is_none());
            return Ok(Fate::Shared(is_nobodys.then(|| Notice::Adopted {
                project: self.plan.wheel(item).project().clone(),
                path: place.path,
            })));
        }
        let owner = owners.of(&place)?.cloned();
        let refused = |what| self.refused(item, &place, owner.as_ref(), what).into();
        if kind == Kind::Folder {
            return match self.going.empties(self.plan.environment, &place)? {
                true => Ok(Fate::Replaces(None)),
                false => Err(refused("a folder")),
            };
        }
        if let Some(notice) = self.may_replace(item, &place, owner.as_ref()) {
            return Ok(Fate::Replaces(Some(notice)));
        }
        let wheel = self.plan.wheel(item);
        let in_scripts =
            self.plan.tree.folders[self.index].place == self.plan.environment.schemes().scripts;
        if rules::is_code(name, wheel.is_executable(item.source), in_scripts) {
            return Err(refused("another file"));
        }
        Ok(Fate::Yields(Notice::FirstStays {
            project: wheel.project().clone(),
            owner,
            path: place.path,
        }))
    }

    /// Two cases: the project's own file, changed since it was installed, and one of another project
    /// that the user lets go.
    fn may_replace(
        &self,
        item: Item,
        place: &Place,
        owner: Option<&ProjectName>,
    ) -> Option<Notice> {
        let project = self.plan.wheel(item).project().clone();
        let path = place.path.clone();
        let Some(owner) = owner.cloned() else {
            let is_own = self.going.changed.get(place) == Some(&project);
            return is_own.then_some(Notice::ChangedReplaced { project, path });
        };
        let pair = (project, owner);
        let is_allowed = self.policy.overwrite.contains(&pair);
        let (project, owner) = pair;
        is_allowed.then_some(Notice::Overwrites {
            project,
            owner,
            path,
        })
    }

    /// Whether the file that is there has the very bytes that would come.
    fn is_same(&self, item: Item, name: &str) -> Result<bool> {
        let Some(digest) = self.plan.wheel(item).digest(item.source) else {
            return Ok(false);
        };
        let found = self.dir.read(name).and_then(hash::file);
        let found = found
            .map_err(|error| crate::Error::io("reading", self.dir.path().join(name), error))?;
        Ok(found.to_record() == digest)
    }

    fn refused(
        &self,
        item: Item,
        place: &Place,
        owner: Option<&ProjectName>,
        what: &str,
    ) -> Refusal {
        let project = self.plan.wheel(item).project();
        let whose = match owner {
            Some(owner) => format!("of {owner}"),
            None => "that no distribution lists".to_owned(),
        };
        let fact = format!("{what} {whose} is there already");
        let mut refusal = rules::refusal(project, place, "collision", fact);
        refusal.hint = Some(match owner {
            Some(owner) => {
                format!("uninstall {owner}, or repeat with --allow-overwrite {project}:{owner}")
            }
            None => "look at it, and move it out of the environment".to_owned(),
        });
        refusal
    }
}
