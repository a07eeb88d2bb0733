//! A control group (cgroup v2) for everything that a build starts, where one may be made: its memory and
//! its processes are then limited together. Resource limits hold besides, and alone where there is none.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::Duration,
};

use rustix::{
    fs::{Access, access, getxattr},
    process::geteuid,
};
use serde::{Deserialize, Serialize};

use crate::Limits;

/// Begins the names of the groups that assay makes.
const NAME: &str = "assay-build-";
/// What stands between the host and the program is in the group, too.
const OURS: u64 = 8;
/// What the controllers have to be enabled for.
const NEEDED: [&str; 2] = ["memory", "pids"];
/// How systemd marks what it leaves to others.
const DELEGATED: [&str; 2] = ["user.delegate", "trusted.delegate"];

/// A group that goes away with this value.
#[derive(Debug)]
pub struct Group {
    /// Where the calling process is, and returns to.
    home: PathBuf,
    folder: PathBuf,
}

/// What the supervisor is told of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Doors {
    pub into: PathBuf,
    pub back: PathBuf,
}

impl Group {
    /// One with these limits; `None` where none can be made.
    pub fn new(limits: &Limits) -> Option<Self> {
        let own = fs::read_to_string("/proc/self/cgroup").ok()?;
        let mounts = fs::read_to_string("/proc/self/mountinfo").ok()?;
        let (mount, home) = place(&own, &mounts)?;
        // Only a group that this process is in, and not one of the same name in another view.
        let inside = fs::read_to_string(home.join("cgroup.procs")).ok()?;
        let me = process::id().to_string();
        inside.lines().find(|it| *it == me)?;
        let parents = [home.parent(), Some(home.as_path())].into_iter().flatten();
        let mut parents = parents.filter(|it| it.starts_with(&mount));
        let parent = parents.find(|it| is_ours(it) && offers(it))?;
        access(home.join("cgroup.procs"), Access::WRITE_OK).ok()?;
        sweep(parent);
        Self::below(parent, home.clone(), limits)
    }

    fn below(parent: &Path, home: PathBuf, limits: &Limits) -> Option<Self> {
        static GROUPS: AtomicU32 = AtomicU32::new(0);
        let number = GROUPS.fetch_add(1, Ordering::Relaxed);
        let folder = parent.join(format!("{NAME}{}-{number}", process::id()));
        fs::create_dir(&folder).ok()?;
        let group = Self { home, folder };
        group.limit(limits).ok()?;
        Some(group)
    }

    fn limit(&self, limits: &Limits) -> io::Result<()> {
        self.set("memory.max", limits.memory_together)?;
        self.set("pids.max", limits.processes + OURS)?;
        match self.set("memory.swap.max", 0) {
            // A kernel that does not count what it swaps.
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            set => set,
        }
    }

    fn set(&self, file: &str, value: u64) -> io::Result<()> {
        let path = self.folder.join(file);
        let mut file = File::options().write(true).open(path)?;
        file.write_all(value.to_string().as_bytes())
    }

    /// What the supervisor needs to put something into it.
    pub fn doors(&self) -> Doors {
        let [into, back] = [&self.folder, &self.home].map(|it| it.join("cgroup.procs"));
        Doors { into, back }
    }

    /// Whether the kernel ended a process because there was no more memory for all of them.
    pub fn ran_out(&self) -> bool {
        let events = fs::read_to_string(self.folder.join("memory.events"));
        events.is_ok_and(|it| killed(&it) > 0)
    }
}

/// Ends whatever is still in it.
impl Drop for Group {
    fn drop(&mut self) {
        // Before Linux 5.14 there is no such file; everything is dead already, or will be.
        let _none_left = self.set("cgroup.kill", 1);
        for _ in 0..50 {
            // What cannot be removed yet has a process that is not quite dead.
            if fs::remove_dir(&self.folder).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

/// The supervisor's part: into the group and back, so that what it starts in between stays there.
pub struct Visit {
    into: File,
    back: File,
}

impl Visit {
    /// Before any name space hides the doors. `None` where there is no way: the other limits hold.
    pub fn prepare(doors: Option<&Doors>) -> Option<Self> {
        let doors = doors?;
        let open = |it: &Path| File::options().write(true).open(it).ok();
        Some(Self {
            into: open(&doors.into)?,
            back: open(&doors.back)?,
        })
    }

    /// Whether the calling process, which has one thread, is in the group now.
    pub fn enter(&mut self) -> bool {
        self.into.write_all(b"0").is_ok()
    }

    pub fn leave(&mut self) -> io::Result<()> {
        self.back.write_all(b"0")
    }
}

/// Where version 2 is mounted, and the folder of the calling process in it.
fn place(own: &str, mounts: &str) -> Option<(PathBuf, PathBuf)> {
    let own = own.lines().find_map(|it| it.strip_prefix("0::"))?;
    mounts.lines().find_map(|line| {
        let (before, after) = line.split_once(" - ")?;
        after.starts_with("cgroup2 ").then_some(())?;
        let mut fields = before.split(' ').skip(3);
        let (root, at) = (fields.next()?, Path::new(fields.next()?));
        let below = Path::new(own).strip_prefix(root).ok()?;
        let is_plain = |it: &Path| !it.iter().any(|it| it == "..");
        is_plain(below).then(|| (at.to_owned(), at.join(below)))
    })
}

/// Whether somebody left the folder to this user: by giving it away, or, as to root everything belongs,
/// by saying so.
fn is_ours(folder: &Path) -> bool {
    let me = geteuid();
    if !me.is_root() {
        return folder.metadata().is_ok_and(|it| it.uid() == me.as_raw());
    }
    DELEGATED.iter().any(|it| {
        let mut value = [0; 1];
        getxattr(folder, *it, &mut value) == Ok(1) && value == *b"1"
    })
}

/// Whether groups below it get what is needed.
fn offers(folder: &Path) -> bool {
    let enabled = fs::read_to_string(folder.join("cgroup.subtree_control"));
    enabled.is_ok_and(|it| {
        let enabled: Vec<_> = it.split_whitespace().collect();
        NEEDED.iter().all(|it| enabled.contains(it))
    })
}

/// Removes what runs left that were killed. A group with processes cannot be removed.
fn sweep(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let owner = name.to_str().and_then(|it| it.strip_prefix(NAME));
        let owner = owner.and_then(|it| it.split('-').next());
        if owner.is_some_and(|it| !Path::new("/proc").join(it).exists()) {
            let _stays = fs::remove_dir(entry.path());
        }
    }
}

/// How many processes were ended for want of memory.
fn killed(events: &str) -> u64 {
    let count = events.lines().find_map(|it| it.strip_prefix("oom_kill "));
    count.and_then(|it| it.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
25 1 0:23 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate
";

    #[test]
    fn the_own_group_is_found_where_version_2_is_mounted() {
        let found = place("4:memory:/x\n0::/user.slice/a.scope\n", MOUNTS).unwrap();
        assert_eq!(found.0, Path::new("/sys/fs/cgroup"));
        assert_eq!(found.1, Path::new("/sys/fs/cgroup/user.slice/a.scope"));
        // A part of the tree is mounted: only what lies in it is seen.
        let part = MOUNTS.replace("0:26 /", "0:26 /user.slice");
        let found = place("0::/user.slice/a.scope\n", &part).unwrap();
        assert_eq!(found.1, Path::new("/sys/fs/cgroup/a.scope"));
        assert_eq!(place("0::/other.slice\n", &part), None);
        assert_eq!(place("0::/../a.scope\n", MOUNTS), None);
        assert_eq!(place("4:memory:/x\n", MOUNTS), None);
        assert_eq!(place("0::/\n", MOUNTS.lines().next().unwrap()), None);
    }

    #[test]
    fn both_controllers_have_to_be_enabled() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!offers(folder.path()));
        for (enabled, expected) in [("", false), ("memory", false), ("cpu memory pids\n", true)] {
            fs::write(folder.path().join("cgroup.subtree_control"), enabled).unwrap();
            assert_eq!(offers(folder.path()), expected, "{enabled}");
        }
    }

    #[test]
    fn what_is_not_given_away_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        // An ordinary user's own folder is the user's; root's needs a word.
        assert_eq!(is_ours(folder.path()), !geteuid().is_root());
        assert!(!is_ours(Path::new("/sys")));
    }

    #[test]
    fn a_group_without_its_files_is_none_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let group = Group::below(folder.path(), folder.path().to_owned(), &Limits::default());
        assert!(group.is_none());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn only_groups_of_runs_that_are_over_are_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let [dead, alive, other] = [
            format!("{NAME}4194305-0"),
            format!("{NAME}{}-7", process::id()),
            "other-4194305-0".to_owned(),
        ];
        for it in [&dead, &alive, &other] {
            fs::create_dir(folder.path().join(it)).unwrap();
        }
        sweep(folder.path());
        assert!(!folder.path().join(dead).exists());
        assert!(folder.path().join(alive).exists() && folder.path().join(other).exists());
    }

    #[test]
    fn the_kernels_count_is_read() {
        assert_eq!(killed("low 0\noom 3\noom_kill 2\noom_group_kill 0\n"), 2);
        assert_eq!(killed("low 0\noom 3\n"), 0);
    }
}
