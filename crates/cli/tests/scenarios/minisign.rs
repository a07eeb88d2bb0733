//! Files that minisign signed, beside them on an index.

use std::{fs, path::PathBuf};

use assay_testkit::{
    peers,
    server::{IndexServer, Upload},
    wheel::BuiltWheel,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use crate::machine::{Machine, builder, simple};

/// A publisher with two keys, and a user who trusts the first.
struct Signer {
    machine: Machine,
    program: PathBuf,
}

impl Signer {
    fn find() -> Option<Self> {
        let program = peers::program("minisign")?;
        let it = Self {
            machine: Machine::new(),
            program,
        };
        for key in ["alice", "bob"] {
            let public = format!("{key}.pub");
            it.run(&["-G", "-W", "-p", &public, "-s", key]);
        }
        let public = fs::read(it.machine.path("alice.pub")).unwrap();
        it.machine
            .write("../home/.config/assay/keys/alice.pub", public);
        it.policy("");
        Some(it)
    }

    /// A rule that asks for the first key, of which more is said.
    fn policy(&self, more: &str) {
        let text = format!(
            "[keys.alice]\nminisign = 'keys/alice.pub'\n{more}\
             [[policy.rule]]\nprojects = ['demo']\nevidence = 'key:alice'\n"
        );
        self.machine
            .write("../home/.config/assay/policy.toml", text);
    }

    fn run(&self, arguments: &[&str]) {
        let folder = self.machine.path("");
        let folder = folder.to_str().unwrap();
        // It looks for the files where it is started.
        let script = ["-c", "cd \"$0\" && exec \"$@\"", folder];
        let program = self.program.to_str().unwrap();
        let arguments = [&script[..], &[program], arguments].concat();
        self.machine.run("/bin/sh".as_ref(), &arguments).ok();
    }

    /// What this key makes of a wheel under this name.
    fn sign(&self, key: &str, options: &[&str], name: &str, wheel: &BuiltWheel) -> Vec<u8> {
        self.machine.write(name, &wheel.bytes);
        let arguments = ["-S", "-s", key, "-x", "document", "-m", name];
        self.run(&[&arguments, options].concat());
        fs::read(self.machine.path("document")).unwrap()
    }
}

fn serve(wheel: &BuiltWheel, document: &[u8]) -> IndexServer {
    let server = builder(std::slice::from_ref(wheel));
    let name = format!("{}.minisig", wheel.file_name);
    server.beside(&name, document).start()
}

/// With an algorithm that nobody has, in the first two bytes of the second line.
fn unknown(document: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(document.to_vec()).unwrap();
    let line = text.lines().nth(1).unwrap();
    let mut bytes = BASE64_STANDARD.decode(line).unwrap();
    bytes[..2].copy_from_slice(b"EX");
    text.replace(line, &BASE64_STANDARD.encode(bytes)).into()
}

#[test]
fn a_file_that_the_key_signed_under_its_name_is_installed() {
    let Some(it) = Signer::find() else { return };
    let (wheel, old) = (simple("demo", "1.0", &[]), simple("demo", "0.9", &[]));
    let name = &wheel.file_name;
    let good = it.sign("alice", &[], name, &wheel);
    let oversized = [&good[..], &[b'\n'; 64 << 10]].concat();
    for (document, words) in [
        (it.sign("bob", &[], name, &wheel), "missing: key:alice"),
        (
            it.sign("alice", &[], name, &old),
            "does not hold for these bytes",
        ),
        (
            it.sign("alice", &[], &old.file_name, &wheel),
            &old.file_name,
        ),
        (it.sign("alice", &["-l"], name, &wheel), "legacy form"),
        (good[..good.len() / 2].to_vec(), "rule: signature form"),
        (good.repeat(2), "rule: signature form"),
        (unknown(&good), "rule: signature algorithm"),
        (oversized, "rule: signature size"),
    ] {
        let server = serve(&wheel, &document);
        it.machine.install(&server, &["demo"]).fails(4, &[words]);
        assert!(!it.machine.venv().join("lib").exists());
    }
    // Her word for the old bytes under the new name: the archive says what it is.
    let old_as_new = BuiltWheel {
        file_name: name.clone(),
        ..old
    };
    let signed = it.sign("alice", &[], name, &old_as_new);
    let server = builder(&[])
        .upload(Upload::new(name, old_as_new.bytes))
        .beside(&format!("{name}.minisig"), signed)
        .start();
    let words = ["demo-1.0", "0.9"];
    it.machine.install(&server, &["demo"]).fails(4, &words);
    it.policy("projects = ['django']\n");
    let server = serve(&wheel, &good);
    let words = ["missing: key:alice", "with demo among its projects"];
    it.machine.install(&server, &["demo"]).fails(4, &words);
    it.policy("");
    it.machine.install(&server, &["demo"]).ok();
}
