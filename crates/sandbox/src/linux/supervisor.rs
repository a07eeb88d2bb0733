//! The helper's first part: stands between the host and the init, in the host's process name space.

use std::{
    fs::File,
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::process::CommandExt,
    },
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

use rustix::process::{
    Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, setsid, waitpid,
};

use crate::{LAUNCHER_WORD, Tier};

use super::{
    INIT, bubblewrap,
    group::Visit,
    init, loopback,
    message::{self, During, Fault, Request},
    not_set_up, raw, spaces,
    tree::{self, Woken},
};

/// How long an init may take to kill everything when it is told to.
const PATIENCE: Duration = Duration::from_secs(15);

/// Starts the init and outlives it.
pub fn supervise() -> ExitCode {
    match try_to() {
        Ok(code) => code,
        Err(fault) => not_set_up(fault),
    }
}

fn try_to() -> Result<ExitCode, Fault> {
    // Whatever the host has open shall not reach what is started from here.
    close_fds::set_fds_cloexec_threadsafe(3, &[]);
    let mut from_host = own_input().during("listening to assay")?;
    let request: Request = message::receive(&mut from_host).during("reading the request")?;
    setsid().during("starting a session")?;
    let mut visit = Visit::prepare(request.group.as_ref());
    match request.tier {
        Tier::Namespaces => {
            spaces::enter(request.user.is_some())?;
            loopback::open(&request)?;
            if request.user.is_none() {
                let keeping = "keeping rights for the init";
                spaces::keep_what_the_init_needs().during(keeping)?;
            }
        }
        Tier::Bubblewrap | Tier::Restricted => {
            set_child_subreaper(Some(getpid())).during("becoming a sub-reaper")?;
        }
    }
    let is_inside = visit.as_mut().is_some_and(Visit::enter);
    let mut init = match request.tier {
        // A third start of so large a program costs more than all that the init does.
        Tier::Namespaces => match fork().during(STARTING)? {
            Forked::Here(init) => init,
            Forked::There(lifeline) => {
                drop((visit, from_host));
                return Ok(init::run(&request, &lifeline));
            }
        },
        Tier::Bubblewrap | Tier::Restricted => start(&request)?,
    };
    if let Some(visit) = visit.as_mut().filter(|_| is_inside) {
        visit.leave().during("leaving the control group")?;
    }
    let ended = init.outlive(&from_host);
    if request.tier != Tier::Namespaces {
        // Only where the init, or bubblewrap, was killed from outside is there anything left.
        tree::sweep_children();
    }
    let reported = ended.during("waiting for the init")?;
    Ok(if reported {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Standard input without the buffer of the standard library, which would read too far.
pub fn own_input() -> io::Result<File> {
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

const STARTING: &str = "starting the init";

/// The next process, and what tells it that this one is gone.
struct Init {
    pid: Pid,
    lifeline: Option<OwnedFd>,
}

/// On which side of a fork.
enum Forked {
    Here(Init),
    There(File),
}

/// In new name spaces: the init is this program, with what it knows already.
fn fork() -> io::Result<Forked> {
    let (hears, lifeline) = io::pipe()?;
    Ok(match raw::fork()? {
        Some(pid) => Forked::Here(Init {
            pid,
            lifeline: Some(lifeline.into()),
        }),
        // Its standard input is the host's pipe, of which it makes nothing.
        None => Forked::There(OwnedFd::from(hears).into()),
    })
}

/// By starting it: bubblewrap first, or as another user.
fn start(request: &Request) -> Result<Init, Fault> {
    let mut child = if request.tier == Tier::Bubblewrap {
        let (mut command, _names) = bubblewrap::command(request)?;
        command.spawn().during(STARTING)?
    } else {
        let mut command = Command::new("/proc/self/exe");
        command
            .args([LAUNCHER_WORD, INIT])
            .env_clear()
            .stdin(Stdio::piped());
        // Without name spaces the init needs no rights of root's.
        if let Some(user) = request.user {
            command.uid(user).gid(user);
        }
        command.spawn().during(STARTING)?
    };
    let mut to_init = child.stdin.take();
    if let Some(pipe) = &mut to_init {
        // An init that cannot read has ended, which shows below.
        let _sent = message::send(pipe, request);
    }
    Ok(Init {
        pid: Pid::from_child(&child),
        lifeline: to_init.map(OwnedFd::from),
    })
}

impl Init {
    /// Waits for it, and has it end where the host is gone; whether it has reported.
    fn outlive(&mut self, from_host: &File) -> io::Result<bool> {
        if tree::wait_for(self.pid, Some(from_host.as_fd()), None)? == Woken::Abandoned {
            drop(self.lifeline.take());
            if tree::wait_for(self.pid, None, Some(PATIENCE))? != Woken::Ended {
                kill_process(self.pid, Signal::KILL)?;
            }
        }
        let status = loop {
            match waitpid(Some(self.pid), WaitOptions::empty()) {
                Err(rustix::io::Errno::INTR) => {}
                status => break status?,
            }
        };
        Ok(status.is_some_and(|(_, it)| it.exit_status() == Some(0)))
    }
}
