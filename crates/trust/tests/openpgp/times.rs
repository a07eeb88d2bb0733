//! When a key may sign, and a signature counts.

use assay_trust::{Moment, signature::Rule};
use pgp::{
    packet::{SignatureType, SubpacketData},
    types::Duration,
};

use crate::{
    DAY, FILE, MADE, NOW, SIGNED, accepted, judge, judge_at,
    owner::{Owner, lasting, signs},
    refused, time,
};

const ID: &str = "Ann <ann@example.com>";

#[test]
fn a_signature_is_not_from_the_future() {
    let ann = Owner::new();
    let at = |made| {
        let config = ann.says(SignatureType::Binary, made, vec![]);
        judge(&ann.plain(), &ann.signs_by(config))
    };
    accepted(at(NOW));
    accepted(at(NOW + 300));
    refused(at(NOW + 301), Rule::Time, "in the future");
}

#[test]
fn a_signature_is_not_older_than_its_key() {
    let ann = Owner::new();
    let at = |made| {
        let config = ann.says(SignatureType::Binary, made, vec![]);
        judge(&ann.plain(), &ann.signs_by(config))
    };
    accepted(at(MADE));
    refused(at(MADE - 1), Rule::Key, "was made later");
}

#[test]
fn a_signature_may_expire() {
    let ann = Owner::new();
    let lasting = |seconds| {
        let ends = SubpacketData::SignatureExpirationTime(Duration::from_secs(seconds));
        let config = ann.says(SignatureType::Binary, SIGNED, vec![ends]);
        judge(&ann.plain(), &ann.signs_by(config))
    };
    accepted(lasting(NOW - SIGNED + 1));
    accepted(lasting(0));
    refused(lasting(NOW - SIGNED), Rule::Time, "expired at 2023-12-04");
}

#[test]
fn a_key_may_expire_and_what_it_signed_in_time_goes_with_it() {
    let ann = Owner::new();
    let document = ann.signs();
    let until = |seconds| ann.certificate([ann.user(ID, MADE, lasting(signs(), seconds))]);
    accepted(judge(&until(0), &document));
    accepted(judge(&until(NOW - MADE + 1), &document));
    refused(
        judge(&until(NOW - MADE), &document),
        Rule::Key,
        "expired at",
    );
    // While it was valid, it was.
    let then = judge_at(&until(NOW - MADE), &document, FILE, time(NOW - 1));
    accepted(then);
    // A clock that is behind does not make it valid when it signed.
    let early = judge_at(&until(SIGNED - MADE), &document, FILE, time(SIGNED - 1));
    refused(early, Rule::Key, "the signature is dated");
}

#[test]
fn the_newest_self_signature_says_when_a_key_ends() {
    let ann = Owner::new();
    let document = ann.signs();
    let user = |at, says| ann.user(ID, at, says);
    let about = |at, says| ann.about_user(ID, ann.says(SignatureType::CertPositive, at, says));
    let short = || lasting(signs(), DAY);
    let extended = ann.certificate([user(MADE, short()), about(MADE + DAY, signs())]);
    accepted(judge(&extended, &document));
    // Wherever it stands.
    let extended = ann.certificate([user(MADE + DAY, signs()), about(MADE, short())]);
    accepted(judge(&extended, &document));
    let shortened = ann.certificate([user(MADE, signs()), about(MADE + 1, short())]);
    refused(judge(&shortened, &document), Rule::Key, "expired at");
    // Of two in one second the strictest.
    let both = ann.certificate([user(MADE, signs()), about(MADE, short())]);
    refused(judge(&both, &document), Rule::Key, "expired at");
    // Of all user ids the newest.
    let second = ann.user("Ann <ann@example.org>", MADE + DAY, signs());
    accepted(judge(
        &ann.certificate([user(MADE, short()), second]),
        &document,
    ));
}

#[test]
fn a_direct_key_signature_says_it_too() {
    let ann = Owner::new();
    let document = ann.signs();
    let direct = |at, says| ann.direct(ann.says(SignatureType::Key, at, says));
    let user = || ann.user(ID, MADE, signs());
    accepted(judge(&ann.certificate([direct(MADE, signs())]), &document));
    let ends = ann.certificate([direct(MADE + 1, lasting(signs(), DAY)), user()]);
    refused(judge(&ends, &document), Rule::Key, "expired at");
    let ended = ann.certificate([direct(MADE - 1, lasting(signs(), DAY)), user()]);
    accepted(judge(&ended, &document));
    // One that speaks of something else says nothing of the end.
    let short = ann.user(ID, MADE, lasting(signs(), DAY));
    let silent = ann.certificate([direct(MADE + 1, vec![]), short]);
    refused(judge(&silent, &document), Rule::Key, "expired at");
}

#[test]
fn a_self_signature_may_expire_itself() {
    let ann = Owner::new();
    let user = |seconds| {
        let mut says = signs();
        says.push(SubpacketData::SignatureExpirationTime(Duration::from_secs(
            seconds,
        )));
        ann.certificate([ann.user(ID, MADE, says)])
    };
    accepted(judge(&user(NOW - MADE + 1), &ann.signs()));
    refused(
        judge(&user(NOW - MADE), &ann.signs()),
        Rule::Key,
        "expired at",
    );
}

#[test]
fn what_ended_does_not_come_back_with_a_clock_that_was_set_back() {
    let ann = Owner::new();
    let at = |certificate: &[u8], document: &[u8], now, floor| {
        let moment = Moment::new(time(now), Some(time(floor)));
        judge_at(certificate, document, FILE, moment)
    };
    let key = ann.certificate([ann.user(ID, MADE, lasting(signs(), NOW - MADE))]);
    let ends = SubpacketData::SignatureExpirationTime(Duration::from_secs(NOW - SIGNED));
    let config = ann.says(SignatureType::Binary, SIGNED, vec![ends]);
    let signature = ann.signs_by(config);
    for (certificate, document, rule) in [
        (&key, &ann.signs(), Rule::Key),
        (&ann.plain(), &signature, Rule::Time),
    ] {
        accepted(at(certificate, document, NOW - 1, NOW - 1));
        accepted(at(certificate, document, NOW - 1, SIGNED));
        refused(at(certificate, document, NOW - 1, NOW), rule, "expired at");
        refused(at(certificate, document, NOW, NOW - 1), rule, "expired at");
    }
    // What begins goes by our clock alone.
    let early = at(&ann.plain(), &ann.signs(), SIGNED - DAY, NOW);
    refused(early, Rule::Time, "in the future");
}
