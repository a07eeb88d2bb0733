//! What decides whether a tier holds, as far as it can be seen without trying.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use rustix::process::{getgid, getuid};

/// Another text in any of these may let name spaces, or keep assay out of them.
const FILES: [&str; 6] = [
    "/proc/sys/kernel/osrelease",
    "/proc/sys/kernel/random/boot_id",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/user/max_user_namespaces",
    "/proc/self/attr/current",
];
/// Containers differ in these.
const OF_THE_PROCESS: [&str; 3] = ["CapBnd:", "NoNewPrivs:", "Seccomp:"];

/// One line for each fact. Texts that are equal come from machines that hold builds alike, but for
/// what only a trial tells.
pub fn circumstances(launcher: &Path) -> Vec<String> {
    let user = format!("user {} {}", getuid().as_raw(), getgid().as_raw());
    let files = FILES.map(|it| match fs::read_to_string(it) {
        Ok(text) => format!("{it} {}", text.trim_end_matches(['\n', '\0'])),
        Err(error) => format!("{it}: {error}"),
    });
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of_the_process = |it: &&str| OF_THE_PROCESS.iter().any(|name| it.starts_with(name));
    let status = status.lines().filter(of_the_process).map(str::to_owned);
    let spaces = ["user", "pid"].map(|it| {
        let link = fs::read_link(format!("/proc/self/ns/{it}"));
        format!("{:?}", link.unwrap_or_default())
    });
    let programs = [launcher, Path::new(super::bubblewrap::PROGRAM)].map(|it| {
        let path = it.canonicalize().unwrap_or_else(|_| it.to_owned());
        let facts = path.metadata().map(|it| {
            let facts = [it.ino(), it.size(), u64::from(it.mode()), it.uid().into()];
            (facts, it.mtime(), it.ctime())
        });
        format!("{path:?} {:?}", facts.ok())
    });
    let all = [user].into_iter().chain(files).chain(status);
    all.chain(spaces).chain(programs).collect()
}
