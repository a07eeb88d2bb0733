//! What is a certificate, and whose word counts in it.

use assay_trust::signature::Rule;
use pgp::{packet::SignatureType, types::KeyDetails as _};

use crate::{
    DAY, MADE, accepted, certificate, judge,
    owner::{Owner, armored, certifies, lasting, packet, signs, user_id},
    refused, unread,
};

const ID: &str = "Ann <ann@example.com>";
const KIND: &str = "PGP PUBLIC KEY BLOCK";

#[test]
fn a_certificate_is_named_by_its_fingerprint() {
    let ann = Owner::new();
    let fingerprint = format!("{:X}", ann.0.fingerprint());
    assert_eq!(
        certificate(&ann.plain()).unwrap().fingerprint(),
        fingerprint
    );
    assert_eq!(
        certificate(&armored(KIND, &ann.plain()))
            .unwrap()
            .fingerprint(),
        fingerprint
    );
}

#[test]
fn exactly_one_is_read_and_all_of_it() {
    let (ann, bob) = (Owner::new(), Owner::new());
    let key = ann.plain();
    certificate(&key).unwrap();
    for (text, words) in [
        (
            [&key[..], &bob.plain()].concat(),
            "more than one certificate",
        ),
        ([&key[..], &key].concat(), "more than one certificate"),
        ([&key[..], &[0]].concat(), "damaged in its packet 4"),
        ([&user_id(ID)[..], &key].concat(), "no OpenPGP certificate"),
        (ann.signs(), "a signature and no certificate"),
        (armored("PGP SIGNATURE", &ann.signs()), "but a signature"),
        (b"ssh-ed25519 AAAA".to_vec(), "neither"),
        (Vec::new(), "empty"),
    ] {
        let why = unread(&text);
        assert!(why.contains(words), "{why}");
    }
    for length in 0..key.len() {
        unread(&key[..length]);
    }
}

#[test]
fn secret_keys_are_refused() {
    let ann = Owner::new();
    let user = || ann.user(ID, MADE, signs());
    let secret = [packet(&ann.0), user()].concat();
    let subkey = ann.certificate([user(), packet(&ann.subkey())]);
    for text in [
        secret.clone(),
        armored("PGP PRIVATE KEY BLOCK", &secret),
        armored(KIND, &secret),
        subkey,
    ] {
        let why = unread(&text);
        assert!(why.contains("holds a secret key"), "{why}");
    }
    certificate(&ann.certificate([user()])).unwrap();
}

#[test]
fn a_key_without_a_word_of_its_owner_is_none() {
    let (ann, eve) = (Owner::new(), Owner::new());
    let by_eve = |at| {
        let config = eve.says(SignatureType::CertPositive, at, signs());
        eve.about_user_of(&ann, ID, config)
    };
    certificate(&ann.certificate([ann.user(ID, MADE, signs())])).unwrap();
    for parts in [vec![], user_id(ID), [user_id(ID), by_eve(MADE)].concat()] {
        let why = unread(&ann.certificate([parts]));
        assert!(why.contains("no self-signature that holds"), "{why}");
    }
    let mut broken = ann.user(ID, MADE, signs());
    *broken.last_mut().unwrap() ^= 1;
    assert!(unread(&ann.certificate([broken])).contains("no self-signature that holds"));
}

#[test]
fn what_others_certify_has_no_say() {
    let (ann, eve) = (Owner::new(), Owner::new());
    let by_eve = |kind, says| {
        let config = eve.says(kind, MADE + 1, says);
        eve.about_user_of(&ann, ID, config)
    };
    let short = lasting(certifies(), DAY);
    let key = ann.certificate([
        ann.user(ID, MADE, signs()),
        by_eve(SignatureType::CertPositive, short),
        by_eve(SignatureType::CertRevocation, vec![]),
    ]);
    assert!(accepted(judge(&key, &ann.signs())).contains("ann@example.com"));
    // The same words by the owner.
    let own = ann.says(SignatureType::CertPositive, MADE + 1, lasting(signs(), DAY));
    let key = ann.certificate([ann.user(ID, MADE, signs()), ann.about_user(ID, own)]);
    refused(judge(&key, &ann.signs()), Rule::Key, "expired at");
}

#[test]
fn a_key_signs_files_only_where_its_flags_say_so() {
    let ann = Owner::new();
    let key = |says| ann.certificate([ann.user(ID, MADE, says)]);
    accepted(judge(&key(signs()), &ann.signs()));
    for says in [certifies(), vec![]] {
        let why = unread(&key(says));
        assert!(why.contains("without a key that may sign files"), "{why}");
    }
}

#[test]
fn user_ids_are_shown_where_their_owner_signed_them() {
    let (ann, eve) = (Owner::new(), Owner::new());
    let claimed = "Eve <eve@example.com>";
    let by_eve = eve.says(SignatureType::CertPositive, MADE, signs());
    let by_eve = eve.about_user_of(&ann, claimed, by_eve);
    let key = ann.certificate([ann.user(ID, MADE, signs()), user_id(claimed), by_eve]);
    let said = accepted(judge(&key, &ann.signs()));
    assert!(said.contains("ann@") && !said.contains("eve@"), "{said}");
    let many: Vec<_> = (0..9)
        .flat_map(|it| ann.user(&format!("Ann {it}"), MADE, signs()))
        .collect();
    let said = accepted(judge(&ann.certificate([many]), &ann.signs()));
    assert!(said.contains("\"Ann 3\" and 5 more"), "{said}");
}
