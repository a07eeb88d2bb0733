//! Whatever is refused without an approval is shown by one.

use assay_testkit::{publisher::TestSigstore, voice::Voice};

use super::approve;
use crate::{
    machine::{Machine, index, simple},
    policy_keys::{CERTIFICATE, MINISIGN, P256, SSH},
};

/// What an approval shows is known apart from what is refused without one: nothing that is refused
/// may be missing in it. Publishers hold before, too, and mean more after; keys, sources and hooks
/// that no rule names mean nothing before.
#[test]
fn an_approval_shows_whatever_is_refused_without_it() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.write("root.json", TestSigstore::new().trusted_root_json());
    machine.write("key.asc", CERTIFICATE);
    for Sample { key, text, kind } in samples() {
        machine.write("assay.toml", &text);
        let refusal = || {
            let said = machine.install(&server, &["--dry-run", "app"]).err;
            said.contains("assay policy approve").then_some(said)
        };
        let refused = refusal();
        let shown = approve(&machine, &["--json"]).ok().json();
        let shown = shown["loosens"].as_array().unwrap();
        let shown: Vec<_> = shown.iter().map(|it| &it["setting"]).collect();
        let (expected, is_refused) = match kind {
            Kind::Tightens => (&[][..], false),
            Kind::Loosens(settings) => (settings, true),
            Kind::MeansMore(settings) => (settings, false),
        };
        assert_eq!(shown, expected, "{key}: {text}");
        assert_eq!(refused.is_some(), is_refused, "{key}: {text}\n{refused:?}");
        assert_eq!(refusal(), None, "{key}: {text}");
        approve(&machine, &["--remove", "assay.toml"]).ok();
    }
}

/// A file with one key of the schema.
struct Sample {
    key: String,
    text: String,
    kind: Kind,
}

/// What a file does without an approval, and which settings one shows.
#[derive(Clone, Copy)]
enum Kind {
    Tightens,
    /// It is refused.
    Loosens(&'static [&'static str]),
    /// It holds, or is of no effect.
    MeansMore(&'static [&'static str]),
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
        ("keys", "/$defs/key"),
        ("statements", "/$defs/statements"),
        ("hooks", "/$defs/hook"),
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
        texts.into_iter().map(move |(text, kind)| Sample {
            key: key.clone(),
            text: match key.strip_prefix("rule.") {
                Some(_) => format!("[[policy.rule]]\nprojects = ['other']\n{text}\n"),
                None => format!("{text}\n"),
            },
            kind,
        })
    });
    samples.collect()
}

/// Whatever stands for a key, and what of it loosens.
fn texts(key: &str) -> Vec<(String, Kind)> {
    let named = match key.split_once('.') {
        Some(("keys", _)) => ("key", key_table(key), &["keys"][..]),
        Some(("statements", _)) => ("vouch", statements_table(key), &["keys", "statements"][..]),
        Some(("hooks", _)) => ("hook", hook_table(key), &["hooks"][..]),
        _ => {
            return own_texts(key)
                .iter()
                .map(|(text, kind)| ((*text).to_owned(), *kind))
                .collect();
        }
    };
    let (word, table, settings) = named;
    let rule = format!("[[policy.rule]]\nprojects = ['other']\nevidence = '{word}:n'\n");
    vec![
        (format!("{rule}{table}"), Kind::Loosens(settings)),
        (table, Kind::MeansMore(settings)),
    ]
}

fn key_table(key: &str) -> String {
    let ed25519 = Voice::new(1).public();
    let text = match key {
        "keys.openpgp" => "openpgp = 'key.asc'".to_owned(),
        "keys.ssh" => format!("ssh = '{SSH} somebody'"),
        "keys.minisign" => format!("minisign = '{MINISIGN}'"),
        "keys.ed25519" => format!("ed25519 = '{ed25519}'"),
        "keys.ecdsa-p256" => format!("ecdsa-p256 = '{P256}'"),
        "keys.projects" => format!("ed25519 = '{ed25519}'\nprojects = ['app']"),
        "keys.until" => format!("ed25519 = '{ed25519}'\nuntil = 2999-12-31"),
        other => panic!("{other} is a new key: say here what it looks like"),
    };
    format!("[keys.n]\n{text}\n")
}

fn statements_table(key: &str) -> String {
    let more = match key {
        "statements.at" | "statements.keys" => "",
        "statements.criteria" => "criteria = ['looked-at']",
        "statements.projects" => "projects = ['app']",
        "statements.until" => "until = 2999-12-31",
        other => panic!("{other} is a new key: say here what it looks like"),
    };
    let key = key_table("keys.ed25519");
    format!("{key}[statements.n]\nat = 'vouches'\nkeys = ['n']\n{more}\n")
}

fn hook_table(key: &str) -> String {
    let more = match key {
        "hooks.command" => "",
        "hooks.timeout" => "timeout = '1 second'",
        "hooks.until" => "until = 2999-12-31",
        other => panic!("{other} is a new key: say here what it looks like"),
    };
    format!("[hooks.n]\ncommand = ['/opt/scan']\n{more}\n")
}

fn own_texts(key: &str) -> &'static [(&'static str, Kind)] {
    match key {
        "indexes.url" => &[("[indexes.a]\nurl = 'https://a.example/'", Kind::Tightens)],
        "indexes.trusted-root" => &[(
            "[indexes.a]\nurl = 'https://a.example/'\ntrusted-root = 'root.json'",
            Kind::Loosens(&["trusted-root"]),
        )],
        "sigstore.trusted-root" => &[(
            "[sigstore]\ntrusted-root = 'root.json'",
            Kind::Loosens(&["trusted-root"]),
        )],
        "publishers.any" => &[(
            "[publishers]\nother = ['github:o/n']",
            Kind::MeansMore(&["publishers"]),
        )],
        "publishers.until" => &[(
            "[publishers]\nother = { any = ['github:o/n'], until = 2999-12-31 }",
            Kind::MeansMore(&["publishers"]),
        )],
        "policy.evidence" => &[("[policy]\nevidence = 'index'", Kind::Tightens)],
        "policy.min-age" => &[
            ("[policy]\nmin-age = '0'", Kind::Loosens(&["min-age"])),
            ("[policy]\nmin-age = '1 second'", Kind::Tightens),
        ],
        "policy.source-builds" => &[("[policy]\nsource-builds = 'sandbox'", Kind::Tightens)],
        "policy.rule" => &[(
            "[[policy.rule]]\nprojects = ['other']\ndeny = 'because'",
            Kind::Tightens,
        )],
        "rule.projects" | "rule.deny" => &[("deny = 'because'", Kind::Tightens)],
        "rule.index" => &[(
            "index = 'a'\n[indexes.a]\nurl = 'https://a.example/'",
            Kind::Loosens(&["index"]),
        )],
        "rule.wheel-signature" => &[(
            "wheel-signature = ['n']\n[keys.n]\nopenpgp = 'key.asc'",
            Kind::Loosens(&["keys"]),
        )],
        "rule.evidence" => &[("evidence = 'local'", Kind::Tightens)],
        "rule.mode" => &[("evidence = 'local'\nmode = 'report'", Kind::Tightens)],
        "rule.min-age" => &[
            ("min-age = '0'", Kind::Loosens(&["min-age"])),
            ("min-age = '1 second'", Kind::Tightens),
        ],
        "rule.source-builds" => &[("source-builds = 'sandbox'", Kind::Tightens)],
        "rule.startup" => &[("startup = true", Kind::Loosens(&["startup"]))],
        "rule.overwrite" => &[("overwrite = ['app']", Kind::Loosens(&["overwrite"]))],
        "rule.bad-record" => &[("bad-record = true", Kind::Loosens(&["bad-record"]))],
        "rule.build" => &[("build = true", Kind::Loosens(&["build"]))],
        "rule.until" => &[
            (
                "min-age = '0'\nuntil = 2999-12-31",
                Kind::Loosens(&["min-age"]),
            ),
            ("min-age = '1 second'\nuntil = 2999-12-31", Kind::Tightens),
        ],
        other => panic!("{other} is a new key: say here whether it loosens"),
    }
}
