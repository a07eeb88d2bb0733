//! What others say, at the door: it is about these bytes, it adds to what is asked, and a denial beats it.

use super::*;
use crate::{Author, Heard, Mode, Required, Rule, Stated, Testimony, Voice};

pub(super) fn word(text: &str) -> Word {
    Word::parse(text).unwrap()
}

fn supports(text: &str, bytes: &[u8]) -> Testimony {
    says("somebody", text, bytes)
}

fn says(by: &str, text: &str, bytes: &[u8]) -> Testimony {
    let sha256 = digest("sha256", bytes).sha256().unwrap();
    Testimony::new(
        Claim::Supports(word(text)),
        [Voice::of_hook(&by.parse().unwrap())],
        sha256,
        format!("said by {text}"),
    )
}

pub(super) fn denies(bytes: &[u8]) -> Testimony {
    let claim = Claim::Denies {
        by: word("vouch:team"),
        reason: "it mines coins".to_owned(),
    };
    let sha256 = digest("sha256", bytes).sha256().unwrap();
    Testimony::new(claim, [], sha256, "denied by alice")
}

pub(super) fn heard(testimonies: Vec<Testimony>) -> Evidence {
    Evidence::Heard(Box::new(Heard {
        testimonies,
        trouble: vec!["bob's set is a week old".to_owned()],
        absent: Vec::new(),
    }))
}

pub(super) fn index() -> Evidence {
    listed(digest("sha256", BYTES))
}

pub(super) fn asking(expression: Expression) -> Policy {
    let mut rule = Rule::new(Author::User, None);
    rule.evidence = Some(Stated {
        value: Required {
            expression,
            mode: Mode::Require,
        },
        place: "policy.toml:2:12".to_owned(),
    });
    let mut policy = policy();
    policy.add(rule).unwrap();
    policy
}

#[test]
fn a_rule_is_met_by_the_one_that_it_names_and_never_instead_of_a_digest() {
    let policy = asking(Expression::Word(word("key:django")));
    let judged = |evidence: &[Evidence]| judge(evidence, &policy);
    let said = |by| heard(vec![supports(by, BYTES)]);
    assert_eq!(
        judged(&[index(), said("key:django")]),
        Ok(vec![Word::Index, word("key:django")])
    );
    for other in ["key:turbogears", "vouch:django", "hook:django"] {
        assert!(judged(&[index(), said(other)]).is_err(), "{other}");
    }
    assert_eq!(judged(&[said("key:django")]), Err(RefusalKind::Gap));
    assert_eq!(
        judged(&[listed(weak()), said("key:django")]),
        Err(RefusalKind::Gap)
    );
}

#[test]
fn enough_of_several_have_to_speak_and_nobody_counts_twice() {
    let names = ["notary:a", "notary:b", "notary:c"].map(|it| Expression::Word(word(it)));
    let policy = asking(Expression::AtLeast(2, names.to_vec()));
    let judged = |said: &[(&str, &str)]| {
        let said = said.iter().map(|(by, word)| says(by, word, BYTES));
        judge(&[index(), heard(said.collect())], &policy).is_ok()
    };
    assert!(judged(&[("x", "notary:a"), ("y", "notary:c")]));
    assert!(!judged(&[("x", "notary:a"), ("x", "notary:c")]));
    assert!(!judged(&[("x", "notary:a"), ("y", "notary:a")]));
    assert!(!judged(&[("x", "notary:a")]));
}

#[test]
fn where_was_looked_in_vain_is_told_of_a_refusal_and_of_nothing_that_was_met() {
    let policy = asking(Expression::Word(word("key:django")));
    let looked = |testimonies| {
        let absent = vec!["flask-1.0.tar.gz.sshsig: not found".to_owned()];
        let trouble = Vec::new();
        let heard = Heard {
            testimonies,
            trouble,
            absent,
        };
        let evidence = [index(), Evidence::Heard(Box::new(heard))];
        let now = Timestamp::UNIX_EPOCH;
        admit(staged(&evidence), &artifact(), &evidence, &policy, now)
    };
    let is_told = |lines: &[String]| lines.iter().any(|it| it.ends_with("not found"));
    let admitted = looked(vec![supports("key:django", BYTES)]).unwrap();
    assert!(!is_told(admitted.admission().found()));
    let refusal = looked(Vec::new()).err().unwrap();
    assert!(!is_told(&refusal.found) && is_told(&refusal.missing));
    let first = "key:django, which policy.toml:2:12 asks for";
    assert_eq!(refusal.missing[0], first);
}

#[test]
fn where_a_key_speaks_and_a_digest_is_missing_the_page_is_to_name_it() {
    let hint = |evidence: &[Evidence]| {
        let now = Timestamp::UNIX_EPOCH;
        let refused = admit(staged(evidence), &artifact(), evidence, &policy(), now);
        refused.err().unwrap().hint.unwrap()
    };
    assert!(hint(&[heard(vec![supports("key:django", BYTES)])]).contains("#sha256="));
    assert!(!hint(&[]).contains("#sha256="));
    let refused = authenticate(&staged(&[]), &artifact(), &[]).err().unwrap();
    assert!(refused.hint.unwrap().contains("#sha256="));
}

#[test]
fn what_was_said_of_other_bytes_refuses() {
    let replayed = heard(vec![supports("key:django", b"an older wheel")]);
    assert_eq!(
        judge(&[index(), replayed], &policy()),
        Err(RefusalKind::Mismatch)
    );
}

#[test]
fn a_denial_beats_everything_that_speaks_for_the_file() {
    let all = |last| heard(vec![supports("key:django", BYTES), last]);
    let policy = asking(Expression::Word(word("key:django")));
    assert!(judge(&[index(), all(supports("vouch:team", BYTES))], &policy).is_ok());
    let evidence = [
        index(),
        local(),
        given(digest("sha256", BYTES)),
        all(denies(BYTES)),
    ];
    let now = "2026-11-22T00:00:00Z".parse().unwrap();
    let refusal = admit(staged(&evidence), &artifact(), &evidence, &policy, now)
        .err()
        .unwrap();
    assert_eq!(refusal.kind, RefusalKind::Denied);
    assert!(refusal.fact.contains("vouch:team") && refusal.fact.contains("it mines coins"));
    let sha256 = digest("sha256", BYTES).sha256().unwrap();
    assert!(foresee(&artifact(), sha256, &evidence, &policy, &[]).is_err());
}

#[test]
fn a_dry_run_takes_for_granted_only_what_the_bytes_decide() {
    let sha256 = digest("sha256", BYTES).sha256().unwrap();
    let foreseen = |asked: &str, later: &[Word]| {
        let policy = asking(Expression::Word(word(asked)));
        foresee(&artifact(), sha256, &[index()], &policy, later).is_ok()
    };
    for asked in ["key:django", "hook:scan"] {
        assert!(foreseen(asked, &[word(asked)]), "{asked}");
        assert!(!foreseen(asked, &[]), "{asked}");
    }
    assert!(!foreseen("vouch:team", &[word("key:django")]));
}

#[test]
fn what_only_somebody_lacks_another_file_may_have() {
    let asked = |text: &str| judge(&[index()], &asking(Expression::Word(word(text))));
    for somebody in [
        "publisher",
        "key:django",
        "vouch:team",
        "notary:team",
        "rebuilt:team",
        "certified:team",
        "hook:scan",
    ] {
        assert_eq!(asked(somebody), Err(RefusalKind::Unattested), "{somebody}");
    }
    for own in ["hash", "local"] {
        assert_eq!(asked(own), Err(RefusalKind::Gap), "{own}");
    }
}

#[test]
fn only_bytes_with_a_digest_that_holds_are_hashed_or_copied_before_they_are_admitted() {
    let copied = |evidence: &[Evidence]| {
        let staged = staged(evidence);
        let bytes = authenticate(&staged, &artifact(), evidence).map_err(|it| it.kind)?;
        let mut copy = Vec::new();
        bytes.copy_to(&mut copy).unwrap();
        Ok(copy)
    };
    for good in [index(), local(), given(digest("sha256", BYTES))] {
        assert_eq!(copied(&[good]), Ok(BYTES.to_vec()));
    }
    let said = || heard(vec![supports("key:django", BYTES)]);
    assert_eq!(copied(&[]), Err(RefusalKind::Gap));
    assert_eq!(copied(&[listed(weak()), said()]), Err(RefusalKind::Gap));
    let other = digest("sha256", b"other");
    assert_eq!(copied(&[index(), given(other)]), Err(RefusalKind::Mismatch));
    let mut wrong = artifact();
    wrong.size = Some(1);
    let staged = staged(&[index()]);
    assert!(authenticate(&staged, &wrong, &[index()]).is_err());
}
