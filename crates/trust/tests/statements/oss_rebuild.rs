//! OSS Rebuild's pairs of statements, made here in its form and signed with a key of ours.

use assay_trust::{
    TrustedKey,
    signature::{Key, KeyKind, RawKey, Rule},
    statement::{Envelope, pae},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _},
};
use serde_json::{Value, json};

use crate::world::{World, file, source, trusted, world};

const REBUILT: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

/// The file that is published, and the one that came out, are the same but for what does not matter.
fn equivalence() -> Value {
    let target = format!("https://files.example/packages/{}", file().name);
    let candidate = format!("rebuild/{}", file().name);
    let digest = file().sha256.to_string();
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "predicateType": "https://slsa.dev/provenance/v1",
        "subject": [{ "name": file().name, "digest": { "sha256": digest } }],
        "predicate": {
            "buildDefinition": {
                "buildType": "https://docs.oss-rebuild.dev/builds/ArtifactEquivalence@v0.1",
                "externalParameters": { "candidate": candidate, "target": target },
                "internalParameters": { "serviceSource": { "ref": "a", "repository": "b" } },
                "resolvedDependencies": [
                    { "name": candidate, "digest": { "sha256": REBUILT } },
                    { "name": target, "digest": { "sha256": digest } },
                ],
            },
            "runDetails": {
                "builder": { "id": "https://docs.oss-rebuild.dev/hosts/Google" },
                "metadata": { "invocationID": "x" },
                "byproducts": [{ "name": "stabilized/demo", "digest": { "sha256": REBUILT } }],
            },
        },
    })
}

/// How the other file was built.
fn build() -> Value {
    let mut statement = equivalence();
    let subject = json!([{
        "name": format!("rebuild/{}", file().name), "digest": { "sha256": REBUILT },
    }]);
    statement["subject"] = subject;
    let definition = &mut statement["predicate"]["buildDefinition"];
    definition["buildType"] = "https://docs.oss-rebuild.dev/builds/Rebuild@v0.1".into();
    definition["externalParameters"] = json!({ "ecosystem": "pypi", "package": "demo" });
    definition["resolvedDependencies"] = json!([{ "name": "git+https://code.example/demo" }]);
    statement
}

struct Service {
    pair: EcdsaKeyPair,
}

impl Service {
    fn new() -> Self {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).unwrap();
        Self { pair }
    }

    fn sign(&self, statement: &Value) -> String {
        let payload = statement.to_string().into_bytes();
        let signature = self.pair.sign(&SystemRandom::new(), &pae(&payload));
        let key_id = "https://kms.example/keys/1".to_owned();
        Envelope::new(payload, key_id, signature.unwrap().as_ref().to_vec()).to_line()
    }

    /// Somebody who listens to it.
    fn world(&self, lines: &[String]) -> World {
        let raw = RawKey::from_point(self.pair.public_key().as_ref()).unwrap();
        let spki = BASE64_STANDARD.encode(raw.spki());
        let mut world = world().set("oss", lines.to_vec());
        world.policy.keys.push(TrustedKey {
            key: Key::parse(KeyKind::EcdsaP256, spki.as_bytes()).unwrap(),
            ..trusted("oss-key")
        });
        world.policy.sources.push(source("oss", &["oss-key"]));
        world
    }

    fn judge(&self, statement: &Value) -> Result<Vec<String>, Rule> {
        self.world(&[self.sign(statement), self.sign(&build())])
            .words()
    }
}

#[test]
fn an_equivalence_is_a_rebuild_of_its_subject() {
    let service = Service::new();
    assert_eq!(service.judge(&equivalence()).unwrap(), ["rebuilt:oss"]);
    let lines = [equivalence(), build()].map(|it| service.sign(&it));
    let mut world = service.world(&lines);
    assert_eq!(
        world.hear().unwrap().testimonies[0].said(),
        "OSS Rebuild got an equivalent file from its source, says key:oss-key (rebuilt:oss)"
    );
    world.sha256 = assay_types::Sha256::from_hex(REBUILT).unwrap();
    assert_eq!(world.silence(), "");
    let another = Service::new();
    let theirs = [another.sign(&equivalence())];
    assert!(service.world(&theirs).words().unwrap().is_empty());
}

/// The name that it had for statements until September 2025 is part of what is signed.
#[test]
fn older_envelopes_have_another_name_for_the_payload() {
    const OLD: &str = "https://in-toto.io/Statement/v1";
    let service = Service::new();
    let old = |statement: &Value| {
        let payload = statement.to_string();
        let head = format!("DSSEv1 {} {OLD} {} ", OLD.len(), payload.len());
        let message = format!("{head}{payload}");
        let signature = service.pair.sign(&SystemRandom::new(), message.as_bytes());
        let line = json!({
            "payloadType": OLD,
            "payload": BASE64_STANDARD.encode(payload),
            "signatures": [{ "sig": BASE64_STANDARD.encode(signature.unwrap().as_ref()) }],
        });
        line.to_string()
    };
    let words = |line: String| service.world(&[line]).words();
    assert_eq!(words(old(&equivalence())).unwrap(), ["rebuilt:oss"]);
    assert!(words(old(&build())).unwrap().is_empty());
    let renamed = old(&equivalence()).replace(OLD, "application/vnd.in-toto+json");
    assert!(words(renamed).unwrap().is_empty());
    // Nothing of ours was ever called so.
    let vouched = serde_json::from_slice(&crate::world::vouched().payload()).unwrap();
    assert_eq!(words(service.sign(&vouched)).unwrap(), ["vouch:oss"]);
    assert_eq!(words(old(&vouched)), Err(Rule::Statement));
}

#[test]
fn what_slsa_lets_others_add_does_not_matter() {
    let mut statement = equivalence();
    statement["predicate"]["more"] = 1.into();
    statement["subject"][0]["digest"]["md5"] = "a".into();
    statement["subject"][0]["annotations"] = json!({});
    let others = &mut statement["predicate"]["buildDefinition"]["resolvedDependencies"];
    others
        .as_array_mut()
        .unwrap()
        .push(json!({ "uri": "https://a.example" }));
    assert_eq!(Service::new().judge(&statement).unwrap(), ["rebuilt:oss"]);
}

#[test]
fn the_build_alone_says_nothing_of_the_file() {
    let service = Service::new();
    assert!(service.judge(&build()).unwrap().is_empty());
    let mut other = equivalence();
    let build_type = &mut other["predicate"]["buildDefinition"]["buildType"];
    *build_type = "https://docs.oss-rebuild.dev/builds/ArtifactEquivalence@v0.2".into();
    assert!(service.judge(&other).unwrap().is_empty());
}

#[test]
fn it_is_about_the_file_that_was_compared() {
    let service = Service::new();
    let judge = |change: fn(&mut Value)| {
        let mut statement = equivalence();
        change(&mut statement);
        service.judge(&statement)
    };
    let upstream = |it: &mut Value| {
        let list = &mut it["predicate"]["buildDefinition"]["resolvedDependencies"];
        list[1]["digest"]["sha256"] = REBUILT.into();
    };
    assert_eq!(judge(upstream), Err(Rule::Subject));
    let target = |it: &mut Value| {
        let parameters = &mut it["predicate"]["buildDefinition"]["externalParameters"];
        parameters["target"] = "https://files.example/other".into();
    };
    assert_eq!(judge(target), Err(Rule::Subject));
    let two = |it: &mut Value| {
        let one = it["subject"][0].clone();
        it["subject"] = json!([one, one]);
    };
    assert_eq!(judge(two), Err(Rule::Subject));
    let type_ = |it: &mut Value| it["_type"] = "https://in-toto.io/Statement/v0.1".into();
    assert_eq!(judge(type_), Err(Rule::Statement));
    let sha512 = |it: &mut Value| it["subject"][0]["digest"] = json!({ "sha512": "a" });
    assert_eq!(judge(sha512), Err(Rule::Statement));
    let subject = |it: &mut Value| {
        let one = &it["subject"][0];
        it["subject"][0] = json!([one["name"], one["digest"]]);
    };
    assert_eq!(judge(subject), Err(Rule::Statement));
    let parameters = |it: &mut Value| {
        let parameters = &mut it["predicate"]["buildDefinition"]["externalParameters"];
        *parameters = json!([parameters["target"]]);
    };
    assert_eq!(judge(parameters), Err(Rule::Statement));
    let other_name = |it: &mut Value| it["subject"][0]["name"] = "demo-0.9.whl".into();
    assert!(judge(other_name).unwrap().is_empty());
}
