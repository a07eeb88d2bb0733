//! GnuPG's signatures here, rPGP's with gpgv, and where the verdicts differ.

use assay_trust::signature::{Rejection, Rule};
use assay_types::Timestamp;
use pgp::{
    composed::KeyType,
    crypto::hash::HashAlgorithm,
    packet::{SignatureType, SubpacketData},
    types::{Duration, KeyVersion},
};

use crate::{
    DAY, FILE, MADE, SIGNED, accepted, certificate,
    gpg::{Gpg, Says, gpgv},
    judge_at,
    owner::{Owner, certifies, config, lasting, p256, packet, sign, signs},
    refused,
};

/// gpgv judges by the machine's clock, so both do.
fn judge(key: &[u8], document: &[u8]) -> Result<Option<String>, Rejection> {
    judge_at(key, document, FILE, Timestamp::now())
}

#[test]
fn what_gpg_signs_verifies_here() {
    let Some(gpg) = Gpg::find() else { return };
    for kind in [
        "ed25519", "rsa2048", "rsa3072", "nistp256", "nistp384", "nistp521",
    ] {
        let id = format!("{kind} <{kind}@example.com>");
        let fingerprint = gpg.key(&id, kind, "sign", "0");
        let key = gpg.export(&fingerprint);
        for form in [&["--armor"][..], &[], &["--digest-algo", "SHA384"]] {
            if form.contains(&"SHA384") && kind == "nistp521" {
                continue; // too short for that curve
            }
            let document = gpg.sign(&fingerprint, form);
            let said = accepted(judge(&key, &document));
            assert!(said.contains(&fingerprint) && said.contains(&id), "{said}");
            let other = judge_at(&key, &document, b"other bytes", Timestamp::now());
            refused(other, Rule::Signature, "not a signature of this file");
        }
    }
}

#[test]
fn an_armored_export_is_the_same_certificate() {
    let Some(gpg) = Gpg::find() else { return };
    let fingerprint = gpg.key("Ann <ann@example.com>", "ed25519", "sign", "0");
    let armored = gpg.run(SIGNED, &["--armor", "--export", &fingerprint]);
    assert_eq!(certificate(&armored).unwrap().fingerprint(), fingerprint);
    accepted(judge(&armored, &gpg.sign(&fingerprint, &["--armor"])));
    let secret = gpg.run(SIGNED, &["--armor", "--export-secret-keys", &fingerprint]);
    assert!(crate::unread(&secret).contains("holds a secret key"));
}

#[test]
fn a_signing_subkey_of_gpg_signs_for_its_certificate() {
    let Some(gpg) = Gpg::find() else { return };
    let id = "Ann <ann@example.com>";
    let primary = gpg.key(id, "rsa2048", "cert", "0");
    gpg.run(MADE, &["--quick-add-key", &primary, "cv25519", "encr", "0"]);
    gpg.run(MADE, &["--quick-add-key", &primary, "ed25519", "sign", "0"]);
    let subkey = gpg.fingerprint(id);
    let said = accepted(judge(
        &gpg.export(&primary),
        &gpg.sign(&primary, &["--armor"]),
    ));
    assert!(said.contains(&primary) && said.contains(&subkey), "{said}");
}

#[test]
fn an_expired_key_of_gpg_is_extended() {
    let Some(gpg) = Gpg::find() else { return };
    let fingerprint = gpg.key("Ann <ann@example.com>", "ed25519", "sign", "30d");
    let document = gpg.sign(&fingerprint, &[]);
    let expired = gpg.export(&fingerprint);
    refused(
        judge(&expired, &document),
        Rule::Key,
        "expired at 2023-12-14",
    );
    gpg.run(SIGNED, &["--quick-set-expire", &fingerprint, "0"]);
    accepted(judge(&gpg.export(&fingerprint), &document));
}

#[test]
fn two_signers_of_gpg_in_one_document() {
    let Some(gpg) = Gpg::find() else { return };
    let [ann, bob] = ["Ann", "Bob"]
        .map(|it| gpg.key(&format!("{it} <{it}@example.com>"), "ed25519", "sign", "0"));
    let document = gpg.sign(&ann, &["--armor", "--local-user", &bob]);
    for key in [&ann, &bob] {
        assert!(accepted(judge(&gpg.export(key), &document)).contains(key));
    }
    let alone = gpg.sign(&bob, &["--armor"]);
    assert_eq!(judge(&gpg.export(&ann), &alone), Ok(None));
}

/// What both say of one certificate and document.
#[track_caller]
fn both(name: &str, key: &[u8], document: &[u8], theirs: Says, ours: Option<Rule>) {
    if let Some(says) = gpgv(key, document) {
        assert_eq!(says, theirs, "{name}: gpgv");
    }
    // A key that is no good at all is refused where the policy file names it.
    let verdict = match certificate(key) {
        Ok(_) => judge(key, document).map_err(|it| it.rule),
        Err(_) => Err(Rule::Key),
    };
    match ours {
        None => assert!(matches!(verdict, Ok(Some(_))), "{name}: {verdict:?}"),
        Some(rule) => assert_eq!(verdict, Err(rule), "{name}"),
    }
}

#[test]
fn gpgv_agrees_about_what_gpg_makes() {
    let Some(gpg) = Gpg::find() else { return };
    let key =
        |id: &str, kind, lasts| gpg.key(&format!("{id} <{id}@example.com>"), kind, "sign", lasts);
    let case = |name, key: &str, more: &[&str], theirs, ours| {
        both(name, &gpg.export(key), &gpg.sign(key, more), theirs, ours);
    };
    let ann = key("ann", "rsa2048", "0");
    case("a good one", &ann, &[], Says::Good, None);
    case(
        "expired",
        &ann,
        &["--default-sig-expire", "1d"],
        Says::ExpiredSignature,
        Some(Rule::Time),
    );
    let expired = key("expired", "ed25519", "30d");
    case(
        "by a key that expired",
        &expired,
        &[],
        Says::ExpiredKey,
        Some(Rule::Key),
    );
    let revoked = key("revoked", "ed25519", "0");
    let document = gpg.sign(&revoked, &[]);
    gpg.revoke(&revoked);
    both(
        "by a key that was revoked",
        &gpg.export(&revoked),
        &document,
        Says::RevokedKey,
        Some(Rule::Key),
    );

    let critical = ["--sig-notation", "!only@example.com=no"];
    case(
        "on a condition",
        &ann,
        &critical,
        Says::Bad,
        Some(Rule::Form),
    );

    // Stricter here: a file is signed byte for byte, and GnuPG 2.2 still believes these.
    case(
        "as a text",
        &ann,
        &["--textmode"],
        Says::Good,
        Some(Rule::Form),
    );
    case(
        "by SHA-1",
        &ann,
        &["--digest-algo", "SHA1"],
        Says::Good,
        Some(Rule::Algorithm),
    );
    let short = key("short", "rsa1024", "0");
    case("by a short key", &short, &[], Says::Good, Some(Rule::Key));
    let dsa = key("dsa", "dsa1024", "0");
    case("by a DSA key", &dsa, &[], Says::Good, Some(Rule::Key));
}

#[test]
fn gpgv_agrees_about_what_rpgp_makes() {
    let ann = Owner::new();
    for kind in [KeyType::Ed25519Legacy, p256(), KeyType::Rsa(2048)] {
        let owner = Owner::of(&kind, KeyVersion::V4);
        both(
            "a good one",
            &owner.plain(),
            &owner.signs(),
            Says::Good,
            None,
        );
    }
    let ends = SubpacketData::SignatureExpirationTime(Duration::from_secs(DAY));
    let ended = ann.says(SignatureType::Binary, SIGNED, vec![ends]);
    let expiring = lasting(signs(), 11 * DAY);
    let expiring = ann.certificate([ann.user("Ann <ann@example.com>", MADE, expiring)]);
    let mut broken = ann.signs();
    *broken.last_mut().unwrap() ^= 1;
    for (name, key, document, theirs, ours) in [
        ("a good one", ann.plain(), ann.signs(), Says::Good, None),
        (
            "a broken one",
            ann.plain(),
            broken,
            Says::Bad,
            Some(Rule::Signature),
        ),
        (
            "expired",
            ann.plain(),
            ann.signs_by(ended),
            Says::ExpiredSignature,
            Some(Rule::Time),
        ),
        (
            "by an expired key",
            expiring,
            ann.signs(),
            Says::ExpiredKey,
            Some(Rule::Key),
        ),
    ] {
        both(name, &key, &document, theirs, ours);
    }
}

#[test]
fn gpgv_and_the_forms_and_flags_that_rpgp_makes() {
    let ann = Owner::new();
    let certifying = ann.certificate([ann.user("Ann <ann@example.com>", MADE, certifies())]);
    let by_ann = |kind, at| ann.signs_by(ann.says(kind, at, vec![]));
    let file = SignatureType::Binary;
    for (name, key, document, theirs, ours) in [
        // Stricter here, as above.
        (
            "as a text",
            ann.plain(),
            by_ann(SignatureType::Text, SIGNED),
            Says::Good,
            Some(Rule::Form),
        ),
        (
            "by a key for certifying",
            certifying,
            ann.signs(),
            Says::Error,
            Some(Rule::Key),
        ),
        (
            "before its key was made",
            ann.plain(),
            by_ann(file, MADE - 1),
            Says::Error,
            Some(Rule::Key),
        ),
    ] {
        both(name, &key, &document, theirs, ours);
    }
}

#[test]
fn gpgv_agrees_about_subkeys_and_revocations_that_rpgp_makes() {
    let ann = Owner::new();
    let key = ann.subkey();
    let document = sign(&key, config(&key, SignatureType::Binary, SIGNED, vec![]));
    let user = || ann.user("Ann <ann@example.com>", MADE, signs());
    let bound = |says| ann.bound(&key, MADE, says);
    let without_back = || {
        let binding = ann.says(SignatureType::SubkeyBinding, MADE, signs());
        [packet(key.public_key()), ann.about_subkey(&key, binding)].concat()
    };
    let revoked = |kind| ann.says(kind, SIGNED, vec![]);
    let key_revocation = || ann.direct(revoked(SignatureType::KeyRevocation));
    let subkey_revocation = || ann.about_subkey(&key, revoked(SignatureType::SubkeyRevocation));
    for (name, certificate, theirs, ours) in [
        (
            "bound",
            ann.certificate([user(), bound(signs())]),
            Says::Good,
            None,
        ),
        (
            "ended",
            ann.certificate([user(), bound(lasting(signs(), 11 * DAY))]),
            Says::ExpiredKey,
            Some(Rule::Key),
        ),
        (
            "no back-signature",
            ann.certificate([user(), without_back()]),
            Says::Error,
            Some(Rule::Key),
        ),
        (
            "unbound",
            ann.certificate([user(), packet(key.public_key())]),
            Says::Error,
            Some(Rule::Key),
        ),
        (
            "revoked",
            ann.certificate([user(), bound(signs()), subkey_revocation()]),
            Says::RevokedKey,
            Some(Rule::Key),
        ),
        (
            "of a revoked key",
            ann.certificate([key_revocation(), user(), bound(signs())]),
            Says::RevokedKey,
            Some(Rule::Key),
        ),
    ] {
        both(name, &certificate, &document, theirs, ours);
    }
}

#[test]
fn gpgv_believes_a_revocation_by_sha1_too() {
    // Though no other self-signature of that kind is believed here.
    let rsa = Owner::rsa();
    let mut weak = rsa.says(SignatureType::KeyRevocation, SIGNED, vec![]);
    weak.hash_alg = HashAlgorithm::Sha1;
    let certificate = rsa.certificate([rsa.direct(weak), rsa.user("Ann", MADE, signs())]);
    both(
        "revoked by SHA-1",
        &certificate,
        &rsa.signs(),
        Says::RevokedKey,
        Some(Rule::Key),
    );
}
