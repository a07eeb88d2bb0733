//! What an installed file teaches about its project's publishers.

use assay_types::{Timestamp, Version};

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
    /// The highest version of which the index lists a file that was uploaded before and not attested.
    pub unattested_up_to: Option<Version>,
}

impl Lesson<'_> {
    /// What is known from now on; `None` where nothing was learned. Only what was judged against what
    /// was known teaches: not what a policy file decides, and not what could not be had. Neither does
    /// what was judged against something else than is known by now, since another run, or the user,
    /// changed that meanwhile: nobody compared the two.
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
        let is_first = self.admission.standing() == Standing::FirstUse && pin.identities.is_empty();
        let seen: Vec<_> = attested
            .iter()
            .map(|it| it.publisher().identity())
            .collect();
        for seen in seen {
            let term = match is_first {
                true => Term::Forever,
                false => pin.term_of(seen)?,
            };
            pin.learn(seen, term);
        }
        if pin.attested_since.is_none() {
            pin.unattested_up_to.clone_from(&self.unattested_up_to);
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
    fn learn(&mut self, seen: &Identity, term: Term) {
        self.identities.retain(|known, _| !is_same(known, seen));
        self.identities.insert(seen.clone(), term);
    }

    /// How long a publisher is known for; `None` where it is none of the known ones.
    fn term_of(&self, seen: &Identity) -> Option<Term> {
        let is_workflow = |known: &Identity| Relation::of(known, seen) == Relation::NewWorkflow;
        let same = self.longest(|it| is_same(it, seen));
        same.or_else(|| self.longest(is_workflow))
    }

    fn longest(&self, is_meant: impl Fn(&Identity) -> bool) -> Option<Term> {
        let meant = self.identities.iter().filter(|it| is_meant(it.0));
        meant.map(|it| *it.1).max()
    }
}

fn is_same(known: &Identity, seen: &Identity) -> bool {
    Relation::of(known, seen).is_known()
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, sync::Arc};

    use assay_testkit::publisher::{Publisher, TestSigstore};
    use assay_types::{FileName, listing::Origin, names};

    use super::*;
    use crate::{
        Artifact, Background, Cooldown, Evidence, Measuring, Policy, Publishers, admit,
        attestation::{Provenance, TrustRoot, verify},
    };

    const NAME: &str = "demo-1.0-py3-none-any.whl";

    /// The verdict on a file by this publisher, judged when this was known.
    fn admission(repository: &str, pin: Option<PublisherPin>) -> Admission {
        let (sigstore, by) = (TestSigstore::new(), Publisher::github(repository));
        let project = names::project("demo").unwrap();
        let mut staged = Measuring::of(Vec::new(), &[]);
        staged.write_all(b"bytes").unwrap();
        let staged = staged.finish();
        let sha256 = staged.measured().sha256();
        let signed = sigstore.attest(&by, NAME, &sha256.to_string()).provenance();
        let root = TrustRoot::from_json(&sigstore.trusted_root_json()).unwrap();
        let (file, signed) = (
            FileName::parse(NAME, &project).unwrap(),
            Provenance::parse(signed.as_bytes()).unwrap(),
        );
        let now = "2026-11-22T00:00:00Z".parse().unwrap();
        let publishers = Publishers {
            attested: verify(&file, sha256, &signed, &root, now).unwrap(),
            background: Background {
                pin,
                ..Background::default()
            },
            ..Publishers::default()
        };
        let artifact = Artifact {
            project,
            version: "1.0".parse().unwrap(),
            file_name: NAME.to_owned(),
            origin: Origin::Local(Arc::from(std::path::Path::new(NAME))),
            size: None,
        };
        let local = Evidence::Local {
            named_in: String::new(),
        };
        let evidence = [local, Evidence::Publishers(Box::new(publishers))];
        let policy = Policy::new(Cooldown::none());
        let admitted = admit(staged, &artifact, &evidence, &policy, now);
        admitted.unwrap().admission().clone()
    }

    fn pinned(identity: &str) -> PublisherPin {
        let mut pin = PublisherPin::new(Timestamp::UNIX_EPOCH);
        pin.identities
            .insert(identity.parse().unwrap(), Term::Forever);
        pin
    }

    #[test]
    fn what_another_run_learned_meanwhile_is_not_joined_by_a_stranger() {
        let learn = |admission: &Admission, known: Option<&PublisherPin>| {
            let lesson = Lesson {
                admission,
                uploaded: None,
                attested_since: None,
                unattested_up_to: None,
            };
            lesson.learn(known)
        };
        let first = admission("acme/demo", None);
        assert!(learn(&first, None).is_some());
        assert!(learn(&first, Some(&pinned("github:acme/demo"))).is_some());
        assert_eq!(learn(&first, Some(&pinned("github:other/demo"))), None);
        // What let it in was taken back.
        let known = admission("acme/demo", Some(pinned("github:acme/demo")));
        assert!(learn(&known, Some(&pinned("github:acme/demo"))).is_some());
        assert_eq!(learn(&known, Some(&pinned("github:other/demo"))), None);
        assert_eq!(learn(&known, None), None);
    }

    #[test]
    fn a_new_name_replaces_the_old_one_and_a_new_workflow_joins() {
        let now = "2026-11-23T00:00:00Z".parse().unwrap();
        let mut pin = PublisherPin::new(now);
        let mut learned = |text: &str| {
            pin.learn(&text.parse().unwrap(), Term::Forever);
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
        let seen = seen.parse().unwrap();
        let term = pin.term_of(&seen).unwrap();
        pin.learn(&seen, term);
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
}
