//! What time the indexes say it is.

use std::sync::atomic::{AtomicI64, Ordering};

use assay_types::Timestamp;
use jiff::{SignedDuration, fmt::rfc2822};

use crate::http::Head;

/// The latest time that an index has named in this run. Upload times are its times too, so an age
/// is right where both clocks agree.
#[derive(Debug)]
pub(crate) struct IndexTime(AtomicI64);

impl Default for IndexTime {
    fn default() -> Self {
        Self(AtomicI64::new(i64::MIN))
    }
}

impl IndexTime {
    /// Notes when an answer was given.
    pub(crate) fn note(&self, head: &Head) {
        if let Some(time) = head
            .header("date")
            .and_then(|it| said(it, head.header("age")))
        {
            self.0.fetch_max(time.as_second(), Ordering::Relaxed);
        }
    }

    /// The time; `None` where nobody named one.
    pub(crate) fn latest(&self) -> Option<Timestamp> {
        let seconds = self.0.load(Ordering::Relaxed);
        Timestamp::from_second(seconds)
            .ok()
            .filter(|_| seconds != i64::MIN)
    }
}

/// `Date`, and the seconds for which a cache has kept the answer since (RFC 9111, 4.2.3).
fn said(date: &str, age: Option<&str>) -> Option<Timestamp> {
    let date = rfc2822::parse(date).ok()?.timestamp();
    let age = age.and_then(|it| it.parse::<u32>().ok()).unwrap_or(0);
    date.checked_add(SignedDuration::from_secs(age.into())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_names_its_time_and_how_long_it_was_kept() {
        let date = "Sun, 22 Nov 2026 12:00:00 GMT";
        for (date, age, expect) in [
            (date, None, Some("2026-11-22T12:00:00Z")),
            (date, Some("90"), Some("2026-11-22T12:01:30Z")),
            (date, Some("-90"), Some("2026-11-22T12:00:00Z")),
            ("2026-11-22", None, None),
            ("", Some("5"), None),
        ] {
            let expect = expect.map(|it| it.parse().unwrap());
            assert_eq!(said(date, age), expect, "{date} {age:?}");
        }
        assert_eq!(IndexTime::default().latest(), None);
    }
}
