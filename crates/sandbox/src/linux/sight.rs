//! What every program may see, whatever it is.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::process::getuid;

use crate::Tier;

use super::message::Request;

/// The system's programs and libraries, and what they need to find each other. Of `/etc` only this.
pub const SYSTEM: [&str; 14] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
];

/// Devices without a memory.
pub const DEVICES: [&str; 5] = [
    "/dev/full",
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
];

/// Where a program without name spaces has its temporary files, in the work folder.
pub const TEMPORARY: &str = ".tmp";

/// Those of the system's paths that exist here, and those of the request, which have to.
pub fn readable(request: &Request) -> Vec<PathBuf> {
    let system = SYSTEM.iter().map(PathBuf::from).filter(|it| it.exists());
    let mut all: Vec<_> = system.chain(request.read_only.iter().cloned()).collect();
    all.sort();
    all.dedup();
    all
}

/// Whether a path is seen because one of the others is.
pub fn is_covered(path: &Path, others: &[PathBuf]) -> bool {
    others.iter().any(|it| path != it && path.starts_with(it))
}

/// The program's whole environment.
pub fn variables(request: &Request) -> Vec<(OsString, OsString)> {
    let work = request.work_as_seen();
    let temporary = match request.tier {
        Tier::Namespaces => PathBuf::from("/tmp"),
        Tier::Restricted => work.join(TEMPORARY),
    };
    let own: [(OsString, OsString); 4] = [
        ("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()),
        ("HOME".into(), work.into()),
        ("TMPDIR".into(), temporary.into()),
        ("LANG".into(), "C.UTF-8".into()),
    ];
    // Of two values the later is the one that counts.
    own.into_iter().chain(request.variables.clone()).collect()
}

/// How many processes and threads this user has.
pub fn own_tasks() -> io::Result<u64> {
    let own = getuid().as_raw();
    let mut tasks = 0;
    for process in fs::read_dir("/proc")? {
        let folder = process?.path();
        // One that ends meanwhile is none of those that count.
        if folder.metadata().is_ok_and(|it| it.uid() == own) {
            let threads = fs::read_dir(folder.join("task"));
            tasks += threads.map_or(0, Iterator::count) as u64;
        }
    }
    Ok(tasks)
}
