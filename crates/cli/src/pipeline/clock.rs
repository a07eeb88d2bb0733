//! This machine's clock beside the index's.

use assay_trust::Cutoff;
use jiff::SignedDuration;

use super::world::World;
use crate::failure::{Failure, Result};

/// Clocks may differ by so much. A wrong time zone is an hour at least.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(50);
/// The cooldown that nobody asked for stays one, of half a day at least, up to here.
const DEFAULTS_TOLERANCE: SignedDuration = SignedDuration::from_hours(12);

impl World<'_> {
    /// Upload times are the index's, and ages are counted from our clock. One that is ahead would
    /// make fresh uploads look old enough, so a cooldown cannot be kept: that stops, unless the
    /// cooldown is the default one and most of it is left. One that is behind makes uploads look
    /// fresher, which is strict: that is said.
    ///
    /// Only what the index answers in this run tells; without an answer, as with `--offline`, our
    /// clock is all there is.
    pub(super) fn check_clock(&self) -> Result<()> {
        let Some(theirs) = self.places.client.index_time() else {
            return Ok(());
        };
        let Some(limit) = self.tolerance() else {
            return Ok(());
        };
        let ahead = self.now.duration_since(theirs);
        let clocks = format!(
            "this machine's clock says {:.0} and the index's {theirs:.0}",
            self.now
        );
        if ahead > limit {
            return Err(Failure::could_not(format!(
                "{clocks}: uploads would count as older than they are, so no cooldown can be kept"
            ))
            .hint("set this machine's clock")
            .hint("--min-age 0 installs without a cooldown, where no policy file asks for one"));
        }
        if ahead.abs() > TOLERANCE {
            let how = if ahead.is_negative() {
                "fresher"
            } else {
                "older"
            };
            self.warn(format!("{clocks}: uploads count as {how} than they are"));
        }
        Ok(())
    }

    /// How far our clock may be ahead; `None` where no age limits what may come from the indexes
    /// that are asked.
    fn tolerance(&self) -> Option<SignedDuration> {
        let cooldown = &self.policy.cooldown;
        let indexes = self.places.indexes;
        let asked = |url| {
            let mut all = indexes.extra.iter().chain(&indexes.main);
            all.any(|it| it.url() == url)
        };
        let by_index = cooldown.by_index.iter().chain(&cooldown.default);
        let by_index = by_index.filter(|(url, _)| asked(url));
        let by_index = by_index.map(|(_, cutoff)| cutoff);
        let stated = self.policy.rules().filter_map(|it| it.min_age.as_ref());
        let stated = stated.map(|it| &it.value);
        let all = by_index.chain(cooldown.by_project.values()).chain(stated);
        let all = all.chain(&cooldown.general).map(|cutoff| match cutoff {
            Cutoff::None => None,
            Cutoff::Lenient(_) => Some(DEFAULTS_TOLERANCE),
            Cutoff::Strict(_) => Some(TOLERANCE),
        });
        all.flatten().min()
    }
}
