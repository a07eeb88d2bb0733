//! A body on its way in: a deadline, a minimum rate, and a cap that also holds while it inflates.

use std::{
    fmt,
    io::{self, Read},
    time::{Duration, Instant},
};

use super::MinimumRate;

/// The raw body of an answer. Gives up when the deadline passes or a window was too slow.
pub(crate) struct Transfer {
    body: ureq::BodyReader<'static>,
    deadline: Instant,
    rate: MinimumRate,
    /// Time spent waiting for the network and bytes received, in this window. What the consumer
    /// does between reads does not count.
    waited: Duration,
    received: u64,
}

/// Why a transfer was given up; travels inside an [`io::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GivenUp {
    Deadline,
    TooSlow(MinimumRate),
}

impl Transfer {
    pub(crate) fn new(body: ureq::Body, deadline: Instant, rate: MinimumRate) -> Self {
        Self {
            body: body.into_with_config().reader(),
            deadline,
            rate,
            waited: Duration::ZERO,
            received: 0,
        }
    }

    fn judge_window(&mut self) -> Result<(), GivenUp> {
        if self.waited < self.rate.window {
            return Ok(());
        }
        let least = self.rate.bytes_per_second as u128 * self.waited.as_millis() / 1000;
        if u128::from(self.received) < least {
            return Err(GivenUp::TooSlow(self.rate));
        }
        self.waited = Duration::ZERO;
        self.received = 0;
        Ok(())
    }
}

impl Read for Transfer {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let begin = Instant::now();
        if begin >= self.deadline {
            return Err(GivenUp::Deadline.into());
        }
        let count = self.body.read(buffer)?;
        self.waited += begin.elapsed();
        self.received += count as u64;
        if count > 0 {
            self.judge_window()?;
        }
        Ok(count)
    }
}

impl fmt::Display for GivenUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Deadline => f.write_str("the request took longer than its deadline"),
            Self::TooSlow(rate) => write!(
                f,
                "the transfer was slower than {} bytes a second for {} s",
                rate.bytes_per_second,
                rate.window.as_secs_f32()
            ),
        }
    }
}

impl std::error::Error for GivenUp {}

impl From<GivenUp> for io::Error {
    fn from(why: GivenUp) -> Self {
        Self::new(io::ErrorKind::TimedOut, why)
    }
}

/// Reads all, unless it is more than `limit` bytes: then `None`.
pub(crate) fn read_capped(reader: impl Read, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    reader
        .take(limit.saturating_add(1))
        .read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= limit).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cap_itself_still_fits() {
        assert_eq!(read_capped(&b"abc"[..], 3).unwrap().unwrap(), b"abc");
        assert_eq!(read_capped(&b"abcd"[..], 3).unwrap(), None);
    }
}
