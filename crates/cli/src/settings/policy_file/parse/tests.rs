mod principals;
mod properties;

use super::*;

/// Half past noon, on the last day of some grants.
fn parse(text: &str, root: Root) -> Result<Option<Document>, Mistake> {
    let now = "2026-12-31T12:30:00Z".parse().unwrap();
    super::parse(text, root, Times { now, latest: now })
}

const GOOD: &str = r#"
[indexes.acme]
url = "https://pypi.acme.example/simple"

[[policy.rule]]
projects = ["acme-*", "Widget"]
index = "acme"
"#;

#[test]
fn the_rules_and_their_lines() {
    let rules = parse(GOOD, Root::Document).unwrap().unwrap();
    let index = &rules.indexes["acme"];
    assert_eq!(
        index.url.value.as_str(),
        "https://pypi.acme.example/simple/"
    );
    assert_eq!((index.url.line, &index.trusted_root), (3, &None));
    let rule = &rules.rules[0];
    let named = rule.index.as_ref().unwrap();
    assert_eq!(
        (named.value.as_str(), named.line, named.column),
        ("acme", 7, 9)
    );
    let patterns: Vec<_> = rule
        .projects
        .iter()
        .map(|it| it.value.to_string())
        .collect();
    assert_eq!(patterns, ["acme-*", "widget"]);
    assert_eq!(parse("", Root::Document), Ok(Some(Document::default())));
}

#[test]
fn a_pyproject_needs_no_rules() {
    let tool = GOOD
        .replace("[indexes", "[tool.assay.indexes")
        .replace("[policy", "[tool.assay.policy");
    let rules = parse(&tool, Root::Tool).unwrap().unwrap();
    assert_eq!(rules, parse(GOOD, Root::Document).unwrap().unwrap());
    for none in ["", "[project]\nname = 'x'", "[tool.other]\nassay = 1"] {
        assert_eq!(parse(none, Root::Tool), Ok(None), "{none}");
    }
    assert!(parse("[tool]\nassay = 1", Root::Tool).is_err());
    assert!(parse("tool = 1", Root::Tool).is_err());
    assert_eq!(
        parse("tool.assay = {}", Root::Tool),
        Ok(Some(Document::default()))
    );
}

/// What is changed in `GOOD`, into what, and the mistake: line, column, words.
const MISTAKES: [(&str, &str, usize, usize, &str); 18] = [
    ("url =", "uri =", 3, 1, "\"uri\" is not known here"),
    ("me]", "me]\n  trusted = true", 3, 3, "\"trusted\""),
    (
        "\"acme\"\n",
        "\"acme\"\nsources = \"index\"",
        8,
        1,
        "\"sources\"",
    ),
    ("\"acme\"\n", "\"acme\"\n[key.x]", 8, 2, "\"key\""),
    (
        "\"acme\"\n",
        "\"acme\"\n[policy]\nmin-age = 1",
        9,
        11,
        "not a text",
    ),
    (
        "index = \"acme\"",
        "index = \"other\"",
        7,
        9,
        "[indexes.other]",
    ),
    ("index = \"acme\"", "", 5, 1, "says nothing"),
    ("projects =", "index =", 7, 1, "duplicate"),
    ("[\"acme-*\", \"Widget\"]", "[]", 6, 12, "empty"),
    (
        "\"Widget\"",
        "\"é\", \"*-x\"",
        6,
        23,
        "neither a project's name",
    ),
    (
        "\"acme-*\", \"Widget\"",
        "'é'",
        6,
        13,
        "neither a project's name",
    ),
    ("[\"acme-*\", \"Widget\"]", "\"acme\"", 6, 12, "not a list"),
    ("https://pypi", "https://u:pw@pypi", 3, 7, "credentials"),
    ("/simple\"", "/simple?x\"", 3, 7, "not the base URL"),
    (
        "https://pypi.acme.example/simple",
        "/simple",
        3,
        7,
        "not a URL",
    ),
    ("[[policy.rule]]", "[policy.rule]", 5, 1, "not a list"),
    ("\"acme-*\"", "acme", 6, 13, ""),
    ("me]", "me]\nurl = 'https://a.example/'", 4, 1, "duplicate"),
];

#[test]
fn every_mistake_has_its_place() {
    for (from, to, line, column, words) in MISTAKES {
        assert!(GOOD.contains(from), "{from}");
        let text = GOOD.replace(from, to);
        let mistake = parse(&text, Root::Document).expect_err(&text);
        let place = (mistake.line, mistake.column);
        assert_eq!(place, (line, column), "{mistake:?}\n{text}");
        assert!(mistake.fact.contains(words), "{mistake:?}");
        assert!(!mistake.fact.contains("pw"), "{mistake:?}");
    }
    let characters = parse("\n'é' = é", Root::Document).unwrap_err();
    assert_eq!((characters.line, characters.column), (2, 7));
}

/// `GOOD` with a line at its end, in the rule; column and words of the mistake, or none.
const LINES: [(&str, Option<(usize, &str)>); 48] = [
    ("evidence = 'hash'", None),
    ("evidence = { any = ['hash', 'local'] }", None),
    ("evidence = { all = ['hash', { any = ['index'] }] }", None),
    ("evidence = { at-least = 2, of = ['hash', 'index'] }", None),
    (
        "evidence = { at-least = 0x2, of = ['hash', 'index'] }",
        None,
    ),
    (
        "evidence = 'keys:acme'",
        Some((12, "\"keys:acme\" is no evidence")),
    ),
    ("evidence = 'key:acme'", None),
    ("evidence = 'publisher'", None),
    ("evidence = 'publisher:github:acme/app:r.yml'", None),
    (
        "evidence = 'publisher:github:acme'",
        Some((12, "names no publisher")),
    ),
    ("evidence = { any = ['Hash'] }", Some((21, "\"Hash\""))),
    ("evidence = { any = [] }", Some((20, "empty"))),
    ("evidence = { all = [] }", Some((20, "empty"))),
    ("evidence = {}", Some((12, "one of any, all"))),
    (
        "evidence = { any = ['hash'], all = ['hash'] }",
        Some((12, "one of any")),
    ),
    (
        "evidence = { at-least = 1 }",
        Some((12, "together with of")),
    ),
    (
        "evidence = { of = ['hash'] }",
        Some((12, "together with of")),
    ),
    (
        "evidence = { at-least = 0, of = ['hash'] }",
        Some((25, "from 1 to 1")),
    ),
    (
        "evidence = { at-least = 2, of = ['hash'] }",
        Some((25, "from 1 to 1")),
    ),
    (
        "evidence = { at-least = -1, of = ['hash'] }",
        Some((25, "from 1")),
    ),
    ("evidence = { most = ['hash'] }", Some((14, "\"most\""))),
    ("evidence = 1", Some((12, "a word or a table"))),
    ("evidence = 'hash'\nmode = 'warn'", None),
    (
        "evidence = 'hash'\nmode = 'Warn'",
        Some((8, "require, warn or report")),
    ),
    ("mode = 'warn'", Some((8, "asks for none"))),
    ("min-age = '3 days'", None),
    ("min-age = '0'", None),
    ("min-age = 'soon'", Some((11, "soon is no age"))),
    ("min-age = '-1 day'", Some((11, "is no age"))),
    ("min-age = '90000 years'", Some((11, ""))),
    ("source-builds = 'never'", None),
    (
        "source-builds = 'Never'",
        Some((17, "never, named or sandbox")),
    ),
    ("source-builds = false", Some((17, "not a text"))),
    ("deny = 'unkept'", None),
    ("deny = ' '", Some((8, "give the reason"))),
    ("deny = true", Some((8, "not a text"))),
    ("projects = ['a']", Some((1, "duplicate"))),
    ("startup = true", Some((13, "full names, and acme-*"))),
    ("bad-record = true", Some((13, "full names"))),
    ("build = true", Some((13, "full names"))),
    ("overwrite = ['b']", Some((13, "full names"))),
    ("overwrite = []", Some((13, "empty"))),
    ("startup = false", Some((11, "only be true"))),
    ("min-age = '0'\nuntil = 2026-12-31", None),
    (
        "min-age = '0'\nuntil = 2026-12-30",
        Some((9, "held until 2026-12-30")),
    ),
    (
        "min-age = '0'\nuntil = 2026-12-31T00:00:00Z",
        Some((9, "a date")),
    ),
    ("min-age = '0'\nuntil = '2027-01-01'", Some((9, "a date"))),
    ("deny = 'x'\nuntil = 2027-01-01", Some((9, "has none"))),
];

#[test]
fn every_key_is_read_and_its_nearest_mistake_is_placed() {
    for (line, mistake) in LINES {
        let text = format!("{GOOD}{line}\n");
        let found = parse(&text, Root::Document);
        match (mistake, found) {
            (None, found) => assert!(found.is_ok(), "{line}: {found:?}"),
            (Some((column, words)), Err(found)) => {
                assert!(found.fact.contains(words), "{line}: {found:?}");
                assert_eq!(found.column, column, "{line}: {found:?}");
            }
            (Some(_), Ok(_)) => panic!("{line} was read"),
        }
    }
}

/// Line, column and words of a mistake.
type Expected = (usize, usize, &'static str);

/// What is read after a line with a table's name; line, column and words of the mistake, or none.
const SIGNERS: [(&str, Option<Expected>); 22] = [
    ("[publishers]\ndjango = ['github:django/django']", None),
    (
        "[publishers]\n'A.b' = ['github:o/n:r.yml:repository-id=1:owner-id=2', 'google:a@b.example']",
        None,
    ),
    ("[publishers]", None),
    (
        "[publishers]\na = { any = ['github:o/n'], until = 2026-12-31 }",
        None,
    ),
    (
        "[publishers]\na = { any = ['github:o/n'], until = 2026-12-30 }",
        Some((2, 37, "held until 2026-12-30")),
    ),
    (
        "[publishers]\na = { until = 2026-12-31 }",
        Some((2, 5, "has no \"any\"")),
    ),
    (
        "[publishers]\na = { any = ['github:o/n'], all = [] }",
        Some((2, 29, "\"all\"")),
    ),
    ("[publishers]\na = []", Some((2, 5, "deny it in a rule"))),
    ("[publishers]\na = 'github:o/n'", Some((2, 5, "not a list"))),
    ("[publishers]\na = [1]", Some((2, 6, "not a text"))),
    (
        "[publishers]\na = ['google:a@b.example', 'github:o']",
        Some((2, 28, "names no publisher")),
    ),
    (
        "[publishers]\n'a-*' = ['github:o/n']",
        Some((2, 1, "no project's name")),
    ),
    (
        "[publishers]\nb_a = ['github:o/n']\n'B.A' = ['github:o/n']",
        Some((3, 1, "b-a has its publishers above")),
    ),
    ("publishers = []", Some((1, 14, "not a table"))),
    ("[sigstore]\ntrusted-root = 'root.json'", None),
    ("[sigstore]", None),
    (
        "[sigstore]\ntrusted-root = ''",
        Some((2, 16, "the path of a")),
    ),
    (
        "[sigstore]\ntrusted-root = 'https://a.example/'",
        Some((2, 16, "the path of a")),
    ),
    ("[sigstore]\ntrusted-root = 1", Some((2, 16, "not a text"))),
    ("[sigstore]\nroot = 'a'", Some((2, 1, "\"root\""))),
    (
        "[indexes.a]\nurl = 'https://a.example/'\ntrusted-root = '../root.json'",
        None,
    ),
    (
        "[indexes.a]\ntrusted-root = 'root.json'",
        Some((1, 1, "has no \"url\"")),
    ),
];

#[test]
fn publishers_and_trust_roots_are_read_strictly() {
    for (text, mistake) in SIGNERS {
        let found = parse(text, Root::Document);
        match (mistake, found) {
            (None, found) => assert!(found.is_ok(), "{text}: {found:?}"),
            (Some((line, column, words)), Err(found)) => {
                assert!(found.fact.contains(words), "{text}: {found:?}");
                assert_eq!((found.line, found.column), (line, column), "{text}");
            }
            (Some(_), Ok(_)) => panic!("{text} was read"),
        }
    }
}

#[test]
fn grants_are_for_full_names() {
    let rule = "[[policy.rule]]\nprojects = ['a', 'B']\nstartup = true\nbad-record = true\n\
                build = true\noverwrite = ['c']\nuntil = 2026-12-31\n";
    let read = parse(rule, Root::Document).unwrap().unwrap();
    let keys: Vec<_> = read.rules[0]
        .grants
        .iter()
        .map(|it| format!("{} {}", it.value.key(), it.value.project()))
        .collect();
    assert_eq!(
        keys,
        [
            "startup a",
            "startup b",
            "bad-record a",
            "bad-record b",
            "build a",
            "build b",
            "overwrite a",
            "overwrite b"
        ]
    );
    let general = "[policy]\nevidence = 'hash'\nmin-age = '1 day'\nsource-builds = 'named'\n";
    assert!(parse(general, Root::Document).is_ok());
    for key in [
        "deny = 'x'",
        "startup = true",
        "index = 'a'",
        "mode = 'warn'",
    ] {
        assert!(
            parse(&format!("{general}{key}"), Root::Document).is_err(),
            "{key}"
        );
    }
}
