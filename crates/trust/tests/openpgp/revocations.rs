//! What was revoked says no more, whenever it was and for whatever reason.

use assay_trust::signature::Rule;
use pgp::{
    crypto::hash::HashAlgorithm,
    packet::{RevocationCode, SignatureType, SubpacketData},
    types::{KeyDetails as _, RevocationKey, RevocationKeyClass},
};

use crate::{
    DAY, MADE, NOW, SIGNED, accepted, judge,
    owner::{Owner, config, packet, sign, signs},
    refused, unread,
};

const ID: &str = "Ann <ann@example.com>";

fn user(owner: &Owner) -> Vec<u8> {
    owner.user(ID, MADE, signs())
}

fn because(code: RevocationCode, words: &str) -> Vec<SubpacketData> {
    vec![SubpacketData::RevocationReason(
        code,
        words.to_owned().into(),
    )]
}

#[test]
fn a_revoked_key_signs_nothing_any_more() {
    let ann = Owner::new();
    let document = ann.signs();
    let revoked = |at, says| {
        let revocation = ann.direct(ann.says(SignatureType::KeyRevocation, at, says));
        judge(&ann.certificate([revocation, user(&ann)]), &document)
    };
    let stolen = because(RevocationCode::KeyCompromised, "it was stolen");
    refused(
        revoked(SIGNED + 1, stolen),
        Rule::Key,
        "was revoked at 2023-11-24T22:13:21Z: it was stolen",
    );
    let retired = because(RevocationCode::KeyRetired, "");
    refused(revoked(NOW + DAY, retired), Rule::Key, "was revoked at");
    accepted(judge(&ann.certificate([user(&ann)]), &document));
}

#[test]
fn a_revocation_counts_wherever_it_stands_and_by_whatever_hash() {
    let ann = Owner::rsa();
    let mut says = ann.says(SignatureType::KeyRevocation, SIGNED, vec![]);
    says.hash_alg = HashAlgorithm::Sha1;
    let revocation = || ann.direct(says.clone());
    for certificate in [
        ann.certificate([revocation(), user(ann)]),
        ann.certificate([user(ann), revocation()]),
        ann.certificate([
            user(ann),
            ann.bound(&ann.subkey(), MADE, signs()),
            revocation(),
        ]),
    ] {
        refused(judge(&certificate, &ann.signs()), Rule::Key, "was revoked");
    }
}

#[test]
fn nobody_else_revokes_a_key() {
    let (ann, eve) = (Owner::new(), Owner::new());
    let by_eve = || {
        let config = eve.says(SignatureType::KeyRevocation, SIGNED, vec![]);
        let password = pgp::types::Password::empty();
        packet(
            &config
                .sign_key(&eve.0, &password, ann.0.public_key())
                .unwrap(),
        )
    };
    accepted(judge(
        &ann.certificate([by_eve(), user(&ann)]),
        &ann.signs(),
    ));
    // Unless the owner appointed that key: it is not known here, and believed.
    let fingerprint = eve.0.fingerprint();
    let algorithm = eve.0.algorithm();
    let class = RevocationKeyClass::Default;
    let appointed = RevocationKey::new(class, algorithm, fingerprint.as_bytes());
    let appoint = ann.direct(ann.says(
        SignatureType::Key,
        MADE,
        vec![SubpacketData::RevocationKey(appointed)],
    ));
    accepted(judge(
        &ann.certificate([appoint.clone(), user(&ann)]),
        &ann.signs(),
    ));
    let revoked = ann.certificate([appoint, by_eve(), user(&ann)]);
    refused(judge(&revoked, &ann.signs()), Rule::Key, "appointed");
}

#[test]
fn a_revoked_subkey_takes_nothing_else_along() {
    let ann = Owner::new();
    let (key, other) = (ann.subkey(), ann.subkey());
    let revocation = |config| ann.about_subkey(&key, config);
    let config_of = || ann.says(SignatureType::SubkeyRevocation, SIGNED, vec![]);
    let bound = |key| ann.bound(key, MADE, signs());
    let by = |key| sign(key, config(key, SignatureType::Binary, SIGNED, vec![]));
    let whole = ann.certificate([user(&ann), bound(&key), bound(&other)]);
    accepted(judge(&whole, &by(&key)));
    for certificate in [
        ann.certificate([
            user(&ann),
            bound(&key),
            revocation(config_of()),
            bound(&other),
        ]),
        ann.certificate([
            user(&ann),
            bound(&key),
            bound(&other),
            revocation(config_of()),
        ]),
    ] {
        refused(
            judge(&certificate, &by(&key)),
            Rule::Key,
            "which was revoked",
        );
        accepted(judge(&certificate, &by(&other)));
        accepted(judge(&certificate, &ann.signs()));
    }
}

#[test]
fn a_subkey_goes_with_its_revoked_certificate() {
    let ann = Owner::new();
    let key = ann.subkey();
    let document = sign(&key, config(&key, SignatureType::Binary, SIGNED, vec![]));
    let bound = || ann.bound(&key, MADE, signs());
    accepted(judge(&ann.certificate([user(&ann), bound()]), &document));
    let revocation = ann.direct(ann.says(SignatureType::KeyRevocation, SIGNED, vec![]));
    let revoked = ann.certificate([revocation, user(&ann), bound()]);
    refused(judge(&revoked, &document), Rule::Key, "whose primary key");
}

#[test]
fn a_revoked_user_id_goes_alone() {
    let ann = Owner::new();
    let revocation = |at| ann.about_user(ID, ann.says(SignatureType::CertRevocation, at, vec![]));
    let other = || ann.user("Ann Other", MADE, signs());
    let certificate = ann.certificate([user(&ann), revocation(MADE + 1), other()]);
    let said = accepted(judge(&certificate, &ann.signs()));
    assert!(
        said.contains("Ann Other") && !said.contains("ann@example.com"),
        "{said}"
    );
    // Signed again later, it is one again.
    let again = ann.certificate([
        ann.user(ID, MADE + 2, signs()),
        revocation(MADE + 1),
        other(),
    ]);
    assert!(accepted(judge(&again, &ann.signs())).contains("ann@example.com"));
    // Where no other says what the key may do, it may do nothing.
    let alone = ann.certificate([user(&ann), revocation(MADE + 1)]);
    assert!(unread(&alone).contains("no self-signature that holds"));
}
