//! Real attestations with their files, and what becomes of them when anything is changed.
//! `suites/attestations/fetch` fetches them into the folder that `ASSAY_ATTESTATIONS` names.

use std::{fs, io::Write as _, path::PathBuf};

use assay_testkit::peers;
use assay_trust::{
    Measured, Measuring,
    attestation::{Attested, Kind, Predicate, Provenance, Rule, TrustRoot, verify},
};
use assay_types::{FileName, Timestamp, names};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sigstore_verify::trust_root::SIGSTORE_STAGING_TRUSTED_ROOT;

const NOW: &str = "2026-11-22T12:00:00Z";
const GITHUB: &str = "pypi_attestations-0.0.19.tar.gz";
const PUBLISH: &str = "pypi_attestations-0.0.19.tar.gz.publish.attestation";
const SLSA: &str = "pypi_attestations-0.0.19.tar.gz.slsa.attestation";
const PROVENANCE: &str = "pypi_attestations-0.0.19.tar.gz.provenance";

struct Collection(PathBuf);

impl Collection {
    fn find() -> Option<Self> {
        peers::collection("ASSAY_ATTESTATIONS").map(Self)
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap()
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(name)).unwrap()
    }

    fn verify(&self, file: &str, document: &Value) -> Result<Vec<Attested>, Rule> {
        check(file, &self.bytes(file), document, NOW)
    }
}

fn file_name(name: &str) -> FileName {
    let project = name.split('-').next().unwrap();
    FileName::parse(name, &names::project(project).unwrap()).unwrap()
}

fn measured(bytes: &[u8]) -> Measured {
    let mut measuring = Measuring::new(std::io::sink(), []);
    measuring.write_all(bytes).unwrap();
    measuring.finish().measured().clone()
}

fn check(file: &str, bytes: &[u8], document: &Value, now: &str) -> Result<Vec<Attested>, Rule> {
    check_with(
        &TrustRoot::production().unwrap(),
        file,
        bytes,
        document,
        now,
    )
}

fn check_with(
    root: &TrustRoot,
    file: &str,
    bytes: &[u8],
    document: &Value,
    now: &str,
) -> Result<Vec<Attested>, Rule> {
    let provenance = Provenance::parse(document.to_string().as_bytes()).map_err(|it| it.rule)?;
    let now: Timestamp = now.parse().unwrap();
    verify(
        &file_name(file),
        measured(bytes).sha256(),
        &provenance,
        root,
        now,
    )
    .map_err(|it| it.rule)
}

/// The first attestation of a document of either kind.
fn attestation(document: &mut Value) -> &mut Value {
    if document.get("attestation_bundles").is_some() {
        document
            .pointer_mut("/attestation_bundles/0/attestations/0")
            .unwrap()
    } else {
        document
    }
}

fn entry(document: &mut Value) -> &mut Value {
    attestation(document)
        .pointer_mut("/verification_material/transparency_entries/0")
        .unwrap()
}

fn change_statement(document: &mut Value, change: impl FnOnce(&mut Value)) {
    let text = attestation(document)
        .pointer_mut("/envelope/statement")
        .unwrap();
    let mut statement: Value =
        serde_json::from_slice(&STANDARD.decode(text.as_str().unwrap()).unwrap()).unwrap();
    change(&mut statement);
    *text = STANDARD.encode(statement.to_string()).into();
}

#[test]
fn each_real_attestation_holds_for_its_file() {
    let Some(real) = Collection::find() else {
        return;
    };
    let circleci = "circleci_sign_publish_example-0.0.1.dev137-py3-none-any.whl";
    let google = "gcb_attestation_test-0.0.0.tar.gz";
    let gitlab = "gitlab_oidc_project-0.0.3.tar.gz";
    let old = "pypi_attestation_models-0.0.4a2.tar.gz";
    for (file, document, kind, predicate) in [
        (GITHUB, ".provenance", Kind::GitHub, Predicate::Publish),
        (
            GITHUB,
            ".publish.attestation",
            Kind::GitHub,
            Predicate::Publish,
        ),
        (GITHUB, ".slsa.attestation", Kind::GitHub, Predicate::Slsa),
        (circleci, ".provenance", Kind::CircleCi, Predicate::Publish),
        (
            circleci,
            ".publish.attestation",
            Kind::CircleCi,
            Predicate::Publish,
        ),
        (google, ".provenance", Kind::Google, Predicate::Publish),
        (
            gitlab,
            ".publish.attestation",
            Kind::GitLab,
            Predicate::Publish,
        ),
        (old, ".attestation", Kind::GitHub, Predicate::Publish),
    ] {
        let document = format!("{file}{document}");
        let found = real.verify(file, &real.json(&document));
        let [attested] = found.unwrap().try_into().unwrap();
        assert_eq!(attested.predicate(), predicate, "{document}");
        assert_eq!(attested.publisher().kind(), kind, "{document}");
    }
}

#[test]
fn a_repository_is_told_with_the_numbers_that_outlive_its_name() {
    let Some(real) = Collection::find() else {
        return;
    };
    let told = |file: &str, document: &str| {
        let [attested] = real
            .verify(file, &real.json(document))
            .unwrap()
            .try_into()
            .unwrap();
        let publisher = attested.publisher();
        let id = publisher.repository_id().unwrap().to_owned();
        assert_eq!(publisher.owner_id(), Some("2314423"));
        assert_eq!(publisher.workflow(), Some("release.yml"));
        assert_eq!(publisher.commit().unwrap().len(), 40);
        (
            id,
            publisher.repository().unwrap().to_owned(),
            attested.logged().to_string(),
        )
    };
    let old = "pypi_attestation_models-0.0.4a2.tar.gz";
    let before = told(old, &format!("{old}.attestation"));
    let after = told(GITHUB, PROVENANCE);
    assert_eq!(before.0, after.0);
    assert_eq!(before.1, "trailofbits/pypi-attestation-models");
    assert_eq!(after.1, "trailofbits/pypi-attestations");
    assert_eq!(after.2, "2024-12-04T23:14:01Z");
}

#[test]
fn one_of_each_predicate_and_not_two() {
    let Some(real) = Collection::find() else {
        return;
    };
    let with = |other: &str| {
        let mut document = real.json(PROVENANCE);
        let all = document
            .pointer_mut("/attestation_bundles/0/attestations")
            .unwrap();
        all.as_array_mut().unwrap().push(real.json(other));
        real.verify(GITHUB, &document)
    };
    assert_eq!(with(SLSA).unwrap().len(), 2);
    assert_eq!(with(PUBLISH), Err(Rule::Predicate));
}

#[test]
fn the_index_may_not_name_another_publisher() {
    let Some(real) = Collection::find() else {
        return;
    };
    let named = |key: &str, value: Value| {
        let mut document = real.json(PROVENANCE);
        document["attestation_bundles"][0]["publisher"][key] = value;
        real.verify(GITHUB, &document).map(|it| it.len())
    };
    assert_eq!(named("environment", "".into()), Ok(1));
    assert_eq!(named("claims", json!({})), Ok(1));
    assert_eq!(
        named("repository", "trailofbits/pypi".into()),
        Err(Rule::Publisher)
    );
    assert_eq!(named("workflow", "other.yml".into()), Err(Rule::Publisher));
    assert_eq!(named("kind", "GitLab".into()), Err(Rule::Form));
    assert_eq!(named("kind", "Example".into()), Err(Rule::Form));
}

/// Signed on Sigstore's staging instance by a person.
#[test]
fn a_signer_who_is_no_publisher_is_nobody() {
    let Some(real) = Collection::find() else {
        return;
    };
    let wheel = "rfc8785-0.1.2-py3-none-any.whl";
    let document = real.json(&format!("{wheel}.publish.attestation"));
    let staging = TrustRoot::from_json(SIGSTORE_STAGING_TRUSTED_ROOT).unwrap();
    let found = check_with(&staging, wheel, &real.bytes(wheel), &document, NOW);
    assert_eq!(found, Err(Rule::Identity));
    assert_eq!(real.verify(wheel, &document), Err(Rule::Log));
    let theirs = check_with(
        &staging,
        GITHUB,
        &real.bytes(GITHUB),
        &real.json(PUBLISH),
        NOW,
    );
    assert_eq!(theirs, Err(Rule::Log));
}

#[test]
fn it_is_for_these_bytes_under_this_name() {
    let Some(real) = Collection::find() else {
        return;
    };
    let document = real.json(PUBLISH);
    let bytes = real.bytes(GITHUB);
    for name in ["Pypi.Attestations-0.0.19.0.tar.gz", GITHUB] {
        assert!(check(name, &bytes, &document, NOW).is_ok(), "{name}");
    }
    for name in [
        "pypi_attestations-0.0.20.tar.gz",
        "pypi_attestations-0.0.19.zip",
    ] {
        assert_eq!(
            check(name, &bytes, &document, NOW),
            Err(Rule::Subject),
            "{name}"
        );
    }
    let longer = [&bytes[..], b"\0"].concat();
    assert_eq!(check(GITHUB, &longer, &document, NOW), Err(Rule::Subject));
}

#[test]
fn a_statement_that_was_changed_is_signed_by_nobody() {
    let Some(real) = Collection::find() else {
        return;
    };
    let with = |change: &dyn Fn(&mut Value)| {
        let mut document = real.json(PUBLISH);
        change_statement(&mut document, change);
        real.verify(GITHUB, &document).map(|it| it.len())
    };
    assert_eq!(
        with(&|it| it["predicate"] = json!({})),
        Err(Rule::Signature)
    );
    assert_eq!(
        with(&|it| it["predicateType"] = Predicate::Slsa.uri().into()),
        Err(Rule::Signature)
    );
    assert_eq!(
        with(&|it| it["predicateType"] = "https://example.com/v1".into()),
        Err(Rule::Predicate)
    );
    assert_eq!(
        with(&|it| it["subject"][0]["name"] = "other-1.0.tar.gz".into()),
        Err(Rule::Subject)
    );
    assert_eq!(
        with(&|it| {
            let subject = it["subject"][0].clone();
            it["subject"] = json!([subject, subject]);
        }),
        Err(Rule::Subject)
    );
}

#[test]
fn parts_of_two_attestations_make_none() {
    let Some(real) = Collection::find() else {
        return;
    };
    let with = |pointer: &str| {
        let mut document = real.json(PUBLISH);
        let other = real.json(SLSA).pointer(pointer).unwrap().clone();
        *document.pointer_mut(pointer).unwrap() = other;
        real.verify(GITHUB, &document).map(|it| it.len())
    };
    assert_eq!(with("/version"), Ok(1));
    for pointer in [
        "/verification_material",
        "/verification_material/certificate",
        "/verification_material/transparency_entries",
        "/envelope/statement",
        "/envelope/signature",
    ] {
        let rule = with(pointer).unwrap_err();
        let expected = [Rule::Signature, Rule::Log, Rule::Time, Rule::Certificate];
        assert!(expected.contains(&rule), "{pointer}: {rule:?}");
    }
}

#[test]
fn what_is_cut_off_is_refused_wherever_it_is_cut() {
    let Some(real) = Collection::find() else {
        return;
    };
    let whole = real.bytes(PUBLISH);
    for end in (0..whole.trim_ascii_end().len()).step_by(97) {
        let rule = Provenance::parse(&whole[..end]).unwrap_err().rule;
        assert_eq!(rule, Rule::Form, "{end} bytes");
    }
    let mut document = real.json(PUBLISH);
    let certificate = &mut document["verification_material"]["certificate"];
    *certificate = certificate.as_str().unwrap()[..400].into();
    assert_eq!(real.verify(GITHUB, &document), Err(Rule::Certificate));
}

#[test]
fn the_log_has_to_hold_it() {
    let Some(real) = Collection::find() else {
        return;
    };
    let with = |change: &dyn Fn(&mut Value)| {
        let mut document = real.json(PUBLISH);
        change(entry(&mut document));
        real.verify(GITHUB, &document).map(|it| it.len())
    };
    assert_eq!(with(&|_| ()), Ok(1));
    let remove = |key: &str| with(&|it| drop(it.as_object_mut().unwrap().remove(key)));
    assert_eq!(remove("inclusionProof"), Err(Rule::Log));
    assert_eq!(remove("inclusionPromise"), Err(Rule::Time));
    assert_eq!(remove("integratedTime"), Err(Rule::Time));
    assert_eq!(remove("canonicalizedBody"), Err(Rule::Form));
    assert_eq!(
        with(&|it| it["inclusionProof"]["hashes"][0] = STANDARD.encode([0; 32]).into()),
        Err(Rule::Log)
    );
    let mut none = real.json(PUBLISH);
    none["verification_material"]["transparency_entries"] = json!([]);
    assert_eq!(real.verify(GITHUB, &none), Err(Rule::Size));
}

#[test]
fn a_time_is_proven_and_is_not_to_come() {
    let Some(real) = Collection::find() else {
        return;
    };
    let document = real.json(PUBLISH);
    let at = |now: &str| check(GITHUB, &real.bytes(GITHUB), &document, now).map(|it| it.len());
    assert_eq!(at("2024-12-04T23:14:01Z"), Ok(1));
    assert_eq!(at("2024-12-04T23:14:00Z"), Err(Rule::Time));
    let mut later = document.clone();
    entry(&mut later)["integratedTime"] = "1733354042".into();
    assert_eq!(real.verify(GITHUB, &later), Err(Rule::Log));
    let stamped = |stamps: Value| {
        let mut document = document.clone();
        document["verification_material"]["timestamps"] = stamps;
        real.verify(GITHUB, &document).map(|it| it.len())
    };
    assert_eq!(stamped(json!([])), Ok(1));
    assert_eq!(stamped(json!(["AAAA"])), Err(Rule::Time));
}
