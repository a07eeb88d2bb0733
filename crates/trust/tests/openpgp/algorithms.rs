//! Algorithms that are believed, and those that are refused by name.

use assay_trust::signature::Rule;
use pgp::{
    composed::KeyType,
    crypto::{ecc_curve::ECCCurve, hash::HashAlgorithm, public_key::PublicKeyAlgorithm},
    packet::{SignatureConfig, SignatureType},
    types::KeyVersion,
};

use crate::{
    MADE, SIGNED, accepted, judge,
    owner::{Owner, certifies, p256, signs},
    refused, unread,
};

const STRONG: [HashAlgorithm; 5] = [
    HashAlgorithm::Sha256,
    HashAlgorithm::Sha384,
    HashAlgorithm::Sha512,
    HashAlgorithm::Sha3_256,
    HashAlgorithm::Sha3_512,
];
const WEAK: [(HashAlgorithm, &str); 4] = [
    (HashAlgorithm::Md5, "MD5"),
    (HashAlgorithm::Sha1, "SHA-1"),
    (HashAlgorithm::Ripemd160, "RIPEMD-160"),
    (HashAlgorithm::Sha224, "SHA-224"),
];

fn with(hash: HashAlgorithm, mut config: SignatureConfig) -> SignatureConfig {
    config.hash_alg = hash;
    config
}

#[test]
fn a_file_is_signed_by_a_strong_hash() {
    let ann = Owner::rsa();
    let by = |hash| {
        let config = ann.says(SignatureType::Binary, SIGNED, vec![]);
        judge(&ann.plain(), &ann.signs_by(with(hash, config)))
    };
    for hash in STRONG {
        accepted(by(hash));
    }
    for (hash, name) in WEAK {
        refused(
            by(hash),
            Rule::Algorithm,
            &format!("by {name}, which is too weak"),
        );
    }
    // Nobody can make one with a hash that does not exist: the number is changed afterwards.
    let ann = Owner::new();
    let mut document = ann.signs();
    document[5] = 99;
    refused(
        judge(&ann.plain(), &document),
        Rule::Algorithm,
        "unknown hash algorithm 99",
    );
}

#[test]
fn a_certificate_is_held_together_by_strong_hashes() {
    const ID: &str = "Ann <ann@example.com>";
    let ann = Owner::rsa();
    let user = |hash, at| {
        let config = ann.says(SignatureType::CertPositive, at, signs());
        ann.user_by(ID, with(hash, config))
    };
    for hash in STRONG {
        accepted(judge(&ann.certificate([user(hash, MADE)]), &ann.signs()));
    }
    for (hash, name) in WEAK {
        let why = unread(&ann.certificate([user(hash, MADE)]));
        assert!(why.contains(&format!("uses {name}")), "{why}");
    }
    // A newer weak one is not passed over for what was said before, an older one is.
    let about = |hash, at| {
        let config = ann.says(SignatureType::CertPositive, at, signs());
        ann.about_user(ID, with(hash, config))
    };
    let weak = HashAlgorithm::Sha1;
    let newer = ann.certificate([user(HashAlgorithm::Sha256, MADE), about(weak, MADE + 1)]);
    assert!(unread(&newer).contains("uses SHA-1"));
    let older = ann.certificate([user(HashAlgorithm::Sha256, MADE + 1), about(weak, MADE)]);
    accepted(judge(&older, &ann.signs()));
}

#[test]
fn a_weak_binding_takes_its_subkey_along_and_nothing_else() {
    let ann = Owner::rsa();
    let key = ann.subkey();
    let bind =
        |hash| {
            let embedded = pgp::packet::SubpacketData::EmbeddedSignature(Box::new(
                ann.back_signature(&key, MADE, vec![]),
            ));
            let says = signs().into_iter().chain([embedded]).collect();
            let config = ann.says(SignatureType::SubkeyBinding, MADE, says);
            let binding = ann.about_subkey(&key, with(hash, config));
            let user = ann.user("Ann", MADE, signs());
            ann.certificate([user, crate::owner::packet(key.public_key()), binding])
        };
    let by_subkey = crate::owner::config(&key, SignatureType::Binary, SIGNED, vec![]);
    let document = crate::owner::sign(&key, by_subkey);
    accepted(judge(&bind(HashAlgorithm::Sha256), &document));
    let weak = bind(HashAlgorithm::Sha1);
    refused(judge(&weak, &document), Rule::Key, "uses SHA-1");
    accepted(judge(&weak, &ann.signs()));
}

#[test]
fn keys_of_known_algorithms_sign() {
    for kind in [
        KeyType::Ed25519Legacy,
        KeyType::Ed25519,
        KeyType::Ed448,
        p256(),
        KeyType::ECDSA(ECCCurve::P384),
        KeyType::ECDSA(ECCCurve::P521),
    ] {
        let ann = Owner::of(&kind, KeyVersion::V4);
        accepted(judge(&ann.plain(), &ann.signs()));
    }
    let ann = Owner::of(&KeyType::ECDSA(ECCCurve::Secp256k1), KeyVersion::V4);
    assert!(unread(&ann.plain()).contains("unknown algorithm (19) or curve"));
}

#[test]
fn short_and_outdated_keys_are_refused() {
    let rsa = Owner::rsa();
    accepted(judge(&rsa.plain(), &rsa.signs()));
    let short = Owner::of(&KeyType::Rsa(2040), KeyVersion::V4);
    let why = unread(&short.plain());
    assert!(
        why.contains("an RSA key of 2040 bits, which is too short"),
        "{why}"
    );
}

#[test]
fn a_version_6_key_says_directly_what_it_may_do() {
    let ann = Owner::of(&KeyType::Ed25519, KeyVersion::V6);
    let direct = |says| ann.direct(ann.says(SignatureType::Key, MADE, says));
    let user = || ann.user("Ann", MADE + 1, signs());
    accepted(judge(&ann.certificate([direct(signs())]), &ann.signs()));
    accepted(judge(
        &ann.certificate([direct(signs()), user()]),
        &ann.signs(),
    ));
    assert!(unread(&ann.certificate([user()])).contains("no self-signature that holds"));
    let unfit = ann.certificate([direct(certifies()), user()]);
    assert!(unread(&unfit).contains("without a key that may sign"));
}

#[test]
fn a_signature_is_by_the_algorithm_of_its_key() {
    let ann = Owner::of(&KeyType::Ed25519, KeyVersion::V4);
    let mut config = ann.says(SignatureType::Binary, SIGNED, vec![]);
    accepted(judge(&ann.plain(), &ann.signs_by(config.clone())));
    config.pub_alg = PublicKeyAlgorithm::Unknown(99);
    refused(
        judge(&ann.plain(), &ann.signs_by(config)),
        Rule::Algorithm,
        "another algorithm",
    );
}
