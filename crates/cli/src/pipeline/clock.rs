//! This machine's clock beside the index's.

use assay_trust::Cutoff;
use jiff::SignedDuration;

use super::world::World;
use crate::failure::{Failure, Result};

/// Clocks may differ by so much. A wrong time zone is an hour at least.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(50);

impl World<'_> {
    /// Upload times are the index's, and ages are counted from our clock. One that is ahead would
    /// make fresh uploads look old enough, so a cooldown cannot be kept: that stops. One that is
    /// behind makes them look fresher, which is strict: that is said.
    ///
    /// Only what the index answers in this run tells; without an answer, as with `--offline`, our
    /// clock is all there is.
    pub(super) fn check_clock(&self) -> Result<()> {
        let Some(theirs) = self.places.client.index_time() else {
            return Ok(());
        };
        if !self.has_cooldown() {
            return Ok(());
        }
        let ahead = self.now.duration_since(theirs);
        if ahead > TOLERANCE {
            let ours = self.now;
            return Err(Failure::could_not(format!(
                "this machine's clock says {ours:.0} and the index's {theirs:.0}: ages of uploads \
                 would come out too long, so no cooldown can be kept"
            ))
            .hint("set this machine's clock")
            .hint("--min-age 0 installs without a cooldown"));
        }
        if ahead < -TOLERANCE {
            self.warn(format!(
                "this machine's clock says {:.0} and the index's {theirs:.0}: uploads count as \
                 fresher than they are",
                self.now
            ));
        }
        Ok(())
    }

    /// Whether an age limits what may come from an index that is asked.
    fn has_cooldown(&self) -> bool {
        let cooldown = &self.policy.cooldown;
        let indexes = self.places.indexes;
        let asked = |url| {
            let mut all = indexes.extra.iter().chain(&indexes.main);
            all.any(|it| it.url() == url)
        };
        let by_index = cooldown.by_index.iter().filter(|(url, _)| asked(url));
        let by_index = by_index.map(|(_, cutoff)| cutoff);
        let all = by_index.chain(cooldown.by_project.values());
        all.chain([&cooldown.general]).any(|it| *it != Cutoff::None)
    }
}
