//! Collisions between the wheels of one plan.

use std::collections::HashMap;

use assay_trust::{Policy, Refusal};

use super::{Incoming, Item, Notice, Plan, Source, rules, tree::FolderPlan};
use crate::{Result, environment::Place};

/// Leaves one item for each name of each folder. Identical files are shared; of files that are no
/// code the first stays; code that differs is refused unless the policy lets one overwrite the
/// other. "First" is by project name.
pub(super) fn resolve(plan: &mut Plan<'_>, policy: &Policy) -> Result<()> {
    for index in 0..plan.tree.folders.len() {
        check_folders_in_files(plan, index)?;
        if !has_two_sources(&plan.tree.folders[index]) {
            continue;
        }
        let losers = losers(plan, index, policy)?;
        plan.tree.folders[index]
            .items
            .retain(|item| !losers.contains_key(item));
        for (item, loss) in losers {
            match loss {
                // Both RECORDs list it: whoever goes last removes it.
                Loss::Shared => {}
                Loss::Yields(notice) => {
                    plan.wheels[item.wheel as usize].absent.insert(item.source);
                    plan.notices.push(notice);
                }
            }
        }
    }
    Ok(())
}

enum Loss {
    Shared,
    Yields(Notice),
}

/// Files of one wheel's manifest cannot collide with each other: the archive's reader saw to it.
fn has_two_sources(folder: &FolderPlan) -> bool {
    let is_row = |item: &Item| matches!(item.source, Source::Row(_));
    let Some(first) = folder.items.first() else {
        return false;
    };
    folder
        .items
        .iter()
        .any(|it| it.wheel != first.wheel || !is_row(it))
}

/// A folder of the plan must not be a file of the plan.
fn check_folders_in_files(plan: &Plan<'_>, index: usize) -> Result<()> {
    let folder = &plan.tree.folders[index];
    for &child in &folder.children {
        let child = &plan.tree.folders[child];
        let name = child.name();
        let found = folder
            .items
            .iter()
            .find(|it| plan.wheel(**it).file_name(it.source) == name);
        if let Some(item) = found {
            let fact = "is a file of this project and a folder of another".to_owned();
            let project = plan.wheel(*item).project();
            return Err(rules::refusal(project, &child.place, "collision", fact).into());
        }
    }
    Ok(())
}

fn losers(plan: &Plan<'_>, index: usize, policy: &Policy) -> Result<HashMap<Item, Loss>> {
    let folder = &plan.tree.folders[index];
    let mut winners: HashMap<&str, Item> = HashMap::new();
    let mut losers = HashMap::new();
    for item in &folder.items {
        let name = plan.wheel(*item).file_name(item.source);
        let Some(first) = winners.get(name).copied() else {
            winners.insert(name, *item);
            continue;
        };
        let (winner, loser, loss) = judge(plan, folder, first, *item, policy)?;
        winners.insert(name, winner);
        losers.insert(loser, loss);
    }
    Ok(losers)
}

/// Which of two items for one name is installed.
fn judge(
    plan: &Plan<'_>,
    folder: &FolderPlan,
    first: Item,
    second: Item,
    policy: &Policy,
) -> Result<(Item, Item, Loss)> {
    let (a, b) = (plan.wheel(first), plan.wheel(second));
    let name = a.file_name(first.source);
    let place = folder.place.join(name);
    let executable = [
        a.is_executable(first.source),
        b.is_executable(second.source),
    ];
    if a.digest(first.source) == b.digest(second.source) && executable[0] == executable[1] {
        return Ok((first, second, Loss::Shared));
    }
    if is_allowed(policy, b, a) {
        return Ok((second, first, Loss::Yields(overwrites(b, a, place.path))));
    }
    if is_allowed(policy, a, b) {
        return Ok((first, second, Loss::Yields(overwrites(a, b, place.path))));
    }
    let in_scripts = folder.place == plan.environment.schemes().scripts;
    if rules::is_code(name, executable.contains(&true), in_scripts) {
        return Err(differs(&place, a, b).into());
    }
    let notice = Notice::FirstStays {
        project: b.project().clone(),
        owner: Some(a.project().clone()),
        path: place.path,
    };
    Ok((first, second, Loss::Yields(notice)))
}

pub(super) fn is_allowed(policy: &Policy, writer: &Incoming, owner: &Incoming) -> bool {
    let pair = (writer.project().clone(), owner.project().clone());
    policy.overwrite.contains(&pair)
}

fn overwrites(writer: &Incoming, owner: &Incoming, path: String) -> Notice {
    Notice::Overwrites {
        project: writer.project().clone(),
        owner: owner.project().clone(),
        path,
    }
}

fn differs(place: &Place, a: &Incoming, b: &Incoming) -> Refusal {
    let fact = format!("differs between {} and {}", a.project(), b.project());
    refusal(place, (a, &place.path), (b, &place.path), fact)
}

/// The second of two wheels is refused, because of the first.
pub(super) fn refusal(
    place: &Place,
    (a, path_a): (&Incoming, &str),
    (b, path_b): (&Incoming, &str),
    fact: String,
) -> Refusal {
    let mut refusal = rules::refusal(b.project(), place, "collision", fact);
    refusal.found = vec![
        format!("{path_a} of {}", a.stored().name().as_str()),
        format!("{path_b} of {}", b.stored().name().as_str()),
    ];
    refusal.hint = Some(format!(
        "leave one of them out, or repeat with --allow-overwrite {}:{}",
        b.project(),
        a.project()
    ));
    refusal
}
