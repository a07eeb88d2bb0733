//! The helper's first part: stands between the host and the init, in the host's process name space.

use std::{
    fs::File,
    io,
    os::{fd::AsFd, unix::process::CommandExt},
    process::{Child, Command, ExitCode, Stdio},
    time::Duration,
};

use rustix::process::{Pid, getpid, set_child_subreaper, setsid};

use crate::{LAUNCHER_WORD, Tier};

use super::{
    INIT, bubblewrap,
    group::Visit,
    loopback,
    message::{self, During, Fault, Request},
    not_set_up, spaces,
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
    let mut init = start(&request)?;
    if let Some(visit) = visit.as_mut().filter(|_| is_inside) {
        visit.leave().during("leaving the control group")?;
    }
    let ended = outlive(&mut init, &request, &from_host);
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

fn start(request: &Request) -> Result<Child, Fault> {
    let starting = "starting the init";
    if request.tier == Tier::Bubblewrap {
        let (mut command, _names) = bubblewrap::command(request)?;
        return command.spawn().during(starting);
    }
    let mut command = Command::new("/proc/self/exe");
    command
        .args([LAUNCHER_WORD, INIT])
        .env_clear()
        .stdin(Stdio::piped());
    // With name spaces the init needs root's rights to mount; without, it needs none.
    if let (Tier::Restricted, Some(user)) = (request.tier, request.user) {
        command.uid(user).gid(user);
    }
    command.spawn().during(starting)
}

/// Waits for the init, and has it end where the host is gone; whether it has reported.
fn outlive(init: &mut Child, request: &Request, from_host: &File) -> io::Result<bool> {
    let mut to_init = init.stdin.take();
    if let Some(pipe) = &mut to_init {
        // An init that cannot read has ended, which shows below.
        let _sent = message::send(pipe, request);
    }
    let pid = Pid::from_child(init);
    if tree::wait_for(pid, Some(from_host.as_fd()), None)? == Woken::Abandoned {
        drop(to_init.take());
        if tree::wait_for(pid, None, Some(PATIENCE))? != Woken::Ended {
            init.kill()?;
        }
    }
    Ok(init.wait()?.success())
}
