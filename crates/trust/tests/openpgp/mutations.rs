//! Bytes that nobody wrote: none of them is believed, and none stops the reader.

use assay_types::Timestamp;
use pgp::packet::SignatureType;
use proptest::prelude::*;

use crate::{
    FILE, MADE, SIGNED, certificate, judge,
    owner::{Owner, armored, config, sign, signs},
};

/// Puts other bytes in the place of some: an insertion, a deletion, a change.
fn mutated(whole: &[u8], at: prop::sample::Index, removed: usize, put: &[u8]) -> Vec<u8> {
    let at = at.index(whole.len());
    let end = (at + removed).min(whole.len());
    [&whole[..at], put, &whole[end..]].concat()
}

fn change() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    (
        any::<prop::sample::Index>(),
        0_usize..6,
        prop::collection::vec(any::<u8>(), 0..6),
    )
}

/// A certificate with a subkey, and a document of both keys.
fn whole() -> (Vec<u8>, Vec<u8>) {
    let ann = Owner::new();
    let key = ann.subkey();
    let user = ann.user("Ann <ann@example.com>", MADE, signs());
    let certificate = ann.certificate([user, ann.bound(&key, MADE, signs())]);
    let by_subkey = sign(&key, config(&key, SignatureType::Binary, SIGNED, vec![]));
    (certificate, [ann.signs(), by_subkey].concat())
}

proptest! {
    #[test]
    fn a_changed_document_holds_for_no_other_file(changes in prop::collection::vec(change(), 1..3)) {
        let (key, document) = whole();
        let change = |bytes: Vec<u8>| {
            changes.iter().fold(bytes, |bytes, (at, removed, put)| mutated(&bytes, *at, *removed, put))
        };
        let other = |document: &[u8]| {
            crate::judge_at(&key, document, &FILE[1..], Timestamp::MAX)
        };
        for document in [change(document.clone()), change(armored("PGP SIGNATURE", &document))] {
            prop_assert!(!matches!(other(&document), Ok(Some(_))));
        }
    }

    #[test]
    fn a_changed_certificate_is_read_or_not(changes in prop::collection::vec(change(), 1..3)) {
        let (key, document) = whole();
        let change = |bytes: Vec<u8>| {
            changes.iter().fold(bytes, |bytes, (at, removed, put)| mutated(&bytes, *at, *removed, put))
        };
        for key in [change(key.clone()), change(armored("PGP PUBLIC KEY BLOCK", &key))] {
            if certificate(&key).is_ok() {
                // Whatever it says, the judge comes to an end.
                drop(judge(&key, &document));
            }
        }
    }

    #[test]
    fn arbitrary_bytes_are_neither(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(certificate(&bytes).is_err());
    }
}
