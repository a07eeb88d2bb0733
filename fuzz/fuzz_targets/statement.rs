//! Statements: what is read is written again as the same, and nothing that can be made up is signed by
//! anybody.
#![no_main]

use std::sync::{Arc, LazyLock};

use assay_trust::{
    Artifact, Cooldown, Label, Policy, Source, TrustedKey,
    signature::{Key, KeyKind},
    statement::{Bundle, Envelope, Shown, Statement, hear},
};
use assay_types::{Sha256, Timestamp, listing::Origin};
use libfuzzer_sys::fuzz_target;

static SOURCE: LazyLock<Label> = LazyLock::new(|| "team".parse().unwrap());
static POLICY: LazyLock<Policy> = LazyLock::new(policy);
static ARTIFACT: LazyLock<Artifact> = LazyLock::new(|| Artifact {
    project: "demo".parse().unwrap(),
    version: "1.0".parse().unwrap(),
    file_name: "demo-1.0-py3-none-any.whl".to_owned(),
    origin: Origin::Index(Arc::new("https://index.example/simple/".parse().unwrap())),
    size: None,
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(statement) = Statement::parse(bytes) {
        let payload = statement.payload();
        assert_eq!(Statement::parse(&payload).as_ref(), Ok(&statement));
    }
    listen(bytes);
    let line = Envelope::new(bytes.to_vec(), String::new(), vec![0; 64]).to_line();
    listen(line.as_bytes());
});

/// To a set of a source and beside the file.
fn listen(document: &[u8]) {
    let Ok(bundle) = Bundle::parse(document) else {
        return;
    };
    let shown = [None, Some(&*SOURCE)].map(|source| Shown {
        document: "set.assay",
        source,
        bundle: &bundle,
    });
    let heard = hear(&shown, &ARTIFACT, Sha256([7; 32]), &POLICY, Timestamp::MAX);
    // Whoever writes the key's name beside a signature that does not hold is refused.
    assert!(heard.is_ok_and(|it| it.testimonies.is_empty()) || names_key(document));
}

fn names_key(document: &[u8]) -> bool {
    document.windows(7).any(|it| it == b"sha256:")
}

fn policy() -> Policy {
    /// The public key of RFC 8032's first test.
    const KEY: &str = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
    let mut policy = Policy::new(Cooldown::none());
    policy.keys.push(TrustedKey {
        label: SOURCE.clone(),
        key: Key::parse(KeyKind::Ed25519, KEY.as_bytes()).unwrap(),
        projects: None,
        place: String::new(),
    });
    policy.sources.push(Source {
        label: SOURCE.clone(),
        keys: [SOURCE.clone()].into(),
        projects: None,
        criteria: ["looked-at".to_owned()].into(),
        place: String::new(),
    });
    policy
}
