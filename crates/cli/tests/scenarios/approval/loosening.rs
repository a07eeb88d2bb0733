//! Whatever is refused without an approval is shown by one.

use assay_testkit::publisher::TestSigstore;

use super::approve;
use crate::machine::{Machine, index, simple};

/// What an approval shows is known apart from what is refused without one: nothing that is refused
/// may be missing in it. Publishers alone hold before, too, and mean more after.
#[test]
fn an_approval_shows_whatever_is_refused_without_it() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.write("root.json", TestSigstore::new().trusted_root_json());
    for Sample { key, text, loosens } in samples() {
        machine.write("assay.toml", &text);
        let refusal = || {
            let said = machine.install(&server, &["--dry-run", "app"]).err;
            said.contains("assay policy approve").then_some(said)
        };
        let refused = refusal();
        let shown = approve(&machine, &["--json"]).ok().json();
        let shown = shown["loosens"].as_array().unwrap();
        let shown: Vec<_> = shown.iter().map(|it| &it["setting"]).collect();
        let expected: Vec<_> = loosens.into_iter().collect();
        assert_eq!(shown, expected, "{key}: {text}");
        let expected = !shown.is_empty() && !key.starts_with("publishers");
        assert_eq!(refused.is_some(), expected, "{key}: {text}\n{refused:?}");
        assert_eq!(refusal(), None, "{key}: {text}");
        approve(&machine, &["--remove", "assay.toml"]).ok();
    }
}

/// A file with one key of the schema, and as what an approval shows it.
struct Sample {
    key: String,
    text: String,
    loosens: Option<&'static str>,
}

/// At least one for each key that a file may have.
fn samples() -> Vec<Sample> {
    let schema = include_str!("../../../../../docs/policy.schema.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let tables = [
        ("indexes", "/properties/indexes/additionalProperties"),
        (
            "publishers",
            "/properties/publishers/additionalProperties/oneOf/1",
        ),
        ("sigstore", "/properties/sigstore"),
        ("policy", "/properties/policy"),
        ("rule", "/$defs/rule"),
    ];
    let keys = tables.into_iter().flat_map(|(table, at)| {
        let keys = schema.pointer(at).unwrap()["properties"].as_object();
        let keys: Vec<_> = keys.unwrap().keys().cloned().collect();
        keys.into_iter().map(move |key| format!("{table}.{key}"))
    });
    let samples = keys.flat_map(|key| {
        let texts = texts(&key);
        texts.iter().map(move |(text, loosens)| Sample {
            key: key.clone(),
            text: match key.strip_prefix("rule.") {
                Some(_) => format!("[[policy.rule]]\nprojects = ['other']\n{text}\n"),
                None => format!("{text}\n"),
            },
            loosens: *loosens,
        })
    });
    samples.collect()
}

/// Whatever stands for a key, and what of it loosens.
fn texts(key: &str) -> &'static [(&'static str, Option<&'static str>)] {
    match key {
        "indexes.url" => &[("[indexes.a]\nurl = 'https://a.example/'", None)],
        "indexes.trusted-root" => &[(
            "[indexes.a]\nurl = 'https://a.example/'\ntrusted-root = 'root.json'",
            Some("trusted-root"),
        )],
        "sigstore.trusted-root" => &[(
            "[sigstore]\ntrusted-root = 'root.json'",
            Some("trusted-root"),
        )],
        "publishers.any" => &[("[publishers]\nother = ['github:o/n']", Some("publishers"))],
        "publishers.until" => &[(
            "[publishers]\nother = { any = ['github:o/n'], until = 2999-12-31 }",
            Some("publishers"),
        )],
        "policy.evidence" => &[("[policy]\nevidence = 'index'", None)],
        "policy.min-age" => &[
            ("[policy]\nmin-age = '0'", Some("min-age")),
            ("[policy]\nmin-age = '1 second'", None),
        ],
        "policy.source-builds" => &[("[policy]\nsource-builds = 'sandbox'", None)],
        "policy.rule" => &[(
            "[[policy.rule]]\nprojects = ['other']\ndeny = 'because'",
            None,
        )],
        "rule.projects" | "rule.deny" => &[("deny = 'because'", None)],
        "rule.index" => &[(
            "index = 'a'\n[indexes.a]\nurl = 'https://a.example/'",
            Some("index"),
        )],
        "rule.evidence" => &[("evidence = 'local'", None)],
        "rule.mode" => &[("evidence = 'local'\nmode = 'report'", None)],
        "rule.min-age" => &[
            ("min-age = '0'", Some("min-age")),
            ("min-age = '1 second'", None),
        ],
        "rule.source-builds" => &[("source-builds = 'sandbox'", None)],
        "rule.startup" => &[("startup = true", Some("startup"))],
        "rule.overwrite" => &[("overwrite = ['app']", Some("overwrite"))],
        "rule.bad-record" => &[("bad-record = true", Some("bad-record"))],
        "rule.until" => &[
            ("min-age = '0'\nuntil = 2999-12-31", Some("min-age")),
            ("min-age = '1 second'\nuntil = 2999-12-31", None),
        ],
        other => panic!("{other} is a new key: say here whether it loosens"),
    }
}
