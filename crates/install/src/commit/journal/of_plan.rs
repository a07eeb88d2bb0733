//! The journal of a plan.

use std::collections::{BTreeMap, BTreeSet};

use super::{Group, Journal, TRASH, Thing, Way, Work, name_of};
use crate::{
    Error, Plan, Result,
    commit::Staging,
    environment::Place,
    ledger::{self, Pending},
    plan::Tree,
    sys::{Dir, Facts},
};

impl Journal {
    /// All that a plan moves, once it is staged. First what goes, then what comes.
    pub fn of(plan: &Plan<'_>, staging: &Staging<'_>, pending: &Pending) -> Result<Self> {
        let mut groups = outgoing(plan)?;
        groups.extend(arriving(plan, staging)?);
        Ok(Self {
            work: Work::of(plan),
            site: ledger::site(plan.environment).to_string(),
            roots: plan.environment.roots().iter().map(name_of).collect(),
            ledger: pending.sha256(),
            groups,
        })
    }
}

/// A folder comes after what lies in it.
fn outgoing(plan: &Plan<'_>) -> Result<Vec<Group>> {
    let mut by_folder: BTreeMap<Place, BTreeSet<&str>> = BTreeMap::new();
    // Two distributions that go may list one file.
    for place in plan.outgoing() {
        if let Some((folder, name)) = place.split() {
            by_folder.entry(folder).or_default().insert(name);
        }
    }
    let mut number = 0_usize;
    let mut groups = Vec::with_capacity(by_folder.len());
    for (folder, names) in by_folder.into_iter().rev() {
        let dir = plan.environment.open_folder(&folder)?;
        let dir = dir.ok_or_else(|| missing(plan.environment.path_of(&folder)))?;
        let mut things = Vec::with_capacity(names.len());
        for name in names {
            things.push(Thing {
                name: name.to_owned(),
                staged: number.to_string(),
                facts: match facts(&dir, name)? {
                    // All its files will have gone by then: that is why it may go.
                    Facts::Folder(_) => Facts::Folder(0),
                    other => other,
                },
            });
            number += 1;
        }
        groups.push(group(Way::Out, folder, TRASH.to_owned(), things));
    }
    Ok(groups)
}

fn arriving(plan: &Plan<'_>, staging: &Staging<'_>) -> Result<Vec<Group>> {
    let mut groups = Vec::new();
    for anchor in plan.anchors() {
        let folder = &plan.tree.folders[anchor];
        let staged = staging.folder(folder.place.root, &anchor.to_string())?;
        let mut things = Vec::new();
        for item in &folder.items {
            let name = plan.wheel(*item).file_name(item.source);
            things.push(Thing {
                name: name.to_owned(),
                staged: name.to_owned(),
                facts: facts(&staged, name)?,
            });
        }
        for child in plan.new_folders(anchor) {
            let name = plan.tree.folders[child].name();
            things.push(Thing {
                name: name.to_owned(),
                staged: name.to_owned(),
                facts: Facts::Folder(files_below(&plan.tree, child)),
            });
        }
        let place = folder.place.clone();
        groups.push(group(Way::In, place, anchor.to_string(), things));
    }
    Ok(groups)
}

fn group(way: Way, folder: Place, staging: String, things: Vec<Thing>) -> Group {
    Group {
        way,
        root: folder.root,
        folder: folder.path,
        staging,
        things,
    }
}

fn facts(dir: &Dir, name: &str) -> Result<Facts> {
    let facts = dir.facts(name)?;
    facts.ok_or_else(|| missing(dir.path().join(name)))
}

fn missing(path: std::path::PathBuf) -> Error {
    let error = std::io::Error::from(std::io::ErrorKind::NotFound);
    Error::io("looking for", path, error)
}

/// The files of a new folder, as they are counted on the disk: no bytecode is ever installed.
fn files_below(tree: &Tree, folder: usize) -> u64 {
    let folder = &tree.folders[folder];
    let children = folder.children.iter();
    folder.items.len() as u64 + children.map(|it| files_below(tree, *it)).sum::<u64>()
}
