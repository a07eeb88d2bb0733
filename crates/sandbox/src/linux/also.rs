//! Where a folder of the work folder may be seen a second time, and one of the host's at another path.
//!
//! A build may cover what it likes of its own view of the file system without harm to anybody else; what
//! is refused here is what would leave it without a system, or in doubt about what it sees.

use std::{
    fs,
    os::fd::OwnedFd,
    path::{Component, Path},
};

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2};

use crate::{Error, Result, Sandbox};

use super::{
    message::{During, Fault, Request},
    sight::{self, DEVICES, SYSTEM},
};

/// What every program needs, besides the system's programs and libraries.
const NEEDED: [&str; 6] = ["/build", "/dev", "/etc", "/proc", "/sys", "/tmp"];
/// Below these nothing is anybody's project.
const CLOSED: [&str; 5] = ["/build", "/dev", "/etc", "/proc", "/sys"];
/// The parts of `/usr` and `/usr/local` that belong to the system.
const OF_THE_SYSTEM: [&str; 8] = [
    "bin", "include", "lib", "lib32", "lib64", "libexec", "sbin", "share",
];

/// Refuses what [`Sandbox::also_at`] and [`Sandbox::read_only_at`] do not allow. `work` is canonical.
pub fn check(sandbox: &Sandbox, work: &Path) -> Result<()> {
    let mut places = sandbox.also_at.iter().chain(&sandbox.read_only_at);
    if !sandbox.tier.mounts()
        && let Some((_, at)) = places.next()
    {
        let reason = format!("tier {} cannot mount anything", sandbox.tier);
        return Err(refusal(at, reason));
    }
    let mut read_only = sandbox.read_only.clone();
    for (_, at) in &sandbox.read_only_at {
        if let Some(reason) = unfit(at, work, &read_only) {
            return Err(refusal(at, reason));
        }
        read_only.push(at.clone());
    }
    for (relative, at) in &sandbox.also_at {
        let below = |it: Component<'_>| matches!(it, Component::Normal(_));
        if !relative.components().all(below) || relative.as_os_str().is_empty() {
            let reason = format!("{relative:?} is not a folder of the work folder");
            return Err(refusal(at, reason));
        }
        if let Some(reason) = unfit(at, work, &read_only) {
            return Err(refusal(at, reason));
        }
    }
    let folder = &sandbox.folder;
    let named = |(_, at): &(_, std::path::PathBuf)| folder.starts_with(at);
    if folder.is_absolute() && !sandbox.also_at.iter().any(named) {
        let reason = "a build starts in its work folder".to_owned();
        return Err(refusal(folder, reason));
    }
    Ok(())
}

fn refusal(at: &Path, reason: String) -> Error {
    let at = at.to_owned();
    Error::Place { at, reason }
}

/// Why nothing can be mounted there.
fn unfit(at: &Path, work: &Path, read_only: &[std::path::PathBuf]) -> Option<String> {
    let mut components = at.components();
    let plain = components.next() == Some(Component::RootDir)
        && components.all(|it| matches!(it, Component::Normal(_)))
        // A path with `//`, `/./` or a `/` at its end has the same components.
        && at.components().collect::<std::path::PathBuf>().as_os_str() == at.as_os_str();
    if !plain {
        return Some("it is no plain absolute path".to_owned());
    }
    let needed = SYSTEM.iter().chain(&NEEDED).chain(&DEVICES).map(Path::new);
    let mut needed = needed.chain(read_only.iter().map(std::path::PathBuf::as_path));
    if let Some(it) = needed.find(|it| it.starts_with(at)) {
        return Some(format!("{it:?}, which the build needs, would be covered"));
    }
    if at.starts_with(work) || work.starts_with(at) {
        return Some("the work folder is there".to_owned());
    }
    let mut closed = CLOSED.iter().map(Path::new).chain(
        // Of the system's paths only /usr has room for projects.
        SYSTEM
            .iter()
            .map(Path::new)
            .filter(|it| *it != Path::new("/usr")),
    );
    if let Some(it) = closed.find(|it| at.starts_with(it)) {
        return Some(format!("{it:?} is the system's"));
    }
    for root in ["/usr", "/usr/local"] {
        let first = at.strip_prefix(root).ok().and_then(|it| it.iter().next());
        if first.is_some_and(|it| OF_THE_SYSTEM.iter().any(|part| *part == it)) {
            return Some(format!("it is a part of the system in {root:?}"));
        }
    }
    if at == Path::new("/usr/local") {
        return Some("it is the system's".to_owned());
    }
    let mut given = read_only
        .iter()
        .filter(|it| it.as_path() != Path::new("/usr"));
    let given = given.find(|it| at.starts_with(it));
    given.map(|it| format!("it lies in {it:?}, which may only be read"))
}

/// The folder itself, when nothing of the program runs. An earlier build may have left a link in its
/// place, or on the way to it: links are not followed.
pub fn open(request: &Request, relative: &Path, at: &Path) -> Result<OwnedFd, Fault> {
    let looking = |it: &Path| format!("looking for {it:?}");
    let in_the_system = sight::readable(request).iter().any(|it| at.starts_with(it));
    // There the place is one of the host's, which nothing is ever made in.
    if in_the_system && fs::canonicalize(at).during(looking(at))? != at {
        return Err("a link leads there").during(looking(at));
    }
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let work = openat(CWD, &request.work, flags, Mode::empty()).during(looking(&request.work))?;
    let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
    let looking = format!("looking for {relative:?} in the work folder");
    openat2(&work, relative, flags, Mode::empty(), beneath).during(looking)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::Tier;

    fn may_be(at: &str) -> bool {
        let read_only = ["/opt/python", "/home/u/venv"].map(PathBuf::from);
        unfit(Path::new(at), Path::new("/home/u/cache/work"), &read_only).is_none()
    }

    #[test]
    fn projects_lie_where_the_system_does_not() {
        for (refused, accepted) in [
            ("/", "/root/p"),
            ("/home/u", "/home/u/p"),
            ("/home/u/venv", "/home/u/venv2"),
            ("/home/u/venv/src", "/home/u/src"),
            ("/home/u/cache", "/home/u/cached"),
            ("/home/u/cache/work/src", "/home/u/cache/other"),
            ("/opt", "/opt/p"),
            ("/tmp", "/tmp/p"),
            ("/usr", "/usr/src/app"),
            ("/usr/lib/p", "/usr/app"),
            ("/usr/local", "/usr/local/src/p"),
            ("/usr/local/lib", "/usr/local/library"),
            ("/bin", "/binary"),
            ("/lib/p", "/srv/p"),
            ("/etc/alternatives", "/opt/etc"),
            ("/etc/p", "/p"),
            ("/dev/shm/p", "/develop/p"),
            ("/proc/self", "/process"),
            ("/sys/p", "/system"),
            ("/build", "/builds"),
            ("/build/src", "/run/user/7/p"),
            ("/nix/store/p", "/nix/p"),
            ("relative", "/relative"),
            ("/home/u/../v/p", "/home/v/p"),
            ("/home/u/./p", "/home/u/.p"),
            ("/home//p", "/home/p"),
            ("/home/p/", "/home/p"),
        ] {
            assert!(!may_be(refused), "{refused}");
            assert!(may_be(accepted), "{accepted}");
        }
    }

    #[test]
    fn only_folders_of_the_work_folder_and_only_with_mounts() {
        let work = Path::new("/home/u/work");
        let sandbox = |tier| Sandbox::new(tier, work, Path::new("/bin/true"));
        let at = Path::new("/home/u/p");
        let says = |it: Sandbox| check(&it, work).map_err(|it| it.to_string());
        says(sandbox(Tier::Namespaces).also_at(Path::new("src"), at)).unwrap();
        let why = says(sandbox(Tier::Restricted).also_at(Path::new("src"), at)).unwrap_err();
        assert!(why.contains("restricted"), "{why}");
        for relative in ["", ".", "..", "src/../..", "/src"] {
            says(sandbox(Tier::Namespaces).also_at(Path::new(relative), at)).unwrap_err();
        }
        says(sandbox(Tier::Namespaces).folder(at)).unwrap_err();
        says(sandbox(Tier::Restricted).folder(Path::new("src"))).unwrap();
        let both = sandbox(Tier::Namespaces).also_at(Path::new("src"), at);
        says(both.clone().folder(&at.join("below"))).unwrap();
        says(both.folder(Path::new("/home/u"))).unwrap_err();
    }

    #[test]
    fn what_is_read_elsewhere_covers_nothing_and_is_not_covered() {
        let sandbox = |tier, at: &str| {
            let new = Sandbox::new(tier, Path::new("/home/u/work"), Path::new("/bin/true"));
            let new = new.read_only(Path::new("/opt/python"));
            new.read_only_at(Path::new("/home/u/venv"), Path::new(at))
        };
        let says = |it: Sandbox| check(&it, Path::new("/home/u/work")).map_err(|it| it.to_string());
        says(sandbox(Tier::Namespaces, "/environment")).unwrap();
        let why = says(sandbox(Tier::Restricted, "/environment")).unwrap_err();
        assert!(why.contains("restricted"), "{why}");
        for at in ["/build/environment", "/opt", "/opt/python/lib", "/usr", "e"] {
            says(sandbox(Tier::Namespaces, at)).unwrap_err();
        }
        let both = |at: &str| {
            let first = sandbox(Tier::Namespaces, "/srv/environment");
            says(first.also_at(Path::new("src"), Path::new(at)))
        };
        both("/srv/p").unwrap();
        both("/srv").unwrap_err();
        both("/srv/environment/p").unwrap_err();
    }
}
