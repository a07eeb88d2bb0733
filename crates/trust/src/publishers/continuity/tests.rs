use std::sync::Arc;

use assay_types::{FileName, Sha256, Timestamp, WheelName, listing::Origin};

use super::*;
use crate::{
    Author, Background, Earlier,
    attestation::{TrustRoot, memory, remembered},
};

const KNOWN: &str = "github:owner/demo:r.yml:repository-id=1:owner-id=2";
const RENAMED: &str = "github:owner/new:r.yml:repository-id=1:owner-id=2";
const WORKFLOW: &str = "github:owner/demo:s.yml:repository-id=1:owner-id=2";
const SOLD: &str = "github:other/demo:r.yml:repository-id=1:owner-id=3";
const FOREIGN: &str = "github:other/fork:r.yml:repository-id=7:owner-id=3";
const NOW: &str = "2026-11-23T12:00:00Z";
const FILE: &str = "demo-4.0-py3-none-any.whl";

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn artifact() -> Artifact {
    Artifact {
        project: "demo".parse().unwrap(),
        version: "4.0".parse().unwrap(),
        file_name: FILE.to_owned(),
        origin: Origin::Index(Arc::new("https://index.example/simple/".parse().unwrap())),
        size: None,
    }
}

/// What the state would remember of a verification that found this publisher.
fn attested(by: &str) -> Vec<Attested> {
    let root = TrustRoot::production().unwrap();
    let file = FileName::Wheel(WheelName::parse(FILE).unwrap());
    let sha256 = Sha256([7; 32]);
    let none = memory(&file, sha256, &root, &[]);
    let row = serde_json::json!([{
        "predicate": "https://docs.pypi.org/attestations/publish/v1",
        "identity": by, "origin": null, "environment": null, "reference": null,
        "commit": "abcdef", "logged": "2026-01-02T00:00:00Z",
    }]);
    let mut document: serde_json::Value = serde_json::from_str(&none).unwrap();
    document["attested"] = row;
    remembered(document.to_string().as_bytes(), &file, sha256, &root).unwrap()
}

fn pin(identities: &[&str]) -> PublisherPin {
    PublisherPin {
        identities: identities
            .iter()
            .map(|it| (it.parse().unwrap(), Term::Forever))
            .collect(),
        attested_since: Some(time("2025-06-01T00:00:00Z")),
        unattested_up_to: Some("4.0".parse().unwrap()),
        ..PublisherPin::new(time("2026-01-01T00:00:00Z"))
    }
}

fn pinned(pin: PublisherPin) -> Background {
    Background {
        uploaded: Some(time("2026-01-01T00:00:00Z")),
        pin: Some(pin),
        latest: time(NOW),
        ..Background::default()
    }
}

fn first_sight(earlier: Option<Vec<Attested>>) -> Background {
    let earlier = earlier.map(|attested| Earlier {
        file_name: "demo-3.0-py3-none-any.whl".to_owned(),
        uploaded: Some(time("2025-12-01T00:00:00Z")),
        attested,
    });
    Background {
        uploaded: Some(time("2026-01-01T00:00:00Z")),
        earlier,
        ..Background::default()
    }
}

struct Case {
    publishers: Publishers,
    committed: Vec<CommittedPin>,
    is_strict: bool,
}

impl Case {
    fn new(attested: Vec<Attested>, background: Background) -> Self {
        Self {
            publishers: Publishers {
                attested,
                trouble: None,
                background,
            },
            committed: Vec::new(),
            is_strict: false,
        }
    }

    fn committed(mut self, identity: &str, leads: bool) -> Self {
        self.committed.push(CommittedPin {
            author: if leads { Author::User } else { Author::Project },
            project: "demo".parse().unwrap(),
            identities: vec![identity.parse().unwrap()],
            place: "assay.toml:3:1".to_owned(),
        });
        self
    }

    fn judge(&self) -> Result<(Standing, usize), Refusal> {
        let artifact = artifact();
        let question = Question {
            artifact: &artifact,
            publishers: &self.publishers,
            committed: self.committed.iter().collect(),
            is_strict: self.is_strict,
        };
        question.judge().map(|it| (it.standing, it.remarks.len()))
    }

    fn refusal(&self) -> Refusal {
        let refusal = self.judge().unwrap_err();
        assert_eq!(refusal.kind, RefusalKind::Publisher);
        refusal
    }
}

#[test]
fn who_is_pinned_may_publish_and_others_may_not() {
    let case = |by| Case::new(attested(by), pinned(pin(&[KNOWN])));
    assert_eq!(case(KNOWN).judge(), Ok((Standing::Known, 0)));
    assert_eq!(case(RENAMED).judge(), Ok((Standing::Known, 1)));
    assert_eq!(case(WORKFLOW).judge(), Ok((Standing::Known, 1)));
    for (by, says) in [
        (SOLD, "belongs to somebody else"),
        (FOREIGN, "another publisher"),
    ] {
        let refusal = case(by).refusal();
        assert!(refusal.fact.contains(says), "{refusal}");
        assert!(refusal.found[0].contains(by) && refusal.missing[0].contains(KNOWN));
        let command = format!("assay trust accept demo --identity {by}");
        assert!(refusal.hint.unwrap().ends_with(&command));
    }
}

#[test]
fn a_new_workflow_is_refused_where_a_publisher_is_required() {
    let mut case = Case::new(attested(WORKFLOW), pinned(pin(&[KNOWN])));
    case.is_strict = true;
    assert!(case.refusal().fact.contains("another workflow"));
    case.publishers.attested = attested(RENAMED);
    assert_eq!(case.judge(), Ok((Standing::Known, 1)));
}

#[test]
fn whoever_was_accepted_is_one_of_several() {
    let both = pin(&[KNOWN, FOREIGN]);
    let case = Case::new(attested(FOREIGN), pinned(both));
    assert_eq!(case.judge(), Ok((Standing::Known, 0)));
}

#[test]
fn every_attestation_counts() {
    let two = [attested(KNOWN), attested(FOREIGN)].concat();
    Case::new(two, pinned(pin(&[KNOWN]))).refusal();
}

#[test]
fn what_was_attested_before_may_not_come_without() {
    let case = |change: fn(&mut PublisherPin, &mut Background)| {
        let mut pin = pin(&[KNOWN]);
        let mut background = first_sight(None);
        change(&mut pin, &mut background);
        background.pin = Some(pin);
        Case::new(Vec::new(), background)
    };
    let refusal = case(|_, _| ()).refusal();
    assert!(
        refusal
            .hint
            .unwrap()
            .ends_with("accept demo --identity none")
    );
    let accepted = case(|pin, _| pin.unattested = Some(Term::Forever));
    assert_eq!(accepted.judge(), Ok((Standing::Accepted, 0)));
    let older = case(|_, it| it.uploaded = Some(time("2025-05-31T00:00:00Z")));
    assert_eq!(older.judge(), Ok((Standing::Predates, 0)));
    case(|_, it| it.uploaded = None).refusal();
    case(|pin, _| pin.attested_since = None).refusal();
    let backdated = |up_to: Option<&str>| {
        let mut case = case(|_, it| it.uploaded = Some(time("2025-05-31T00:00:00Z")));
        let pin = case.publishers.background.pin.as_mut().unwrap();
        pin.unattested_up_to = up_to.map(|it| it.parse().unwrap());
        case
    };
    backdated(Some("3.9")).refusal();
    backdated(None).refusal();
}

#[test]
fn first_sight_looks_back() {
    let case = |now: Option<&str>, before: Option<&str>| {
        let now = now.map(attested).unwrap_or_default();
        Case::new(now, first_sight(before.map(attested)))
    };
    assert_eq!(case(None, None).judge(), Ok((Standing::Unattested, 0)));
    assert_eq!(case(Some(KNOWN), None).judge(), Ok((Standing::FirstUse, 0)));
    assert_eq!(
        case(Some(KNOWN), Some(KNOWN)).judge(),
        Ok((Standing::FirstUse, 0))
    );
    assert_eq!(
        case(Some(RENAMED), Some(KNOWN)).judge(),
        Ok((Standing::FirstUse, 1))
    );
    assert!(case(Some(FOREIGN), Some(KNOWN)).refusal().missing[0].contains("demo-3.0"));
    assert!(case(None, Some(KNOWN)).refusal().missing[0].contains("demo-3.0"));
    let by_word = Case::new(Vec::new(), first_sight(Some(Vec::new())));
    assert!(by_word.refusal().missing[0].contains("as the index says"));
}

#[test]
fn an_index_that_does_not_answer_is_no_loss_where_nothing_is_known() {
    let mut case = Case::new(Vec::new(), first_sight(Some(attested(KNOWN))));
    case.publishers.trouble = Some("503".to_owned());
    assert_eq!(case.judge(), Ok((Standing::OutOfReach, 1)));
    case.publishers.background = pinned(pin(&[KNOWN]));
    case.refusal();
}

#[test]
fn first_sight_that_cannot_look_back_teaches_nothing() {
    let mut case = Case::new(attested(KNOWN), first_sight(None));
    assert_eq!(case.judge(), Ok((Standing::FirstUse, 0)));
    case.publishers.trouble = Some("503".to_owned());
    assert_eq!(case.judge(), Ok((Standing::OutOfReach, 1)));
}

#[test]
fn a_policy_file_that_leads_stands_in_for_what_was_known() {
    let case = |by| Case::new(attested(by), pinned(pin(&[KNOWN]))).committed(FOREIGN, true);
    assert_eq!(case(FOREIGN).judge(), Ok((Standing::Committed, 0)));
    let refusal = case(KNOWN).refusal();
    assert!(refusal.hint.unwrap().contains("assay.toml:3:1"));
    Case::new(Vec::new(), Background::default())
        .committed(KNOWN, true)
        .refusal();
}

#[test]
fn a_projects_file_adds_a_demand_and_lifts_none() {
    let case = |by, named| Case::new(attested(by), pinned(pin(&[KNOWN]))).committed(named, false);
    assert_eq!(case(KNOWN, KNOWN).judge(), Ok((Standing::Known, 0)));
    case(KNOWN, FOREIGN).refusal();
    case(FOREIGN, FOREIGN).refusal();
    let first = Case::new(attested(FOREIGN), first_sight(Some(attested(KNOWN))));
    first.committed(FOREIGN, false).refusal();
}

/// A pin by which these were accepted until a day.
fn accepted(identities: &[&str], day: &str) -> PublisherPin {
    let mut pin = pin(identities);
    let term = day.parse().unwrap();
    pin.identities.values_mut().for_each(|it| *it = term);
    pin
}

#[test]
fn who_was_accepted_for_a_time_may_publish_to_its_last_day() {
    let case = |by, day| Case::new(attested(by), pinned(accepted(&[KNOWN], day)));
    assert_eq!(case(KNOWN, "2026-11-23").judge(), Ok((Standing::Known, 0)));
    assert_eq!(
        case(RENAMED, "2026-11-23").judge(),
        Ok((Standing::Known, 1))
    );
    for by in [KNOWN, RENAMED, WORKFLOW] {
        let refusal = case(by, "2026-11-22").refusal();
        let fact = "its publisher was accepted until 2026-11-22, which is over";
        assert_eq!(refusal.fact, fact, "{by}");
        assert!(refusal.missing[0].contains(KNOWN), "{refusal}");
        assert!(refusal.missing[0].contains("until 2026-11-22, which is over"));
    }
    let stranger = case(FOREIGN, "2026-11-22").refusal();
    assert!(stranger.fact.contains("another publisher"), "{stranger}");
    let sold = case(SOLD, "2026-11-22").refusal();
    assert!(sold.fact.contains("belongs to somebody else"), "{sold}");
}

#[test]
fn what_is_over_takes_nothing_from_the_others() {
    let mut pin = accepted(&[FOREIGN], "2026-11-22");
    pin.identities.insert(KNOWN.parse().unwrap(), Term::Forever);
    let case = |by| Case::new(attested(by), pinned(pin.clone()));
    assert_eq!(case(KNOWN).judge(), Ok((Standing::Known, 0)));
    assert!(case(FOREIGN).refusal().fact.contains("until 2026-11-22"));
}

#[test]
fn files_without_provenance_pass_to_the_last_day() {
    let case = |day: &str, identities: &[&str]| {
        let mut pin = pin(identities);
        pin.unattested = Some(day.parse().unwrap());
        Case::new(Vec::new(), pinned(pin))
    };
    let judge = |day, identities| case(day, identities).judge();
    assert_eq!(judge("2026-11-23", &[KNOWN]), Ok((Standing::Accepted, 0)));
    let refusal = case("2026-11-22", &[KNOWN]).refusal();
    assert!(
        refusal.fact.contains("until 2026-11-22 and is over"),
        "{refusal}"
    );
    assert!(refusal.missing[0].contains(KNOWN), "{refusal}");

    // Where nothing else is known it is as if nothing ever was.
    assert_eq!(judge("2026-11-23", &[]), Ok((Standing::Accepted, 0)));
    assert_eq!(judge("2026-11-22", &[]), Ok((Standing::Unattested, 0)));
    let mut seen = case("2026-11-22", &[]);
    seen.publishers.background.earlier = first_sight(Some(attested(KNOWN))).earlier;
    assert!(seen.refusal().missing[0].contains("demo-3.0"));
    seen.publishers.trouble = Some("503".to_owned());
    assert_eq!(seen.judge(), Ok((Standing::OutOfReach, 1)));
}
