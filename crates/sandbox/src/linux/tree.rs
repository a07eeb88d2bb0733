//! Waiting for processes, and ending all that are left.

use std::{
    fs, io,
    os::fd::BorrowedFd,
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
    process::{
        Pid, PidfdFlags, Signal, WaitOptions, WaitStatus, getpid, kill_process, kill_process_group,
        pidfd_open, wait,
    },
};

/// How long what was killed may take to die; it only takes long where a disk does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a wait is over.
#[derive(Debug, PartialEq, Eq)]
pub enum Woken {
    /// The process ended; it is not yet reaped.
    Ended,
    /// The other end of the pipe is closed.
    Abandoned,
    /// The time is over.
    Time,
}

/// Waits until a child ends, nobody holds the other end of `lifeline`, or the time is over.
pub fn wait_for(
    child: Pid,
    lifeline: Option<BorrowedFd<'_>>,
    at_most: Option<Duration>,
) -> io::Result<Woken> {
    let process = pidfd_open(child, PidfdFlags::empty())?;
    let mut watched = vec![PollFd::new(&process, PollFlags::IN)];
    // That a pipe was hung up is told without being asked for.
    watched.extend(lifeline.map(|it| PollFd::from_borrowed_fd(it, PollFlags::empty())));
    let at_most = at_most.map(Timespec::try_from).transpose();
    let at_most = at_most.map_err(io::Error::other)?;
    while let Err(error) = poll(&mut watched, at_most.as_ref()) {
        if error != Errno::INTR {
            return Err(error.into());
        }
    }
    let [ended, abandoned] = [0, 1].map(|it| watched.get(it).is_some_and(happened));
    Ok(match (ended, abandoned) {
        (true, _) => Woken::Ended,
        (false, true) => Woken::Abandoned,
        (false, false) => Woken::Time,
    })
}

fn happened(watched: &PollFd<'_>) -> bool {
    !watched.revents().is_empty()
}

/// Reaps every child that has ended; how `main` did, if it is among them.
pub fn reap(main: Pid) -> io::Result<Option<WaitStatus>> {
    let mut ended = None;
    loop {
        match wait(WaitOptions::NOHANG) {
            Ok(Some((pid, status))) if pid == main => ended = Some(status),
            Ok(Some(_)) | Err(Errno::INTR) => {}
            Ok(None) | Err(Errno::CHILD) => return Ok(ended),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Kills every process that the calling one may signal, at one stroke that no fork escapes, and waits
/// until all are dead; whether they are.
///
/// The caller has to be the init of a process name space, or in a Landlock domain that keeps its signals
/// inside, and the reaper of what it kills.
pub fn end_all() -> bool {
    let deadline = Instant::now() + PATIENCE;
    loop {
        // A process group of 1 is the kernel's word for everybody. Nobody to kill is as good.
        let _nobody = kill_process_group(Pid::INIT, Signal::KILL);
        match wait(WaitOptions::NOHANG) {
            Err(Errno::CHILD) => return true,
            Ok(Some(_)) => continue,
            _ if Instant::now() > deadline => return false,
            _ => thread::sleep(Duration::from_millis(1)),
        }
    }
}

/// Kills the children of this process, and what becomes its children by that, until none is left.
pub fn sweep_children() {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        match wait(WaitOptions::NOHANG) {
            Err(Errno::CHILD) => return,
            Ok(Some(_)) => continue,
            _ => {}
        }
        for child in children() {
            // One that is dead already is reaped in the next round.
            let _dead = kill_process(child, Signal::KILL);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

fn children() -> Vec<Pid> {
    let own = getpid().as_raw_nonzero().to_string();
    let Ok(processes) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    let number = |it: fs::DirEntry| {
        it.file_name()
            .to_str()?
            .parse()
            .ok()
            .and_then(Pid::from_raw)
    };
    let ours = |pid: &Pid| {
        let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()));
        // The name may hold anything; after its end come the state and the parent.
        let parent = |it: String| {
            it.rsplit_once(')')?
                .1
                .split_whitespace()
                .nth(1)
                .map(String::from)
        };
        stat.ok().and_then(parent).is_some_and(|it| it == own)
    };
    processes
        .flatten()
        .filter_map(number)
        .filter(ours)
        .collect()
}
