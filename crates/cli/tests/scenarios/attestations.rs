//! Who published a file (PEP 740), as `assay verify` and `assay explain` tell it.

use std::path::PathBuf;

use assay_testkit::{
    peers,
    publisher::{Publisher, TestSigstore},
    server::IndexServer,
    wheel::BuiltWheel,
};

use sha2::Digest as _;

use crate::machine::{Machine, Outcome, simple, upload};

const SDIST: &str = "pypi_attestations-0.0.19.tar.gz";

fn real(name: &str) -> Option<PathBuf> {
    peers::collection("ASSAY_ATTESTATIONS").map(|it| it.join(name))
}

/// The verdict is the command's output, so it is there that a refusal stands.
#[track_caller]
fn refused(outcome: &Outcome, words: &[&str]) {
    assert_eq!(outcome.code, 4, "{}\n{}", outcome.out, outcome.err);
    for word in words {
        assert!(
            outcome.out.contains(word),
            "{word:?} is not in:\n{}",
            outcome.out
        );
    }
}

#[test]
fn a_publisher_is_named_with_repository_and_numbers() {
    let (Some(file), Some(provenance)) = (real(SDIST), real(&format!("{SDIST}.provenance"))) else {
        return;
    };
    let machine = Machine::new();
    let (file, provenance) = (file.to_str().unwrap(), provenance.to_str().unwrap());
    let words = ["verify", file, "--provenance", provenance];
    let told = machine.assay(&words).ok().out;
    let told = told.split(' ').filter(|it| !it.is_empty());
    let told = told.collect::<Vec<_>>().join(" ");
    for line in [
        "publisher: GitHub",
        "repository: trailofbits/pypi-attestations",
        "repository id: 772247423",
        "owner id: 2314423",
        "workflow: release.yml",
        "logged: 2024-12-04T23:14:01Z",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    let data = machine
        .assay(&[&words[..], &["--json"]].concat())
        .ok()
        .json();
    assert_eq!(data["outcome"], "accepted");
    let distribution = &data["distributions"][0];
    assert_eq!(distribution["file"], SDIST);
    let attestation = &distribution["attestations"][0];
    assert_eq!(attestation["kind"], "GitHub");
    assert_eq!(attestation["predicate"], "publish");
    assert_eq!(
        attestation["issuer"],
        "https://token.actions.githubusercontent.com"
    );
    assert_eq!(
        attestation["commit"],
        "08802efe1f8e5fec4ad842d6b8ce97656092ee72"
    );
    assert!(attestation["email"].is_null());
}

#[test]
fn other_bytes_and_another_index_word_are_refused() {
    let (Some(file), Some(provenance)) = (real(SDIST), real(&format!("{SDIST}.provenance"))) else {
        return;
    };
    let machine = Machine::new();
    let mut bytes = std::fs::read(file).unwrap();
    machine.write(SDIST, &bytes);
    let honest = std::fs::read_to_string(provenance).unwrap();
    machine.write("honest.json", &honest);
    let lie = honest.replace(r#""workflow":"release.yml""#, r#""workflow":"other.yml""#);
    let lie = lie.replace(r#""workflow": "release.yml""#, r#""workflow": "other.yml""#);
    assert_ne!(lie, honest);
    machine.write("lie.json", lie);
    let verify = |name: &str| machine.assay(&["verify", SDIST, "--provenance", name]);
    verify("honest.json").ok();
    let rule = "rule: attestation publisher";
    refused(
        &verify("lie.json"),
        &[
            rule,
            "found: workflow release.yml",
            "missing: workflow other.yml",
        ],
    );
    bytes.push(0);
    machine.write(SDIST, &bytes);
    let rule = "rule: attestation subject";
    refused(
        &verify("honest.json"),
        &[rule, "other bytes", "found: sha256:", "missing: sha256:"],
    );
}

#[test]
fn what_is_no_provenance_is_refused_and_what_is_no_file_could_not_be_read() {
    let machine = Machine::new();
    let wheel = simple("app", "1.0", &[]);
    machine.write(&wheel.file_name, &wheel.bytes);
    machine.write("empty.json", "{}");
    machine.write("new.json", r#"{"version": 2, "attestation_bundles": []}"#);
    machine.write("large.json", " ".repeat((1 << 20) + 1));
    machine.write("notes.txt", "");
    let verify =
        |file: &str, provenance: &str| machine.assay(&["verify", file, "--provenance", provenance]);
    let of_wheel = |provenance: &str| verify(&wheel.file_name, provenance);
    refused(&of_wheel("empty.json"), &["rule: attestation form"]);
    let version = [
        "rule: attestation version",
        "found: version 2",
        "missing: version 1",
    ];
    refused(&of_wheel("new.json"), &version);
    refused(&of_wheel("large.json"), &["rule: attestation size"]);
    of_wheel("gone.json").fails(1, &["gone.json"]);
    verify("gone-1.0.tar.gz", "empty.json").fails(1, &["gone-1.0.tar.gz"]);
    verify("./notes.txt", "empty.json").fails(2, &["notes.txt"]);
    let other = [
        "verify",
        "notes-1.0.tar.gz",
        "app",
        "--provenance",
        "empty.json",
    ];
    machine
        .assay(&other)
        .fails(2, &["--provenance is about one FILE"]);
    let data = machine.assay(&[
        "verify",
        &wheel.file_name,
        "--provenance",
        "empty.json",
        "--json",
    ]);
    assert_eq!(data.code, 4);
    let data = data.json();
    assert_eq!(data["outcome"], "refused");
    assert_eq!(data["distributions"][0]["refusal"]["exit-code"], 4);
}

#[test]
fn a_trusted_root_of_ones_own_has_to_be_one() {
    let machine = Machine::new();
    let wheel = simple("app", "1.0", &[]);
    machine.write(&wheel.file_name, &wheel.bytes);
    machine.write("empty.json", "{}");
    let verify = |root: &str| {
        let words = ["verify", &wheel.file_name, "--provenance", "empty.json"];
        machine.assay(&[&words[..], &["--trusted-root", root]].concat())
    };
    verify("empty.json").fails(2, &["empty.json", "trusted root"]);
    verify("gone.json").fails(2, &["gone.json", "--trusted-root"]);
    let alone = ["verify", &wheel.file_name, "--trusted-root", "empty.json"];
    machine.assay(&alone).fails(2, &["--provenance"]);
}

const OWNER: &str = "github:acme/app:release.yml:repository-id=11:owner-id=22";
const LOGGED: &str = "2026-01-02T03:04:05Z";

/// A machine that trusts a Sigstore of its own, where `app` is signed by its owner.
struct Signed {
    machine: Machine,
    sigstore: TestSigstore,
    wheel: BuiltWheel,
}

impl Signed {
    fn new() -> Self {
        let it = Self {
            machine: Machine::new(),
            sigstore: TestSigstore::new(),
            wheel: simple("app", "1.0", &[]),
        };
        let root = it.sigstore.trusted_root_json();
        it.machine.write("../home/root.json", root);
        it.own("");
        it
    }

    /// What the user's policy file says besides.
    fn own(&self, text: &str) {
        let policy = format!("{text}\n[sigstore]\ntrusted-root = '../../root.json'\n");
        self.machine
            .write("../home/.config/assay/policy.toml", policy);
    }

    fn serve(&self) -> IndexServer {
        let owner = owner();
        let upload =
            upload(&self.wheel)
                .upload_time(LOGGED)
                .attested(&self.sigstore, &owner, LOGGED);
        IndexServer::builder()
            .upload(upload)
            .json_key("meta", serde_json::json!({ "api-version": "1.3" }))
            .start()
    }
}

fn owner() -> Publisher {
    Publisher::github("acme/app")
        .repository_id("11")
        .owner_id("22")
}

#[test]
fn a_file_with_its_provenance_meets_rules_about_publishers() {
    let it = Signed::new();
    let file = &it.wheel.file_name;
    it.machine.write(file, &it.wheel.bytes);
    let sha256 = assay_types::Sha256(sha2::Sha256::digest(&it.wheel.bytes).into());
    let (owner, sha256) = (owner(), sha256.to_string());
    let attestation = it.sigstore.attest(&owner, file, &sha256).at(LOGGED);
    it.machine.write("app.json", attestation.provenance());
    let with = || {
        it.machine
            .assay(&["verify", file, "--provenance", "app.json"])
    };
    let without = || it.machine.assay(&["verify", file]);
    let told = with().ok().out;
    assert!(told.contains(OWNER) && told.contains(LOGGED), "{told}");
    it.own("[policy]\nevidence = 'publisher:github:acme/app'");
    with().ok();
    refused(&without(), &["publisher:github:acme/app"]);
    it.own("[publishers]\napp = ['github:other/app']");
    refused(&with(), &["github:other/app"]);
    // Keys that are given stand in for those that the policy file names.
    it.own("");
    let other = TestSigstore::new().trusted_root_json();
    it.machine.write("other.json", other);
    let words = ["verify", file, "--provenance", "app.json", "--trusted-root"];
    let by = |root: &str| it.machine.assay(&[&words[..], &[root]].concat());
    refused(&by("other.json"), &["rule: attestation"]);
    by("../home/root.json").ok();
}

#[test]
fn names_are_judged_with_their_publishers_and_nobody_is_remembered() {
    let it = Signed::new();
    it.machine.assay(&["venv", "env"]).ok();
    let server = it.serve();
    let url = server.index_url();
    let words = ["verify", "--python", "./env", "--index-url", &url, "app"];
    let verify = || it.machine.assay(&[&words[..], &["--json"]].concat());
    let report = verify().ok().json();
    let attestation = &report["distributions"][0]["attestations"][0];
    assert_eq!(attestation["identity"], OWNER);
    assert_eq!(attestation["logged"], LOGGED);
    let known = it
        .machine
        .path("../home/.local/state/assay/publishers.json");
    assert!(!known.exists(), "pins come with an installation only");
    it.own("[publishers]\napp = ['github:other/app']");
    assert_eq!(verify().code, 4);
}

#[test]
fn explain_tells_who_signed_what_was_installed() {
    let it = Signed::new();
    it.machine.install(&it.serve(), &["app"]).ok();
    let explain = |args: &[&str]| {
        let own = ["explain", "--venv", "env"];
        it.machine.assay(&[&own[..], args].concat()).ok()
    };
    let app = explain(&["app", "--json"]).json()[0].take();
    assert_eq!(app["evidence-kind"], "publisher");
    assert_eq!(app["standing"], "vouched");
    assert_eq!(app["receipt"]["publishers"][0]["identity"], OWNER);
    let tree = explain(&["app"]).out;
    assert!(
        tree.contains("publish by GitHub: acme/app, release.yml"),
        "{tree}"
    );
    assert!(tree.contains(&format!("logged {LOGGED}")), "{tree}");
    let page = explain(&["--html", "-"]).out;
    assert!(
        page.contains("signed by its publisher") && page.contains("acme/app"),
        "{page}"
    );
}
