//! Days on which something ends.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The last day (UTC) on which something holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LastDay {
    day: Date,
    end: Timestamp,
}

/// A text that is no such day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it is not a date such as 2026-12-31")]
pub struct NoDay;

impl LastDay {
    /// Whether it is not over.
    pub fn holds_at(self, now: Timestamp) -> bool {
        now < self.end
    }

    /// When it is over: the beginning of the next day.
    pub fn end(self) -> Timestamp {
        self.end
    }
}

/// `2026-12-31` and no other form.
impl FromStr for LastDay {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        let day: Date = text.parse().map_err(|_| NoDay)?;
        if day.to_string() != text {
            return Err(NoDay);
        }
        let next = day.tomorrow().map_err(|_| NoDay)?;
        let end = next.to_zoned(TimeZone::UTC).map_err(|_| NoDay)?.timestamp();
        Ok(Self { day, end })
    }
}

impl fmt::Display for LastDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.day.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_day_counts_to_its_end() {
        let day: LastDay = "2026-12-31".parse().unwrap();
        let holds = |now: &str| day.holds_at(now.parse().unwrap());
        assert!(holds("2026-12-31T23:59:59.999Z"));
        assert!(!holds("2027-01-01T00:00:00Z"));
        assert!(!holds("2026-12-31T23:00:00-01:00"), "UTC");
        assert!(day < "2027-01-01".parse().unwrap());
        assert!(!day.holds_at(day.end()));
        assert_eq!(day.end(), "2027-01-01T00:00:00Z".parse().unwrap());
    }

    #[test]
    fn a_day_is_written_in_one_way() {
        for text in ["2024-02-29", "0001-01-01", "9999-12-29"] {
            assert_eq!(text.parse::<LastDay>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2026-02-29",
            "2026-13-01",
            "2026-1-1",
            "20261231",
            " 2026-12-31",
            "2026-12-31T00:00:00",
            "2026-12-31T00:00:00Z",
            "31.12.2026",
            "9999-12-31",
        ] {
            assert_eq!(text.parse::<LastDay>(), Err(NoDay), "{text}");
        }
    }
}
