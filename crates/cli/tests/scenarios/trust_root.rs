//! `assay trust refresh`, against repositories that nobody trusts.

use assay_testkit::{
    publisher::{Publisher, TestSigstore},
    server::IndexServer,
    tuf::TufRepository,
};

use crate::machine::{Machine, Outcome, simple};

/// A repository that is in order, and starts at a root of its own.
fn foreign() -> IndexServer {
    let repository = TufRepository::new(&TestSigstore::new().trusted_root_json());
    let files = repository.files().into_iter();
    let served = files.fold(IndexServer::builder(), |server, (path, bytes)| {
        server.page(&format!("/tuf/{path}"), "application/json", bytes)
    });
    served.start()
}

fn refresh(machine: &Machine, from: &str) -> Outcome {
    machine.assay(&["trust", "refresh", "--from", from, "--retries", "0"])
}

#[test]
fn a_mirror_cannot_bring_a_root_of_its_own() {
    let machine = Machine::new();
    let server = foreign();
    let outcome = refresh(&machine, &server.url("/tuf/"));
    assert_eq!(outcome.code, 4, "{outcome:?}");
    let says = "the trusted root of Sigstore is not renewed";
    assert!(outcome.err.contains(says), "{outcome:?}");
    let kept = "../home/.local/state/assay/sigstore/trusted_root.json";
    assert!(!machine.path(kept).exists());
}

#[test]
fn what_is_no_repository_or_not_there_is_no_matter_of_trust() {
    let machine = Machine::new();
    let server = foreign();
    let elsewhere = refresh(&machine, &server.url("/elsewhere/"));
    assert_eq!(elsewhere.code, 1, "{elsewhere:?}");
    assert!(elsewhere.err.contains("timestamp.json not found"));
    let nobody = refresh(&machine, "http://127.0.0.1:9/tuf/");
    assert_eq!(nobody.code, 1, "{nobody:?}");
    let plain = refresh(&machine, "http://mirror.example/tuf/");
    assert_eq!(plain.code, 4, "{plain:?}");
}

#[test]
fn without_a_place_to_keep_it_nothing_is_fetched() {
    let machine = Machine::new();
    let server = foreign();
    let from = server.url("/tuf/");
    let args = ["trust", "refresh", "--from", &from];
    let outcome = machine.assay_with(&args, &[("HOME", "/dev/null")]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert!(
        outcome.err.contains("no place to keep a trusted root"),
        "{outcome:?}"
    );
    assert!(server.requests().is_empty());
}

#[test]
fn a_kept_root_that_is_damaged_is_said() {
    let machine = Machine::new();
    let (sigstore, wheel) = (TestSigstore::new(), simple("demo", "1.0", &[]));
    let by = Publisher::github("acme/demo");
    let signed = sigstore.attest(&by, &wheel.file_name, &wheel.sha256);
    machine.write(&wheel.file_name, &wheel.bytes);
    machine.write("provenance.json", signed.provenance());
    let verify = || {
        machine.assay(&[
            "verify",
            &wheel.file_name,
            "--provenance",
            "provenance.json",
        ])
    };
    let notes = "../home/.local/state/assay/sigstore/tuf.json";
    assert!(!verify().err.contains("damaged"));
    std::fs::create_dir_all(machine.path(notes).parent().unwrap()).unwrap();
    machine.write(notes, "{");
    let outcome = verify();
    assert!(outcome.err.contains("tuf.json is damaged"), "{outcome:?}");
    assert_eq!(outcome.code, 4, "{outcome:?}");
}
