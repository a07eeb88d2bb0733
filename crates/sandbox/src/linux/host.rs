//! The host's side: starts the helper, listens, and waits.

use std::{
    fs::File,
    io::{self, Read},
    os::fd::{AsFd, OwnedFd},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{Ending, Error, LAUNCHER_WORD, Limit, Outcome, Output, Result, Sandbox, log::Log};

use super::{
    SUPERVISE, also,
    channel::Channel,
    eyes::Eyes,
    group::Group,
    lend::lend,
    message::{self, Message, Report, Request},
};

/// What the helper may take beyond the program's own time before it is told to end.
const GRACE: Duration = Duration::from_secs(20);
/// How often the clock is looked at.
const TICK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 250_000_000,
};

/// Runs the program to its end.
pub fn run(sandbox: &Sandbox) -> Result<Outcome> {
    let started = Instant::now();
    let mut request = request(sandbox)?;
    let group = Group::new(&request.limits);
    request.group = group.as_ref().map(Group::doors);
    let (channel, its_end) =
        Channel::new().map_err(|it| failed("making a channel to the sandbox's helper", it))?;
    let mut helper = Command::new(&sandbox.launcher)
        .args([LAUNCHER_WORD, SUPERVISE])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(its_end)
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|it| failed("starting the sandbox's helper", it))?;
    let mut lifeline = helper.stdin.take();
    if let Some(pipe) = &mut lifeline {
        // A helper that cannot read has something to say.
        let _said_below = message::send(pipe, &request);
    }
    let deadline = started + request.limits.wall + GRACE;
    let mut ears = Ears::of(channel, &mut helper, sandbox);
    let heard = ears.listen(lifeline, deadline);
    if heard.is_err() || !ears.report_is_over() {
        // Dying, it takes everything below with it.
        let _dead = helper.kill();
    }
    let status = helper.wait();
    heard.map_err(|it| failed("listening to the sandbox's helper", it))?;
    let status = status.map_err(|it| failed("waiting for the sandbox's helper", it))?;
    let (denied, reached) = ears.eyes.close();
    match ears.report {
        Some(Report::Ended { ending, all_dead }) => Ok(Outcome {
            tier: sandbox.tier,
            ending: explained(ending, group.as_ref()),
            all_dead,
            output: ears.output,
            denied,
            reached,
            took: started.elapsed(),
        }),
        Some(Report::NotSetUp(fault)) => Err(Error::NotSetUp {
            tier: sandbox.tier,
            step: fault.step,
            reason: fault.reason,
        }),
        None => Err(Error::Silent {
            status: status.to_string(),
            said: ears.output.text(),
        }),
    }
}

/// A program whose process was taken away for want of memory fails in its own way.
fn explained(ending: Ending, group: Option<&Group>) -> Ending {
    let failed = !matches!(ending, Ending::Exited(0) | Ending::Stopped(_));
    if failed && group.is_some_and(Group::ran_out) {
        return Ending::Stopped(Limit::Memory);
    }
    ending
}

fn failed(doing: &'static str, source: io::Error) -> Error {
    Error::Helper { doing, source }
}

fn request(sandbox: &Sandbox) -> Result<Request> {
    let tier = sandbox.tier;
    let network = !sandbox.network.is_empty();
    if network && !tier.network() {
        let reason =
            "it has none of its own, out of which only the hosts that are named could lead";
        return Err(Error::NoNetwork { tier, reason });
    }
    let work = sandbox.work.canonicalize();
    let work = work.map_err(|it| Error::path("looking for", &sandbox.work, it))?;
    also::check(sandbox, &work)?;
    let user = lend(&work)?;
    let variables = sandbox.variables.clone().into_iter();
    Ok(Request {
        tier,
        work,
        folder: sandbox.folder.clone(),
        program: sandbox.program.clone(),
        arguments: sandbox.arguments.clone(),
        variables: variables.collect(),
        read_only: sandbox.read_only.clone(),
        read_only_at: sandbox.read_only_at.clone(),
        limits: sandbox.limits.clone(),
        input: sandbox.input.clone(),
        also_at: sandbox.also_at.clone(),
        group: None,
        network,
        user,
    })
}

/// What comes from below: the report, what the program asks for, and its output.
struct Ears {
    channel: Channel,
    report: Option<Report>,
    eyes: Eyes,
    output_from: Option<File>,
    output: Output,
    log: Option<Log>,
}

impl Ears {
    fn of(channel: Channel, helper: &mut Child, sandbox: &Sandbox) -> Self {
        let limits = &sandbox.limits;
        let log = sandbox.log.clone();
        let output = helper.stderr.take().map(OwnedFd::from);
        Self {
            channel,
            report: None,
            eyes: Eyes::of(sandbox),
            output_from: output.map(File::from),
            output: Output::keeping(limits.output),
            log: log.map(|it| Log::new(it, limits.log)),
        }
    }

    fn report_is_over(&self) -> bool {
        self.channel.descriptor().is_none()
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
            match (self.report_is_over(), &self.output_from) {
                (true, None) => return Ok(()),
                (true, Some(_)) => patience = patience.or(Some(now + Duration::from_secs(1))),
                _ => {}
            }
        }
    }

    fn hear(&mut self) -> io::Result<()> {
        let output = self.output_from.as_ref().map(AsFd::as_fd);
        let own = [self.channel.descriptor(), output].into_iter().flatten();
        let mut watched: Vec<_> = own
            .chain(self.eyes.watched())
            .map(|it| PollFd::from_borrowed_fd(it, PollFlags::IN))
            .collect();
        match poll(&mut watched, Some(&TICK)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready: Vec<_> = watched.iter().map(|it| !it.revents().is_empty()).collect();
        let mut ready = ready.into_iter();
        let channel_is_ready = !self.report_is_over() && ready.next() == Some(true);
        let output_is_ready = self.output_from.is_some() && ready.next() == Some(true);
        if ready.any(|it| it) {
            self.eyes.look();
        }
        if channel_is_ready {
            self.channel.hear()?;
            self.take_messages()?;
        }
        if output_is_ready {
            self.take_output()?;
        }
        Ok(())
    }

    fn take_messages(&mut self) -> io::Result<()> {
        while let Some((message, descriptor)) = self.channel.next() {
            match (message, descriptor) {
                (Message::Handed(what), Some(descriptor)) => self.eyes.take(what, descriptor)?,
                (Message::Handed(_), None) => return Err(io::ErrorKind::InvalidData.into()),
                // Who failed first knows why.
                (Message::Report(report), _) => {
                    self.report.get_or_insert(report);
                }
            }
        }
        Ok(())
    }

    fn take_output(&mut self) -> io::Result<()> {
        let (output, log) = (&mut self.output, &mut self.log);
        let mut written = Ok(());
        read(&mut self.output_from, |bytes| {
            output.take(bytes);
            written = log.as_mut().map_or(Ok(()), |it| it.take(bytes));
        })?;
        written
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
