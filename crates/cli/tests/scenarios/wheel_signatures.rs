//! Rules that want legacy wheels signed inside of themselves, by keys that old wheel knew.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use assay_testkit::{
    peers,
    server::IndexServer,
    wheel::{BuiltWheel, WheelBuilder, record_digest},
};
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use crate::machine::{Machine, Outcome, index, simple};

const RULE: &str = "[[policy.rule]]\nprojects = ['legacy*']\nwheel-signature = ['old-key']\n";

fn pair(seed: u8) -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap()
}

fn url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What old wheel would write, with this algorithm.
fn jws(seed: u8, algorithm: &str, record: &[u8]) -> Vec<u8> {
    let payload = format!(r#"{{"hash": "{}"}}"#, record_digest(record));
    let vk = url(pair(seed).public_key());
    let header = format!(r#"{{"alg": "{algorithm}", "jwk": {{"kty": "Ed25519", "vk": "{vk}"}}}}"#);
    let (payload, header) = (url(payload), url(header));
    let signature = url(pair(seed).sign(format!("{header}.{payload}").as_bytes()));
    let recipient = format!(r#"{{"header": "{header}", "signature": "{signature}"}}"#);
    format!(r#"{{"payload": "{payload}", "recipients": [{recipient}]}}"#).into_bytes()
}

fn legacy(sign: impl Fn(&[u8]) -> Vec<u8> + 'static) -> BuiltWheel {
    let wheel = WheelBuilder::new("legacy", "1.0").file("legacy.py", b"x = 1\n");
    wheel.signed(sign).build()
}

fn signed(seed: u8) -> BuiltWheel {
    legacy(move |record| jws(seed, "Ed25519", record))
}

/// The key with the seed 1, and what else its table says.
fn key(more: &str) -> String {
    let key = BASE64_STANDARD.encode(pair(1).public_key());
    format!("[keys.old-key]\ned25519 = '{key}'\n{more}\n")
}

/// A machine whose user wants wheels of `legacy` signed.
fn machine() -> Machine {
    let machine = Machine::new();
    own(&machine, &(key("") + RULE));
    machine
}

fn own(machine: &Machine, policy: &str) {
    machine.write("../home/.config/assay/policy.toml", policy);
}

fn install_into(machine: &Machine, environment: &str, server: &IndexServer) -> Outcome {
    let url = server.index_url();
    machine.assay(&[
        "install",
        "--venv",
        environment,
        "--index-url",
        &url,
        "legacy",
    ])
}

fn is_installed(machine: &Machine) -> bool {
    machine.venv().join("lib").exists()
        && fs::read_dir(machine.site())
            .unwrap()
            .any(|it| it.unwrap().file_name() == "legacy.py")
}

#[test]
fn a_signed_wheel_is_installed_and_its_signature_is_not() {
    let machine = machine();
    let server = index(&[signed(1), simple("other", "1.0", &[])]);
    for environment in ["env", "another"] {
        install_into(&machine, environment, &server).ok();
    }
    assert!(is_installed(&machine));
    let dist_info = machine.site().join("legacy-1.0.dist-info");
    assert!(!dist_info.join("RECORD.jws").exists());
    let record = fs::read_to_string(dist_info.join("RECORD")).unwrap();
    assert!(!record.contains("jws"), "{record}");
    machine.install(&server, &["other"]).ok();
}

#[test]
fn a_wheel_that_the_store_has_already_is_judged_too() {
    for (wheel, may) in [(simple("legacy", "1.0", &[]), false), (signed(1), true)] {
        let machine = Machine::new();
        let server = index(&[wheel]);
        install_into(&machine, "before", &server).ok();
        own(&machine, &(key("") + RULE));
        let outcome = install_into(&machine, "after", &server);
        match may {
            true => outcome.ok(),
            false => outcome.fails(4, &["no RECORD.jws", "rule: wheel-signature ("]),
        };
    }
}

#[test]
fn whatever_is_wrong_with_a_signature_refuses_by_the_rule_that_asked_for_it() {
    let padded = |record: &[u8]| [jws(1, "Ed25519", record), vec![b' '; 64 << 10]].concat();
    let truncated = |record: &[u8]| {
        let document = jws(1, "Ed25519", record);
        document[..document.len() - 20].to_vec()
    };
    let forged = |record: &[u8]| {
        let read =
            |seed| serde_json::from_slice::<serde_json::Value>(&jws(seed, "Ed25519", record));
        let mut document = read(2).unwrap();
        document["recipients"][0]["header"] = read(1).unwrap()["recipients"][0]["header"].take();
        document.to_string().into_bytes()
    };
    for (wheel, words) in [
        (simple("legacy", "1.0", &[]), "it holds no RECORD.jws"),
        (signed(2), "not signed by a key that may"),
        (
            legacy(|_| jws(1, "Ed25519", b"another RECORD")),
            "signs a RECORD with sha256:",
        ),
        (
            legacy(|record| jws(1, "RS256", record)),
            "signed with \"RS256\"",
        ),
        (
            legacy(forged),
            "has a signature by key:old-key that does not hold",
        ),
        (legacy(truncated), "is no wheel signature"),
        (legacy(padded), "at most 65536 are accepted"),
        (legacy(|_| Vec::new()), "is no wheel signature"),
    ] {
        let machine = machine();
        let server = index(&[wheel]);
        let words = [words, "wheel-signature (", "policy.toml:6:"];
        machine.install(&server, &["legacy"]).fails(4, &words);
        assert!(!is_installed(&machine));
    }
}

#[test]
fn a_key_speaks_for_its_projects_and_for_a_record_that_is_compared() {
    let server = index(&[signed(1)]);
    for (projects, may) in [("['legacy']", true), ("['django']", false)] {
        let machine = Machine::new();
        own(&machine, &(key(&format!("projects = {projects}")) + RULE));
        let outcome = machine.install(&server, &["legacy"]);
        match may {
            true => outcome.ok(),
            false => outcome.fails(4, &["not signed by a key that may"]),
        };
    }
    let machine = machine();
    let loose = ["--allow-bad-record", "legacy", "legacy"];
    machine
        .install(&server, &loose)
        .fails(4, &["not compared with RECORD"]);
}

#[test]
fn verify_and_download_ask_for_it_too() {
    for (wheel, may) in [(signed(1), true), (signed(2), false)] {
        let machine = machine();
        let path = machine.write(&wheel.file_name, &wheel.bytes);
        let verified = machine.assay(&["verify", path.to_str().unwrap()]);
        let told = verified.out.contains("RECORD.jws signed by key:old-key");
        assert_eq!(told, may, "{}", verified.out);
        let server = index(&[wheel]);
        let url = server.index_url();
        let downloaded = machine.assay(&["download", "--index-url", &url, "-d", "to", "legacy"]);
        for outcome in [verified, downloaded] {
            let said = outcome.out + &outcome.err;
            assert_eq!(outcome.code, if may { 0 } else { 4 }, "{said}");
            let refused = said.contains("not signed by a key that may");
            assert_eq!(refused, !may, "{said}");
        }
    }
}

/// Signs like old `wheel sign`; `--vk` tells the public key.
const OLD_WHEEL: &str = r#"
import hashlib, json, sys
sys.path.insert(0, sys.argv[1])
from wheel.signatures import ed25519py, sign, verify
from wheel.util import native, urlsafe_b64encode
pair = ed25519py.crypto_sign_keypair(bytes([int(sys.argv[2])] * 32))
if "--vk" in sys.argv:
    print(native(urlsafe_b64encode(pair.vk)), end="")
    sys.exit()
digest = hashlib.sha256(sys.stdin.buffer.read()).digest()
document = sign({"hash": "sha256=" + native(urlsafe_b64encode(digest))}, pair)
verify(document)
json.dump(document, sys.stdout, sort_keys=True)
"#;

fn old_wheel(python: &Path, folder: &Path, arguments: &[&str], input: &[u8]) -> Vec<u8> {
    let mut command = Command::new(python);
    command
        .args(["-I", "-B", "-c", OLD_WHEEL])
        .arg(folder)
        .args(arguments);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

#[test]
fn what_old_wheel_signed_and_trusted_is_taken_as_it_did() {
    let Some((python, folder)) = peers::python().zip(peers::old_wheel()) else {
        return;
    };
    let wheel = |seed: &'static str| {
        let (python, folder) = (python.clone(), folder.clone());
        legacy(move |record| old_wheel(&python, &folder, &[seed], record))
    };
    let vk = old_wheel(&python, &folder, &["7", "--vk"], b"");
    let vk = String::from_utf8(vk).unwrap();
    let trust = serde_json::json!({
        "schema": 1, "signers": [], "verifiers": [{"scope": "Legacy", "vk": vk}],
    });
    let machine = Machine::new();
    machine.write("wheel.json", trust.to_string());
    let policy = machine
        .assay(&["key", "import", "--wheel-trust", "wheel.json"])
        .ok()
        .out;
    own(&machine, &policy);
    let server = |seed| index(&[wheel(seed)]);
    machine
        .install(&server("8"), &["legacy"])
        .fails(4, &["not signed by a key that may", "key:old-wheel-1"]);
    machine.install(&server("7"), &["legacy"]).ok();
    assert!(is_installed(&machine));
}
