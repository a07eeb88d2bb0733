//! What time it is, as far as two clocks can tell.

use assay_types::Timestamp;

/// Our clock, and the latest time at which something was verified before. Where they disagree the
/// stricter one is believed: whoever sets a clock brings nothing back and lifts nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    now: Timestamp,
    floor: Timestamp,
}

impl Moment {
    /// `floor` is what an earlier run saw; none saw anything where it is `None`.
    pub fn new(now: Timestamp, floor: Option<Timestamp>) -> Self {
        let floor = floor.unwrap_or(now);
        Self { now, floor }
    }

    /// What our clock says. What begins has begun, and ages count back from here.
    pub fn now(self) -> Timestamp {
        self.now
    }

    /// By when what speaks for something has ended: a clock that was set back does not revive it.
    pub fn latest(self) -> Timestamp {
        self.now.max(self.floor)
    }

    /// By when what speaks against something has ended: a clock that was set forward does not lift it.
    pub fn earliest(self) -> Timestamp {
        self.now.min(self.floor)
    }
}

/// Nothing disagrees with the clock.
impl From<Timestamp> for Moment {
    fn from(now: Timestamp) -> Self {
        Self::new(now, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_clocks_the_stricter_one_is_believed() {
        let [early, late] = ["2026-11-22T12:00:00Z", "2026-11-23T12:00:00Z"]
            .map(|it| it.parse::<Timestamp>().unwrap());
        for (now, floor, earliest, latest) in [
            (early, None, early, early),
            (early, Some(late), early, late),
            (late, Some(early), early, late),
        ] {
            let moment = Moment::new(now, floor);
            assert_eq!(moment.now(), now);
            assert_eq!((moment.earliest(), moment.latest()), (earliest, latest));
        }
    }
}
