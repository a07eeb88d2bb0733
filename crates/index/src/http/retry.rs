//! When a request is repeated, and after which pause.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::ClientConfig;
use crate::IndexError;

const FIRST_PAUSE: Duration = Duration::from_millis(250);
const SOON: Duration = Duration::from_secs(10);
/// Longest pause, also where the server asks for more with `Retry-After`.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The attempts left for one request, and its deadline.
pub(crate) struct Retries {
    left: u32,
    pause: Duration,
    asked: Option<Duration>,
    deadline: Instant,
}

impl Retries {
    /// For a request that must be done within `limit`.
    pub(crate) fn new(config: &ClientConfig, limit: Duration) -> Self {
        Self {
            left: config.retries,
            pause: FIRST_PAUSE,
            asked: None,
            deadline: Instant::now() + limit,
        }
    }

    /// For something that a run can do without: one more attempt, and only soon.
    pub(crate) fn few(config: &ClientConfig) -> Self {
        let limit = config.deadline.min(SOON);
        Self {
            left: config.retries.min(1),
            ..Self::new(config, limit)
        }
    }

    /// When the whole request must be done.
    pub(crate) fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Notes what a server's `Retry-After` asks for; dates are not read, the usual pause applies.
    pub(crate) fn server_asks(&mut self, retry_after: Option<&str>) {
        self.asked = retry_after
            .and_then(|it| it.trim().parse().ok())
            .map(Duration::from_secs);
    }

    /// Pauses before the next attempt, or gives the error back when another attempt is pointless,
    /// not allowed any more, or would begin after the deadline.
    pub(crate) fn again_after(&mut self, error: IndexError) -> Result<(), IndexError> {
        if self.left == 0 || !is_transient(&error) {
            return Err(error);
        }
        let pause = self.asked.take().unwrap_or(self.pause).min(LONGEST_PAUSE);
        if Instant::now() + pause >= self.deadline {
            return Err(error);
        }
        thread::sleep(pause);
        self.left -= 1;
        self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        Ok(())
    }
}

/// Connection errors, stalls, 5xx and 429 may pass; what a server decided or a rule refuses does
/// not, and neither does a certificate.
fn is_transient(error: &IndexError) -> bool {
    match error {
        IndexError::Connection { .. } | IndexError::TimedOut { .. } => true,
        IndexError::Status { status, .. } => *status == 429 || *status >= 500,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_decided_is_final() {
        let status = |status| IndexError::Status {
            url: String::new(),
            status,
            with_credentials: false,
        };
        for transient in [429, 500, 502, 503] {
            assert!(is_transient(&status(transient)), "{transient}");
        }
        for last in [400, 401, 403, 404, 410] {
            assert!(!is_transient(&status(last)), "{last}");
        }
    }
}
