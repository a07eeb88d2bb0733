//! When a key may sign.

use assay_types::Timestamp;

/// From when, and to when; in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Life {
    /// When it was made.
    pub(super) from: i64,
    /// The first second in which it is over.
    pub(super) until: Option<i64>,
}

impl Life {
    /// Refuses a moment outside. The error stands behind the name of the key.
    pub(super) fn check(self, moment: i64) -> Result<(), String> {
        match self.until {
            _ if moment < self.from => Err(format!("was made later, at {}", time(self.from))),
            Some(until) if moment >= until => Err(format!("expired at {}", time(until))),
            _ => Ok(()),
        }
    }
}

/// The earlier of two ends.
pub(super) fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (end, None) | (None, end) => end,
    }
}

/// For people.
pub(super) fn time(seconds: i64) -> Timestamp {
    // OpenPGP counts with 32 bits, and at most two such numbers are added.
    Timestamp::from_second(seconds).expect("a time before the year 2300")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_has_a_first_second_and_no_last() {
        let life = |until| Life { from: 10, until };
        for (until, moment, holds) in [
            (None, 9, false),
            (None, 10, true),
            (None, i64::MAX, true),
            (Some(12), 11, true),
            (Some(12), 12, false),
        ] {
            assert_eq!(
                life(until).check(moment).is_ok(),
                holds,
                "{until:?} {moment}"
            );
        }
        assert_eq!(earlier(None, Some(3)), Some(3));
        assert_eq!(earlier(Some(2), Some(3)), Some(2));
        assert_eq!(time(0).to_string(), "1970-01-01T00:00:00Z");
        time(2 * i64::from(u32::MAX));
    }
}
