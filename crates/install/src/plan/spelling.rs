//! Files of two wheels whose paths differ only by what some file systems ignore: case and Unicode
//! normalisation. Here they may lie side by side; where the environment is copied to, or on the
//! next machine, one takes the other's place.

use std::collections::{HashMap, hash_map::Entry};

use assay_trust::{Policy, Refusal};
use assay_types::path::collision_key;

use super::{Item, Plan, between};
use crate::Result;

/// Refuses them, unless the policy lets one of the two overwrite the other. The files of one wheel
/// were compared when it was opened, so only folders of several wheels are looked at.
pub(super) fn check(plan: &Plan<'_>, policy: &Policy) -> Result<()> {
    let wheels = wheels_below(plan);
    let folders = plan.tree.folders.iter().enumerate();
    let roots = folders.filter(|(_, it)| it.parent.is_none());
    let mut groups: Vec<_> = roots.map(|(root, _)| vec![root]).collect();
    while let Some(group) = groups.pop() {
        let wheels = group.iter().map(|it| wheels[*it]);
        if wheels.reduce(Wheels::and).is_some_and(Wheels::are_several) {
            groups.extend(merge(plan, &group, policy)?);
        }
    }
    Ok(())
}

/// How many wheels have files in a folder or below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wheels {
    None,
    One(u32),
    Several,
}

impl Wheels {
    pub fn are_several(self) -> bool {
        self == Self::Several
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, it) | (it, Self::None) => it,
            (a, b) if a == b => a,
            _ => Self::Several,
        }
    }
}

/// Of each folder.
pub(super) fn wheels_below(plan: &Plan<'_>) -> Vec<Wheels> {
    let mut below = vec![Wheels::None; plan.tree.folders.len()];
    // A folder comes after the one that holds it.
    for (index, folder) in plan.tree.folders.iter().enumerate().rev() {
        let own = folder.items.iter().map(|it| Wheels::One(it.wheel));
        below[index] = own.fold(below[index], Wheels::and);
        if let Some(parent) = folder.parent {
            below[parent] = below[parent].and(below[index]);
        }
    }
    below
}

/// What a name stands for in folders that are one on such a file system.
enum Meaning {
    File(usize, Item),
    Folders(Vec<usize>),
}

/// Puts the contents of such folders together; gives the groups of folders in them.
fn merge(plan: &Plan<'_>, group: &[usize], policy: &Policy) -> Result<Vec<Vec<usize>>> {
    let mut names: HashMap<String, Meaning> = HashMap::new();
    for &folder in group {
        for &child in &plan.tree.folders[folder].children {
            let key = collision_key(plan.tree.folders[child].name());
            match names.entry(key).or_insert(Meaning::Folders(Vec::new())) {
                Meaning::Folders(folders) => folders.push(child),
                Meaning::File(..) => unreachable!("no file was put in yet"),
            }
        }
    }
    for &folder in group {
        for &item in &plan.tree.folders[folder].items {
            let key = collision_key(plan.wheel(item).file_name(item.source));
            match names.entry(key) {
                Entry::Vacant(free) => _ = free.insert(Meaning::File(folder, item)),
                Entry::Occupied(taken) => compare(plan, taken.get(), (folder, item), policy)?,
            }
        }
    }
    let groups = names.into_values().filter_map(|it| match it {
        Meaning::Folders(folders) => Some(folders),
        Meaning::File(..) => None,
    });
    Ok(groups.collect())
}

/// Paths that are equal to the letter are somebody else's affair.
fn compare(
    plan: &Plan<'_>,
    first: &Meaning,
    (folder, item): (usize, Item),
    policy: &Policy,
) -> Result<()> {
    let place_of = |(folder, item): (usize, Item)| {
        let name = plan.wheel(item).file_name(item.source);
        plan.tree.folders[folder].place.join(name)
    };
    let (other, other_place) = match first {
        Meaning::File(folder, item) => (Some(*item), place_of((*folder, *item))),
        Meaning::Folders(folders) => {
            let place = plan.tree.folders[folders[0]].place.clone();
            (plan.first_below(folders[0]), place)
        }
    };
    let place = place_of((folder, item));
    let Some(other) = other.filter(|it| it.wheel != item.wheel && other_place != place) else {
        return Ok(());
    };
    let (a, b) = (plan.wheel(other), plan.wheel(item));
    if between::is_allowed(policy, a, b) || between::is_allowed(policy, b, a) {
        return Ok(());
    }
    let fact = "differs from a path of another wheel only by case or normalisation".to_owned();
    let refusal: Refusal = between::refusal(&place, (a, &other_place.path), (b, &place.path), fact);
    Err(refusal.into())
}
