//! The form of a document, and whose signatures it holds.

use assay_trust::signature::{Rejection, Rule};
use pgp::{
    composed::KeyType,
    crypto::hash::HashAlgorithm,
    packet::{Notation, SignatureType, Subpacket, SubpacketData},
    types::{KeyDetails as _, KeyVersion, Password, Timestamp},
};

use crate::{
    FILE, NOW, SIGNED, accepted, judge, judge_at,
    owner::{Owner, armored, packet},
    refused, time,
};

const SIGNATURE: &str = "PGP SIGNATURE";
/// Where the version and the type of a short signature stand, behind tag and length.
const VERSION: usize = 2;
const TYPE: usize = 3;

#[test]
fn a_signature_is_read_armored_and_binary() {
    let ann = Owner::new();
    let key = ann.plain();
    let said = accepted(judge(&key, &ann.signs()));
    let fingerprint = format!("{:X}", ann.0.fingerprint());
    assert_eq!(
        said,
        format!(
            "signed (OpenPGP) by {fingerprint}, user id \"Ann <ann@example.com>\", \
             made 2023-11-24T22:13:20Z (key:release)"
        )
    );
    let armored_key = armored("PGP PUBLIC KEY BLOCK", &key);
    assert_eq!(
        accepted(judge(&armored_key, &armored(SIGNATURE, &ann.signs()))),
        said
    );
}

#[test]
fn a_signature_is_over_its_file_alone() {
    let ann = Owner::new();
    let judge = |file: &[u8]| judge_at(&ann.plain(), &ann.signs(), file, time(NOW));
    accepted(judge(FILE));
    for other in [&FILE[1..], &FILE[..FILE.len() - 1], b"", b"other bytes"] {
        refused(
            judge(other),
            Rule::Signature,
            "not a signature of this file",
        );
    }
}

#[test]
fn a_large_file_is_read_in_pieces() {
    let ann = Owner::new();
    let file = vec![7; 3 << 20];
    let config = ann.says(SignatureType::Binary, SIGNED, vec![]);
    let signature = config.sign(&ann.0, &Password::empty(), &file[..]).unwrap();
    let document = packet(&signature);
    accepted(judge_at(&ann.plain(), &document, &file, time(NOW)));
    refused(
        judge_at(&ann.plain(), &document, &file[1..], time(NOW)),
        Rule::Signature,
        "not a signature of this file",
    );
}

#[test]
fn what_is_cut_off_is_refused_wherever_that_was() {
    let ann = Owner::new();
    let key = ann.plain();
    let binary = ann.signs();
    for length in 0..binary.len() {
        let verdict = judge(&key, &binary[..length]);
        assert!(
            matches!(&verdict, Err(it) if it.rule == Rule::Form),
            "{verdict:?}"
        );
    }
    let text = armored(SIGNATURE, &binary);
    // Without its last line feed it is whole.
    accepted(judge(&key, &text[..text.len() - 1]));
    for length in 0..text.len() - 1 {
        let verdict = judge(&key, &text[..length]);
        assert!(
            matches!(&verdict, Err(it) if it.rule == Rule::Form),
            "{verdict:?}"
        );
    }
}

#[test]
fn nothing_is_changed_unnoticed() {
    // Of the older form the numbers can be written in two ways.
    let ann = Owner::of(&KeyType::Ed25519, KeyVersion::V4);
    let key = ann.plain();
    let document = ann.signs();
    for at in 0..document.len() {
        for bit in 0..8 {
            let mut changed = document.clone();
            changed[at] ^= 1 << bit;
            // Another's, where the issuer was changed; no signature by the key in any case.
            let verdict = judge(&key, &changed);
            assert!(!matches!(verdict, Ok(Some(_))), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn what_is_no_document_of_signatures_says_so() {
    let ann = Owner::new();
    let key = ann.plain();
    let one = ann.signs();
    let form = |document: &[u8], words: &str| refused(judge(&key, document), Rule::Form, words);
    form(
        &[&one[..], &[0]].concat(),
        "truncated or damaged in its packet 2",
    );
    form(
        &[&one[..], &[0xc2]].concat(),
        "truncated or damaged in its packet 2",
    );
    form(&[&one[..], &one].concat(), "the same signature twice");
    form(&key, "a key and no signature");
    form(&[&one[..], &key].concat(), "a key and no signature");
    form(
        &crate::owner::user_id("Ann"),
        "something besides signatures",
    );
    form(&armored("PGP PUBLIC KEY BLOCK", &key), "but a public key");
    form(
        &armored("PGP PRIVATE KEY BLOCK", &packet(&ann.0)),
        "secret key",
    );
    form(&armored("PGP MESSAGE", &one), "no detached signature");
    form(&armored("PGP SIGNED MESSAGE", &one), "a signed text");
    form(&armored(SIGNATURE, &[]), "holds no signature");
    form(b"hello", "neither");
    form(b"", "empty");
    // Old packets without a length: the same bytes, and nobody knows where they end.
    let body = &one[2..];
    let with = |header: &[u8]| [header, body].concat();
    let length = u8::try_from(body.len()).unwrap();
    accepted(judge(&key, &with(&[0x88, length])));
    form(&with(&[0x8b]), "without a length");
    let huge = vec![0xc2; (64 << 10) + 1];
    refused(judge(&key, &huge), Rule::Size, "longer than");
}

#[test]
fn each_signature_of_the_key_has_to_hold_and_those_of_others_have_no_say() {
    let (ann, bob) = (Owner::new(), Owner::new());
    let key = ann.plain();
    let broken = |owner: &Owner| {
        let mut bytes = owner.signs();
        *bytes.last_mut().unwrap() ^= 1;
        bytes
    };
    assert_eq!(judge(&key, &bob.signs()), Ok(None));
    assert_eq!(judge(&key, &broken(&bob)), Ok(None));
    for others in [bob.signs(), broken(&bob)] {
        accepted(judge(&key, &[ann.signs(), others.clone()].concat()));
        accepted(judge(&key, &[others, ann.signs()].concat()));
    }
    let wrong = [
        broken(&ann),
        [ann.signs(), broken(&ann)].concat(),
        [bob.signs(), broken(&ann)].concat(),
    ];
    for document in wrong {
        refused(
            judge(&key, &document),
            Rule::Signature,
            "not a signature of this file",
        );
    }
    let many = |count| {
        let others = (0..count).map(|_| Owner::new().signs());
        [ann.signs(), others.collect::<Vec<_>>().concat()].concat()
    };
    accepted(judge(&key, &many(15)));
    refused(judge(&key, &many(16)), Rule::Form, "more than 16");
}

#[test]
fn whoever_names_the_key_and_has_another_is_refused() {
    let (ann, eve) = (Owner::new(), Owner::new());
    let mut forged = eve.says(SignatureType::Binary, SIGNED, vec![]);
    let issuer = |data| vec![Subpacket::regular(data).unwrap()];
    forged.unhashed_subpackets = issuer(SubpacketData::IssuerKeyId(ann.0.legacy_key_id()));
    refused(
        judge(&ann.plain(), &eve.signs_by(forged.clone())),
        Rule::Signature,
        "not a signature",
    );
    forged.unhashed_subpackets = issuer(SubpacketData::IssuerFingerprint(ann.0.fingerprint()));
    refused(
        judge(&ann.plain(), &eve.signs_by(forged)),
        Rule::Signature,
        "not a signature",
    );

    let mut anonymous = ann.says(SignatureType::Binary, SIGNED, vec![]);
    anonymous.hashed_subpackets.truncate(1);
    refused(
        judge(&ann.plain(), &ann.signs_by(anonymous.clone())),
        Rule::Form,
        "whose it is",
    );
    anonymous.unhashed_subpackets = issuer(SubpacketData::IssuerKeyId(ann.0.legacy_key_id()));
    accepted(judge(&ann.plain(), &ann.signs_by(anonymous)));
}

#[test]
fn only_signatures_over_the_bytes_of_a_file_count() {
    let ann = Owner::new();
    let key = ann.plain();
    accepted(judge(&key, &ann.signs()));
    let text = ann.says(SignatureType::Text, SIGNED, vec![]);
    refused(judge(&key, &ann.signs_by(text)), Rule::Form, "as a text");
    let mut other = ann.signs();
    for kind in [0x02, 0x10, 0x13, 0x18, 0x1f, 0x20, 0x40, 0x50, 0x60] {
        other[TYPE] = kind;
        refused(judge(&key, &other), Rule::Form, "not over a file");
    }
}

#[test]
fn outdated_and_unknown_versions_are_refused() {
    let ann = Owner::new();
    let id = ann.0.legacy_key_id();
    let header = [3, 5, 0, 0x65, 0, 0, 0];
    let [algorithm, hash] = [ann.0.algorithm().into(), HashAlgorithm::Sha512.into()];
    // Whatever the signature itself is: two numbers of eight bits.
    let rest = [algorithm, hash, 0, 0, 0, 8, 0x80, 0, 8, 0x80];
    let body = [&header[..], id.as_ref(), &rest].concat();
    let old = [&[0xc2, u8::try_from(body.len()).unwrap()], &body[..]].concat();
    refused(judge(&ann.plain(), &old), Rule::Form, "outdated version 3");
    let mut unknown = ann.signs();
    unknown[VERSION] = 5;
    refused(
        judge(&ann.plain(), &unknown),
        Rule::Form,
        "unknown version 5",
    );
    accepted(judge(&ann.plain(), &ann.signs()));
}

#[test]
fn conditions_that_nobody_here_understands_are_refused_where_they_are_critical() {
    let ann = Owner::new();
    let notation = || {
        SubpacketData::Notation(Notation {
            readable: true,
            name: "may@example.com".into(),
            value: "no".into(),
        })
    };
    let unknown = || SubpacketData::Experimental(101, vec![1].into());
    let judge = |subpacket, is_protected| -> Result<Option<String>, Rejection> {
        let mut config = ann.says(SignatureType::Binary, SIGNED, vec![]);
        match is_protected {
            true => config.hashed_subpackets.push(subpacket),
            false => config.unhashed_subpackets.push(subpacket),
        }
        judge(&ann.plain(), &ann.signs_by(config))
    };
    for is_protected in [true, false] {
        for data in [notation(), unknown()] {
            accepted(judge(
                Subpacket::regular(data.clone()).unwrap(),
                is_protected,
            ));
            let critical = Subpacket::critical(data).unwrap();
            refused(
                judge(critical, is_protected),
                Rule::Form,
                "critical condition",
            );
        }
        let named = SubpacketData::SignersUserID("ann@example.com".into());
        accepted(judge(Subpacket::critical(named).unwrap(), is_protected));
    }
}

#[test]
fn a_signature_says_its_time_once() {
    let ann = Owner::new();
    let time = |at| SubpacketData::SignatureCreationTime(Timestamp::from_secs(at));
    let twice = ann.says(SignatureType::Binary, SIGNED, vec![time(SIGNED)]);
    refused(
        judge(&ann.plain(), &ann.signs_by(twice)),
        Rule::Form,
        "creation time twice",
    );
    let mut never = ann.says(SignatureType::Binary, SIGNED, vec![]);
    never.hashed_subpackets.remove(0);
    // What is not protected says nothing.
    never
        .unhashed_subpackets
        .push(Subpacket::regular(time(SIGNED)).unwrap());
    refused(
        judge(&ann.plain(), &ann.signs_by(never)),
        Rule::Form,
        "does not say when",
    );
}
