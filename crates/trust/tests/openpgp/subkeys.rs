//! Subkeys: bound by their certificate, and bound to it.

use assay_trust::signature::Rule;
use pgp::{
    packet::{SecretSubkey, SignatureType, SubpacketData},
    types::{Duration, KeyDetails as _},
};

use crate::{
    DAY, MADE, NOW, SIGNED, accepted, judge,
    owner::{Owner, certifies, config, lasting, packet, sign, signs},
    refused,
};

fn signed_by(key: &SecretSubkey) -> Vec<u8> {
    sign(key, config(key, SignatureType::Binary, SIGNED, vec![]))
}

fn user(owner: &Owner) -> Vec<u8> {
    owner.user("Ann", MADE, signs())
}

#[test]
fn a_bound_subkey_signs_for_its_certificate() {
    let ann = Owner::new();
    let (key, stranger) = (ann.subkey(), ann.subkey());
    let certificate = ann.certificate([
        ann.user("Ann", MADE, certifies()),
        ann.bound(&key, MADE, signs()),
    ]);
    let said = accepted(judge(&certificate, &signed_by(&key)));
    assert!(
        said.contains(&format!("subkey {:X}", key.fingerprint())),
        "{said}"
    );
    assert_eq!(judge(&certificate, &signed_by(&stranger)), Ok(None));
    refused(
        judge(&certificate, &ann.signs()),
        Rule::Key,
        "not made for signing files",
    );
}

#[test]
fn a_subkey_that_its_certificate_did_not_bind_signs_nothing() {
    let (ann, eve) = (Owner::new(), Owner::new());
    let key = eve.subkey();
    for binding in [packet(key.public_key()), eve.bound(&key, MADE, signs())] {
        let certificate = ann.certificate([user(&ann), binding]);
        refused(
            judge(&certificate, &signed_by(&key)),
            Rule::Key,
            "is not bound",
        );
        accepted(judge(&certificate, &ann.signs()));
    }
}

#[test]
fn a_subkey_has_to_agree() {
    let (ann, eve) = (Owner::new(), Owner::new());
    let (key, other) = (eve.subkey(), eve.subkey());
    let bound = |back: Option<pgp::packet::Signature>| {
        let back = back.map(|it| SubpacketData::EmbeddedSignature(Box::new(it)));
        let says = signs().into_iter().chain(back).collect();
        let binding = ann.says(SignatureType::SubkeyBinding, MADE, says);
        let binding = ann.about_subkey(&key, binding);
        ann.certificate([user(&ann), packet(key.public_key()), binding])
    };
    let document = signed_by(&key);
    let back = |owner: &Owner, key| Some(owner.back_signature(key, MADE, vec![]));
    accepted(judge(&bound(back(&ann, &key)), &document));
    refused(
        judge(&bound(None), &document),
        Rule::Key,
        "never signed that it belongs",
    );
    for wrong in [back(&eve, &key), back(&ann, &other)] {
        refused(
            judge(&bound(wrong), &document),
            Rule::Key,
            "back-signature that is not by",
        );
    }
    let ends = SubpacketData::SignatureExpirationTime(Duration::from_secs(DAY));
    let expired = ann.back_signature(&key, MADE, vec![ends]);
    refused(
        judge(&bound(Some(expired)), &document),
        Rule::Key,
        "expired at",
    );
}

#[test]
fn a_subkey_has_its_own_flags_and_end() {
    let ann = Owner::new();
    let key = ann.subkey();
    let judge = |says| {
        let certificate = ann.certificate([user(&ann), ann.bound(&key, MADE, says)]);
        judge(&certificate, &signed_by(&key))
    };
    accepted(judge(signs()));
    accepted(judge(lasting(signs(), NOW - MADE + 1)));
    refused(
        judge(lasting(signs(), NOW - MADE)),
        Rule::Key,
        "which expired at",
    );
    refused(judge(certifies()), Rule::Key, "not made for signing files");
    refused(judge(vec![]), Rule::Key, "not made for signing files");
}

#[test]
fn a_subkey_ends_with_its_certificate() {
    let ann = Owner::new();
    let key = ann.subkey();
    let judge = |seconds| {
        let user = ann.user("Ann", MADE, lasting(signs(), seconds));
        let certificate = ann.certificate([user, ann.bound(&key, MADE, signs())]);
        judge(&certificate, &signed_by(&key))
    };
    accepted(judge(NOW - MADE + 1));
    refused(judge(NOW - MADE), Rule::Key, "whose primary key");
}

#[test]
fn the_newest_binding_counts() {
    let ann = Owner::new();
    let key = ann.subkey();
    let twice = |first, second| {
        let back =
            |at| SubpacketData::EmbeddedSignature(Box::new(ann.back_signature(&key, at, vec![])));
        let bind = |at, mut says: Vec<_>| {
            says.push(back(at));
            ann.about_subkey(&key, ann.says(SignatureType::SubkeyBinding, at, says))
        };
        let subkey = packet(key.public_key());
        let both = [bind(MADE, first), bind(MADE + 1, second)].concat();
        judge(
            &ann.certificate([user(&ann), subkey, both]),
            &signed_by(&key),
        )
    };
    let short = || lasting(signs(), DAY);
    accepted(twice(short(), signs()));
    refused(twice(signs(), short()), Rule::Key, "expired at");
    refused(
        twice(signs(), certifies()),
        Rule::Key,
        "not made for signing files",
    );
}

#[test]
fn a_key_stands_in_a_certificate_once() {
    let ann = Owner::new();
    let key = ann.subkey();
    let bound = || ann.bound(&key, MADE, signs());
    accepted(judge(&ann.certificate([user(&ann), bound()]), &ann.signs()));
    let why = crate::unread(&ann.certificate([user(&ann), bound(), bound()]));
    assert!(why.contains("twice"), "{why}");
}
