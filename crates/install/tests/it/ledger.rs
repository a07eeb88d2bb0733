//! The digests of receipts in the user's state.

use std::{fs, path::PathBuf};

use assay_install::{Environment, Error, LedgerTrouble};
use assay_testkit::wheel::WheelBuilder;
use serde_json::Value;
use sha2::Digest as _;

use crate::common::{Home, contents, site};

fn wheel(name: &str, version: &str) -> WheelBuilder {
    WheelBuilder::new(name, version).file(&format!("{name}.py"), version.as_bytes())
}

/// The one list in the state.
fn list(home: &Home) -> (PathBuf, Value) {
    let files = fs::read_dir(home.state().join("receipts")).unwrap();
    let mut files = files.map(|it| it.unwrap().path());
    let file = files.find(|it| it.extension().is_some_and(|it| it == "json"));
    let path = file.unwrap();
    let json = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    (path, json)
}

fn digest(env: &Environment, info: &str) -> String {
    digest_of(env, info, "assay.json")
}

fn digest_of(env: &Environment, info: &str, file: &str) -> String {
    let bytes = fs::read(site(env).join(info).join(file)).unwrap();
    let digest = sha2::Sha256::digest(&bytes);
    digest.iter().map(|it| format!("{it:02x}")).collect()
}

#[test]
fn installs_upgrades_and_removals_are_noted() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let done = home
        .install(&env, &[wheel("a", "1.0"), wheel("b", "1.0")])
        .unwrap();
    assert_eq!(done.outcome.ledger_trouble, None);
    let (path, json) = list(&home);
    let name = path.file_stem().unwrap().to_str().unwrap();
    let folder = site(&env).canonicalize().unwrap();
    let expected = sha2::Sha256::digest(folder.as_os_str().as_encoded_bytes());
    assert_eq!(assay_types::Sha256(expected.into()).to_string(), name);
    assert_eq!(json["folder"], folder.to_str().unwrap());
    assert_eq!(
        json["receipts"]["a"]["sha256"],
        digest(&env, "a-1.0.dist-info")
    );

    for (name, info) in [("a", "a-1.0.dist-info"), ("b", "b-1.0.dist-info")] {
        let record = digest_of(&env, info, "RECORD");
        assert_eq!(json["receipts"][name]["record"], record);
    }

    home.install(&env, &[wheel("a", "2.0")]).unwrap();
    let (_, json) = list(&home);
    assert_eq!(json["receipts"]["a"]["version"], "2.0");
    assert_eq!(
        json["receipts"]["a"]["sha256"],
        digest(&env, "a-2.0.dist-info")
    );
    assert_eq!(
        json["receipts"]["b"]["sha256"],
        digest(&env, "b-1.0.dist-info")
    );

    home.uninstall(&env, "a").unwrap();
    let (_, json) = list(&home);
    let left: Vec<_> = json["receipts"].as_object().unwrap().keys().collect();
    assert_eq!(left, ["b"]);
}

#[test]
fn every_environment_has_a_list_of_its_own() {
    let Some(home) = Home::new() else { return };
    for name in ["one", "two"] {
        let done = home
            .install(&home.venv(name), &[wheel("a", "1.0")])
            .unwrap();
        assert_eq!(done.outcome.ledger_trouble, None);
    }
    let lists = fs::read_dir(home.state().join("receipts")).unwrap();
    assert_eq!(lists.count(), 2);
}

#[test]
fn a_list_of_the_first_format_is_read_and_written_in_the_second() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[wheel("a", "1.0")]).unwrap();
    let (path, mut json) = list(&home);
    json["format"] = 1.into();
    json["receipts"]["a"]
        .as_object_mut()
        .unwrap()
        .remove("record");
    fs::write(&path, json.to_string()).unwrap();
    let done = home.install(&env, &[wheel("b", "1.0")]).unwrap();
    assert_eq!(done.outcome.ledger_trouble, None);
    let (_, json) = list(&home);
    assert_eq!(json["format"], 2);
    assert_eq!(json["receipts"]["a"].get("record"), None);
    assert!(json["receipts"]["b"]["record"].is_string());
    // A format that is not known yet is damage.
    fs::write(
        &path,
        json.to_string().replace("\"format\":2", "\"format\":3"),
    )
    .unwrap();
    let done = home.install(&env, &[wheel("b", "2.0")]).unwrap();
    let trouble = done.outcome.ledger_trouble;
    assert!(
        matches!(trouble, Some(LedgerTrouble::Damaged { .. })),
        "{trouble:?}"
    );
}

#[test]
fn a_damaged_list_is_set_aside_and_said() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[wheel("a", "1.0")]).unwrap();
    let (path, json) = list(&home);
    let whole = json.to_string();
    let foreign = whole.replace("/env/", "/other/");
    let no_digest = whole.replace(&digest(&env, "a-1.0.dist-info"), "");
    for bad in [&whole[..whole.len() / 2], &foreign, &no_digest, "{}"] {
        fs::write(&path, bad).unwrap();
        let done = home.install(&env, &[wheel("b", "1.0")]).unwrap();
        let Some(LedgerTrouble::Damaged { kept_as, .. }) = &done.outcome.ledger_trouble else {
            panic!("{:?}", done.outcome)
        };
        assert_eq!(fs::read_to_string(kept_as).unwrap(), bad);
        let (_, json) = list(&home);
        assert_eq!(json["receipts"].as_object().unwrap().len(), 1);
        // It is whole again.
        let done = home.uninstall(&env, "b").unwrap();
        assert_eq!(done.outcome.ledger_trouble, None);
    }
}

#[test]
fn a_lost_list_is_told_from_one_that_never_was() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    // What somebody else installed has no receipt of ours.
    let info = site(&env).join("theirs-1.0.dist-info");
    fs::create_dir(&info).unwrap();
    fs::write(info.join("RECORD"), "").unwrap();
    let done = home.install(&env, &[wheel("a", "1.0")]).unwrap();
    assert_eq!(done.outcome.ledger_trouble, None);
    fs::remove_dir_all(home.state().join("receipts")).unwrap();
    let done = home.install(&env, &[wheel("b", "1.0")]).unwrap();
    let trouble = done.outcome.ledger_trouble;
    assert!(
        matches!(trouble, Some(LedgerTrouble::Lost { .. })),
        "{trouble:?}"
    );
}

#[test]
fn where_nothing_can_be_noted_nothing_is_installed() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    home.install(&env, &[wheel("a", "1.0")]).unwrap();
    // It is only at the end that the damaged list cannot be set aside.
    let (path, _) = list(&home);
    fs::write(&path, "damaged").unwrap();
    let aside = path.with_extension("json.damaged");
    fs::create_dir(&aside).unwrap();
    let before = contents(env.folder());
    let failed = home.install(&env, &[wheel("a", "2.0")]);
    assert!(matches!(failed, Err(Error::Io { .. })), "{failed:?}");
    assert_eq!(contents(env.folder()), before);
    fs::remove_dir(&aside).unwrap();
    home.install(&env, &[wheel("a", "2.0")]).unwrap();
}
