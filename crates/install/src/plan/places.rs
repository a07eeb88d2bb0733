//! Where the files of one wheel land, by themselves: two folders of a wheel may be one folder of
//! the target.

use std::collections::HashSet;

use assay_types::path::collision_key;

use super::{Incoming, Plan, Source, rules, tree::FolderPlan};
use crate::Result;

/// Refuses a wheel two of whose files would land in one place, and one that brings metadata into a
/// site-packages folder by way of its data folder: that would speak for another distribution, or
/// for the installer.
pub(super) fn check(plan: &Plan<'_>) -> Result<()> {
    let mut merged: HashSet<usize> = HashSet::new();
    for wheel in &plan.wheels {
        let mut seen = HashSet::new();
        merged.extend(wheel.folders.iter().copied().filter(|it| !seen.insert(*it)));
        check_metadata(plan, wheel)?;
    }
    for (index, folder) in plan.tree.folders.iter().enumerate() {
        // Files of one folder of a wheel have names of their own; what is written beside them may
        // not.
        let has_texts = || {
            folder
                .items
                .iter()
                .any(|it| !matches!(it.source, Source::Row(_)))
        };
        if merged.contains(&index) || has_texts() {
            check_names(plan, folder)?;
        }
    }
    Ok(())
}

fn check_names(plan: &Plan<'_>, folder: &FolderPlan) -> Result<()> {
    let mut names = HashSet::new();
    for item in &folder.items {
        let wheel = plan.wheel(*item);
        let name = wheel.file_name(item.source);
        if !names.insert((item.wheel, collision_key(name))) {
            let place = folder.place.join(name);
            let fact = "comes from two files of this wheel".to_owned();
            let rule = "two files for one place";
            return Err(rules::refusal(wheel.project(), &place, rule, fact).into());
        }
    }
    Ok(())
}

fn check_metadata(plan: &Plan<'_>, wheel: &Incoming) -> Result<()> {
    let stored = wheel.stored();
    let Some(data) = stored.manifest().head.data.as_deref() else {
        return Ok(());
    };
    let sites = plan.environment.sites();
    for (folder, &index) in stored.manifest().folders().zip(&wheel.folders) {
        let is_data = folder.path().split('/').next() == Some(data);
        let target = &plan.tree.folders[index].place;
        for (_, file) in folder.files().filter(|_| is_data) {
            let place = target.join(file.name());
            let below = sites.iter().find_map(|it| place.below(it));
            if below.is_some_and(is_metadata) {
                let fact = format!("comes from {data}, which must not bring metadata");
                let rule = "metadata below the data folder";
                return Err(rules::refusal(wheel.project(), &place, rule, fact).into());
            }
        }
    }
    Ok(())
}

/// Whether a path relative to a site-packages folder lies in what announces a distribution, or is
/// that.
fn is_metadata(path: &str) -> bool {
    let top = collision_key(path.split('/').next().unwrap_or(path));
    let endings = [".dist-info", ".egg-info", ".egg-link"];
    endings.iter().any(|it| top.ends_with(it))
}
