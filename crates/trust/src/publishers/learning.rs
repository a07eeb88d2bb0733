//! What an installed file teaches about its project's publishers.

use assay_types::Timestamp;

use super::{Identity, PinnedFile, PublisherPin, Relation, Standing, Term};
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
            pin.learn(it.publisher().identity(), self.admission.standing());
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
    /// It is known for as long as what let it in; what was accepted for a time does not get longer.
    fn learn(&mut self, seen: &Identity, standing: Standing) {
        let is_same = |known: &Identity| {
            let relation = Relation::of(known, seen);
            matches!(relation, Relation::Same | Relation::Moved)
        };
        let is_workflow = |known: &Identity| Relation::of(known, seen) == Relation::NewWorkflow;
        let longest = self.longest(is_same).or(self.longest(is_workflow));
        let term = match (longest, standing) {
            (Some(term), _) => term,
            (None, Standing::FirstUse) => Term::Forever,
            // Somebody took back meanwhile what let it in.
            (None, _) => return,
        };
        self.identities.retain(|known, _| !is_same(known));
        self.identities.insert(seen.clone(), term);
    }

    fn longest(&self, is_meant: impl Fn(&Identity) -> bool) -> Option<Term> {
        let meant = self.identities.iter().filter(|it| is_meant(it.0));
        meant.map(|it| *it.1).max()
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
            pin.learn(&text.parse().unwrap(), Standing::FirstUse);
            assert!(pin.identities.values().all(|it| *it == Term::Forever));
            let all = pin.identities.keys().map(Identity::to_string);
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

    const FULL: &str = "github:o/n:r.yml:repository-id=1:owner-id=2";
    const MOVED: &str = "github:o/new:r.yml:repository-id=1:owner-id=2";
    const WORKFLOW: &str = "github:o/n:s.yml:repository-id=1:owner-id=2";

    /// Identities and last days.
    type Known<'a> = &'a [(&'a str, &'a str)];

    /// What a known publisher's file teaches where these are known.
    fn learned(known: Known<'_>, seen: &str) -> Vec<(String, String)> {
        let mut pin = PublisherPin::new(Timestamp::UNIX_EPOCH);
        let known = known.iter();
        pin.identities = known
            .map(|it| (it.0.parse().unwrap(), it.1.parse().unwrap()))
            .collect();
        pin.learn(&seen.parse().unwrap(), Standing::Known);
        let all = pin.identities.iter();
        all.map(|it| (it.0.to_string(), it.1.to_string())).collect()
    }

    #[test]
    fn what_was_accepted_for_a_time_is_not_learned_for_longer() {
        let cases: &[(Known<'_>, &str, Known<'_>)] = &[
            (&[(FULL, "2026-12-31")], FULL, &[(FULL, "2026-12-31")]),
            (
                &[("github:o/n", "2026-12-31")],
                FULL,
                &[(FULL, "2026-12-31")],
            ),
            (&[(FULL, "2026-12-31")], MOVED, &[(MOVED, "2026-12-31")]),
            (
                &[(FULL, "2026-12-31")],
                WORKFLOW,
                &[(FULL, "2026-12-31"), (WORKFLOW, "2026-12-31")],
            ),
            // The workflow is another one of a publisher without limit, and stays limited itself.
            (
                &[(FULL, "forever"), (WORKFLOW, "2026-12-31")],
                WORKFLOW,
                &[(FULL, "forever"), (WORKFLOW, "2026-12-31")],
            ),
            // Of two that are the same publisher the longer one counts.
            (
                &[(FULL, "forever"), ("github:o/n", "2026-12-31")],
                FULL,
                &[(FULL, "forever")],
            ),
            (
                &[(FULL, "forever")],
                WORKFLOW,
                &[(FULL, "forever"), (WORKFLOW, "forever")],
            ),
        ];
        for (known, seen, expected) in cases {
            let expected = expected.iter().map(|it| (it.0.to_owned(), it.1.to_owned()));
            assert_eq!(
                learned(known, seen),
                expected.collect::<Vec<_>>(),
                "{known:?}"
            );
        }
    }

    #[test]
    fn what_was_taken_back_meanwhile_is_not_learned_again() {
        assert_eq!(learned(&[], FULL), []);
        let stranger = ("google:a@example.com", "forever");
        let left = [(stranger.0.to_owned(), stranger.1.to_owned())];
        assert_eq!(learned(&[stranger], FULL), left);
    }
}
