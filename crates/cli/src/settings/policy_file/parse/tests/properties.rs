//! Any text, and the schema for editors.

use assay_trust::signature::KeyKind;
use proptest::prelude::*;

use super::*;
use crate::settings::policy_file::document;

/// What editors complete and mark is what is read.
#[test]
fn the_schema_for_editors_has_the_keys_of_the_parser() {
    let text = include_str!("../../../../../../../docs/policy.schema.json");
    let schema: serde_json::Value = serde_json::from_str(text).unwrap();
    let keys_of = |at: &str| {
        let table = schema.pointer(at).unwrap_or_else(|| panic!("{at}"));
        assert_eq!(table["additionalProperties"], false, "{at}");
        let keys = table["properties"].as_object().unwrap().keys();
        keys.cloned().collect::<std::collections::BTreeSet<_>>()
    };
    let set = |keys: &[&str]| keys.iter().map(|it| (*it).to_owned()).collect();
    assert_eq!(keys_of(""), set(&FILE));
    assert_eq!(
        keys_of("/properties/indexes/additionalProperties"),
        set(&document::INDEX)
    );
    let publishers = "/properties/publishers/additionalProperties/oneOf/1";
    assert_eq!(keys_of(publishers), set(&document::PUBLISHERS));
    assert_eq!(keys_of("/properties/sigstore"), set(&document::SIGSTORE));
    assert_eq!(keys_of("/properties/policy"), set(&POLICY));
    let kinds = KeyKind::ALL.map(KeyKind::name);
    assert_eq!(
        keys_of("/$defs/key"),
        set(&[&kinds[..], &keys::REST].concat())
    );
    let one_of = schema["$defs"]["key"]["oneOf"].as_array().unwrap();
    let one_of = one_of.iter().map(|it| it["required"][0].as_str().unwrap());
    assert_eq!(one_of.collect::<Vec<_>>(), kinds);
    assert_eq!(keys_of("/$defs/statements"), set(&statements::STATEMENTS));
    assert_eq!(keys_of("/$defs/hook"), set(&hooks::HOOK));
    assert_eq!(keys_of("/$defs/rule"), set(&RULE));
    let forms = schema["$defs"]["evidence"]["oneOf"].as_array().unwrap();
    let words = forms[0]["enum"].as_array().unwrap();
    let words: Vec<_> = words.iter().map(|it| it.as_str().unwrap()).collect();
    let pattern = |at: usize| forms[at]["pattern"].as_str().unwrap();
    assert!(pattern(1).starts_with("^publisher:"));
    let labelled = pattern(2).strip_prefix("^(").unwrap();
    let (labelled, label) = labelled.split_once("):").unwrap();
    assert!(schema["$defs"]["label"]["pattern"].as_str().unwrap() == format!("^{label}"));
    let labelled = labelled.split('|').map(|it| format!(", {it}:NAME"));
    assert_eq!(
        format!(
            "{}, publisher:WHO{}",
            words.join(", "),
            labelled.collect::<String>()
        ),
        assay_trust::Word::KNOWN
    );
    let tables = forms[3..]
        .iter()
        .map(|it| it["properties"].as_object().unwrap());
    let found: std::collections::BTreeSet<_> = tables.flat_map(|it| it.keys().cloned()).collect();
    assert_eq!(found, set(&expression::KEYS));
}

#[test]
fn the_example_of_the_page_is_right() {
    let page = include_str!("../../../../../../../docs/policy.md");
    let example = page.split("```toml\n").nth(1).unwrap();
    let example = example.split("```").next().unwrap();
    let read = parse(example, Root::Document).unwrap().unwrap();
    assert_eq!(read.rules.len(), 5);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_has_a_mistake_with_a_place(text in any::<String>()) {
        place_is_inside(&text);
    }

    #[test]
    fn nearly_right_text_too(cut in 0..EVERY_KEY.len(), length in 0usize..20, with in "[\\[\\]\"=.a-z\n*é]{0,4}") {
        let end = (cut + length).min(EVERY_KEY.len());
        place_is_inside(&format!("{}{with}{}", &EVERY_KEY[..cut], &EVERY_KEY[end..]));
    }
}

#[test]
fn the_text_that_is_cut_has_every_key_and_is_right() {
    parse(EVERY_KEY, Root::Document).unwrap();
    let keys = [
        &FILE[..],
        &document::INDEX,
        &POLICY,
        &RULE,
        &expression::KEYS,
        &keys::REST,
        &statements::STATEMENTS,
        &hooks::HOOK,
        &KeyKind::ALL.map(KeyKind::name),
    ];
    for key in keys.concat() {
        assert!(EVERY_KEY.contains(key), "{key}");
    }
}

const EVERY_KEY: &str = r#"
[sigstore]
trusted-root = "root.json"
[publishers]
app = ["github:o/n:r.yml:repository-id=1:owner-id=2", "google:a@b.example"]
lib = { any = ["circleci:p:d"], until = 2027-01-01 }
[indexes.acme]
url = "https://pypi.acme.example/simple"
trusted-root = "acme.json"
[keys.a]
openpgp = "a.asc"
projects = ["acme-*"]
[keys.b]
ssh = "b.pub"
until = 2027-01-01
[keys.c]
minisign = "c.pub"
[keys.d]
ed25519 = "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="
[keys.e]
ecdsa-p256 = "e.pem"
[statements.team]
at = "https://team.example/set.assay"
keys = ["a", "d"]
criteria = ["looked-at"]
[hooks.scan]
command = ["/opt/scan", "-q"]
timeout = "60 seconds"
[policy]
evidence = { any = ["hash", { all = ["index", "publisher:gitlab:g/n"] }] }
min-age = "3 days"
source-builds = "never"
[[policy.rule]]
projects = ["acme-*", "Widget"]
index = "acme"
evidence = { at-least = 1, of = ["publisher", "local", "key:a", "vouch:team", "hook:scan"] }
mode = "warn"
wheel-signature = ["d"]
deny = "sold"
[[policy.rule]]
projects = ["app"]
startup = true
overwrite = ["lib"]
bad-record = true
build = true
until = 2027-01-01
"#;

fn place_is_inside(text: &str) {
    for root in [Root::Document, Root::Tool] {
        match parse(text, root) {
            Err(mistake) => {
                let line = mistake.line.checked_sub(1);
                let line = line.and_then(|it| text.split('\n').nth(it)).unwrap();
                assert!((1..=line.chars().count() + 1).contains(&mistake.column));
            }
            Ok(Some(rules)) => {
                for rule in &rules.rules {
                    let index = rule.index.as_ref();
                    assert!(index.is_none_or(|it| rules.indexes.contains_key(&it.value)));
                    assert!(!rule.projects.is_empty());
                }
            }
            Ok(None) => {}
        }
    }
}
