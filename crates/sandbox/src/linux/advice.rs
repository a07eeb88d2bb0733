//! How to get a better tier.

use std::fs;

use crate::{Finding, Tier};

const APPARMOR: &str = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
const CLONE: &str = "/proc/sys/kernel/unprivileged_userns_clone";
const MOST: &str = "/proc/sys/user/max_user_namespaces";

/// What helps on this machine, and what no tier gives.
pub fn advice(findings: &[Finding]) -> Vec<String> {
    let missing = |tier| {
        findings
            .iter()
            .any(|it| it.tier == tier && it.holds.is_err())
    };
    let mut advice = Vec::new();
    if missing(Tier::Namespaces) {
        advice.extend(for_name_spaces());
    }
    if missing(Tier::Restricted) {
        advice.push(
            "restricted needs Linux 6.12 or newer with Landlock, for keeping signals and abstract \
             sockets inside"
                .to_owned(),
        );
    }
    advice.push(
        "memory is limited for each process of a build, not for all together; where that matters, \
         run assay in a service or container with a limit of its own (cgroup v2, MemoryMax)"
            .to_owned(),
    );
    advice
}

fn for_name_spaces() -> Vec<String> {
    let is = |path, value: &str| fs::read_to_string(path).is_ok_and(|it| it.trim() == value);
    let mut advice = Vec::new();
    if is(APPARMOR, "1") {
        advice.push(
            "AppArmor takes the rights away that come with a user name space; give assay a profile \
             (`profile assay /path/to/assay flags=(unconfined) { userns, }` in /etc/apparmor.d/assay, \
             then `apparmor_parser -r` it)"
                .to_owned(),
        );
    }
    if is(CLONE, "0") {
        advice
            .push("`sysctl kernel.unprivileged_userns_clone=1` allows user name spaces".to_owned());
    }
    if is(MOST, "0") {
        advice.push("`sysctl user.max_user_namespaces=10000` allows user name spaces".to_owned());
    }
    advice.push(
        "in a container: its seccomp profile has to allow name spaces and mounts, and its /proc must \
         not be masked (podman: `--security-opt unmask=/proc/*`; docker: `--security-opt \
         seccomp=unconfined --security-opt systempaths=unconfined`)"
            .to_owned(),
    );
    advice
}
