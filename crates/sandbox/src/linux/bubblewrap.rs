//! The system's bubblewrap puts up name spaces and the program's file system, where assay itself may
//! not; the init, with everything else, is what it starts. Both see what [`root`](super::root) makes.

use std::{
    ffi::OsString,
    fs::{self, File, Metadata},
    io::{self, Write},
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::fs::MetadataExt,
    },
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use rustix::{
    fs::{MemfdFlags, memfd_create},
    process::{getgid, getpid, getuid},
};

use crate::LAUNCHER_WORD;

use super::{
    INIT, also,
    message::{During, Fault, Request},
    sight::{self, DEVICES, STREAMS},
};

/// The system's own, and no other that a search path finds.
pub const PROGRAM: &str = "/usr/bin/bwrap";
/// Where the init's binary is inside. No rule of Landlock lets the program have it.
const LAUNCHER: &str = "/launcher";
/// What an init that starts a program as somebody else needs, where the host is root: to become that
/// user, to end what is that user's, and to measure folders that the program closed.
const OF_ROOT: [&str; 4] = [
    "CAP_SETUID",
    "CAP_SETGID",
    "CAP_KILL",
    "CAP_DAC_READ_SEARCH",
];

/// The command that becomes the init. The files that it reads are open as long as they are kept.
pub fn command(request: &Request) -> Result<(Command, Vec<OwnedFd>), Fault> {
    usable(Path::new(PROGRAM))?;
    let launcher = fs::read_link("/proc/self/exe").during("finding the helper's binary")?;
    for path in sight::readable(request) {
        path.metadata().during(format!("taking {path:?} along"))?;
    }
    for (relative, at) in &request.also_at {
        // Nothing runs yet that could change what this finds.
        also::open(request, relative, at)?;
    }
    let mut command = Command::new(PROGRAM);
    command.env_clear().stdin(Stdio::piped());
    command.args(arguments(request));
    let mut files = Vec::new();
    for (at, text) in sight::etc(request, getuid().as_raw(), getgid().as_raw()) {
        let file = in_memory(&text).during(format!("writing {at}"))?;
        command.args(["--ro-bind-data", &file.as_raw_fd().to_string(), at]);
        files.push(file);
    }
    command.arg("--ro-bind").arg(launcher).arg(LAUNCHER);
    command.args(["--remount-ro", "/", "--chdir", "/", "--"]);
    command.args([LAUNCHER, LAUNCHER_WORD, INIT]);
    Ok((command, files))
}

/// The init asks this of what it finds itself in.
pub fn is_around() -> Result<(), Fault> {
    if getpid().is_init() {
        Ok(())
    } else {
        Err("the process is not its init").during("a process name space")
    }
}

/// Who else could replace it would be let in. One with root's rights takes no size for what it mounts.
fn usable(program: &Path) -> Result<(), Fault> {
    let looking = || format!("looking for {program:?}");
    let is_safe = |it: &Metadata| it.uid() == 0 && it.mode() & 0o022 == 0;
    let metadata = program.symlink_metadata().during(looking())?;
    if !metadata.is_file() || !is_safe(&metadata) {
        return Err("it is not root's alone").during(looking());
    }
    if metadata.mode() & 0o4000 != 0 {
        return Err("it is set-user-id, and limits no temporary folder then").during(looking());
    }
    for folder in program.ancestors().skip(1) {
        if !is_safe(&folder.metadata().during(looking())?) {
            return Err("others can replace it").during(looking());
        }
    }
    Ok(())
}

/// Name spaces and file system; options that a bubblewrap does not know are an error of its own.
fn arguments(request: &Request) -> Vec<OsString> {
    let mut all = Arguments(Vec::new());
    all.add(&[
        "--die-with-parent",
        "--new-session",
        "--clearenv",
        "--as-pid-1",
    ]);
    all.add(&[
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-net",
    ]);
    all.add(&["--hostname", "build", "--cap-drop", "ALL"]);
    match request.user {
        None => all.add(&["--unshare-user"]),
        Some(_) => OF_ROOT.iter().for_each(|it| all.add(&["--cap-add", it])),
    }
    let temporary = request.limits.temporary;
    for (at, size) in [("/tmp", temporary), ("/dev/shm", temporary / 4)] {
        all.add(&[
            "--perms",
            "1777",
            "--size",
            &size.to_string(),
            "--tmpfs",
            at,
        ]);
    }
    let pieces = pieces(request);
    for (_, _, to) in &pieces {
        all.folders_to(to);
    }
    for (option, from, to) in pieces {
        all.0.extend([option.into(), from.into(), to.into()]);
    }
    all.add(&["--proc", "/proc"]);
    all.0
}

/// An option, what it takes, and where it goes.
type Piece = (&'static str, PathBuf, PathBuf);

fn pieces(request: &Request) -> Vec<Piece> {
    let readable = sight::readable(request);
    let shown = readable
        .iter()
        .filter(|it| !sight::is_covered(it, &readable));
    let mut pieces: Vec<Piece> = shown
        .map(|path| match sight::link(path, request) {
            Some(leads_to) => ("--symlink", leads_to, path.clone()),
            None => ("--ro-bind", path.clone(), path.clone()),
        })
        .collect();
    pieces.extend(DEVICES.map(|it| ("--dev-bind", it.into(), it.into())));
    let dev = Path::new("/dev");
    pieces.extend(STREAMS.map(|(name, leads_to)| ("--symlink", leads_to.into(), dev.join(name))));
    let elsewhere = request.read_only_at.iter().cloned();
    pieces.extend(elsewhere.map(|(host, at)| ("--ro-bind", host, at)));
    pieces.push(("--bind", request.work.clone(), "/build".into()));
    let also = request.also_at.iter();
    pieces.extend(also.map(|(relative, at)| ("--bind", request.work.join(relative), at.clone())));
    pieces
}

struct Arguments(Vec<OsString>);

impl Arguments {
    fn add(&mut self, words: &[&str]) {
        self.0.extend(words.iter().map(OsString::from));
    }

    /// Those that bubblewrap makes by itself can be passed by root alone.
    fn folders_to(&mut self, path: &Path) {
        let mut folders: Vec<_> = path.ancestors().skip(1).collect();
        folders.reverse();
        for folder in folders.into_iter().skip(1) {
            self.add(&["--perms", "0755", "--dir"]);
            self.0.push(folder.into());
        }
    }
}

/// A file that outlives the start of another program.
fn in_memory(text: &str) -> io::Result<OwnedFd> {
    let mut file = File::from(memfd_create("names", MemfdFlags::empty())?);
    file.write_all(text.as_bytes())?;
    io::Seek::rewind(&mut file)?;
    Ok(file.into())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn only_what_root_alone_can_change_is_started() {
        usable(Path::new("/usr/bin/env")).unwrap();
        usable(Path::new("/usr/bin/there-is-none")).unwrap_err();
        usable(Path::new("/usr/bin")).unwrap_err();
        // Anybody may put something into the folder.
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        let copy = folder.path().join("env");
        fs::copy("/usr/bin/env", &copy).unwrap();
        fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
        usable(&copy).unwrap_err();
        let su = Path::new("/usr/bin/su");
        let is_set_user_id = |it: Metadata| it.mode() & 0o4000 != 0;
        if su.symlink_metadata().is_ok_and(is_set_user_id) {
            let fault = usable(su).unwrap_err();
            assert!(fault.reason.contains("set-user-id"), "{fault:?}");
        }
    }
}
