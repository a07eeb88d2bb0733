//! Whether somebody else than the user and root could have made or changed a file.

use std::{fs::Metadata, os::unix::fs::MetadataExt as _};

/// Why somebody else could have made or changed it, as a clause about it; `None` where nobody could.
pub fn objection(stat: &Metadata) -> Option<String> {
    let by_group = stat.mode() & 0o020 != 0 && !is_private_group(stat.gid());
    let by_others = by_group || stat.mode() & 0o002 != 0;
    let mode = stat.mode() & 0o7777;
    let fact = || format!("can be written to by other users (mode {mode:04o})");
    foreign_owner(stat).or_else(|| by_others.then(fact))
}

/// Whose it is, where it is neither the user's nor root's.
pub fn foreign_owner(stat: &Metadata) -> Option<String> {
    let (owner, user) = (stat.uid(), user());
    let fact = || format!("belongs to user {owner}, and assay runs as user {user}");
    (owner != user && owner != 0).then(fact)
}

/// Systems that give each user a group of the same number let it write by default (umask 002).
fn is_private_group(group: u32) -> bool {
    group == user()
}

fn user() -> u32 {
    rustix::process::geteuid().as_raw()
}
