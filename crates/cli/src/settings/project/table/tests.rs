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

#[test]
fn every_mistake_has_its_place() {
    let with = |from: &str, to: &str| {
        assert!(GOOD.contains(from));
        GOOD.replace(from, to)
    };
    for (text, line, column, words) in [
        (with("url =", "uri ="), 3, 1, "\"uri\" is not known here"),
        (
            with("[indexes.acme]", "[indexes.acme]\n  trusted = true"),
            3,
            3,
            "\"trusted\"",
        ),
        (
            format!("{GOOD}evidence = \"index\"\n"),
            8,
            1,
            "\"evidence\"",
        ),
        (format!("[keys.x]\n{GOOD}"), 1, 2, "\"keys\""),
        (
            format!("{GOOD}[policy]\nmin-age = \"1 day\"\n"),
            9,
            1,
            "\"min-age\"",
        ),
        (
            with("index = \"acme\"", "index = \"other\""),
            7,
            9,
            "[indexes.other]",
        ),
        (with("index = \"acme\"", ""), 5, 1, "no \"index\""),
        (
            with("projects = [\"acme-*\", \"Widget\"]", ""),
            5,
            1,
            "no \"projects\"",
        ),
        (with("[\"acme-*\", \"Widget\"]", "[]"), 6, 12, "empty"),
        (
            with("\"Widget\"", "\"é\", \"*-x\""),
            6,
            23,
            "neither a project's name",
        ),
        (
            with("\"Widget\"", "\"a\", \"*-x\""),
            6,
            28,
            "neither a project's name",
        ),
        (
            with("[\"acme-*\", \"Widget\"]", "\"acme\""),
            6,
            12,
            "not a list",
        ),
        (
            with("https://pypi", "https://u:pw@pypi"),
            3,
            7,
            "credentials",
        ),
        (with("/simple\"", "/simple?x\""), 3, 7, "not the base URL"),
        (
            with("https://pypi.acme.example/simple", "/simple"),
            3,
            7,
            "not a URL",
        ),
        (with("[[policy.rule]]", "[policy.rule]"), 5, 1, "not a list"),
        (with("\"acme-*\"", "acme"), 6, 13, ""),
        (
            with(
                "[indexes.acme]",
                "[indexes.acme]\nurl = 'https://a.example/'",
            ),
            4,
            1,
            "duplicate",
        ),
    ] {
        let mistake = parse(&text, Root::Document).expect_err(&text);
        assert_eq!(
            (mistake.line, mistake.column),
            (line, column),
            "{mistake:?}\n{text}"
        );
        assert!(mistake.fact.contains(words), "{mistake:?}");
        assert!(!mistake.fact.contains("pw"), "{mistake:?}");
    }
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
