use assay_types::requirements_file::{Entry, LineError, decode, parse};
use proptest::prelude::*;

use crate::generate;

fn variable(name: &str) -> Option<String> {
    match name {
        "TOKEN" => Some("s3cret".to_owned()),
        "EMPTY" => Some(String::new()),
        _ => None,
    }
}

fn entries(text: &str) -> Vec<Entry> {
    let parsed = parse(text, &variable).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    parsed.lines.into_iter().map(|it| it.entry).collect()
}

/// What each line says, in short.
fn said(text: &str) -> Vec<String> {
    entries(text).iter().map(|it| format!("{it:?}")).collect()
}

fn named(text: &str) -> String {
    match &entries(text)[..] {
        [Entry::Named { requirement, .. }] => requirement.to_string(),
        other => panic!("{text:?}: {other:?}"),
    }
}

fn unnamed(text: &str) -> (String, Vec<String>) {
    match &entries(text)[..] {
        [Entry::Unnamed { target, extras, .. }] => (target.clone(), extras.clone()),
        other => panic!("{text:?}: {other:?}"),
    }
}

fn mistake(text: &str) -> LineError {
    parse(text, &variable).map(|it| it.lines).unwrap_err()
}

#[track_caller]
fn check_refused(text: &str, place: (usize, usize, usize), why: &str) {
    let error = mistake(text);
    assert!(error.why.contains(why), "{text:?}: {error}");
    assert_eq!(
        (error.line, error.column, error.width),
        place,
        "{text:?}: {error}"
    );
}

#[test]
fn lines_are_joined_and_comments_dropped() {
    let text = "# comment\n\n  foo>=1 # why\nbar \\\n  >=2 \\\n# ends the line\nbaz#x\n";
    let parsed = parse("a\r\nb\rc\n", &variable).unwrap();
    let numbers: Vec<_> = parsed.lines.iter().map(|it| it.number).collect();
    assert_eq!(numbers, [1, 2, 3]);
    check_refused(text, (7, 4, 1), "found '#'");
    let parsed = parse(&text.replace("baz#x", "baz"), &variable).unwrap();
    let numbers: Vec<_> = parsed.lines.iter().map(|it| it.number).collect();
    assert_eq!(numbers, [3, 4, 7]);
    assert_eq!(named("foo # \\\n"), "foo");
    assert_eq!(named("foo \\"), "foo");
}

#[test]
fn names_are_told_from_paths_and_urls() {
    for text in [
        "foo",
        "foo.bar[x] >= 1 ; os_name == 'posix'",
        "foo @ https://example.com/foo-1.0-py3-none-any.whl",
        "foo@https://example.com/foo-1.0-py3-none-any.whl",
        "foo ; sys_platform == 'a/b'",
    ] {
        assert!(matches!(entries(text)[..], [Entry::Named { .. }]), "{text}");
    }
    for text in [
        "./foo",
        ".",
        "..\\foo",
        "dir/foo",
        "/abs/foo",
        "foo-1.0-py3-none-any.whl",
        "foo-1.0.TAR.GZ",
        "file:///tmp/foo",
        "https://example.com/foo.whl",
        "git+https://example.com/foo@main",
        "dir/a@b",
    ] {
        assert_eq!(unnamed(text), (text.to_owned(), vec![]), "{text}");
    }
}

#[test]
fn an_unnamed_target_has_extras_and_a_marker() {
    let (target, extras) = unnamed("./foo-1.0.zip[a, b] ; os_name == 'nt'");
    assert_eq!(
        (target.as_str(), extras),
        ("./foo-1.0.zip", vec!["a".to_owned(), "b".to_owned()])
    );
    assert_eq!(
        unnamed("https://example.com/a;b.whl").0,
        "https://example.com/a;b.whl"
    );
    let Entry::Unnamed { marker, .. } = &entries("https://example.com/a.whl ; os_name == 'nt'")[0]
    else {
        panic!("it is named");
    };
    assert_eq!(marker.try_to_string().as_deref(), Some("os_name == 'nt'"));
    check_refused("./a ; nonsense", (1, 7, 8), "");
}

#[test]
fn options_are_read_as_optparse_reads_them() {
    for (text, expected) in [
        (
            "-i https://example.com/simple",
            "IndexUrl(\"https://example.com/simple\")",
        ),
        (
            "--index-url=https://example.com/simple",
            "IndexUrl(\"https://example.com/simple\")",
        ),
        (
            "--extra-index https://example.com",
            "ExtraIndexUrl(\"https://example.com\")",
        ),
        ("-rother.txt", "Requirements(\"other.txt\")"),
        ("-c 'my file.txt'", "Constraints(\"my file.txt\")"),
        ("-f a\\ b", "FindLinks(\"a b\")"),
        ("-e \"a\\\"b\"", "Editable(\"a\\\"b\")"),
        ("--no-index", "NoIndex"),
        ("--only-binary=:all:", "OnlyBinary(\":all:\")"),
        ("--no-binary foo", "NoBinary(\"foo\")"),
        ("--prefer-binary", "PreferBinary"),
        ("--require-hashes", "RequireHashes"),
        ("--pre", "Pre"),
        ("--trusted-host example.com", "TrustedHost(\"example.com\")"),
        ("--uploaded P3D", "UploadedPriorTo(\"P3D\")"),
        ("--min-age 'a=3 days'", "MinAge(\"a=3 days\")"),
        ("--evidence=hash", "Evidence(\"hash\")"),
        ("--all a", "AllReleases(\"a\")"),
    ] {
        assert_eq!(said(text), [expected], "{text}");
    }
    assert_eq!(said("--pre --no-index"), ["Pre", "NoIndex"]);
    assert!(entries("--use-feature=fast-deps").is_empty());
}

#[test]
fn mistakes_in_options_are_told_with_their_place() {
    check_refused("\n--nonsense 1", (2, 1, 10), "no such option");
    check_refused(
        "--pre -x",
        (1, 7, 2),
        "no such option: -x".trim_start_matches("no such option: "),
    );
    check_refused("--no", (1, 1, 4), "several");
    check_refused("--", (1, 1, 2), "no such option");
    check_refused("--pre=1", (1, 1, 7), "takes no value");
    check_refused("-r", (1, 1, 2), "needs a value");
    check_refused("--pre foo", (1, 7, 3), "expected an option");
    check_refused("-r 'a", (1, 4, 1), "not closed");
    check_refused("-C a=b", (1, 1, 6), "needs a requirement before it");
    check_refused("foo -C a", (1, 5, 4), "expected KEY=VALUE");
    check_refused(
        "foo --config-settings ==b",
        (1, 5, 21),
        "expected KEY=VALUE",
    );
    check_refused("foo --pre", (1, 5, 5), "line of its own");
    check_refused("foo --evidence hash", (1, 5, 15), "line of its own");
    check_refused("--allow-startup a", (1, 1, 17), "may only tighten");
    check_refused("foo --allow-bad-record a", (1, 5, 20), "may only tighten");
    check_refused("--allow-build a", (1, 1, 15), "may only tighten");
    check_refused("--allow-build-network a=b", (1, 1, 25), "may only tighten");
    check_refused("foo --build-env A", (1, 5, 13), "may only tighten");
    // pip's options can be cut short, and are as short as pip has them.
    check_refused("--evid hash", (1, 1, 6), "no such option");
    check_refused("  foo >= ", (1, 5, 2), "expected version");
}

#[test]
fn hashes_belong_to_a_requirement_and_are_strong() {
    let hex = "ab".repeat(32);
    let text = format!("foo==1.0 \\\n    --hash=sha256:{hex} \\\n    --hash sha512:{hex}{hex}\n");
    let Entry::Named { options, .. } = &entries(&text)[0] else {
        panic!("it is not named");
    };
    let hashes = &options.hashes;
    assert_eq!(hashes.len(), 2);
    assert_eq!(hashes[0].to_string(), format!("sha256:{hex}"));
    check_refused(
        "foo --hash=md5:d41d8cd98f00b204e9800998ecf8427e",
        (1, 5, 43),
        "not accepted",
    );
    check_refused("foo --hash=sha1:00", (1, 5, 14), "not accepted");
    check_refused("foo --hash=sha256:00", (1, 5, 16), "64 hexadecimal");
    check_refused("foo --hash=sha256", (1, 5, 13), "algorithm:hexadecimal");
    check_refused(
        &format!("--hash=sha256:{hex}"),
        (1, 1, 78),
        "needs a requirement",
    );
}

#[test]
fn variables_are_expanded_and_never_shown() {
    assert_eq!(
        said("-i https://u:${TOKEN}@example.com/${UNSET}${EMPTY}/${lower}/$TOKEN"),
        ["IndexUrl(\"https://u:s3cret@example.com/${UNSET}${EMPTY}/${lower}/$TOKEN\")"]
    );
    let error = mistake("--nonsense=${TOKEN}");
    assert!(
        !error.caret().contains("s3cret") && !error.to_string().contains("s3cret"),
        "{error:?}"
    );
    assert_eq!((error.column, error.width), (1, 19));
    assert!(
        matches!(&parse("-r ${TOKEN}", &|_| None).unwrap().lines[0].entry,
        Entry::Requirements(text) if text == "${TOKEN}")
    );
}

#[test]
fn the_picture_points_at_the_mistake_and_steers_no_terminal() {
    let error = mistake("\n\nfoo >=1,,<2");
    assert_eq!(error.caret(), "  |\n3 | foo >=1,,<2\n  |         ^");
    let error = mistake("a\u{1b}b bad");
    assert_eq!(error.caret(), "  |\n1 | a\\u{1b}b bad\n  |  ^^^^^^");
    let error = mistake("--nope -i https://me:pass@example.com/?a@b");
    assert!(
        error.caret().contains("https://*******@example.com/?***"),
        "{}",
        error.caret()
    );
}

#[test]
fn encodings_are_declared_or_utf8() {
    let text = |bytes: &[u8]| decode(bytes).unwrap();
    assert_eq!(text("é".as_bytes()), "é");
    assert_eq!(text(b"\xef\xbb\xbffoo"), "foo");
    assert_eq!(text(b"\xff\xfef\0\xe9\0"), "fé");
    assert_eq!(text(b"\xfe\xff\0f\0\xe9"), "fé");
    assert_eq!(
        text(b"# -*- coding: latin-1 -*-\n\xe9"),
        "# -*- coding: latin-1 -*-\né"
    );
    assert_eq!(text(b"\n# coding=UTF-8\n"), "\n# coding=UTF-8\n");
    for (bytes, line) in [
        (&b"a\n\xe9"[..], 2),
        (b"# coding: ascii\n\n\xe9", 3),
        (b"# coding: klingon\n", 1),
        (b"\n\n# coding: latin-1\n\xe9", 4),
        (b"\xff\xfef", 1),
        (b"\xff\xfe\0\xd8", 1),
        (b"\xff\xfe\0\0", 1),
    ] {
        assert_eq!(decode(bytes).unwrap_err().line, line, "{bytes:?}");
    }
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn no_text_panics(text in "[a-f./;'\"\\\\ \n#$\\{\\}\\[\\]=A@é-]{0,40}|.{0,20}") {
        if let Err(error) = parse(&text, &variable) {
            prop_assert!(error.line >= 1 && error.column >= 1 && error.width >= 1);
            prop_assert_eq!(error.caret().lines().count(), 3);
        }
    }
}
