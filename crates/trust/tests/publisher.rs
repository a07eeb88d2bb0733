//! The test kit's publisher: what it signs verifies under its own trusted root, and its lies do not.

use assay_testkit::publisher::{Lie, Publisher, TestSigstore, oversized, provenance, truncated};
use assay_trust::attestation::{Attested, Kind, Predicate, Provenance, Rule, TrustRoot, verify};
use assay_types::{FileName, Sha256, names};

const NOW: &str = "2026-11-20T12:00:00Z";
const WHEEL: &str = "demo-1.0-py3-none-any.whl";
const SHA256: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

struct Fixture {
    sigstore: TestSigstore,
    root: TrustRoot,
}

impl Fixture {
    fn new() -> Self {
        let sigstore = TestSigstore::new();
        let root = TrustRoot::from_json(&sigstore.trusted_root_json()).unwrap();
        Self { sigstore, root }
    }

    fn verify(&self, document: &str) -> Result<Vec<Attested>, Rule> {
        verify_under(&self.root, document)
    }
}

fn verify_under(root: &TrustRoot, document: &str) -> Result<Vec<Attested>, Rule> {
    let provenance = Provenance::parse(document.as_bytes()).map_err(|it| it.rule)?;
    let file = FileName::parse(WHEEL, &names::project("demo").unwrap()).unwrap();
    verify(
        &file,
        Sha256::from_hex(SHA256).unwrap(),
        &provenance,
        root,
        NOW.parse().unwrap(),
    )
    .map_err(|it| {
        println!("{it}");
        it.rule
    })
}

#[test]
fn a_workflow_is_read_as_it_was_described() {
    let it = Fixture::new();
    let publisher = Publisher::github("acme/demo")
        .workflow("publish.yml")
        .repository_id("11")
        .owner_id("22")
        .environment("pypi")
        .built("refs/heads/main", &"ab".repeat(20));
    let attesting = it.sigstore.attest(&publisher, WHEEL, SHA256);
    let document = attesting.at("2026-03-04T05:06:07Z").provenance();
    let [attested] = it.verify(&document).unwrap().try_into().unwrap();
    assert_eq!(attested.predicate(), Predicate::Publish);
    assert_eq!(attested.logged().to_string(), "2026-03-04T05:06:07Z");
    let found = attested.publisher();
    assert_eq!(found.kind(), Kind::GitHub);
    assert_eq!(found.repository(), Some("acme/demo"));
    assert_eq!(found.workflow(), Some("publish.yml"));
    assert_eq!(found.repository_id(), Some("11"));
    assert_eq!(found.owner_id(), Some("22"));
    assert_eq!(found.environment(), Some("pypi"));
    assert_eq!(found.reference(), Some("refs/heads/main"));
    assert_eq!(found.commit(), Some("ab".repeat(20).as_str()));
}

#[test]
fn each_kind_of_publisher_can_be_played() {
    let it = Fixture::new();
    for (publisher, kind) in [
        (Publisher::github("acme/demo"), Kind::GitHub),
        (Publisher::gitlab("acme/tools/demo"), Kind::GitLab),
        (Publisher::google("release@example.com"), Kind::Google),
        (Publisher::circleci("project", "pipeline"), Kind::CircleCi),
    ] {
        let document = it.sigstore.attest(&publisher, WHEEL, SHA256).provenance();
        let [attested] = it.verify(&document).unwrap().try_into().unwrap();
        assert_eq!(attested.publisher().kind(), kind);
    }
}

#[test]
fn several_attestations_make_one_provenance() {
    let it = Fixture::new();
    let (one, other) = (
        Publisher::github("acme/demo"),
        Publisher::gitlab("acme/demo"),
    );
    let publish = it.sigstore.attest(&one, WHEEL, SHA256).json();
    let slsa = |by| it.sigstore.attest(by, WHEEL, SHA256).slsa().json();
    let renamed = provenance(&[(&other, std::slice::from_ref(&publish))]);
    assert_eq!(it.verify(&renamed), Err(Rule::Publisher));
    let together = provenance(&[(&one, &[publish.clone(), slsa(&one)])]);
    let apart = provenance(&[(&one, &[publish]), (&other, &[slsa(&other)])]);
    for document in [together, apart] {
        let predicates: Vec<_> = it
            .verify(&document)
            .unwrap()
            .iter()
            .map(Attested::predicate)
            .collect();
        assert_eq!(predicates, [Predicate::Publish, Predicate::Slsa]);
    }
}

#[test]
fn a_timestamp_authority_vouches_for_the_time_where_the_log_does_not() {
    let it = Fixture::new();
    let publisher = Publisher::github("acme/demo");
    let attesting = || {
        let attesting = it.sigstore.attest(&publisher, WHEEL, SHA256);
        attesting.at("2026-03-04T05:06:07Z").timestamped()
    };
    let [attested] = it
        .verify(&attesting().provenance())
        .unwrap()
        .try_into()
        .unwrap();
    assert_eq!(attested.logged().to_string(), "2026-03-04T05:06:07Z");
    let other = attesting().lie(Lie::OtherTimestamp).provenance();
    assert_eq!(it.verify(&other), Err(Rule::Time));
}

#[test]
fn each_lie_breaks_its_own_rule() {
    let it = Fixture::new();
    let publisher = Publisher::github("acme/demo");
    let attesting = || it.sigstore.attest(&publisher, WHEEL, SHA256);
    assert!(it.verify(&attesting().provenance()).is_ok());
    for lie in Lie::ALL {
        let expected = match lie {
            Lie::TwoSubjects | Lie::OtherName | Lie::OtherDigest => Rule::Subject,
            Lie::UnknownPredicate => Rule::Predicate,
            Lie::OtherSignature => Rule::Signature,
            Lie::NotLogged => Rule::Size,
            Lie::NoTime | Lie::OtherTimestamp => Rule::Time,
            Lie::UnknownLog | Lie::OtherTree => Rule::Log,
            Lie::LoggedLate | Lie::LoggedEarly | Lie::OtherAuthority | Lie::NoSct => {
                Rule::Certificate
            }
        };
        let found = it.verify(&attesting().lie(lie).provenance());
        assert_eq!(found, Err(expected), "{lie:?}");
    }
}

#[test]
fn documents_are_cut_off_and_blown_up() {
    let it = Fixture::new();
    let publisher = Publisher::github("acme/demo");
    let document = it.sigstore.attest(&publisher, WHEEL, SHA256).provenance();
    assert_eq!(it.verify(&truncated(&document)), Err(Rule::Form));
    let largest = oversized(&document, Provenance::LARGEST);
    assert!(it.verify(&largest).is_ok());
    let larger = oversized(&document, Provenance::LARGEST + 1);
    assert_eq!(it.verify(&larger), Err(Rule::Size));
}

#[test]
fn nobody_else_trusts_it() {
    let it = Fixture::new();
    let publisher = Publisher::github("acme/demo");
    let document = it.sigstore.attest(&publisher, WHEEL, SHA256).provenance();
    let other = Fixture::new();
    assert!(it.verify(&document).is_ok());
    assert_eq!(other.verify(&document), Err(Rule::Log));
    let production = TrustRoot::production().unwrap();
    assert_eq!(verify_under(&production, &document), Err(Rule::Log));
}
