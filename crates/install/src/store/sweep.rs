//! What killed runs left in the store.

use std::{
    fs,
    time::{Duration, SystemTime},
};

use crate::sys::Dir;

/// Beginnings of the names of folders that a run makes for itself.
pub(super) const UNPACKING: &str = ".tmp-";
pub(super) const REPLACED: &str = ".old-";
/// No run unpacks one wheel for so long.
const DEAD_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes them. That is tidying up: one that cannot be removed hurts nobody.
pub(super) fn leftovers(entries: &Dir) {
    let now = SystemTime::now();
    for (name, _) in entries.entries().unwrap_or_default() {
        let is_ours = name.starts_with(UNPACKING) || name.starts_with(REPLACED);
        if is_ours && is_dead(entries, &name, now) {
            let _ = entries.remove_tree(&name);
        }
    }
}

fn is_dead(entries: &Dir, name: &str, now: SystemTime) -> bool {
    let stat = fs::symlink_metadata(entries.path().join(name));
    let modified = stat.and_then(|it| it.modified());
    let age = modified.ok().and_then(|it| now.duration_since(it).ok());
    age.is_some_and(|age| age > DEAD_AFTER)
}
