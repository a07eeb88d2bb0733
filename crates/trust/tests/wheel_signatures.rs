//! `RECORD.jws`: who signed a RECORD, and what a rule that asks for it makes of that.

use std::{path::Path, sync::Arc};

use assay_trust::{
    Artifact, Author, Cooldown, Policy, ProjectPattern, Refusal, Stated, TrustedKey,
    signature::{
        Key, KeyKind, RawKey, Rule,
        wheel::{LARGEST, Signed, judge, verify},
    },
};
use assay_types::{Sha256, listing::Origin};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

const RECORD: &[u8] = b"demo/__init__.py,,\n";
const PLACE: &str = "assay.toml:3:1";

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// A key by its seed: `old-1` and so on.
fn key(seed: u8) -> TrustedKey {
    let text = BASE64_STANDARD.encode(pair(seed).public_key());
    TrustedKey {
        label: format!("old-{seed}").parse().unwrap(),
        key: Key::parse(KeyKind::Ed25519, text.as_bytes()).unwrap(),
        projects: None,
        place: "assay.toml:1:1".to_owned(),
    }
}

fn record() -> Sha256 {
    assay_trust::sha256(RECORD)
}

fn hash() -> String {
    format!("sha256={}", url(record().0))
}

fn payload() -> String {
    format!(r#"{{"hash": "{}"}}"#, hash())
}

fn header(seed: u8) -> String {
    let vk = url(pair(seed).public_key());
    format!(r#"{{"alg": "Ed25519", "jwk": {{"kty": "Ed25519", "vk": "{vk}"}}}}"#)
}

fn recipient(seed: u8, header: &str, payload: &str) -> String {
    let header = url(header);
    let signature = pair(seed).sign(format!("{header}.{}", url(payload)).as_bytes());
    let signature = url(signature);
    format!(r#"{{"header": "{header}", "signature": "{signature}"}}"#)
}

fn document(payload: &str, recipients: &[String]) -> String {
    let (payload, recipients) = (url(payload), recipients.join(", "));
    format!(r#"{{"payload": "{payload}", "recipients": [{recipients}]}}"#)
}

/// Signed by these.
fn signed(seeds: &[u8]) -> String {
    let recipients = seeds
        .iter()
        .map(|it| recipient(*it, &header(*it), &payload()));
    document(&payload(), &recipients.collect::<Vec<_>>())
}

/// Which of the keys 1 and 2 signed.
fn signers(document: &str) -> Result<Vec<String>, Rule> {
    let keys = [key(1), key(2)];
    let verified = verify(document.as_bytes(), record(), &[&keys[0], &keys[1]]);
    let labels = verified.map_err(|it| {
        println!("{it}");
        it.rule
    })?;
    Ok(labels.iter().map(ToString::to_string).collect())
}

#[test]
fn those_who_signed_are_told_and_strangers_are_nothing() {
    assert_eq!(signers(&signed(&[1])).unwrap(), ["old-1"]);
    assert_eq!(signers(&signed(&[2, 1])).unwrap(), ["old-1", "old-2"]);
    assert_eq!(signers(&signed(&[1, 1])).unwrap(), ["old-1"]);
    assert_eq!(signers(&signed(&[3, 2])).unwrap(), ["old-2"]);
    assert_eq!(signers(&signed(&[3])), Ok(Vec::new()));
    let stranger = recipient(4, &header(3), &payload());
    assert_eq!(signers(&document(&payload(), &[stranger])), Ok(Vec::new()));
}

#[test]
fn a_signature_in_a_known_name_that_does_not_hold_rejects_all() {
    let forged = recipient(3, &header(1), &payload());
    let good = recipient(1, &header(1), &payload());
    let by = |recipients: &[&String]| {
        let recipients: Vec<_> = recipients.iter().map(|it| (*it).clone()).collect();
        signers(&document(&payload(), &recipients))
    };
    assert!(by(&[&good]).is_ok());
    assert_eq!(by(&[&forged]), Err(Rule::Signature));
    assert_eq!(by(&[&good, &forged]), Err(Rule::Signature));
    assert_eq!(by(&[&forged, &good]), Err(Rule::Signature));
    // Signed with this payload, shown with another.
    let spaced = payload().replace(": ", ":");
    assert_eq!(signers(&document(&spaced, &[good])), Err(Rule::Signature));
}

#[test]
fn another_record_or_hash_is_not_what_was_signed() {
    let with = |payload: &str| signers(&document(payload, &[recipient(1, &header(1), payload)]));
    let hash = |text: &str| format!(r#"{{"hash": "{text}"}}"#);
    assert_eq!(with(&hash(&self::hash())).unwrap(), ["old-1"]);
    let other = url(assay_trust::sha256(b"another RECORD").0);
    assert_eq!(with(&hash(&format!("sha256={other}"))), Err(Rule::Subject));
    for unknown in ["sha1=AAAA", "md5=AAAA", "sha512=AAAA", "", &url(record().0)] {
        assert_eq!(with(&hash(unknown)), Err(Rule::Algorithm), "{unknown}");
    }
    for out_of_form in ["=", "A", "\u{e9}"] {
        let longer = format!("{}{out_of_form}", self::hash());
        assert_eq!(with(&hash(&longer)), Err(Rule::Form), "{longer}");
    }
    let short = url(&record().0[..31]);
    assert_eq!(with(&hash(&format!("sha256={short}"))), Err(Rule::Form));
    assert_eq!(with("{}"), Err(Rule::Form));
    assert_eq!(with(&format!("[\"{}\"]", self::hash())), Err(Rule::Form));
    let twice = format!(r#"{{"hash": "{0}", "hash": "{0}"}}"#, self::hash());
    assert_eq!(with(&twice), Err(Rule::Form));
    let more = payload().replace('}', r#", "note": "x"}"#);
    assert_eq!(with(&more), Err(Rule::Form));
}

#[test]
fn a_header_names_the_one_algorithm_and_a_key() {
    let with = |header: &str| signers(&document(&payload(), &[recipient(1, header, &payload())]));
    let good = header(1);
    assert_eq!(with(&good).unwrap(), ["old-1"]);
    for name in ["none", "RS256", "ed25519", "EdDSA", ""] {
        let alg = good.replacen("Ed25519", name, 1);
        assert_eq!(with(&alg), Err(Rule::Algorithm), "{name}");
        let kty = good.replace(r#""kty": "Ed25519""#, &format!(r#""kty": "{name}""#));
        assert_eq!(with(&kty), Err(Rule::Algorithm), "{name}");
    }
    let vk = url(pair(1).public_key());
    let standard = BASE64_STANDARD.encode(pair(1).public_key());
    for bad in [&vk[..42], &format!("{vk}="), &standard, "", "AAAA"] {
        assert_eq!(with(&good.replace(&vk, bad)), Err(Rule::Form), "{bad}");
    }
    for bad in [
        good.replacen('{', r#"{"crit": [], "#, 1),
        good.replacen('{', r#"{"alg": "Ed25519", "#, 1),
        good.replace(r#""kty""#, r#""kid": "1", "kty""#),
        good.replace(r#""jwk""#, r#""JWK""#),
        format!("{good}x"),
        good.replacen(r#""Ed25519""#, "null", 1),
    ] {
        assert_eq!(with(&bad), Err(Rule::Form), "{bad}");
    }
}

/// The same values in arrays.
fn without_names(document: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(document).unwrap();
    let recipient = &value["recipients"][0];
    let recipient = serde_json::json!([recipient["header"], recipient["signature"]]);
    serde_json::json!([value["payload"], [recipient]]).to_string()
}

#[test]
fn a_document_is_whole_and_bounded() {
    let good = signed(&[1]);
    for end in 0..good.len() {
        assert_eq!(signers(&good[..end]), Err(Rule::Form), "{end} bytes");
    }
    for bad in [
        good.repeat(2),
        good.replacen('{', r#"{"signatures": [], "#, 1),
        good.replacen('{', r#"{"payload": "", "#, 1),
        good.replacen("{\"header\"", "{\"protected\": \"\", \"header\"", 1),
        good.replace("\"signature\": \"", "\"signature\": \"="),
        good.replace("\"signature\"", "\"Signature\""),
        without_names(&good),
    ] {
        assert_eq!(signers(&bad), Err(Rule::Form), "{bad}");
    }
    assert_eq!(signers(&signed(&[])), Err(Rule::Size));
    assert_eq!(signers(&signed(&[1; 16])).unwrap(), ["old-1"]);
    assert_eq!(signers(&signed(&[1; 17])), Err(Rule::Size));
    let padding = " ".repeat(LARGEST - good.len());
    assert!(signers(&format!("{good}{padding}")).is_ok());
    assert_eq!(signers(&format!("{good}{padding} ")), Err(Rule::Size));
    // A list in a list in a list.
    assert_eq!(signers(&"[".repeat(LARGEST)), Err(Rule::Form));
}

#[test]
fn no_changed_bit_passes() {
    let good = signed(&[1]).into_bytes();
    for at in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[at / 8] ^= 1 << (at % 8);
        let verified = verify(&bad, record(), &[&key(1)]);
        assert!(verified.is_err() || verified == Ok(Vec::new()), "bit {at}");
    }
}

fn rule(labels: &[&str], projects: &str) -> assay_trust::Rule {
    let projects = vec![ProjectPattern::parse(projects).unwrap()];
    let mut rule = assay_trust::Rule::new(Author::User, Some(projects));
    rule.wheel_signatures = Some(Stated {
        value: labels.iter().map(|it| it.parse().unwrap()).collect(),
        place: PLACE.to_owned(),
    });
    rule
}

/// What the policy says of a wheel of demo with this document.
fn judged(policy: &Policy, document: Option<&str>) -> Result<usize, Refusal> {
    let artifact = Artifact {
        project: "demo".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        file_name: "demo-1.0-py3-none-any.whl".to_owned(),
        origin: Origin::Local(Arc::from(Path::new("demo-1.0-py3-none-any.whl"))),
        size: None,
    };
    let signed = Signed {
        record: record(),
        binds_files: true,
        document: document.map(str::as_bytes),
    };
    let unbound = Signed {
        binds_files: false,
        ..signed
    };
    let asks = !policy.wheel_signatures(&artifact.project).is_empty();
    assert_eq!(judge(policy, &artifact, &unbound).is_err(), asks);
    judge(policy, &artifact, &signed).map(|it| it.len())
}

fn asking(rules: &[(&[&str], &str)]) -> Policy {
    let mut policy = Policy::new(Cooldown::none());
    policy.keys = vec![key(1), key(2)];
    for (labels, projects) in rules {
        policy.add(rule(labels, projects)).unwrap();
    }
    policy
}

#[test]
fn every_rule_for_the_project_is_met_by_one_of_its_keys() {
    let one_of: (&[&str], _) = (&["old-1", "old-2"], "demo");
    let first: (&[&str], _) = (&["old-1"], "*");
    let second: (&[&str], _) = (&["old-2"], "demo*");
    let elsewhere: (&[&str], _) = (&["old-1"], "legacy-*");
    let (by_1, by_2, by_both) = (signed(&[1]), signed(&[2]), signed(&[1, 2]));
    for (rules, good, bad) in [
        (&[one_of][..], &[Some(&by_1), Some(&by_2)][..], &[None][..]),
        (&[first], &[Some(&by_1)], &[Some(&by_2), None]),
        (
            &[first, second],
            &[Some(&by_both)],
            &[Some(&by_1), Some(&by_2)],
        ),
        (&[elsewhere], &[Some(&by_2), None], &[]),
        (&[], &[None], &[]),
    ] {
        let policy = asking(rules);
        for document in good {
            judged(&policy, document.map(String::as_str)).unwrap();
        }
        for document in bad {
            let refusal = judged(&policy, document.map(String::as_str)).unwrap_err();
            assert_eq!(refusal.rule, format!("wheel-signature ({PLACE})"));
        }
    }
}

#[test]
fn a_key_of_another_project_has_no_say() {
    let mut policy = asking(&[(&["old-1"], "demo")]);
    let document = signed(&[1]);
    for (projects, may) in [("demo", true), ("django", false), ("d*", true)] {
        policy.keys[0].projects = Some(vec![ProjectPattern::parse(projects).unwrap()]);
        assert_eq!(judged(&policy, Some(&document)).is_ok(), may, "{projects}");
    }
}

#[test]
fn a_key_that_signs_no_wheels_is_told_from_one_that_did_not() {
    let mut policy = asking(&[(&["old-1"], "demo")]);
    let hint = |policy: &Policy| judged(policy, None).unwrap_err().hint;
    assert_eq!(hint(&policy), None);
    let point = RawKey::from_point(&[4; 65]).unwrap();
    let text = BASE64_STANDARD.encode(point.spki());
    policy.keys[0].key = Key::parse(KeyKind::EcdsaP256, text.as_bytes()).unwrap();
    assert!(
        hint(&policy)
            .unwrap()
            .contains("key:old-1 is no Ed25519 key")
    );
    assert!(judged(&policy, Some(&signed(&[1]))).is_err());
}
