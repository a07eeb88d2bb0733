//! What an installed file teaches about its project's publishers.

use assay_types::Timestamp;

use super::{Identity, PinnedFile, PublisherPin, Relation, Standing};
use crate::Admission;

/// An attested file that was installed, beside what its index says of it.
#[derive(Debug, Clone)]
pub struct Lesson<'a> {
    /// The verdict that let it in.
    pub admission: &'a Admission,
    /// When it was uploaded.
    pub uploaded: Option<Timestamp>,
    /// The earliest upload of the project that the index says was attested.
    pub attested_since: Option<Timestamp>,
}

impl Lesson<'_> {
    /// What is known from now on; `None` where nothing was learned. Only what was judged against what
    /// was known teaches: not what a policy file decides, and not what could not be had.
    pub fn learn(&self, known: Option<&PublisherPin>) -> Option<PublisherPin> {
        match self.admission.standing() {
            Standing::FirstUse | Standing::Known => {}
            Standing::Unattested
            | Standing::Accepted
            | Standing::Predates
            | Standing::OutOfReach
            | Standing::Committed => return None,
        }
        let attested = self.admission.attested();
        let mut pin = known.cloned();
        let pin = pin.get_or_insert_with(|| PublisherPin::new(self.admission.at()));
        for it in attested {
            pin.learn(it.publisher().identity());
        }
        let times = [pin.attested_since, self.attested_since, self.uploaded];
        pin.attested_since = times.into_iter().flatten().min();
        pin.latest = Some(PinnedFile {
            name: self.admission.artifact().file_name.clone(),
            uploaded: self.uploaded,
            logged: attested.iter().map(|it| it.logged()).min(),
        });
        (!pin.identities.is_empty()).then(|| pin.clone())
    }
}

impl PublisherPin {
    /// One more publisher. It replaces the one that it is under an older name, and the one that a user
    /// accepted by less than is known now: of that name somebody else could have a repository later.
    fn learn(&mut self, seen: &Identity) {
        self.identities.retain(|known| {
            let is_same = matches!(Relation::of(known, seen), Relation::Same | Relation::Moved);
            !is_same
        });
        self.identities.insert(seen.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_name_replaces_the_old_one_and_a_new_workflow_joins() {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let mut pin = PublisherPin::new(now);
        let mut learned = |text: &str| {
            pin.learn(&text.parse().unwrap());
            let all = pin.identities.iter().map(Identity::to_string);
            all.collect::<Vec<_>>()
        };
        assert_eq!(learned("github:o/n"), ["github:o/n"]);
        let full = "github:o/n:r.yml:repository-id=1:owner-id=2";
        assert_eq!(learned(full), [full]);
        assert_eq!(learned(full), [full]);
        let moved = "github:o/new:r.yml:repository-id=1:owner-id=2";
        assert_eq!(learned(moved), [moved]);
        let workflow = "github:o/new:s.yml:repository-id=1:owner-id=2";
        assert_eq!(learned(workflow), [moved, workflow]);
    }
}
