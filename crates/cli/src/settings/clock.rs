//! The clock floor: the latest time at which this user's assay saw that something was verified.
//!
//! ```text
//! <state>/clock.json   {"latest":"2026-11-22T12:00:00Z"}
//! ```
//!
//! A clock that is before the floor was set back, or was ahead when the floor was written; nobody
//! can tell which from here, so it is said and the strict choice is taken. For a cooldown that is
//! the *earlier* time: the earlier it is, the more uploads are too fresh. So the clock is believed
//! as it is, and the floor never stands in for it: a floor written while the clock was ahead would
//! let fresh uploads pass. Where something ends, such as a grant with `until`, the *later* time is the
//! strict one, and where a denial ends the earlier: [`moment`] gives both.
//!
//! A clock that is ahead now cannot be seen from here: `pipeline::clock` compares it with what the
//! index says.

use assay_files::{Error, PrivateFolder, Result};
use assay_trust::Moment;
use assay_types::Timestamp;
use jiff::SignedDuration;

const NAME: &str = "clock.json";
/// Clocks of machines that share a home may differ.
const TOLERANCE: SignedDuration = SignedDuration::from_hours(24);
/// The floor rises in steps, so that most runs write nothing.
const STEP: SignedDuration = SignedDuration::from_hours(1);

/// What to say of the clock, if anything.
pub fn judge(state: &PrivateFolder, now: Timestamp) -> Result<Option<String>> {
    let path = state.path().join(NAME);
    let path = path.display();
    Ok(match read(state)? {
        Reading::None => None,
        Reading::Garbage => Some(format!(
            "{path}, which tells whether the clock was set back, is damaged and is written anew"
        )),
        Reading::Floor(floor) if now < before(floor, TOLERANCE) => Some(format!(
            "the clock says {now:.0}, and said {floor:.0} in an earlier run. If it is wrong now, set \
             it: uploads count as fresher than they are. If it was ahead then, uploads that were \
             too fresh may have been installed; remove {path} once it is right"
        )),
        Reading::Floor(_) => None,
    })
}

/// Our clock and the floor. A floor that cannot be read is none: [`judge`] says so.
pub fn moment(state: &PrivateFolder, now: Timestamp) -> Result<Moment> {
    Ok(match read(state)? {
        Reading::Floor(floor) => Moment::new(now, Some(floor)),
        Reading::None | Reading::Garbage => now.into(),
    })
}

/// Something was verified at this time.
pub fn raise(state: &PrivateFolder, now: Timestamp) -> Result<()> {
    match read(state)? {
        Reading::Floor(floor) if before(now, STEP) < floor => return Ok(()),
        Reading::Garbage => drop(state.set_aside(NAME)?),
        Reading::Floor(_) | Reading::None => {}
    }
    let text = serde_json::json!({ "latest": now.to_string() }).to_string();
    state.write(NAME, text.as_bytes())
}

enum Reading {
    None,
    Garbage,
    Floor(Timestamp),
}

fn read(state: &PrivateFolder) -> Result<Reading> {
    match state.read(NAME) {
        Ok(None) => Ok(Reading::None),
        Ok(Some(bytes)) => Ok(parse(&bytes).map_or(Reading::Garbage, Reading::Floor)),
        Err(refused @ Error::NotPrivate { .. }) => Err(refused),
        Err(_) => Ok(Reading::Garbage),
    }
}

fn parse(bytes: &[u8]) -> Option<Timestamp> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    value.get("latest")?.as_str()?.parse().ok()
}

/// The earliest time of all where there is none so early.
fn before(time: Timestamp, duration: SignedDuration) -> Timestamp {
    time.checked_sub(duration).unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_far_before_the_floor_is_said_and_the_floor_never_falls() {
        let place = tempfile::tempdir().unwrap();
        let state = PrivateFolder::new(place.path());
        let judge = |now| judge(&state, time(now)).unwrap();
        assert_eq!(judge("2026-11-22T12:00:00Z"), None);
        raise(&state, time("2026-11-22T12:00:00Z")).unwrap();
        assert_eq!(judge("2026-11-21T12:00:00Z"), None);
        let said = judge("2026-11-21T11:59:59Z").unwrap();
        assert!(said.contains("2026-11-22T12:00:00Z") && said.contains("clock.json"));

        raise(&state, time("2020-01-01T00:00:00Z")).unwrap();
        assert!(judge("2020-01-01T00:00:00Z").is_some());
        raise(&state, time("2026-12-01T00:00:00Z")).unwrap();
        assert!(judge("2026-11-22T12:00:00Z").is_some());
        assert_eq!(judge("2026-12-01T00:00:00Z"), None);
    }

    #[test]
    fn what_ends_has_ended_by_the_later_time() {
        let place = tempfile::tempdir().unwrap();
        let state = PrivateFolder::new(place.path());
        let latest = |now| moment(&state, time(now)).unwrap().latest();
        let [early, late] = ["2026-11-22T12:00:00Z", "2026-11-23T12:00:00Z"];
        assert_eq!(latest(early), time(early));
        raise(&state, time(late)).unwrap();
        assert_eq!(latest(early), time(late));
        assert_eq!(latest("2026-12-01T00:00:00Z"), time("2026-12-01T00:00:00Z"));
        state.write(NAME, b"{}").unwrap();
        assert_eq!(latest(early), time(early));
    }

    #[test]
    fn a_damaged_floor_is_said_once_and_set_aside() {
        let place = tempfile::tempdir().unwrap();
        let state = PrivateFolder::new(place.path());
        let now = time("2026-11-22T12:00:00Z");
        for bad in [&b""[..], b"{}", b"{\"latest\":5}"] {
            state.write(NAME, bad).unwrap();
            assert!(judge(&state, now).unwrap().unwrap().contains("damaged"));
            raise(&state, now).unwrap();
            assert_eq!(judge(&state, now).unwrap(), None);
        }
        state.remove_file(NAME).unwrap();
        state.below(NAME).make().unwrap();
        raise(&state, now).unwrap();
        assert_eq!(judge(&state, now).unwrap(), None);
    }
}
