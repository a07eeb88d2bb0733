//! Envelopes of Python's securesystemslib are read here, and ours there.

use std::{path::PathBuf, process::Command};

use assay_testkit::peers;
use assay_trust::{
    TrustedKey,
    signature::{Key, KeyKind},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::world::{person, published, trusted, world};

const SIGN: &str = r#"
import base64, json, sys
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.dsse import Envelope
from securesystemslib.signer import CryptoSigner
kind, payload = sys.argv[1:]
if kind == "ed25519":
    private = ed25519.Ed25519PrivateKey.generate()
else:
    private = ec.generate_private_key(ec.SECP256R1())
envelope = Envelope(payload.encode(), "application/vnd.in-toto+json", {})
envelope.sign(CryptoSigner(private))
der = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
print(base64.b64encode(der).decode())
print(json.dumps(envelope.to_dict()))
"#;

const VERIFY: &str = r#"
import base64, json, sys
from cryptography.hazmat.primitives.serialization import load_der_public_key
from securesystemslib.dsse import Envelope
from securesystemslib.signer import SSlibKey
der, line, payload = sys.argv[1:]
line = json.loads(line)
public = load_der_public_key(base64.b64decode(der))
key = SSlibKey.from_crypto(public, keyid=line["signatures"][0]["keyid"])
envelope = Envelope.from_dict(line)
assert envelope.payload == payload.encode() and envelope.verify([key], 1)
"#;

fn python() -> Option<PathBuf> {
    let imports = "import securesystemslib.dsse, cryptography";
    peers::python_with(imports, "securesystemslib")
}

fn run(python: &PathBuf, program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(python);
    command.args(["-I", "-c", program]).args(arguments);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    output.status.success().then_some(said)
}

#[test]
fn theirs_is_read_here() {
    let Some(python) = python() else { return };
    let payload = String::from_utf8(published().payload()).unwrap();
    for (name, kind) in [
        ("ed25519", KeyKind::Ed25519),
        ("ecdsa-p256", KeyKind::EcdsaP256),
    ] {
        let said = run(&python, SIGN, &[name, &payload]).expect("it signs");
        let (public, line) = said.split_once('\n').unwrap();
        let mut world = world().beside([line.trim_end().to_owned()]);
        assert!(world.words().unwrap().is_empty(), "nobody's key yet");
        *world.key("release") = TrustedKey {
            key: Key::parse(kind, public.as_bytes()).unwrap(),
            ..trusted("release")
        };
        assert_eq!(world.words().unwrap(), ["key:release"], "{name}");
    }
}

#[test]
fn ours_is_read_there() {
    let Some(python) = python() else { return };
    let payload = String::from_utf8(published().payload()).unwrap();
    let der = |name: &str| BASE64_STANDARD.encode(person(name).raw().spki());
    let line = person("release").sign(&published());
    let verify = |key: &str| run(&python, VERIFY, &[&der(key), &line, &payload]);
    assert!(verify("release").is_some());
    assert!(verify("alice").is_none());
}
