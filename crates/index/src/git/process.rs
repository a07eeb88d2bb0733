//! One run of git: listened to, watched, and ended with all that it started.

use std::{
    fs,
    io::{self, Read},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

const TICK: Duration = Duration::from_millis(5);
/// How often it is looked how much has come.
const LOOK: Duration = Duration::from_secs(1);
/// How long output may stay open after the end: a shared connection of ssh's may hold it.
const GRACE: Duration = Duration::from_secs(2);
/// Most of what is said that is kept, in bytes.
const MOST_OUTPUT: usize = 1 << 20;
const CHUNK: usize = 8 << 10;
/// What each process may have of memory of its own, in bytes: a small repository can name more files
/// than there is memory for.
#[cfg(target_os = "linux")]
const MOST_MEMORY: u64 = 4 << 30;
/// What the smallest file or folder counts: it takes its place however little is in it.
const LEAST: u64 = 16 << 10;

/// What ended a run before its time.
#[derive(Debug)]
pub(super) enum Ended {
    /// The system did.
    Io(io::Error),
    /// It took too long.
    Late,
    /// Too much came.
    TooLarge,
}

/// What a run left.
pub(super) struct Finished {
    pub(super) status: ExitStatus,
    pub(super) out: String,
    /// What it said to people.
    pub(super) said: String,
}

/// Limits of a run.
pub(super) struct Limits<'a> {
    pub(super) deadline: Instant,
    /// A folder, and most bytes that it may take.
    pub(super) watched: Option<(&'a Path, u64)>,
}

/// Runs a command in a process group of its own, with nothing to read, and kills what is left of the
/// group.
pub(super) fn run(command: &mut Command, limits: &Limits<'_>) -> Result<Finished, Ended> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let mut child = command.spawn().map_err(Ended::Io)?;
    bind(&child, limits);
    let out = read_aside(child.stdout.take());
    let said = read_aside(child.stderr.take());
    let group = Group(child);
    let waited = group.wait(limits);
    // What remains of it shall not go on.
    let status = group.end().map_err(Ended::Io)?;
    waited?;
    // Whoever left the group may still hold a pipe: nothing heard is not the same as nothing answered.
    let out = out.recv_timeout(GRACE);
    let out = out.map_err(|_| Ended::Io(io::ErrorKind::TimedOut.into()))?;
    // What was said only explains, and an ssh that stays for the next connection keeps that pipe.
    let said = said.recv_timeout(GRACE).unwrap_or_default();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Finished {
        status,
        out: text(&out),
        said: text(&said),
    })
}

/// Limits that hold for all that it starts, too, and when nobody watches any more.
#[cfg(target_os = "linux")]
fn bind(child: &Child, limits: &Limits<'_>) {
    use rustix::process::{Resource, Rlimit, getrlimit, prlimit};

    let time = limits.deadline.saturating_duration_since(Instant::now());
    for (resource, most) in [
        (Resource::Data, MOST_MEMORY),
        (Resource::Cpu, time.as_secs() + 1),
        (Resource::Core, 0),
    ] {
        let own = getrlimit(resource);
        let lower = |it: Option<u64>| Some(it.map_or(most, |it| it.min(most)));
        let limit = Rlimit {
            current: lower(own.current),
            maximum: lower(own.maximum),
        };
        // Who is gone already needs none.
        let _gone = prlimit(Some(Pid::from_child(child)), resource, limit);
    }
}

#[cfg(not(target_os = "linux"))]
fn bind(_: &Child, _: &Limits<'_>) {}

/// A process that is not reaped before its whole group was killed, so that the group is still its own.
struct Group(Child);

impl Group {
    fn wait(&self, limits: &Limits<'_>) -> Result<(), Ended> {
        let mut next_look = Instant::now() + LOOK;
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        loop {
            let found = waitid(WaitId::Pid(Pid::from_child(&self.0)), options);
            if found.map_err(|error| Ended::Io(error.into()))?.is_some() {
                return limits.check_size();
            }
            if Instant::now() >= limits.deadline {
                return Err(Ended::Late);
            }
            if Instant::now() >= next_look {
                limits.check_size()?;
                next_look = Instant::now() + LOOK;
            }
            thread::sleep(TICK);
        }
    }

    fn end(mut self) -> io::Result<ExitStatus> {
        // Who is gone needs no killing.
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
        self.0.wait()
    }
}

impl Limits<'_> {
    fn check_size(&self) -> Result<(), Ended> {
        match self.watched {
            Some((folder, most)) if size(folder.to_owned(), most) > most => Err(Ended::TooLarge),
            _ => Ok(()),
        }
    }
}

/// Bytes of all files and folders below a folder, counted until there are more than `enough`. What goes
/// away meanwhile counts nothing.
fn size(folder: PathBuf, enough: u64) -> u64 {
    let mut total = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(stat) = entry.metadata() else { continue };
            total += stat.len().max(LEAST);
            if stat.is_dir() {
                folders.push(entry.path());
            }
        }
        if total > enough {
            break;
        }
    }
    total
}

/// Reads to the end and keeps the beginning.
fn read_aside(pipe: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut chunk = [0; CHUNK];
        let Some(mut pipe) = pipe else { return };
        while let Ok(count @ 1..) = pipe.read(&mut chunk) {
            let room = MOST_OUTPUT.saturating_sub(kept.len()).min(count);
            kept.extend_from_slice(&chunk[..room]);
        }
        // Whoever waited may have given up.
        let _ = sender.send(kept);
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str, limits: &Limits<'_>) -> Result<Finished, Ended> {
        run(Command::new("sh").args(["-c", script]), limits)
    }

    fn within(millis: u64) -> Limits<'static> {
        Limits {
            deadline: Instant::now() + Duration::from_millis(millis),
            watched: None,
        }
    }

    #[test]
    fn what_it_says_is_heard_apart() {
        let done = sh("echo out; echo said >&2; exit 3", &within(10_000)).unwrap();
        assert_eq!((&*done.out, &*done.said), ("out\n", "said\n"));
        assert_eq!(done.status.code(), Some(3));
    }

    #[test]
    fn an_answer_that_does_not_end_is_none_and_an_explanation_that_does_not_end_is_left_out() {
        let held = sh("setsid sleep 4 2>/dev/null & echo out", &within(10_000));
        assert!(matches!(held, Err(Ended::Io(error)) if error.kind() == io::ErrorKind::TimedOut));
        let done = sh("setsid sleep 4 >/dev/null & echo out", &within(10_000)).unwrap();
        assert_eq!(done.out, "out\n");
    }

    #[test]
    fn it_ends_in_time_with_its_children() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let script = format!("(sleep 1; touch '{}') & sleep 30", mark.display());
        assert!(matches!(sh(&script, &within(300)), Err(Ended::Late)));
        thread::sleep(Duration::from_millis(1200));
        assert!(!mark.exists());
    }

    #[test]
    fn a_folder_that_grows_too_large_ends_it() {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("head -c 20000 /dev/zero > '{}/f'", folder.path().display());
        for (most, is_fine) in [(19_999, false), (20_000, true)] {
            let limits = Limits {
                watched: Some((folder.path(), most)),
                ..within(10_000)
            };
            assert_eq!(sh(&script, &limits).is_ok(), is_fine, "{most}");
        }
    }

    #[test]
    fn empty_files_take_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let script = format!("cd '{}' && touch a b c && mkdir d", folder.path().display());
        for (most, is_fine) in [(4 * LEAST - 1, false), (4 * LEAST, true)] {
            let limits = Limits {
                watched: Some((folder.path(), most)),
                ..within(10_000)
            };
            let ended = sh(&script, &limits).is_ok();
            fs::remove_dir(folder.path().join("d")).unwrap();
            assert_eq!(ended, is_fine, "{most}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_it_starts_is_limited_by_the_system() {
        let said = |script: &str| sh(script, &within(90_000)).unwrap().out;
        // The limits come when it runs already.
        let script = "sleep 0.5; sh -c 'ulimit -d; ulimit -c'";
        assert_eq!(said(script), format!("{}\n0\n", MOST_MEMORY >> 10));
        let time = said("sleep 0.5; ulimit -t");
        assert!(time.trim().parse::<u64>().unwrap() <= 91, "{time}");
    }
}
