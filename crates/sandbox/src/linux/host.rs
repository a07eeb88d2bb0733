//! The host's side: starts the helper, listens, and waits.

use std::{
    fs::File,
    io::{self, Read},
    os::fd::{AsFd, OwnedFd},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{Error, LAUNCHER_WORD, Outcome, Output, Result, Sandbox, log::Log};

use super::{
    SUPERVISE, also,
    lend::lend,
    message::{self, Message, Request},
};

/// What the helper may take beyond the program's own time before it is told to end.
const GRACE: Duration = Duration::from_secs(20);
/// A report that is longer is none.
const LONGEST_REPORT: usize = 1 << 16;
/// How often the clock is looked at.
const TICK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 250_000_000,
};

/// Runs the program to its end.
pub fn run(sandbox: &Sandbox) -> Result<Outcome> {
    let started = Instant::now();
    let request = request(sandbox)?;
    let mut helper = Command::new(&sandbox.launcher)
        .args([LAUNCHER_WORD, SUPERVISE])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|it| failed("starting the sandbox's helper", it))?;
    let mut lifeline = helper.stdin.take();
    if let Some(pipe) = &mut lifeline {
        // A helper that cannot read has something to say.
        let _said_below = message::send(pipe, &request);
    }
    let deadline = started + request.limits.wall + GRACE;
    let mut ears = Ears::of(&mut helper, sandbox);
    let heard = ears.listen(lifeline, deadline);
    if heard.is_err() || !ears.report_is_over() {
        // Dying, it takes everything below with it.
        let _dead = helper.kill();
    }
    let status = helper.wait();
    heard.map_err(|it| failed("listening to the sandbox's helper", it))?;
    let status = status.map_err(|it| failed("waiting for the sandbox's helper", it))?;
    match message::receive(&mut ears.report.as_slice()) {
        Ok(Message::Ended { ending, all_dead }) => Ok(Outcome {
            tier: sandbox.tier,
            ending,
            all_dead,
            output: ears.output,
            took: started.elapsed(),
        }),
        Ok(Message::NotSetUp(fault)) => Err(Error::NotSetUp {
            tier: sandbox.tier,
            step: fault.step,
            reason: fault.reason,
        }),
        Err(_) => Err(Error::Silent {
            status: status.to_string(),
            said: ears.output.text(),
        }),
    }
}

fn failed(doing: &'static str, source: io::Error) -> Error {
    Error::Helper { doing, source }
}

fn request(sandbox: &Sandbox) -> Result<Request> {
    let work = sandbox.work.canonicalize();
    let work = work.map_err(|it| Error::path("looking for", &sandbox.work, it))?;
    also::check(sandbox, &work)?;
    let user = lend(&work)?;
    let variables = sandbox.variables.clone().into_iter();
    Ok(Request {
        tier: sandbox.tier,
        work,
        folder: sandbox.folder.clone(),
        program: sandbox.program.clone(),
        arguments: sandbox.arguments.clone(),
        variables: variables.collect(),
        read_only: sandbox.read_only.clone(),
        limits: sandbox.limits.clone(),
        input: sandbox.input.clone(),
        also_at: sandbox.also_at.clone(),
        user,
    })
}

/// What comes from below: the report, and the program's output.
struct Ears {
    report_from: Option<File>,
    report: Vec<u8>,
    output_from: Option<File>,
    output: Output,
    log: Option<Log>,
}

impl Ears {
    fn of(helper: &mut Child, sandbox: &Sandbox) -> Self {
        let limits = &sandbox.limits;
        let log = sandbox.log.clone();
        let report = helper.stdout.take().map(OwnedFd::from);
        let output = helper.stderr.take().map(OwnedFd::from);
        Self {
            report_from: report.map(File::from),
            report: Vec::new(),
            output_from: output.map(File::from),
            output: Output::keeping(limits.output),
            log: log.map(|it| Log::new(it, limits.log)),
        }
    }

    fn report_is_over(&self) -> bool {
        self.report_from.is_none()
    }

    /// Until both are silent. The program never holds the report's pipe: when that is closed the helper
    /// is gone, and whoever still holds the other one is not waited for.
    fn listen(&mut self, mut lifeline: Option<impl Sized>, deadline: Instant) -> io::Result<()> {
        let mut patience = None;
        loop {
            let now = Instant::now();
            if now > deadline {
                drop(lifeline.take());
            }
            if now > deadline + GRACE || patience.is_some_and(|it| now > it) {
                return Ok(());
            }
            self.hear()?;
            match (&self.report_from, &self.output_from) {
                (None, None) => return Ok(()),
                (None, Some(_)) => patience = patience.or(Some(now + Duration::from_secs(1))),
                _ => {}
            }
        }
    }

    fn hear(&mut self) -> io::Result<()> {
        let pipes = [&self.report_from, &self.output_from];
        let mut watched: Vec<_> = pipes
            .iter()
            .filter_map(|it| it.as_ref())
            .map(|it| PollFd::from_borrowed_fd(it.as_fd(), PollFlags::IN))
            .collect();
        match poll(&mut watched, Some(&TICK)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready: Vec<_> = watched.iter().map(|it| !it.revents().is_empty()).collect();
        let mut ready = ready.into_iter();
        let report_is_ready = self.report_from.is_some() && ready.next() == Some(true);
        let output_is_ready = self.output_from.is_some() && ready.next() == Some(true);
        if report_is_ready {
            let report = &mut self.report;
            read(&mut self.report_from, |bytes| {
                let room = LONGEST_REPORT.saturating_sub(report.len());
                report.extend_from_slice(&bytes[..bytes.len().min(room)]);
            })?;
        }
        if output_is_ready {
            let (output, log) = (&mut self.output, &mut self.log);
            let mut written = Ok(());
            read(&mut self.output_from, |bytes| {
                output.take(bytes);
                written = log.as_mut().map_or(Ok(()), |it| it.take(bytes));
            })?;
            written?;
        }
        Ok(())
    }
}

/// One reading; what is at its end becomes `None`.
fn read(from: &mut Option<File>, take: impl FnOnce(&[u8])) -> io::Result<()> {
    let mut bytes = [0; 1 << 16];
    let length = match from {
        Some(pipe) => pipe.read(&mut bytes)?,
        None => 0,
    };
    if length == 0 {
        *from = None;
    }
    take(&bytes[..length]);
    Ok(())
}
