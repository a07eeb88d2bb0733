//! One run of a program: given its input, read to its end, and ended with all that it started.

use std::{
    fmt,
    io::{self, Read, Write},
    os::{
        fd::AsFd,
        unix::process::{CommandExt as _, ExitStatusExt as _},
    },
    process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use assay_trust::hook::{Answer, Nonsense};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{OFlags, fcntl_getfl, fcntl_setfl},
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid},
};

use super::tail::Tail;

/// How often it is looked whether a program that says nothing has ended.
const TICK: Duration = Duration::from_millis(5);
/// How long standard output may stay open after its end.
const GRACE: Duration = Duration::from_millis(500);
const CHUNK: usize = 8 << 10;
/// Linux makes pipes of 64 KiB, and of 1 MiB at most for whoever asks.
const MOST_IN_A_PIPE: usize = 1 << 20;

/// What a program did instead of answering.
#[derive(Debug)]
pub enum Fault {
    /// It cannot be started.
    NotStarted(io::Error),
    /// It is not done in this time.
    TimedOut(Duration),
    /// It says more than an answer can be.
    TooMuch,
    /// It ended, and something that it started has its standard output.
    HeldOpen,
    /// It ended without success.
    Failed(ExitStatus),
    /// It said something that is no answer.
    Nonsense(Nonsense),
    /// The pipes to it broke.
    Pipe(io::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotStarted(error) => write!(f, "could not be started: {error}"),
            Self::TimedOut(limit) => {
                let seconds = limit.as_secs_f64();
                write!(f, "did not end within {seconds} s, and was killed")
            }
            Self::TooMuch => {
                let most = Answer::LARGEST;
                write!(
                    f,
                    "wrote more than {most} bytes to its standard output, and was killed"
                )
            }
            Self::HeldOpen => {
                f.write_str("ended, and left something behind that keeps its standard output open")
            }
            Self::Failed(status) => match (status.code(), status.signal()) {
                (Some(code), _) => write!(f, "ended with exit status {code}"),
                (None, Some(signal)) => write!(f, "was ended by signal {signal}"),
                (None, None) => write!(f, "ended in a way that is not known here: {status}"),
            },
            Self::Nonsense(nonsense) => write!(f, "gave no answer of the protocol: {nonsense}"),
            Self::Pipe(error) => write!(f, "could not be talked with: {error}"),
        }
    }
}

/// Starts the program in a process group of its own, with nothing that is open here, writes `input` to
/// its standard input, and gives what it wrote to its standard output, where it ended with success.
/// Whatever is left of its group is killed. `said` gets the end of what it wrote to standard error.
pub fn run(
    command: &mut Command,
    input: &[u8],
    limit: Duration,
    said: &mut Tail,
) -> Result<Vec<u8>, Fault> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    // Everything of our own closes when a program is started; what whoever started us left open does
    // from now on.
    close_fds::set_fds_cloexec_threadsafe(3, &[]);
    let started = Instant::now();
    let mut child = command.spawn().map_err(Fault::NotStarted)?;
    let mut talk = Talk {
        input: child.stdin.take().map(|it| (it, input)),
        output: child.stdout.take(),
        errors: child.stderr.take(),
        heard: Vec::new(),
    };
    let group = Group(child);
    talk.set_nonblocking().map_err(Fault::Pipe)?;
    let listened = talk.listen(&group, started, limit, said);
    // What remains of it shall not go on, nor have the last word.
    let status = group.end().map_err(Fault::Pipe)?;
    listened?;
    match status.success() {
        true => Ok(talk.heard),
        false => Err(Fault::Failed(status)),
    }
}

/// A process that is not reaped before its whole group was killed, so that the group is still its own.
struct Group(Child);

impl Group {
    fn has_ended(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let found = waitid(WaitId::Pid(Pid::from_child(&self.0)), options)?;
        Ok(found.is_some())
    }

    fn end(mut self) -> io::Result<ExitStatus> {
        self.kill();
        self.0.wait()
    }

    fn kill(&self) {
        // Who is gone needs no killing.
        let _ = kill_process_group(Pid::from_child(&self.0), Signal::KILL);
    }
}

/// Both ends of a conversation.
struct Talk<'a> {
    input: Option<(ChildStdin, &'a [u8])>,
    output: Option<ChildStdout>,
    errors: Option<ChildStderr>,
    heard: Vec<u8>,
}

impl Talk<'_> {
    fn set_nonblocking(&self) -> io::Result<()> {
        let input = self.input.as_ref().map(|it| it.0.as_fd());
        let output = self.output.as_ref().map(AsFd::as_fd);
        let errors = self.errors.as_ref().map(AsFd::as_fd);
        for pipe in [input, output, errors].into_iter().flatten() {
            fcntl_setfl(pipe, fcntl_getfl(pipe)? | OFlags::NONBLOCK)?;
        }
        Ok(())
    }

    /// Until the program has ended and its standard output is closed.
    fn listen(
        &mut self,
        group: &Group,
        started: Instant,
        limit: Duration,
        said: &mut Tail,
    ) -> Result<(), Fault> {
        let mut ended: Option<Instant> = None;
        loop {
            self.wait().map_err(Fault::Pipe)?;
            self.exchange(said).map_err(Fault::Pipe)?;
            if self.heard.len() > Answer::LARGEST {
                return Err(Fault::TooMuch);
            }
            if ended.is_none() && group.has_ended().map_err(Fault::Pipe)? {
                ended = Some(Instant::now());
            }
            match ended {
                Some(_) if self.output.is_none() => {
                    return self.hear_the_rest(said).map_err(Fault::Pipe);
                }
                Some(at) if at.elapsed() > GRACE => return Err(Fault::HeldOpen),
                _ if started.elapsed() > limit => return Err(Fault::TimedOut(limit)),
                _ => {}
            }
        }
    }

    /// Until something can be read or written, or for a moment.
    fn wait(&self) -> io::Result<()> {
        let input = self.input.as_ref();
        let input = input.map(|it| PollFd::new(&it.0, PollFlags::OUT));
        let output = self
            .output
            .as_ref()
            .map(|it| PollFd::new(it, PollFlags::IN));
        let errors = self
            .errors
            .as_ref()
            .map(|it| PollFd::new(it, PollFlags::IN));
        let mut pipes: Vec<_> = [input, output, errors].into_iter().flatten().collect();
        let moment = Timespec::try_from(TICK).map_err(io::Error::other)?;
        match poll(&mut pipes, Some(&moment)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads and writes what can be without waiting.
    fn exchange(&mut self, said: &mut Tail) -> io::Result<()> {
        if let Some((pipe, left)) = &mut self.input
            && is_done(pipe, left)?
        {
            self.input = None;
        }
        let heard = &mut self.heard;
        let room = |heard: &Vec<u8>| heard.len() <= Answer::LARGEST;
        drain(&mut self.output, |bytes| {
            heard.extend_from_slice(bytes);
            room(heard)
        })?;
        drain(&mut self.errors, |bytes| {
            said.push(bytes);
            // Others want to be heard, too.
            false
        })
    }

    /// What it wrote to standard error before its end, and no more than a pipe holds: what it left
    /// behind may go on writing.
    fn hear_the_rest(&mut self, said: &mut Tail) -> io::Result<()> {
        let mut left = MOST_IN_A_PIPE;
        drain(&mut self.errors, |bytes| {
            said.push(bytes);
            left = left.saturating_sub(bytes.len());
            left > 0
        })
    }
}

/// Writes what the pipe takes; whether there is nothing more to write. Nobody has to read it.
fn is_done(pipe: &mut ChildStdin, left: &mut &[u8]) -> io::Result<bool> {
    use io::ErrorKind::{BrokenPipe, Interrupted, WouldBlock};
    while !left.is_empty() {
        match pipe.write(left) {
            Ok(count) => *left = &left[count..],
            Err(error) if error.kind() == WouldBlock => return Ok(false),
            Err(error) if error.kind() == Interrupted => {}
            Err(error) if error.kind() == BrokenPipe => return Ok(true),
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Reads what is there, while `more` is wanted; closes the pipe at its end.
fn drain<R: Read>(pipe: &mut Option<R>, mut more: impl FnMut(&[u8]) -> bool) -> io::Result<()> {
    let mut chunk = [0; CHUNK];
    while let Some(open) = pipe {
        match open.read(&mut chunk) {
            Ok(0) => *pipe = None,
            Ok(count) if more(&chunk[..count]) => {}
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
