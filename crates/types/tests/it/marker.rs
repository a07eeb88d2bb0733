use std::str::FromStr as _;

use assay_types::{ExtraName, MarkerEnvironment, Requirement};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::{generate, peer};

fn environment() -> Value {
    json!({
        "implementation_name": "cpython",
        "implementation_version": "3.12.1",
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_release": "23.5.0",
        "platform_system": "Linux",
        "platform_version": "#1 SMP",
        "python_full_version": "3.12.1",
        "python_version": "3.12",
        "sys_platform": "linux",
        "extra": "",
    })
}

fn parse(marker: &str) -> Requirement {
    let text = format!("foo ; {marker}");
    Requirement::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn applies(marker: &str) -> bool {
    let environment: MarkerEnvironment = serde_json::from_value(environment()).unwrap();
    parse(marker).applies(&environment, &[])
}

#[track_caller]
fn check_refused(marker: &str, column: usize, width: usize, why: &str) {
    let error = Requirement::parse(&format!("foo;{marker}")).unwrap_err();
    assert!(error.why.contains(why), "{marker}: {error}");
    assert_eq!(
        (error.column, error.width),
        (column + 4, width),
        "{marker}: {error}"
    );
}

#[test]
fn an_extra_switches_its_requirements_on() {
    let environment: MarkerEnvironment = serde_json::from_value(environment()).unwrap();
    let requirement = parse("extra == 'A_b' and os_name == 'posix'");
    let extra = ExtraName::from_str("a-b").unwrap();
    assert!(requirement.applies(&environment, std::slice::from_ref(&extra)));
    assert!(!requirement.applies(&environment, &[]));
    assert!(!parse("os_name == 'nt'").applies(&environment, std::slice::from_ref(&extra)));
    assert!(!parse("extra == 'no name'").applies(&environment, &[extra]));
    assert!(applies("extra != 'x'"));
}

#[test]
fn markers_from_real_wheels_mean_what_they_mean_to_pip() {
    for (marker, expected) in [
        ("python_version<'3.8'", false),
        ("python_version in '2.6, 2.7'", false),
        ("python_version not in '2.6 2.7'", true),
        ("python_version in '2.7,3.12'", true),
        ("python_version in ''", false),
        ("python_full_version <= '3.11.0a6'", false),
        ("python_version > '3.12a1'", true),
        ("python_version == '3.12.1'", false),
        ("python_version >= '3.12.1'", false),
        ("python_version == '3.12.*'", true),
        ("'3.8' <= python_version", true),
        ("'linux' in sys_platform", true),
        ("sys_platform in 'linux darwin'", true),
        ("'win' not in sys_platform", true),
        ("platform_release >= '20.0'", true),
        ("sys.platform == 'linux'", true),
        ("os.name == 'posix' and platform.machine=='x86_64'", true),
        ("python_implementation == 'CPython'", true),
        ("platform.python_implementation != 'CPython'", false),
        (
            "(os_name=='nt' or sys_platform=='linux')and'3'<=python_version",
            true,
        ),
        (
            "os_name == 'nt' and os_name == 'x' or sys_platform == 'linux'",
            true,
        ),
    ] {
        assert_eq!(applies(marker), expected, "{marker}");
    }
}

#[test]
fn what_has_no_meaning_is_refused_and_not_taken_for_true() {
    check_refused("", 0, 1, "variable");
    check_refused("bar == '1'", 0, 3, "no marker's variable");
    check_refused("os_name", 7, 1, "comparison");
    check_refused("os_name = 'nt'", 8, 1, "comparison");
    check_refused("os_name not 'nt'", 8, 1, "comparison");
    check_refused("os_name == nt", 11, 2, "no marker's variable");
    check_refused("os_name == 'nt", 11, 1, "not closed");
    check_refused("os_name == 'nt' x", 16, 1, "`and`, `or`");
    check_refused("(os_name == 'nt'", 0, 1, "not closed");
    check_refused("os_name == 'nt')", 15, 1, "`and`, `or`");
    check_refused("os_name == 'nt' andos_name == 'nt'", 16, 1, "`and`, `or`");
    check_refused("os_name == sys_platform", 0, 23, "quoted text");
    check_refused("'a' == 'a'", 0, 10, "quoted text");
    check_refused("os_name ~= 'a'", 0, 14, "~=");
    check_refused("'a' ~= os_name", 0, 14, "~=");
    check_refused("'3' ~= python_version", 0, 21, "~=");
    check_refused("'2' in python_version", 0, 21, "version");
    check_refused("python_version == 'Linux'", 0, 25, "");
    check_refused("python_version in '2.7.*x'", 0, 26, "");
    check_refused("python_version < '3+x'", 0, 22, "");
    check_refused("python_version == '1!3'", 0, 23, "epoch");
    check_refused("extra > 'a'", 0, 11, "extra");
    check_refused("os_name == \"it's\"", 11, 6, "quote");
    check_refused("os_name == 'a\\n'", 11, 5, "backslash");
}

#[test]
fn depth_and_numbers_are_bounded() {
    let deep = |n: usize| format!("{}os_name == 'nt'{}", "(".repeat(n), ")".repeat(n));
    assert!(!applies(&deep(32)));
    check_refused(&deep(33), 32, 1, "deep");
    let number = |n: usize| format!("python_version == '3.{}.*'", "9".repeat(n));
    assert!(!applies(&number(18)));
    check_refused(&number(19), 0, 43, "digits");
}

#[test]
fn a_marker_that_would_grow_without_end_is_refused() {
    let pairs = |n: usize| {
        let pair = |i| format!("('{i}' in os_name and '{i}' in sys_platform)");
        (0..n).map(pair).collect::<Vec<_>>().join(" or ")
    };
    assert!(!applies(&pairs(4)));
    let error = Requirement::parse(&format!("foo ; {}", pairs(60))).unwrap_err();
    assert!(error.why.contains("too complicated"), "{error}");
    let extras: Vec<_> = (0..100).map(|i| format!("extra == 'x{i}'")).collect();
    assert!(!applies(&extras.join(" or ")));
}

fn clause() -> impl Strategy<Value = String> {
    let versions = prop::sample::select(vec![
        "python_version",
        "python_full_version",
        "implementation_version",
    ]);
    let texts = prop::sample::select(vec![
        "os_name",
        "sys_platform",
        "platform_system",
        "platform_machine",
        "implementation_name",
        "platform_python_implementation",
        "os.name",
        "python_implementation",
    ]);
    let order = || prop::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let version = prop::sample::select(vec![
        "3.12",
        "3.8",
        "3",
        "3.0",
        "3.12.0",
        "3.12.1",
        "3.12.2",
        "3.13",
        "4",
        "3.12.1rc1",
        "3.13a1",
        "3.12.dev0",
    ]);
    let text = prop::sample::select(vec![
        "linux", "posix", "nt", "Linux", "x86_64", "cpython", "CPython", "linux2", "", "li",
    ]);
    let inside = prop::sample::select(vec!["in", "not in"]);
    prop_oneof![
        3 => (versions.clone(), order(), version.clone()).prop_map(|(l, o, r)| format!("{l} {o} '{r}'")),
        1 => (versions.clone(), prop::sample::select(vec!["==", "!="]), 0..15u8)
            .prop_map(|(l, o, r)| format!("{l} {o} '3.{r}.*'")),
        1 => (versions, prop::sample::select(vec!["3.8", "3.12", "3.12.1"]))
            .prop_map(|(l, r)| format!("{l} ~= '{r}'")),
        2 => (texts.clone(), order(), text.clone()).prop_map(|(l, o, r)| format!("{l} {o} '{r}'")),
        1 => (texts.clone(), inside.clone(), text.clone()).prop_map(|(l, o, r)| format!("{l} {o} '{r}'")),
        1 => (text, inside, texts).prop_map(|(l, o, r)| format!("'{l}' {o} {r}")),
    ]
}

fn marker() -> impl Strategy<Value = String> {
    let tail = (prop::sample::select(vec!["and", "or"]), clause());
    (clause(), prop::collection::vec(tail, 0..3)).prop_map(|(head, tail)| {
        let tail: String = tail
            .iter()
            .map(|(join, it)| format!(" {join} {it}"))
            .collect();
        head + &tail
    })
}

#[test]
fn packaging_evaluates_markers_the_same() {
    let markers = generate::sample(marker(), 4000);
    let questions: Vec<_> = markers
        .iter()
        .map(|it| json!(["marker", it, environment()]))
        .collect();
    for (marker, expected) in markers.iter().zip(peer::ask(&questions).iter().flatten()) {
        assert_eq!(Some(applies(marker)), expected.as_bool(), "{marker}");
    }
}

/// Words of the grammar in any order.
fn jumble() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "os_name",
        "sys_platform",
        "python_version",
        "python_full_version",
        "extra",
        "platform_release",
        "implementation_version",
        "'a'",
        "\"b'c\"",
        "''",
        "'3.8'",
        "'3'",
        "'3.8.*'",
        "'3.8, 3.9'",
        "'foo-'",
        "'é'",
        "'3.8a1'",
        "'1!3'",
        "'03.08'",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "~=",
        "===",
        "in",
        "not in",
        "and",
        "or",
        "(",
        ")",
        "not",
    ]);
    prop::collection::vec(piece, 1..10).prop_map(|pieces| pieces.join(" "))
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn what_parses_prints_and_parses_to_the_same(marker in prop_oneof![marker(), jumble()]) {
        if let Ok(requirement) = Requirement::parse(&format!("foo ; {marker}")) {
            prop_assert_eq!(Requirement::parse(&requirement.to_string()), Ok(requirement));
        }
    }
}
