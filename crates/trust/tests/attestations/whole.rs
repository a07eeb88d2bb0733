//! What holds as it is, and whom it names.

use assay_trust::{
    Identity,
    attestation::{Kind, Predicate, Rule, TrustRoot},
};
use serde_json::{Value, json};
use sigstore_verify::trust_root::SIGSTORE_STAGING_TRUSTED_ROOT;

use super::*;

#[test]
fn each_real_attestation_holds_for_its_file() {
    let Some(real) = Collection::find() else {
        return;
    };
    let circleci = "circleci_sign_publish_example-0.0.1.dev137-py3-none-any.whl";
    let google = "gcb_attestation_test-0.0.0.tar.gz";
    let gitlab = "gitlab_oidc_project-0.0.3.tar.gz";
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
        (OLD, ".attestation", Kind::GitHub, Predicate::Publish),
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
    let before = told(OLD, &format!("{OLD}.attestation"));
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
    let unknown_keys = real.verify(wheel, &document).unwrap_err();
    assert_eq!(unknown_keys, Rule::Log);
    assert!(unknown_keys.depends_on_root() && !Rule::Identity.depends_on_root());
    let theirs = check_with(
        &staging,
        GITHUB,
        &real.bytes(GITHUB),
        &real.json(PUBLISH),
        NOW,
    );
    assert_eq!(theirs, Err(Rule::Log));
}

/// What a policy or a pin asks for is held against what the certificate says.
#[test]
fn who_published_is_who_was_asked_for() {
    let Some(real) = Collection::find() else {
        return;
    };
    let [attested] = real
        .verify(GITHUB, &real.json(PROVENANCE))
        .unwrap()
        .try_into()
        .unwrap();
    let by = |asked: &str| {
        let asked: Identity = asked.parse().unwrap();
        asked.covers(attested.publisher().identity())
    };
    for asked in [
        "github:trailofbits/pypi-attestations",
        "github:trailofbits/pypi-attestations:release.yml",
        "github:trailofbits/pypi-attestations:release.yml:repository-id=772247423:owner-id=2314423",
    ] {
        assert!(by(asked), "{asked}");
    }
    for asked in [
        "github:trailofbits/pypi-attestation-models",
        "github:trailofbit/pypi-attestations",
        "github:trailofbits/pypi-attestations:other.yml",
        "github:trailofbits/pypi-attestations:repository-id=772247424",
        "github:trailofbits/pypi-attestations:owner-id=1",
        "gitlab:trailofbits/pypi-attestations",
        "google:trailofbits@example.com",
    ] {
        assert!(!by(asked), "{asked}");
    }
}
