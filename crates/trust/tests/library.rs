//! The example for other tools: JSON in, JSON out.

#[path = "../examples/judge/verdict.rs"]
mod example;

use std::{fs, path::Path};

use assay_testkit::voice::{ISSUED, Voice};
use serde_json::{Value, json};

const GEM: &str = "thing-1.0.gem";
const BYTES: &[u8] = b"whatever a gem is";

fn sha256() -> String {
    assay_trust::sha256(BYTES).to_string()
}

fn request(folder: &Path, evidence: &[&str]) -> Value {
    json!({
        "file": folder.join(GEM),
        "project": "thing",
        "version": "1.0",
        "now": "2026-11-23T12:00:00Z",
        "keys": {
            "release": {"kind": "ed25519", "text": Voice::new(1).public()},
            "alice": {"kind": "ed25519", "text": Voice::new(2).public()},
        },
        "vouchers": {"team": ["alice"]},
        "evidence": evidence,
    })
}

fn folder(lines: &[String]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(GEM), BYTES).unwrap();
    let bundle = folder.path().join(format!("{GEM}.assay"));
    fs::write(bundle, lines.concat()).unwrap();
    folder
}

fn published(by: &Voice, sha256: &str) -> String {
    let predicate = json!({"project": "thing", "version": "1.0", "issued": ISSUED});
    by.says("publishes", &[(GEM, sha256)], predicate)
}

fn vouched(by: &Voice) -> String {
    let predicate = json!({
        "project": "thing", "version": "1.0", "issued": ISSUED, "criteria": ["looked-at"],
    });
    by.says("vouches", &[(GEM, &sha256())], predicate)
}

fn judge(request: &Value) -> Value {
    example::judge(&request.to_string()).unwrap()
}

#[test]
fn any_file_is_judged_by_who_signed_what_about_it() {
    let (release, alice) = (Voice::new(1), Voice::new(2));
    let both = folder(&[published(&release, &sha256()), vouched(&alice)]);
    let asked = ["key:release", "vouch:team"];
    let answer = judge(&request(both.path(), &asked));
    assert_eq!(answer["verdict"], "accepted", "{answer}");
    assert_eq!(answer["sha256"], sha256());

    let one = folder(&[published(&release, &sha256())]);
    let answer = judge(&request(one.path(), &asked));
    assert_eq!(answer["verdict"], "refused", "{answer}");
    assert!(answer["missing"].to_string().contains("vouch:team"));
    assert_eq!(
        judge(&request(one.path(), &asked[..1]))["verdict"],
        "accepted"
    );

    let stranger = folder(&[published(&Voice::new(3), &sha256())]);
    assert_eq!(
        judge(&request(stranger.path(), &asked[..1]))["verdict"],
        "refused"
    );
}

#[test]
fn a_digest_that_is_known_from_elsewhere_has_to_hold() {
    let folder = folder(&[published(&Voice::new(1), &sha256())]);
    let mut request = request(folder.path(), &["key:release"]);
    request["sha256"] = sha256().into();
    assert_eq!(judge(&request)["verdict"], "accepted");
    request["sha256"] = "0".repeat(64).into();
    let answer = judge(&request);
    assert_eq!(
        (&answer["verdict"], &answer["rule"]),
        (&json!("refused"), &json!("digest"))
    );
}

#[test]
fn what_cannot_be_understood_is_no_verdict() {
    let folder = folder(&[]);
    let good = request(folder.path(), &["key:release"]);
    for (key, value) in [
        ("version", json!("one")),
        ("sha256", json!("00")),
        ("evidence", json!(["key"])),
        ("more", json!(1)),
        ("file", json!("/nowhere/thing-1.0.gem")),
    ] {
        let mut request = good.clone();
        request[key] = value;
        assert!(example::judge(&request.to_string()).is_err(), "{key}");
    }
    assert_eq!(judge(&good)["verdict"], "refused");
}
