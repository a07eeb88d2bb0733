//! The helper's second part: the process that everything else hangs on. It puts up the walls, starts
//! the program, watches it, and leaves nothing behind.

use std::{
    fs::{self, File},
    io::{self, Seek, Write},
    os::fd::AsFd,
    os::unix::process::CommandExt,
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use rustix::{
    fs::{MemfdFlags, Mode, memfd_create},
    process::{
        DumpableBehavior, Pid, Signal, WaitStatus, getpid, getppid, set_child_subreaper,
        set_dumpable_behavior, set_parent_process_death_signal, test_kill_process, umask,
    },
};

use crate::{Ending, Limit, Tier};

use super::{
    bubblewrap,
    confine::Confinement,
    disk::DiskWatch,
    loopback,
    message::{self, During, Fault, Message, Report, Request},
    not_set_up, raw, root, rules, sight,
    supervisor::own_input,
    tree::{self, Woken},
};

/// How often the limits are looked at that no resource limit expresses.
const TICK: Duration = Duration::from_millis(50);

/// Reads what the supervisor wants, and does it.
pub fn init() -> ExitCode {
    let read = own_input().during("listening to the supervisor");
    let request = read.and_then(|mut lifeline| {
        let request = message::receive(&mut lifeline).during("reading the request")?;
        Ok((request, lifeline))
    });
    match request {
        Ok((request, lifeline)) => run(&request, &lifeline),
        Err(fault) => not_set_up(fault),
    }
}

/// Runs what the request says and reports.
pub fn run(request: &Request, lifeline: &File) -> ExitCode {
    let report = match try_to(request, lifeline) {
        Ok(report) => report,
        Err(fault) => return not_set_up(fault),
    };
    match message::send(&mut io::stdout(), &Message::Report(report)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn try_to(request: &Request, lifeline: &File) -> Result<Report, Fault> {
    match request.tier {
        Tier::Namespaces => {
            set_parent_process_death_signal(Some(Signal::KILL)).during("ending with its parent")?;
            root::build(request)?;
        }
        Tier::Bubblewrap => {
            set_parent_process_death_signal(Some(Signal::KILL)).during("ending with its parent")?;
            bubblewrap::is_around()?;
            if request.network {
                loopback::door()?;
            }
        }
        Tier::Restricted => keep_signals_inside()?,
    }
    // The program runs as the same user; it shall not look into this process.
    // When memory runs out, the build goes and not the user's session. The program inherits it, and cannot
    // write there. Where it cannot be said, the other limits hold alone.
    let _unsaid = fs::write("/proc/self/oom_score_adj", "1000");
    set_dumpable_behavior(DumpableBehavior::NotDumpable).during("hiding the init's memory")?;
    let disk = DiskWatch::new(&request.work_as_seen(), &request.limits);
    let mut disk = disk.during("measuring the work folder")?;
    let program = start(request)?;
    let ending = watch(&program, request, &mut disk, lifeline);
    let all_dead = tree::end_all();
    let ending = ending.during("waiting for the program")?;
    Ok(Report::Ended { ending, all_dead })
}

/// Has this process adopt what the program leaves behind, and signal nobody else: what it kills in the
/// end is everybody whom it can.
fn keep_signals_inside() -> Result<(), Fault> {
    set_child_subreaper(Some(getpid())).during("becoming a sub-reaper")?;
    rules::keep_signals_inside()?;
    let parent = getppid()
        .ok_or("there is none")
        .during("finding the supervisor")?;
    match test_kill_process(parent) {
        Err(rustix::io::Errno::PERM) => Ok(()),
        _ => Err("the supervisor could be signalled").during("keeping signals inside"),
    }
}

fn start(request: &Request) -> Result<Child, Fault> {
    let mut command = Command::new(&request.program);
    command
        .args(&request.arguments)
        .env_clear()
        .envs(sight::variables(request))
        .current_dir(request.work_as_seen().join(&request.folder))
        .stdin(input(request.input.as_deref()).during("the program's input")?);
    // Both kinds of output in one pipe, in the order in which they were written.
    let log = || io::stderr().as_fd().try_clone_to_owned();
    command
        .stdout(log().during("the program's output")?)
        .stderr(log().during("the program's output")?);
    if let (true, Some(user)) = (request.tier.mounts(), request.user) {
        command.uid(user).gid(user);
    }
    // Without name spaces a mode can only be set to 0700, see the filter: files are born that way.
    let mask = if request.tier.mounts() { 0o022 } else { 0o077 };
    umask(Mode::from_raw_mode(mask));
    let mut confinement = Confinement::of(request)?;
    raw::before_program(&mut command, move || confinement.enter());
    let starting = format!("starting {:?} under its rules", request.program);
    command.spawn().during(starting)
}

fn input(bytes: Option<&[u8]>) -> io::Result<Stdio> {
    let Some(bytes) = bytes else {
        return Ok(Stdio::null());
    };
    let mut file = File::from(memfd_create("input", MemfdFlags::CLOEXEC)?);
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file.into())
}

fn watch(
    program: &Child,
    request: &Request,
    disk: &mut DiskWatch,
    lifeline: &File,
) -> io::Result<Ending> {
    let program = Pid::from_child(program);
    let started = Instant::now();
    loop {
        let woken = tree::wait_for(program, Some(lifeline.as_fd()), Some(TICK))?;
        if let Some(status) = tree::reap(program)? {
            return Ok(ending(status));
        }
        if woken == Woken::Abandoned {
            return Ok(Ending::Stopped(Limit::Abandoned));
        }
        if started.elapsed() >= request.limits.wall {
            return Ok(Ending::Stopped(Limit::Wall));
        }
        if disk.passed() {
            return Ok(Ending::Stopped(Limit::Disk));
        }
    }
}

fn ending(status: WaitStatus) -> Ending {
    let signal = status.terminating_signal().map(|it| {
        if it == Signal::XCPU.as_raw() {
            Ending::Stopped(Limit::Cpu)
        } else if it == Signal::XFSZ.as_raw() {
            Ending::Stopped(Limit::File)
        } else {
            Ending::Signaled(it)
        }
    });
    // Without a signal there is a code; stops are not waited for.
    signal.unwrap_or_else(|| Ending::Exited(status.exit_status().unwrap_or(-1)))
}
