use assay_types::{Digests, listing::Origin, names};
use proptest::prelude::*;

use super::*;
use crate::{Artifact, Evidence, Measuring, Staged, authenticate};

fn parse(text: &str) -> Result<Answer, String> {
    Answer::parse(text.as_bytes()).map_err(|it| it.to_string())
}

#[track_caller]
fn refused(text: &str, fact: &str) {
    let error = parse(text).expect_err(text);
    assert!(error.contains(fact), "{error}");
}

fn refusing(reason: &str) -> String {
    serde_json::json!({ "protocol": 1, "answer": "refuse", "reason": reason }).to_string()
}

/// A file that the user named.
fn local() -> (Staged<Vec<u8>>, Artifact, Evidence) {
    let artifact = Artifact {
        project: names::project("demo").unwrap(),
        version: "1.0".parse().unwrap(),
        file_name: "demo-1.0-py3-none-any.whl".to_owned(),
        origin: Origin::Local(std::path::Path::new("demo-1.0-py3-none-any.whl").into()),
        size: None,
    };
    let named_in = "the command line".to_owned();
    let staged = Measuring::new(Vec::new(), [&Digests::none()]).finish();
    (staged, artifact, Evidence::Local { named_in })
}

#[test]
fn each_word_is_an_answer_and_no_other() {
    for verdict in Verdict::ALL {
        let text = format!(
            r#" {{"answer": "{}", "protocol": 1, "reason": "so"}}{}"#,
            verdict.word(),
            "\n"
        );
        let answer = parse(&text).unwrap();
        assert_eq!((answer.verdict(), answer.reason()), (verdict, Some("so")));
    }
    for word in ["", "Accept", "accepted", "accept ", "yes", "\u{1b}[2J"] {
        let text = serde_json::json!({ "protocol": 1, "answer": word, "reason": "so" });
        refused(&text.to_string(), "none of accept, refuse and abstain");
    }
}

#[test]
fn whoever_does_not_accept_says_why() {
    let of = |word: &str| format!(r#"{{"protocol":1,"answer":"{word}"}}"#);
    assert_eq!(parse(&of("accept")).unwrap().reason(), None);
    for word in ["refuse", "abstain"] {
        refused(&of(word), "gives no reason");
        for blank in ["", " \\n"] {
            let text = format!(r#"{{"protocol":1,"answer":"{word}","reason":"{blank}"}}"#);
            refused(&text, "gives no reason");
        }
    }
}

#[test]
fn a_reason_has_an_end() {
    let longest = "é".repeat(Answer::LONGEST_REASON);
    assert_eq!(
        parse(&refusing(&longest)).unwrap().reason(),
        Some(&*longest)
    );
    refused(
        &refusing(&format!("{longest}é")),
        "longer than 1000 characters",
    );
    let padded = |length| format!("{}{}", refusing("so"), " ".repeat(length));
    let left = Answer::LARGEST - refusing("so").len();
    assert!(parse(&padded(left)).is_ok());
    refused(&padded(left + 1), "longer than 65536 bytes");
}

#[test]
fn there_is_one_way_to_write_it() {
    assert!(parse(r#"{"protocol":1,"answer":"accept"}"#).is_ok());
    for (text, fact) in [
        ("", "empty"),
        (" \n", "empty"),
        ("ok", "not one JSON object"),
        (r#"[1,"accept","so"]"#, "not one JSON object"),
        (r#"{"protocol":1,"answer":"accept"} {}"#, "trailing"),
        (r#"{"protocol":1,"answer":"accept"}x"#, "trailing"),
        (r#"{"protocol":1,"answer":"accept""#, "EOF"),
        (r#"{"answer":"accept"}"#, "missing field `protocol`"),
        (r#"{"protocol":1}"#, "missing field `answer`"),
        (
            r#"{"protocol":1,"answer":"accept","answer":"accept"}"#,
            "duplicate",
        ),
        (
            r#"{"protocol":1,"answer":"accept","more":1}"#,
            "unknown field `more`",
        ),
        (
            r#"{"protocol":1,"answer":"accept","reason":null}"#,
            "invalid type: null",
        ),
        (r#"{"protocol":1,"answer":true}"#, "invalid type"),
        (r#"{"protocol":"1","answer":"accept"}"#, "invalid type"),
        (r#"{"protocol":1.0,"answer":"accept"}"#, "invalid type"),
        (
            r#"{"protocol":2,"answer":"accept"}"#,
            "protocol 2 is not known",
        ),
        (
            "\u{feff}{\"protocol\":1,\"answer\":\"accept\"}",
            "not one JSON object",
        ),
    ] {
        refused(text, fact);
    }
    assert!(Answer::parse(b"{\"protocol\":1,\"answer\":\"accept\",\"reason\":\"\xff\"}").is_err());
}

#[test]
fn an_answer_is_a_word_about_the_copy() {
    let label: Label = "scan".parse().unwrap();
    let (staged, artifact, evidence) = local();
    let authenticated = authenticate(&staged, &artifact, &[evidence]).unwrap();
    let said = |text: &str| {
        let answer = parse(text).unwrap();
        answer.testimony(&label, "policy.toml:3:1", &authenticated)
    };
    let word = Word::Hook(label.clone());
    let accepts = said(r#"{"protocol":1,"answer":"accept"}"#);
    assert_eq!(accepts.claim(), &Claim::Supports(word.clone()));
    assert_eq!(accepts.said(), "hook:scan (policy.toml:3:1) accepts it");
    assert_eq!(accepts.sha256(), staged.measured().sha256());
    let reason = "it mines".to_owned();
    let refuses = said(&refusing(&reason));
    assert_eq!(refuses.claim(), &Claim::Denies { by: word, reason });
    let abstains = said(r#"{"protocol":1,"answer":"abstain","reason":"no wheel"}"#);
    assert_eq!(abstains.claim(), &Claim::Abstains);
    let expected = "hook:scan (policy.toml:3:1) has nothing to say about it: no wheel";
    assert_eq!(abstains.said(), expected);
}

proptest! {
    #[test]
    fn what_was_cut_short_or_changed_accepts_nothing_else(at in 0_usize..40, byte: u8) {
        let text = br#"{"protocol":1,"answer":"refuse","reason":"so"}"#;
        let mut changed = text.to_vec();
        changed[at] = byte;
        if let Ok(answer) = Answer::parse(&changed) {
            prop_assert_eq!(answer.verdict(), Verdict::Refuse);
        }
        prop_assert!(Answer::parse(&text[..at]).is_err());
    }
}
