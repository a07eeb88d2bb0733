//! New name spaces, entered by the supervisor.

use std::fs;

use rustix::{
    process::{getgid, getuid},
    thread::{CapabilitySet, CapabilitySets, UnshareFlags, set_capabilities},
};

use super::{
    message::{During, Fault},
    raw,
};

/// Leaves the host's name spaces. Who may not mount anything needs a user name space for it, in which
/// nobody but that user exists; root has no use for one, and its program runs as somebody else.
pub fn enter(as_root: bool) -> Result<(), Fault> {
    let mut flags = UnshareFlags::NEWNS
        | UnshareFlags::NEWPID
        | UnshareFlags::NEWIPC
        | UnshareFlags::NEWUTS
        | UnshareFlags::NEWNET;
    if as_root {
        return raw::unshare(flags).during("new name spaces");
    }
    flags |= UnshareFlags::NEWUSER;
    let (user, group) = (getuid().as_raw(), getgid().as_raw());
    raw::unshare(flags).during("new name spaces")?;
    for (file, text) in [
        ("setgroups", "deny".to_owned()),
        ("uid_map", format!("{user} {user} 1")),
        ("gid_map", format!("{group} {group} 1")),
    ] {
        let path = format!("/proc/self/{file}");
        fs::write(&path, text).during(format!("writing {path}"))?;
    }
    Ok(())
}

/// Of all rights in the new name spaces only these are left: the init mounts, and looks into folders that
/// the program closed. Whatever it starts has none.
pub fn keep_what_the_init_needs() -> rustix::io::Result<()> {
    let needed = CapabilitySet::SYS_ADMIN | CapabilitySet::DAC_READ_SEARCH;
    let sets = CapabilitySets {
        effective: needed,
        permitted: needed,
        inheritable: CapabilitySet::empty(),
    };
    set_capabilities(None, sets)
}
