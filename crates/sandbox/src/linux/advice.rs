//! How to get a better tier.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Finding, Limits, Tier};

use super::{bubblewrap, group::Group};

const APPARMOR: &str = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
const CLONE: &str = "/proc/sys/kernel/unprivileged_userns_clone";
const MOST: &str = "/proc/sys/user/max_user_namespaces";
/// What container engines leave in their containers.
const CONTAINERS: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// What helps on this machine, and what no tier gives.
pub fn advice(findings: &[Finding]) -> Vec<String> {
    let this = fs::read_link("/proc/self/exe").unwrap_or_else(|_| PathBuf::from("/path/to/assay"));
    Machine {
        this,
        text: &|path| fs::read_to_string(path).ok(),
        exists: &|path| Path::new(path).exists(),
        has_group: Group::new(&Limits::default()).is_some(),
    }
    .advice(findings)
}

/// What is looked at.
struct Machine<'a> {
    /// The binary that wants to make name spaces.
    this: PathBuf,
    text: &'a dyn Fn(&str) -> Option<String>,
    exists: &'a dyn Fn(&str) -> bool,
    /// Whether a control group can be made.
    has_group: bool,
}

impl Machine<'_> {
    fn advice(&self, findings: &[Finding]) -> Vec<String> {
        let missing = |tier| {
            let mut findings = findings.iter();
            findings.any(|it| it.tier == tier && it.holds.is_err())
        };
        let mut advice = Vec::new();
        if missing(Tier::Namespaces) {
            advice.extend(self.for_name_spaces());
            if missing(Tier::Bubblewrap) && !(self.exists)(bubblewrap::PROGRAM) {
                advice.push(format!(
                    "where the system lets its own bubblewrap make name spaces, its package \
                     (bubblewrap) is enough: assay looks for {}",
                    bubblewrap::PROGRAM
                ));
            }
        }
        if missing(Tier::Restricted) {
            advice.push(
                "restricted needs Linux 6.12 or newer with Landlock, for keeping signals and \
                 abstract sockets inside"
                    .to_owned(),
            );
        }
        if !self.has_group && findings.iter().any(|it| it.holds.is_ok()) {
            advice.push(
                "memory is limited for each process of a build, not for all together, because no \
                 control group (cgroup v2) with the controllers memory and pids is left to this user \
                 here; where systemd runs, `systemd-run --user --scope assay …` may help"
                    .to_owned(),
            );
        }
        advice
    }

    fn for_name_spaces(&self) -> Vec<String> {
        let is = |path, value: &str| (self.text)(path).is_some_and(|it| it.trim() == value);
        let mut advice = Vec::new();
        if is(APPARMOR, "1") {
            advice.push(format!(
                "AppArmor takes the rights away that come with a user name space; write `abi \
                 <abi/4.0>, profile assay {} flags=(unconfined) {{ userns, }}` into \
                 /etc/apparmor.d/assay and load it: `sudo apparmor_parser -r /etc/apparmor.d/assay`",
                self.this.display()
            ));
        }
        if is(CLONE, "0") {
            let set = "`sudo sysctl kernel.unprivileged_userns_clone=1` allows user name spaces";
            advice.push(set.to_owned());
        }
        if is(MOST, "0") {
            let set = "`sudo sysctl user.max_user_namespaces=10000` allows user name spaces";
            advice.push(set.to_owned());
        }
        if advice.is_empty() || CONTAINERS.iter().any(|it| (self.exists)(it)) {
            advice.push(
                "in a container: its seccomp profile has to allow name spaces and mounts, and its \
                 /proc must not be masked (podman: `--security-opt unmask=/proc/*`; docker: \
                 `--security-opt seccomp=unconfined --security-opt systempaths=unconfined`)"
                    .to_owned(),
            );
        }
        advice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The advice on a machine with one setting or file.
    fn told(held: &[Tier], at: &str, value: &str) -> String {
        let finding = |tier| Finding {
            tier,
            holds: held.contains(&tier).then_some(()).ok_or(String::new()),
        };
        let machine = Machine {
            this: PathBuf::from("/opt/assay"),
            text: &|path| (path == at).then(|| format!("{value}\n")),
            exists: &|path| path == at,
            has_group: at != "no group",
        };
        machine.advice(&Tier::ALL.map(finding)).join("\n")
    }

    #[test]
    fn what_is_in_the_way_is_named_and_nothing_else() {
        for (at, in_the_way, not, word) in [
            (APPARMOR, "1", "0", "profile assay /opt/assay"),
            (CLONE, "0", "1", "kernel.unprivileged_userns_clone=1"),
            (MOST, "0", "10000", "user.max_user_namespaces=10000"),
        ] {
            let told_there = told(&[], at, in_the_way);
            assert!(told_there.contains(word), "{told_there}");
            assert!(!told_there.contains("in a container"), "{told_there}");
            let told_elsewhere = told(&[], at, not);
            assert!(!told_elsewhere.contains(word), "{told_elsewhere}");
            assert!(told_elsewhere.contains("in a container"));
        }
    }

    #[test]
    fn bubblewrap_is_proposed_where_it_is_missing_and_would_help() {
        let proposes = |held: &[Tier], at| told(held, at, "").contains("its package");
        assert!(proposes(&[], "/none"));
        assert!(!proposes(&[], bubblewrap::PROGRAM));
        assert!(!proposes(&[Tier::Namespaces], "/none"));
        assert_eq!(told(&Tier::ALL, "/none", ""), "");
    }

    #[test]
    fn that_nothing_limits_all_memory_together_is_said_where_builds_run() {
        let says = |held: &[Tier], at| told(held, at, "").contains("all together");
        assert!(says(&Tier::ALL, "no group"));
        assert!(!says(&Tier::ALL, "/none"));
        assert!(!says(&[], "no group"));
    }
}
