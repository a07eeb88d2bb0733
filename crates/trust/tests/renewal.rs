//! The trusted root through TUF: what a repository may say, and what it may not.

use std::{collections::BTreeMap, convert::Infallible, process::Command};

use assay_testkit::{peers, tuf::TufRepository};
use assay_trust::attestation::{KnownMetadata, PUBLIC_TUF_ROOT, RenewalError, renew};
use sigstore_verify::trust_root::{
    SIGSTORE_PRODUCTION_TRUSTED_ROOT as PRODUCTION, SIGSTORE_STAGING_TRUSTED_ROOT as STAGING,
};

const NOW: &str = "2026-11-22T12:00:00Z";

type Files = BTreeMap<String, Vec<u8>>;

/// Who asks, with what they know from before.
struct Asker {
    bootstrap: Vec<u8>,
    known: KnownMetadata,
}

impl Asker {
    fn of(repository: &TufRepository) -> Self {
        Self {
            bootstrap: repository.first_root(),
            known: KnownMetadata::default(),
        }
    }

    fn ask(&mut self, files: &Files) -> Result<String, String> {
        self.ask_at(files, NOW)
    }

    fn ask_at(&mut self, files: &Files, now: &str) -> Result<String, String> {
        let fetch = |path: &str, _| Ok::<_, Infallible>(files.get(path).cloned());
        let now = now.parse().unwrap();
        renew(&self.bootstrap, &mut self.known, now, fetch).map_err(|it| it.to_string())
    }
}

fn refused(result: Result<String, String>, says: &str) {
    let error = result.expect_err(says);
    assert!(error.contains(says), "{error} does not say {says:?}");
}

#[test]
fn the_public_root_is_signed_by_its_own_keys() {
    let mut known = KnownMetadata::default();
    let nothing = |_: &str, _| Ok::<_, Infallible>(None);
    let now = NOW.parse().unwrap();
    let error = renew(PUBLIC_TUF_ROOT, &mut known, now, nothing).unwrap_err();
    assert!(
        error.to_string().contains("timestamp.json not found"),
        "{error}"
    );
    assert_eq!(known.names().collect::<Vec<_>>(), ["16.root.json"]);
}

#[test]
fn what_the_repository_lists_is_had_and_then_its_successor() {
    let mut repository = TufRepository::new(PRODUCTION);
    let mut asker = Asker::of(&repository);
    assert_eq!(asker.ask(&repository.files()).unwrap(), PRODUCTION);
    repository.version = 2;
    repository.target = STAGING.to_owned();
    assert_eq!(asker.ask(&repository.files()).unwrap(), STAGING);
    let names: Vec<_> = asker.known.names().collect();
    let all = [
        "1.root.json",
        "snapshot.json",
        "targets.json",
        "timestamp.json",
    ];
    assert_eq!(names, all);
}

#[test]
fn nobody_goes_back_to_an_older_version() {
    let mut repository = TufRepository::new(PRODUCTION);
    let old = repository.files();
    repository.version = 2;
    let new = repository.files();
    let mut asker = Asker::of(&repository);
    asker.ask(&old).unwrap();
    asker.ask(&new).unwrap();
    refused(asker.ask(&old), "rollback");
    assert!(asker.ask(&new).is_ok());
    assert!(Asker::of(&repository).ask(&old).is_ok());

    // Known metadata that was changed is as good as none; it is never believed.
    let text = serde_json::to_string(&asker.known).unwrap();
    let damaged = text.replace(r#"\"version\":2"#, r#"\"version\":9"#);
    assert_ne!(text, damaged);
    asker.known = serde_json::from_str(&damaged).unwrap();
    assert!(asker.ask(&old).is_ok());
}

/// Also where the target could not be had at the time.
#[test]
fn what_was_seen_once_counts_even_if_the_rest_failed() {
    let mut repository = TufRepository::new(PRODUCTION);
    let old = repository.files();
    repository.version = 2;
    let mut new = repository.files();
    new.retain(|path, _| !path.starts_with("targets/"));
    let mut asker = Asker::of(&repository);
    refused(asker.ask(&new), "not found");
    refused(asker.ask(&old), "rollback");
    assert!(asker.ask(&repository.files()).is_ok());
}

#[test]
fn an_expired_role_freezes_nobody() {
    for role in ["root", "timestamp", "snapshot", "targets"] {
        let mut repository = TufRepository::new(PRODUCTION);
        repository.expires.insert(role, NOW.to_owned());
        let files = repository.files();
        let ask = |now| Asker::of(&repository).ask_at(&files, now);
        assert!(ask("2026-11-22T12:00:00Z").is_ok(), "{role}");
        refused(
            ask("2026-11-22T12:00:01Z"),
            &format!("{role} metadata expired"),
        );

        // Nor whoever knows it from before; and it still is what nobody goes back behind.
        let mut asker = Asker::of(&repository);
        asker.ask(&files).unwrap();
        refused(asker.ask_at(&files, "2026-11-23T00:00:00Z"), "expired");
    }
    let mut repository = TufRepository::new(PRODUCTION);
    let old = repository.files();
    repository.version = 2;
    repository.expires.insert("timestamp", NOW.to_owned());
    let mut asker = Asker::of(&repository);
    asker.ask(&repository.files()).unwrap();
    refused(asker.ask_at(&old, "2026-11-23T00:00:00Z"), "rollback");
}

#[test]
fn bytes_that_were_not_listed_are_refused() {
    let repository = TufRepository::new(PRODUCTION);
    let honest = repository.files();
    for (name, says) in [
        ("timestamp.json", "threshold"),
        ("1.snapshot.json", "sha256 mismatch"),
        ("1.targets.json", "sha256 mismatch"),
    ] {
        let mut files = honest.clone();
        let text = String::from_utf8(files[name].clone()).unwrap();
        let other = text.replace("2100-01-01", "2101-01-01").into_bytes();
        files.insert(name.to_owned(), other);
        refused(Asker::of(&repository).ask(&files), says);
    }
    let target = honest.keys().find(|it| it.starts_with("targets/")).unwrap();
    for (other, says) in [
        (PRODUCTION.replacen("rekor", "rekoR", 1), "sha256 mismatch"),
        (format!("{PRODUCTION} "), "more than"),
        (PRODUCTION[1..].to_owned(), "length"),
    ] {
        let mut files = honest.clone();
        files.insert(target.clone(), other.into_bytes());
        refused(Asker::of(&repository).ask(&files), says);
    }
    assert!(Asker::of(&repository).ask(&honest).is_ok());
}

#[test]
fn each_root_is_signed_by_the_one_before() {
    let mut repository = TufRepository::new(PRODUCTION);
    let mut asker = Asker::of(&repository);
    for _ in 0..3 {
        repository.rotate();
    }
    let files = repository.files();
    asker.ask(&files).unwrap();
    assert_eq!(
        asker.known.names().filter(|it| it.contains("root")).count(),
        4
    );
    // Those are verified again, so they need not be served for ever.
    let mut recent = files.clone();
    recent.retain(|path, _| !path.ends_with(".root.json"));
    assert!(asker.ask(&recent).is_ok());

    // Somebody else's next root, which has their keys and their signatures only.
    let mut theirs = TufRepository::new(STAGING);
    theirs.rotate();
    let mut files = repository.files();
    files.insert(
        "2.root.json".to_owned(),
        theirs.files()["2.root.json"].clone(),
    );
    refused(Asker::of(&repository).ask(&files), "role root");
    refused(Asker::of(&theirs).ask(&repository.files()), "role root");
    let mut skipped = repository.files();
    skipped.insert("2.root.json".to_owned(), skipped["3.root.json"].clone());
    refused(Asker::of(&repository).ask(&skipped), "increment by one");
}

#[test]
fn roots_without_end_are_not_followed() {
    let mut repository = TufRepository::new(PRODUCTION);
    let mut asker = Asker::of(&repository);
    for _ in 0..31 {
        repository.rotate();
    }
    assert!(asker.ask(&repository.files()).is_ok());
    let mut asker = Asker::of(&repository);
    repository.rotate();
    refused(asker.ask(&repository.files()), "32 root rotations");
}

#[test]
fn more_bytes_than_are_of_use_are_refused_whoever_fetched_them() {
    let repository = TufRepository::new(PRODUCTION);
    let with = |spaces: usize| {
        let mut files = repository.files();
        let timestamp = files.get_mut("timestamp.json").unwrap();
        timestamp.extend(vec![b' '; spaces]);
        Asker::of(&repository).ask(&files)
    };
    assert!(with(100).is_ok());
    refused(with(16_384), "more than 16384 bytes");
}

#[test]
fn a_target_that_is_no_trusted_root_is_of_no_use() {
    let repository = TufRepository::new("{}");
    refused(
        Asker::of(&repository).ask(&repository.files()),
        "no usable trusted root",
    );
}

#[test]
fn whoever_cannot_fetch_hears_their_own_error() {
    let repository = TufRepository::new(PRODUCTION);
    let mut known = KnownMetadata::default();
    let mut asked = Vec::new();
    let fetch = |path: &str, _| {
        asked.push(path.to_owned());
        Err("no network")
    };
    let error = renew(
        &repository.first_root(),
        &mut known,
        NOW.parse().unwrap(),
        fetch,
    );
    assert!(matches!(error, Err(RenewalError::Fetch("no network"))));
    assert_eq!(asked, ["2.root.json"]);
}

/// A repository as python-tuf makes it: other keys, other spacing, keys in PEM.
const PYTHON_TUF: &str = r#"
import sys
from datetime import datetime
from pathlib import Path
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

folder, target = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes()
expires = datetime(2100, 1, 1)
keys = [CryptoSigner.generate_ecdsa(), CryptoSigner.generate_ed25519(), CryptoSigner.generate_rsa()]

def write(name, signed, signers):
    metadata = Metadata(signed)
    for signer in signers:
        metadata.sign(signer, append=True)
    data = metadata.to_bytes(JSONSerializer(compact=False))
    (folder / name).write_bytes(data)
    return data

def root(version):
    root = Root(version=version, expires=expires, consistent_snapshot=True)
    for key in keys:
        root.add_key(key.public_key, "root")
    root.roles["root"].threshold = 2
    for role, key in zip(("timestamp", "snapshot", "targets"), keys):
        root.add_key(key.public_key, role)
    return root

write("1.root.json", root(1), keys[:2])
write("2.root.json", root(2), keys[1:])
listed = TargetFile.from_data("trusted_root.json", target, ["sha256", "sha512"])
targets = Targets(version=7, expires=expires, targets={"trusted_root.json": listed})
targets = write("7.targets.json", targets, keys[2:])
meta = {"targets.json": MetaFile.from_data(7, targets, ["sha512"])}
snapshot = write("5.snapshot.json", Snapshot(version=5, expires=expires, meta=meta), keys[1:2])
timestamp = Timestamp(version=9, expires=expires, snapshot_meta=MetaFile.from_data(5, snapshot, ["sha256"]))
write("timestamp.json", timestamp, keys[:1])
(folder / "targets").mkdir()
(folder / "targets" / (listed.hashes["sha256"] + ".trusted_root.json")).write_bytes(target)
"#;

#[test]
fn a_repository_that_python_tuf_made_is_understood() {
    let Some(python) = peers::python_with("import tuf, securesystemslib, cryptography", "tuf")
    else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let target = place.path().join("target");
    std::fs::write(&target, PRODUCTION).unwrap();
    let mut command = Command::new(python);
    command
        .args(["-I", "-c", PYTHON_TUF])
        .arg(place.path())
        .arg(&target);
    assert!(command.status().unwrap().success());

    let read = |path: &str| std::fs::read(place.path().join(path)).ok();
    let bootstrap = read("1.root.json").unwrap();
    let ask = |change: &dyn Fn(&str, Vec<u8>) -> Vec<u8>| {
        let mut known = KnownMetadata::default();
        let fetch =
            |path: &str, _| Ok::<_, Infallible>(read(path).map(|bytes| change(path, bytes)));
        let now = NOW.parse().unwrap();
        renew(&bootstrap, &mut known, now, fetch).map_err(|it| it.to_string())
    };
    assert_eq!(ask(&|_, bytes| bytes).unwrap(), PRODUCTION);
    // One byte of a signature, in each of the files.
    for name in [
        "2.root.json",
        "timestamp.json",
        "5.snapshot.json",
        "7.targets.json",
    ] {
        let spoiled = ask(&|path, mut bytes| {
            if path == name {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                let digit = text.find("\"sig\": \"").unwrap() + 20;
                bytes[digit] = if bytes[digit] == b'0' { b'1' } else { b'0' };
            }
            bytes
        });
        assert!(spoiled.is_err(), "{name}");
    }
}
