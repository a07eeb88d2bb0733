//! Attestations at the door: whose they are, what they are about, and what they do not replace.

use assay_testkit::publisher::{Publisher, TestSigstore};
use assay_types::{FileName, names};

use super::*;
use crate::{
    Author, Background, CommittedPin, Mode, Publishers, Required, Rule, Stated, Term,
    attestation::{Provenance, TrustRoot, verify},
};

const NAME: &str = "flask-1.0-py3-none-any.whl";
const NOW: &str = "2026-11-22T00:00:00Z";

/// What holds for a file of this name with these bytes.
fn attested(publisher: &Publisher, name: &str, bytes: &[u8]) -> Vec<Attested> {
    let sigstore = TestSigstore::new();
    let root = TrustRoot::from_json(&sigstore.trusted_root_json()).unwrap();
    let sha256 = digest("sha256", bytes).sha256().unwrap();
    let document = sigstore.attest(publisher, name, &sha256.to_string());
    let provenance = Provenance::parse(document.provenance().as_bytes()).unwrap();
    let file = FileName::parse(name, &names::project("flask").unwrap()).unwrap();
    verify(&file, sha256, &provenance, &root, NOW.parse().unwrap()).unwrap()
}

fn pallets() -> Publisher {
    Publisher::github("pallets/flask")
        .repository_id("1")
        .owner_id("2")
}

fn by(attested: Vec<Attested>, background: Background) -> Evidence {
    Evidence::Publishers(Box::new(Publishers {
        attested,
        trouble: None,
        background,
    }))
}

fn by_pallets() -> Evidence {
    by(attested(&pallets(), NAME, BYTES), Background::default())
}

fn index() -> Evidence {
    listed(digest("sha256", BYTES))
}

fn asking(evidence: &str) -> Policy {
    let mut rule = Rule::new(Author::User, None);
    rule.evidence = Some(Stated {
        value: Required {
            expression: Expression::Word(Word::parse(evidence).unwrap()),
            mode: Mode::Require,
        },
        place: "policy.toml:2:12".to_owned(),
    });
    let mut policy = policy();
    policy.add(rule).unwrap();
    policy
}

/// Pinned to this publisher.
fn known(identity: &str) -> Background {
    let mut pin = crate::PublisherPin::new(NOW.parse().unwrap());
    pin.identities
        .insert(identity.parse().unwrap(), Term::Forever);
    Background {
        pin: Some(pin),
        ..Background::default()
    }
}

#[test]
fn an_attestation_is_about_these_bytes_under_this_name_or_it_contradicts() {
    assert!(judge(&[index(), by_pallets()], &policy()).is_ok());
    for (name, bytes) in [
        (NAME, &b"other bytes"[..]),
        ("flask-1.0-py2-none-any.whl", BYTES),
        ("flask-1.1-py3-none-any.whl", BYTES),
    ] {
        let other = by(attested(&pallets(), name, bytes), Background::default());
        let verdict = judge(&[index(), other], &policy());
        assert_eq!(verdict, Err(RefusalKind::Mismatch), "{name}");
    }
}

#[test]
fn an_attestation_alone_is_not_what_an_index_or_the_user_says() {
    let alone = [by_pallets()];
    assert_eq!(judge(&alone, &policy()), Err(RefusalKind::Gap));
    assert_eq!(
        judge(&alone, &asking("publisher")),
        Err(RefusalKind::Gap),
        "a rule asks for something besides the default"
    );
    assert!(judge(&[index(), by_pallets()], &asking("publisher")).is_ok());
    let hashed = [given(digest("sha256", BYTES)), by_pallets()];
    assert!(judge(&hashed, &policy().require_hashes()).is_ok());
    assert_eq!(
        judge(&[index(), by_pallets()], &policy().require_hashes()),
        Err(RefusalKind::Gap)
    );
}

#[test]
fn a_word_that_names_a_publisher_is_met_by_that_one_alone() {
    for (word, passes) in [
        ("publisher", true),
        ("publisher:github:pallets/flask", true),
        (
            "publisher:github:pallets/flask:release.yml:owner-id=2",
            true,
        ),
        ("publisher:github:pallets/quart", false),
        ("publisher:github:pallets/flask:test.yml", false),
        ("publisher:gitlab:pallets/flask", false),
    ] {
        let verdict = judge(&[index(), by_pallets()], &asking(word));
        assert_eq!(verdict.is_ok(), passes, "{word}: {verdict:?}");
    }
    assert!(judge(&[index()], &asking("publisher")).is_err());
}

#[test]
fn nothing_else_that_speaks_for_a_file_mends_a_broken_pin() {
    let others = "github:other/flask:release.yml:repository-id=7:owner-id=8";
    let ours = "github:pallets/flask:release.yml:repository-id=1:owner-id=2";
    let all = |background| {
        let publishers = by(attested(&pallets(), NAME, BYTES), background);
        [index(), given(digest("sha256", BYTES)), local(), publishers]
    };
    assert!(judge(&all(known(ours)), &policy()).is_ok());
    for policy in [policy(), policy().require_hashes(), asking("local")] {
        let verdict = judge(&all(known(others)), &policy);
        assert_eq!(verdict, Err(RefusalKind::Publisher));
    }
    let lost = [index(), local(), by(Vec::new(), known(ours))];
    assert_eq!(judge(&lost, &policy()), Err(RefusalKind::Publisher));
}

#[test]
fn bytes_that_are_not_the_listed_ones_are_told_before_who_published_them() {
    let foreign = known("github:other/flask");
    let wrong = listed(digest("sha256", b"other bytes"));
    let publishers = by(attested(&pallets(), NAME, BYTES), foreign);
    assert_eq!(
        judge(&[wrong, publishers], &policy()),
        Err(RefusalKind::Mismatch)
    );
}

#[test]
fn publishers_that_a_policy_file_names_hold_for_files_that_nobody_was_asked_about() {
    let named = |identity: &str| CommittedPin {
        author: Author::User,
        project: "flask".parse().unwrap(),
        identities: vec![identity.parse().unwrap()],
        place: "policy.toml:2:1".to_owned(),
    };
    let with = |identity: &str| {
        let mut policy = policy();
        policy.publishers.push(named(identity));
        policy
    };
    let ours = with("github:pallets/flask");
    assert_eq!(judge(&[local()], &ours), Err(RefusalKind::Publisher));
    assert!(judge(&[local()], &policy()).is_ok());
    assert!(judge(&[index(), by_pallets()], &ours).is_ok());
    let theirs = with("github:other/flask");
    assert_eq!(
        judge(&[index(), by_pallets()], &theirs),
        Err(RefusalKind::Publisher)
    );
}

#[test]
fn what_was_admitted_says_who_attested_it() {
    let evidence = [index(), by_pallets()];
    let now = NOW.parse().unwrap();
    let admitted = admit(staged(&evidence), &artifact(), &evidence, &policy(), now).unwrap();
    let admission = admitted.admission();
    assert_eq!(admission.standing(), Standing::FirstUse);
    let [attested] = admission.attested() else {
        panic!("{:?}", admission.attested());
    };
    assert_eq!(attested.sha256(), admission.sha256());
    assert!(
        admission
            .found()
            .iter()
            .any(|it| it.contains("pallets/flask"))
    );
    let bare = admit(staged(&[index()]), &artifact(), &[index()], &policy(), now).unwrap();
    assert_eq!(bare.admission().standing(), Standing::Unattested);
    assert!(bare.admission().attested().is_empty());
}
