//! Who signed, and who is only said to have.

use assay_trust::{
    TrustedKey,
    signature::{Key, KeyKind, RawKey, Rule},
    statement::{Envelope, key_id, pae},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair,
        EcdsaSigningAlgorithm, KeyPair as _,
    },
};
use serde_json::{Value, json};

use crate::world::{person, published, trusted, world};

/// The signatures of these lines in one envelope.
fn together(lines: &[String]) -> Value {
    let mut all = lines
        .iter()
        .map(|it| serde_json::from_str::<Value>(it).unwrap());
    let mut first = all.next().unwrap();
    let signatures = first["signatures"].as_array_mut().unwrap();
    signatures.extend(all.map(|it| it["signatures"][0].clone()));
    first
}

fn signed(name: &str) -> String {
    person(name).sign(&published())
}

fn words(line: &Value) -> Result<Vec<String>, Rule> {
    world().beside([line.to_string()]).words()
}

#[test]
fn one_good_signature_among_strangers_suffices() {
    let line = together(&[signed("mallory"), signed("release"), signed("nobody")]);
    assert_eq!(words(&line).unwrap(), ["key:release"]);
    let line = together(&[signed("mallory"), signed("nobody")]);
    assert!(words(&line).unwrap().is_empty());
    let twice = together(&[signed("release"), signed("release")]);
    assert_eq!(words(&twice).unwrap(), ["key:release"]);
}

#[test]
fn the_key_s_name_is_a_hint_and_a_claim() {
    let mut line = together(&[signed("release")]);
    for hint in ["", "somebody", "projects/x/keys/1"] {
        line["signatures"][0]["keyid"] = hint.into();
        assert_eq!(words(&line).unwrap(), ["key:release"]);
    }
    line["signatures"][0]
        .as_object_mut()
        .unwrap()
        .remove("keyid");
    assert_eq!(words(&line).unwrap(), ["key:release"]);

    // Whoever claims to be a key of the policy has to be it, beside whatever else is good.
    let mut forged = together(&[signed("release"), signed("mallory")]);
    forged["signatures"][1]["keyid"] = key_id(&person("release").raw()).into();
    assert_eq!(words(&forged), Err(Rule::Signature));
    forged["signatures"][1]["keyid"] = key_id(&person("nobody").raw()).into();
    assert_eq!(words(&forged).unwrap(), ["key:release"]);
}

#[test]
fn a_signature_is_for_its_payload_and_type() {
    let good = together(&[signed("release")]);
    let other = person("release").sign(&crate::world::vouched());
    let mut swapped = good.clone();
    swapped["signatures"] = together(&[other])["signatures"].clone();
    assert_eq!(words(&swapped), Err(Rule::Signature));
    swapped["signatures"][0]["keyid"] = "".into();
    assert!(words(&swapped).unwrap().is_empty());

    // The bare payload, and another type, are not what DSSE signs.
    let payload = published().payload();
    let text = String::from_utf8(pae(&payload)).unwrap();
    assert!(text.starts_with("DSSEv1 28 application/vnd.in-toto+json "));
    assert!(text.ends_with(&format!(" {} {}", payload.len(), published_text())));
    let mut cut = good;
    let sig = BASE64_STANDARD.decode(cut["signatures"][0]["sig"].as_str().unwrap());
    cut["signatures"][0]["sig"] = BASE64_STANDARD.encode(&sig.unwrap()[..63]).into();
    assert_eq!(words(&cut), Err(Rule::Signature));
}

fn published_text() -> String {
    String::from_utf8(published().payload()).unwrap()
}

#[test]
fn ecdsa_on_p_256_signs_in_der() {
    let sign = |algorithm: &'static EcdsaSigningAlgorithm| {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        let raw = RawKey::from_point(pair.public_key().as_ref()).unwrap();
        let payload = published().payload();
        let signature = pair.sign(&random, &pae(&payload)).unwrap();
        let line = Envelope::new(payload, String::new(), signature.as_ref().to_vec()).to_line();
        let mut world = world().beside([line]);
        let spki = BASE64_STANDARD.encode(raw.spki());
        *world.key("release") = TrustedKey {
            key: Key::parse(KeyKind::EcdsaP256, spki.as_bytes()).unwrap(),
            ..trusted("release")
        };
        world.words().unwrap()
    };
    assert_eq!(sign(&ECDSA_P256_SHA256_ASN1_SIGNING), ["key:release"]);
    assert!(sign(&ECDSA_P256_SHA256_FIXED_SIGNING).is_empty());
}

#[test]
fn an_ssh_key_signs_statements_too() {
    let mut world = world().beside([signed("release")]);
    let RawKey::Ed25519(public) = person("release").raw() else {
        panic!("people have Ed25519 keys here");
    };
    let field = |it: &[u8]| [&u32::try_from(it.len()).unwrap().to_be_bytes()[..], it].concat();
    let blob = [field(b"ssh-ed25519"), field(&public)].concat();
    let line = format!("ssh-ed25519 {} release", BASE64_STANDARD.encode(blob));
    world.key("release").key = Key::parse(KeyKind::Ssh, line.as_bytes()).unwrap();
    assert_eq!(world.words().unwrap(), ["key:release"]);
    world.beside = vec![signed("mallory")];
    assert!(world.words().unwrap().is_empty());
}

#[test]
fn one_to_eight_signatures() {
    let mut all: Vec<_> = (0..7).map(|it| signed(&format!("nobody-{it}"))).collect();
    all.push(signed("release"));
    assert_eq!(words(&together(&all)).unwrap(), ["key:release"]);
    all.push(signed("one-more"));
    let parse = |line: &Value| {
        let parsed = assay_trust::statement::Bundle::parse(line.to_string().as_bytes());
        parsed.map(drop).map_err(|it| it.rule)
    };
    assert_eq!(parse(&together(&all)), Err(Rule::Form));
    let mut none = together(&[signed("release")]);
    none["signatures"] = json!([]);
    assert_eq!(parse(&none), Err(Rule::Form));
}
