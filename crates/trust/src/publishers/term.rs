//! How long something is accepted.

use std::{fmt, str::FromStr};

use assay_types::{
    Timestamp,
    day::{LastDay, NoDay},
};

const FOREVER: &str = "forever";

/// How long something holds that was accepted; what lasts longer is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    /// To the end of this day.
    Until(LastDay),
    /// Until it is taken back.
    Forever,
}

impl Term {
    /// Whether it is not over.
    pub fn holds_at(self, now: Timestamp) -> bool {
        self.last_day().is_none_or(|it| it.holds_at(now))
    }

    /// The day with which it ends, if it does.
    pub fn last_day(self) -> Option<LastDay> {
        match self {
            Self::Until(day) => Some(day),
            Self::Forever => None,
        }
    }
}

/// A day, or `forever`.
impl FromStr for Term {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        match text {
            FOREVER => Ok(Self::Forever),
            day => day.parse().map(Self::Until),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Until(day) => day.fmt(f),
            Self::Forever => f.write_str(FOREVER),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forever_is_longer_than_any_day_and_never_over() {
        let read = |text: &str| text.parse::<Term>();
        let term = |text: &str| read(text).unwrap();
        assert!(term("2026-12-31") < term("2027-01-01"));
        assert!(term("9999-12-29") < term("forever"));
        assert!(term("forever").holds_at(Timestamp::MAX));
        assert!(!term("9999-12-29").holds_at(Timestamp::MAX));
        for text in ["2026-12-31", "forever"] {
            assert_eq!(term(text).to_string(), text);
        }
        for text in ["", "Forever", "always", "2026-12-31 ", "null"] {
            assert_eq!(read(text), Err(NoDay), "{text}");
        }
    }
}
