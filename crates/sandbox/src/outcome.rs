//! What became of a program.

use std::{collections::VecDeque, fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{Denied, Tier};

/// What became of a program and of everything that it started.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What held it.
    pub tier: Tier,
    /// How it ended.
    pub ending: Ending,
    /// Whether every process of the tree is known to be dead. Where it is false nothing that the program
    /// wrote may be read: it can still change.
    pub all_dead: bool,
    /// The end of what it and its children wrote to standard output and standard error.
    pub output: Output,
    /// What it wanted of the network and did not get: the first of it, each once.
    pub denied: Vec<Denied>,
    /// The hosts that it was connected to, as `NAME:PORT`, sorted.
    pub reached: Vec<String>,
    /// From the start of the helper to its end.
    pub took: Duration,
}

impl Outcome {
    /// The program ended with code 0, and nothing of it is left.
    pub fn success(&self) -> bool {
        self.all_dead && self.ending == Ending::Exited(0)
    }
}

/// How the program itself ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// By itself, with this code.
    Exited(i32),
    /// By a signal, as an error of its own may send it.
    Signaled(i32),
    /// A limit was passed.
    Stopped(Limit),
}

/// What a program was stopped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limit {
    /// It ran for too long.
    Wall,
    /// It used too much processor time.
    Cpu,
    /// All its processes together used too much memory. Where there is no control group for them this
    /// is not told: what a single process asks for in vain is an error of its own.
    Memory,
    /// It wrote too large a file.
    File,
    /// Its work folder became too large, or has too many entries, or the disk is nearly full.
    Disk,
    /// Whoever waited for it is gone, or gave up.
    Abandoned,
}

/// A sentence's end: `the build …`.
impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(f, "ended with code {code}"),
            Self::Signaled(signal) => write!(f, "was ended by signal {signal}"),
            Self::Stopped(limit) => write!(f, "was stopped: {limit}"),
        }
    }
}

/// The reason as a clause.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Wall => "it ran for too long",
            Self::Cpu => "it used too much processor time",
            Self::Memory => "its processes together used too much memory",
            Self::File => "it wrote too large a file",
            Self::Disk => "it filled the disk",
            Self::Abandoned => "nobody waited for it any more",
        })
    }
}

/// The end of what was written.
#[derive(Clone, Debug, Default)]
pub struct Output {
    kept: VecDeque<u8>,
    #[cfg(target_os = "linux")]
    most: usize,
    total: u64,
}

impl Output {
    /// As text, with what is no UTF-8 replaced. Escapes for a terminal are still in it.
    pub fn text(&self) -> String {
        let (front, back) = self.kept.as_slices();
        String::from_utf8_lossy(&[front, back].concat()).into_owned()
    }

    /// How many bytes were written before those that are kept.
    pub fn left_out(&self) -> u64 {
        self.total - self.kept.len() as u64
    }
}

#[cfg(target_os = "linux")]
impl Output {
    /// Keeps the last `most` bytes.
    pub(crate) fn keeping(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// Takes what comes next.
    pub(crate) fn take(&mut self, bytes: &[u8]) {
        self.total += bytes.len() as u64;
        let new = &bytes[bytes.len().saturating_sub(self.most)..];
        let spare = (self.kept.len() + new.len()).saturating_sub(self.most);
        self.kept.drain(..spare);
        self.kept.extend(new);
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_kept_and_the_rest_counted() {
        let mut output = Output::keeping(4);
        output.take(b"ab");
        output.take(b"cd");
        assert_eq!((output.text().as_str(), output.left_out()), ("abcd", 0));
        output.take(b"e");
        assert_eq!((output.text().as_str(), output.left_out()), ("bcde", 1));
        output.take(b"0123456789");
        assert_eq!((output.text().as_str(), output.left_out()), ("6789", 11));
    }
}
