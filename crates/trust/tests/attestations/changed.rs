//! What was changed, cut off, padded or taken from elsewhere.

use assay_trust::attestation::{Predicate, Provenance, Rule};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::*;

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
    // An older release, and what is signed for it: the one does not speak for the other.
    let old = real.bytes(OLD);
    assert_eq!(check(GITHUB, &old, &document, NOW), Err(Rule::Subject));
    assert_eq!(check(OLD, &old, &document, NOW), Err(Rule::Subject));
    let older = real.json(&format!("{OLD}.attestation"));
    assert!(check(OLD, &old, &older, NOW).is_ok());
    assert_eq!(check(GITHUB, &bytes, &older, NOW), Err(Rule::Subject));
}

/// Somebody who can change bytes and statement, and cannot sign.
#[test]
fn a_statement_about_other_bytes_is_signed_by_nobody() {
    let Some(real) = Collection::find() else {
        return;
    };
    let longer = [&real.bytes(GITHUB)[..], b"\0"].concat();
    let mut document = real.json(PUBLISH);
    let digest = measured(&longer).sha256().to_string();
    change_statement(&mut document, |it| {
        it["subject"][0]["digest"]["sha256"] = digest.into();
    });
    assert_eq!(check(GITHUB, &longer, &document, NOW), Err(Rule::Signature));
    assert_eq!(real.verify(GITHUB, &document), Err(Rule::Subject));
    assert!(real.verify(GITHUB, &real.json(PUBLISH)).is_ok());
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
    assert!(real.verify(GITHUB, &real.json(PUBLISH)).is_ok());
    // The same words with other spaces between them are another statement.
    assert_eq!(with(&|_| ()), Err(Rule::Signature));
    assert_eq!(
        with(&|it| it["predicate"] = json!({})),
        Err(Rule::Signature)
    );
    assert_eq!(with(&|it| it["subject"] = json!([])), Err(Rule::Subject));
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
    let with = |other: &str, pointer: &str| {
        let mut document = real.json(PUBLISH);
        let other = real.json(other).pointer(pointer).unwrap().clone();
        *document.pointer_mut(pointer).unwrap() = other;
        real.verify(GITHUB, &document).map(|it| it.len())
    };
    assert_eq!(with(SLSA, "/version"), Ok(1));
    // A certificate of the same run, and one of another publisher at another time.
    let certificate = "/verification_material/certificate";
    assert_eq!(with(SLSA, certificate), Err(Rule::Signature));
    assert_eq!(with(GITLAB, certificate), Err(Rule::Certificate));
    for pointer in [
        "/verification_material",
        "/verification_material/certificate",
        "/verification_material/transparency_entries",
        "/envelope/statement",
        "/envelope/signature",
    ] {
        let rule = with(SLSA, pointer).unwrap_err();
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
    assert!(Provenance::parse(&whole).is_ok());
    for end in (0..whole.trim_ascii_end().len()).step_by(97) {
        let rule = Provenance::parse(&whole[..end]).unwrap_err().rule;
        assert_eq!(rule, Rule::Form, "{end} bytes");
    }
    let mut document = real.json(PUBLISH);
    let certificate = &mut document["verification_material"]["certificate"];
    *certificate = certificate.as_str().unwrap()[..400].into();
    assert_eq!(real.verify(GITHUB, &document), Err(Rule::Certificate));
    for (part, rule) in [("statement", Rule::Form), ("signature", Rule::Signature)] {
        let mut document = real.json(PUBLISH);
        let text = &mut document["envelope"][part];
        *text = text.as_str().unwrap()[..80].into();
        assert_eq!(real.verify(GITHUB, &document), Err(rule), "{part}");
    }
}

#[test]
fn what_is_oversized_is_not_even_read() {
    let Some(real) = Collection::find() else {
        return;
    };
    let whole = real.bytes(PROVENANCE);
    let padded = |size: usize| {
        let spaces = vec![b' '; size - whole.len()];
        Provenance::parse(&[&whole[..], &spaces].concat()).map_err(|it| it.rule)
    };
    let sha256 = measured(&real.bytes(GITHUB)).sha256();
    let largest = padded(Provenance::LARGEST).unwrap();
    let root = TrustRoot::production().unwrap();
    let now = NOW.parse().unwrap();
    assert!(verify(&file_name(GITHUB), sha256, &largest, &root, now).is_ok());
    assert_eq!(padded(Provenance::LARGEST + 1).err(), Some(Rule::Size));
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
