//! Folders that became empty go.

use std::collections::BTreeSet;

use super::journal::{Journal, Way};
use crate::{
    Environment,
    environment::{EnvironmentKind, Place},
};

/// Removes the folders that files went from and that are empty now, and those above them, up to
/// the environment's own. A folder that cannot be removed hurts nobody.
pub(super) fn remove_empty_folders(environment: &Environment, journal: &Journal) {
    let going = journal.groups.iter().filter(|it| it.way == Way::Out);
    let mut candidates: BTreeSet<Place> = going.map(|it| it.folder()).collect();
    // The last one is the deepest of its branch: a path sorts before all that it begins.
    while let Some(folder) = candidates.pop_last() {
        if is_own(environment, &folder) {
            continue;
        }
        let Some((above, name)) = folder.split() else {
            continue;
        };
        let is_gone = match environment.open_folder(&above) {
            Ok(Some(dir)) => dir.remove_empty(name),
            // The run may have been killed while it tidied up.
            Ok(None) => true,
            Err(_) => false,
        };
        if is_gone {
            candidates.insert(above);
        }
    }
}

/// Whether a folder belongs to the environment itself, or holds one that does.
fn is_own(environment: &Environment, folder: &Place) -> bool {
    let schemes = environment.schemes();
    let mut own = vec![&schemes.purelib, &schemes.platlib, &schemes.data];
    let above_headers = schemes.data.join("include");
    match environment.kind() {
        EnvironmentKind::Venv => own.extend([&schemes.scripts, &above_headers]),
        EnvironmentKind::System | EnvironmentKind::Prefix | EnvironmentKind::User => {
            own.extend([&schemes.scripts, &schemes.include])
        }
        EnvironmentKind::Target => {}
    }
    own.iter().any(|it| it.below(folder).is_some())
}
