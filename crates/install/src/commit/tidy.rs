//! Folders that became empty go.

use std::collections::BTreeSet;

use crate::{
    Plan,
    environment::{EnvironmentKind, Place},
};

/// Removes the folders of removed files that are empty now, and those above them, up to the
/// environment's own. A folder that cannot be removed hurts nobody.
pub(super) fn remove_empty_folders(plan: &Plan<'_>) {
    let mut candidates: BTreeSet<Place> = plan
        .outgoing()
        .filter_map(|it| Some(it.split()?.0))
        .collect();
    // The last one is the deepest of its branch: a path sorts before all that it begins.
    while let Some(folder) = candidates.pop_last() {
        if is_own(plan, &folder) {
            continue;
        }
        let Some((above, name)) = folder.split() else {
            continue;
        };
        if let Ok(Some(dir)) = plan.environment.open_folder(&above)
            && dir.remove_empty(name)
        {
            candidates.insert(above);
        }
    }
}

/// Whether a folder belongs to the environment itself, or holds one that does.
fn is_own(plan: &Plan<'_>, folder: &Place) -> bool {
    let schemes = plan.environment.schemes();
    let mut own = vec![&schemes.purelib, &schemes.platlib, &schemes.data];
    let above_headers = schemes.data.join("include");
    match plan.environment.kind() {
        EnvironmentKind::Venv => own.extend([&schemes.scripts, &above_headers]),
        EnvironmentKind::System => own.extend([&schemes.scripts, &schemes.include]),
        EnvironmentKind::Target => {}
    }
    own.iter().any(|it| it.below(folder).is_some())
}
