use proptest::prelude::*;

use super::*;

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
    assert_eq!(index.value.as_str(), "https://pypi.acme.example/simple/");
    assert_eq!(index.line, 3);
    let rule = &rules.rules[0];
    assert_eq!((rule.value.index.as_str(), rule.line), ("acme", 5));
    let patterns: Vec<_> = rule
        .value
        .projects
        .iter()
        .map(|it| it.value.to_string())
        .collect();
    assert_eq!(patterns, ["acme-*", "widget"]);
    assert_eq!(parse("", Root::Document), Ok(Some(Rules::default())));
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
        Ok(Some(Rules::default()))
    );
}

/// What is changed in `GOOD`, into what, and the mistake: line, column, words.
const MISTAKES: [(&str, &str, usize, usize, &str); 18] = [
    ("url =", "uri =", 3, 1, "\"uri\" is not known here"),
    ("me]", "me]\n  trusted = true", 3, 3, "\"trusted\""),
    (
        "\"acme\"\n",
        "\"acme\"\nevidence = \"index\"",
        8,
        1,
        "\"evidence\"",
    ),
    ("\"acme\"\n", "\"acme\"\n[keys.x]", 8, 2, "\"keys\""),
    (
        "\"acme\"\n",
        "\"acme\"\n[policy]\nmin-age = 1",
        9,
        1,
        "\"min-age\"",
    ),
    (
        "index = \"acme\"",
        "index = \"other\"",
        7,
        9,
        "[indexes.other]",
    ),
    ("index = \"acme\"", "", 5, 1, "no \"index\""),
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_has_a_mistake_with_a_place(text in any::<String>()) {
        place_is_inside(&text);
    }

    #[test]
    fn nearly_right_text_too(cut in 0..GOOD.len(), length in 0usize..20, with in "[\\[\\]\"=.a-z\n*é]{0,4}") {
        let end = (cut + length).min(GOOD.len());
        place_is_inside(&format!("{}{with}{}", &GOOD[..cut], &GOOD[end..]));
    }
}

fn place_is_inside(text: &str) {
    for root in [Root::Document, Root::Tool] {
        match parse(text, root) {
            Err(mistake) => {
                assert!(mistake.line <= text.matches('\n').count() + 1);
                assert!(mistake.line >= 1 && mistake.column >= 1);
            }
            Ok(Some(rules)) => {
                for rule in &rules.rules {
                    assert!(rules.indexes.contains_key(&rule.value.index));
                    assert!(!rule.value.projects.is_empty());
                }
            }
            Ok(None) => {}
        }
    }
}
