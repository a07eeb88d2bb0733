use assay_types::requirement::{DirectUrl, Wanted, redacted};
use assay_types::{Requirement, Url};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{generate, peer};

fn parse(text: &str) -> Requirement {
    Requirement::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn direct(text: &str) -> DirectUrl {
    match parse(text).wanted {
        Wanted::Direct(direct) => direct,
        Wanted::Version(_) => panic!("{text} is no direct reference"),
    }
}

#[track_caller]
fn check_refused(text: &str, column: usize, width: usize, why: &str) {
    let error = Requirement::parse(text).unwrap_err();
    assert!(error.why.contains(why), "{text}: {error}");
    assert_eq!(
        (error.column, error.width),
        (column, width),
        "{text}: {error}"
    );
}

#[test]
fn requirements_print_in_canonical_form() {
    for (text, printed) in [
        ("Foo.Bar", "foo-bar"),
        ("foo[B,a,b]>=1,<2", "foo[a,b]>=1,<2"),
        ("foo (>=1.0)", "foo>=1.0"),
        ("foo (>=1.0,)", "foo>=1.0"),
        ("foo()", "foo"),
        ("foo[]", "foo"),
        ("foo>=1.0,", "foo>=1.0"),
        ("\tfoo == 1.* ", "foo==1.*"),
        ("foo;sys_platform=='win32'", "foo ; sys_platform == 'win32'"),
        (
            "foo @ https://me:secret@example.com/foo.whl?a=b#egg=x ; python_version<'4'",
            "foo @ https://example.com/foo.whl ; python_full_version < '4'",
        ),
    ] {
        assert_eq!(parse(text).to_string(), printed);
    }
}

#[test]
fn mistakes_are_told_with_their_place() {
    check_refused("", 0, 1, "name");
    check_refused("foo bar", 4, 1, "specifier");
    check_refused("-foo", 0, 4, "letter or digit");
    check_refused("foo-", 0, 4, "letter or digit");
    check_refused("foo-[x]", 0, 4, "letter or digit");
    check_refused("foo[x-]", 4, 2, "extra");
    check_refused("foo[x,]", 6, 1, "extra");
    check_refused("foo[x", 5, 1, "`,` or `]`");
    check_refused("foo(>=1", 3, 1, "not closed");
    check_refused("foo>=1,,<2", 7, 1, "comma");
    check_refused("foo>=1.0+x", 3, 7, "local");
    check_refused("foo>=1 <2", 3, 6, "");
    check_refused("foo ; bar == '1'", 6, 3, "");
    check_refused("foo @ nowhere", 6, 7, "URL");
    check_refused("foo @ https://example.com/é x", 28, 1, "marker");
    check_refused("foo\u{1b}[31m", 3, 1, "control");
    check_refused("foo\n", 3, 1, "control");
}

#[test]
fn length_is_bounded() {
    assert!(Requirement::parse(&format!("foo{}", " ".repeat(16 * 1024 - 3))).is_ok());
    assert!(Requirement::parse(&format!("foo{}", " ".repeat(16 * 1024 - 2))).is_err());
}

#[test]
fn the_fragment_is_taken_apart() {
    let hex = "ab".repeat(32);
    let url = direct(&format!(
        "foo @ https://example.com/foo.whl#SHA256={hex}&md5=00&subdirectory=a/b&egg=foo"
    ));
    assert_eq!(url.url.as_str(), "https://example.com/foo.whl");
    assert_eq!(url.digests.sha256().unwrap().to_string(), hex);
    assert_eq!(url.digests.weak(), ["md5"]);
    assert_eq!(url.subdirectory.as_deref(), Some("a/b"));
    assert_eq!(
        url.to_string(),
        format!("https://example.com/foo.whl#sha256={hex}&subdirectory=a/b")
    );
}

#[test]
fn a_malformed_digest_in_a_fragment_is_an_error() {
    for fragment in [
        "sha256=ab",
        "sha512=",
        "sha256",
        "subdirectory=a&subdirectory=b",
    ] {
        let text = format!("foo @ https://example.com/foo.whl#{fragment}");
        assert!(Requirement::parse(&text).is_err(), "{fragment}");
    }
    assert!(
        direct("foo @ https://example.com/foo.whl#")
            .digests
            .is_empty()
    );
}

#[test]
fn user_password_and_query_do_not_survive_redaction() {
    for (url, expected) in [
        ("https://u:p@example.com/a?token=1", "https://example.com/a"),
        ("git+ssh://git@example.com/a", "git+ssh://example.com/a"),
        ("file:///tmp/a", "file:///tmp/a"),
    ] {
        assert_eq!(redacted(&Url::parse(url).unwrap()).as_str(), expected);
    }
}

#[test]
fn a_pin_names_one_version() {
    for pinned in ["foo==1.0", "foo===1.0", "foo (==1)"] {
        assert!(parse(pinned).is_pinned(), "{pinned}");
    }
    for open in [
        "foo",
        "foo==1.*",
        "foo>=1",
        "foo==1,!=1.1",
        "foo @ https://example.com/x",
    ] {
        assert!(!parse(open).is_pinned(), "{open}");
    }
}

/// Texts near the grammar, most of them just beside it.
fn near_miss() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "foo",
        "Foo_1.x",
        "-",
        " ",
        "[",
        "]",
        "a",
        ",",
        "(",
        ")",
        ">=1.0",
        "==2.*",
        "~=1.1",
        "!=",
        "<",
        "3",
        "+x",
        ".*",
        "@",
        " @ ",
        "https://example.com/a",
        ";",
        " ; ",
        "os_name",
        "'nt'",
        "==",
        " and ",
        "#",
        "===1.0",
    ]);
    prop::collection::vec(piece, 0..6).prop_map(|tail| format!("foo{}", tail.concat()))
}

#[test]
fn packaging_accepts_the_same_requirements() {
    let texts = generate::sample(near_miss(), 4000);
    let questions: Vec<_> = texts.iter().map(|it| json!(["requirement", it])).collect();
    let Some(answers) = peer::ask(&questions) else {
        return;
    };
    for (text, expected) in texts.iter().zip(answers) {
        let found = answer(text);
        if found.is_null() == expected.is_null() {
            assert_eq!(found, simplified(&expected), "{text:?}");
        } else {
            assert!(is_deviation(text), "{text:?}: packaging says {expected}");
        }
    }
}

/// What `peer.py` answers to "requirement", as far as it is compared: `null` for one that is
/// refused.
pub fn answer(text: &str) -> Value {
    let Ok(requirement) = Requirement::parse(text) else {
        return Value::Null;
    };
    let extras: Vec<_> = requirement.extras.iter().map(ToString::to_string).collect();
    json!({
        "name": requirement.name.as_ref(),
        "extras": extras,
        "direct": requirement.specifiers().is_none(),
    })
}

/// The same of the peer's own answer.
pub fn simplified(answer: &Value) -> Value {
    if answer.is_null() {
        return Value::Null;
    }
    json!({
        "name": answer["name"],
        "extras": answer["extras"],
        "direct": answer["url"].is_string(),
    })
}

/// Off-spec on purpose: `===` takes only versions here, and a URL must be one.
fn is_deviation(text: &str) -> bool {
    text.contains("===") || text.contains('@')
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn what_parses_prints_and_parses_to_the_same(text in near_miss()) {
        if let Ok(requirement) = Requirement::parse(&text) {
            prop_assert_eq!(&parse(&requirement.to_string()), &requirement);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        if let Err(error) = Requirement::parse(&text) {
            prop_assert!(error.width >= 1 && error.column <= text.chars().count());
        }
    }
}
