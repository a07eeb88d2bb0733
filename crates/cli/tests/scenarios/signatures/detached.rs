//! Detached signatures by keys that people have, made by their own programs.

use std::path::{Path, PathBuf};

use assay_testkit::{
    peers::program,
    server::{Behaviour, IndexServer},
    wheel::BuiltWheel,
};

use super::{demo, memory::count};
use crate::machine::{Machine, Outcome, builder, upload};

/// Somebody with a key, and a user who knows it.
pub struct Signer {
    pub machine: Machine,
    pub program: PathBuf,
}

impl Signer {
    pub fn new(name: &str) -> Option<Self> {
        let machine = Machine::new();
        let program = program(name)?;
        Some(Self { machine, program })
    }

    /// A key of OpenPGP, and a policy that asks for it.
    pub fn gpg(expires: &str) -> Option<Self> {
        let it = Self::new("gpg")?;
        it.run_gpg(&[
            "--quick-generate-key",
            "Alice <alice@example.com>",
            "ed25519",
            "sign",
            expires,
        ]);
        it.publish("alice.asc");
        it.policy("openpgp = \"alice.asc\"", "");
        Some(it)
    }

    pub fn run_gpg(&self, args: &[&str]) -> Outcome {
        let home = self.machine.path("gnupg");
        std::fs::create_dir_all(&home).unwrap();
        let home = home.to_str().unwrap().to_owned();
        let own = [
            "--homedir",
            &home,
            "--batch",
            "--yes",
            "--passphrase",
            "",
            "--pinentry-mode",
            "loopback",
        ];
        let done = self.machine.run(&self.program, &[&own[..], args].concat());
        done.ok()
    }

    /// Puts the public key beside the policy file.
    pub fn publish(&self, name: &str) {
        let key = self.run_gpg(&["--armor", "--export"]).out;
        self.machine
            .write(&format!("../home/.config/assay/{name}"), key);
    }

    pub fn policy(&self, key: &str, more: &str) {
        let text = format!(
            "[keys.alice]\n{key}\n{more}[[policy.rule]]\nprojects = [\"demo\"]\nevidence = \"key:alice\"\n"
        );
        self.machine
            .write("../home/.config/assay/policy.toml", text);
    }

    fn signed(&self, wheel: &BuiltWheel) -> Vec<u8> {
        let path = self.machine.write(&wheel.file_name, &wheel.bytes);
        self.run_gpg(&["--armor", "--detach-sign", path.to_str().unwrap()]);
        read(&path, ".asc")
    }

    pub fn install(&self, server: &IndexServer, more: &[&str]) -> Outcome {
        let args = [&["demo", "--force-reinstall"], more].concat();
        self.machine.install(server, &args)
    }
}

/// A key that nobody needs any more ends its agent.
impl Drop for Signer {
    fn drop(&mut self) {
        if let Some(conf) = program("gpgconf") {
            let home = self.machine.path("gnupg");
            let home = home.to_string_lossy();
            self.machine
                .run(&conf, &["--homedir", &home, "--kill", "all"]);
        }
    }
}

fn read(path: &Path, ending: &str) -> Vec<u8> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(ending);
    std::fs::read(beside).unwrap()
}

pub fn serve(wheel: &BuiltWheel, ending: &str, document: &[u8]) -> IndexServer {
    let name = format!("{}{ending}", wheel.file_name);
    let server = builder(std::slice::from_ref(wheel));
    server.beside(&name, document).start()
}

#[test]
fn what_gpg_signed_passes_and_a_warm_install_needs_nobody() {
    let Some(it) = Signer::gpg("never") else {
        return;
    };
    let wheel = demo("1.0");
    let server = serve(&wheel, ".asc", &it.signed(&wheel));
    it.install(&server, &[]).ok();
    it.install(&server, &[]).ok();
    assert_eq!((count(&server, ".whl"), count(&server, ".asc")), (1, 1));
    let told = it.machine.assay(&["explain", "--venv", "env", "demo"]).ok();
    assert!(told.out.contains("alice@example.com"), "{told:?}");
    assert!(
        told.out
            .contains("demo 1.0: signed by a key that you trust"),
        "{told:?}"
    );
}

#[test]
fn a_signature_of_other_bytes_or_one_that_is_cut_short_is_refused() {
    let Some(it) = Signer::gpg("never") else {
        return;
    };
    let (wheel, old) = (demo("2.0"), demo("1.0"));
    let good = it.signed(&wheel);
    let replayed = it.signed(&old);
    let words = ["demo-2.0-py3-none-any.whl.asc", "rule: signature"];
    for bad in [&replayed[..], &good[..good.len() / 2], b"", b"<html>"] {
        let server = serve(&wheel, ".asc", bad);
        it.install(&server, &[]).fails(4, &words);
    }
    let oversized = [&good[..], &vec![b'\n'; 64 << 10]].concat();
    let server = serve(&wheel, ".asc", &oversized);
    it.install(&server, &[]).fails(4, &["rule: signature size"]);
    it.install(&serve(&wheel, ".asc", &good), &[]).ok();
}

#[test]
fn a_wheel_in_the_store_is_fetched_again_for_another_key() {
    let (Some(it), Some(other)) = (Signer::gpg("never"), Signer::gpg("never")) else {
        return;
    };
    let wheel = demo("1.0");
    let document = it.signed(&wheel);
    let server = serve(&wheel, ".asc", &document);
    it.install(&server, &[]).ok();
    other.publish("bob.asc");
    let key = std::fs::read(other.machine.path("../home/.config/assay/bob.asc")).unwrap();
    it.machine.write("../home/.config/assay/alice.asc", key);
    let words = ["missing: key:alice", "no signature by key:alice"];
    it.install(&server, &[]).fails(4, &words);
    let now = serve(&wheel, ".asc", &other.signed(&wheel));
    it.install(&now, &[]).ok();
    assert_eq!(count(&now, ".whl"), 1);
}

#[test]
fn a_key_that_expired_since_says_no_more_of_a_wheel_in_the_store() {
    let Some(it) = Signer::gpg("seconds=8") else {
        return;
    };
    let wheel = demo("1.0");
    let begin = std::time::Instant::now();
    let server = serve(&wheel, ".asc", &it.signed(&wheel));
    let first = it.install(&server, &[]);
    let in_time = begin.elapsed().as_secs() < 6;
    if in_time {
        first.ok();
    }
    std::thread::sleep(std::time::Duration::from_secs(9).saturating_sub(begin.elapsed()));
    it.install(&server, &[])
        .fails(4, &["demo-1.0-py3-none-any.whl.asc", "expired"]);
    if in_time {
        assert_eq!(count(&server, ".whl"), 1, "what is remembered ends, too");
    }
}

#[test]
fn where_the_page_says_that_there_is_none_nobody_is_asked() {
    let Some(it) = Signer::gpg("never") else {
        return;
    };
    let wheel = demo("1.0");
    let document = it.signed(&wheel);
    let server = |said: bool| {
        let upload = upload(&wheel).gpg_sig(said);
        let name = format!("{}.asc", wheel.file_name);
        let server = IndexServer::builder().upload(upload);
        server.beside(&name, &document[..]).start()
    };
    let none = server(false);
    let words = ["demo-1.0-py3-none-any.whl.asc: none, its page says"];
    it.install(&none, &[]).fails(4, &words);
    assert_eq!(count(&none, ".asc"), 0);
    it.install(&server(true), &[]).ok();
}

#[test]
fn what_ssh_keygen_signed_passes_and_is_remembered() {
    let Some(it) = Signer::new("ssh-keygen") else {
        return;
    };
    let key = it.machine.path("id");
    let key = key.to_str().unwrap();
    let make = ["-q", "-t", "ed25519", "-N", "", "-C", "alice", "-f", key];
    it.machine.run(&it.program, &make).ok();
    let public = std::fs::read_to_string(format!("{key}.pub")).unwrap();
    it.policy(&format!("ssh = \"{}\"", public.trim()), "");
    let wheel = demo("1.0");
    let path = it.machine.write(&wheel.file_name, &wheel.bytes);
    let sign = |namespace: &str| {
        let path = path.to_str().unwrap();
        let args = ["-Y", "sign", "-n", namespace, "-f", key, path];
        let signature = PathBuf::from(format!("{path}.sig"));
        let _ = std::fs::remove_file(&signature);
        it.machine.run(&it.program, &args).ok();
        std::fs::read(signature).unwrap()
    };
    let other = serve(&wheel, ".sshsig", &sign("git"));
    it.install(&other, &[])
        .fails(4, &["demo-1.0-py3-none-any.whl.sshsig"]);
    let server = serve(&wheel, ".sshsig", &sign("file"));
    it.install(&server, &[]).ok();
    it.install(&server, &[]).ok();
    assert_eq!((count(&server, ".whl"), count(&server, ".sshsig")), (1, 1));
    // Its owner also signs statements with it; none is there, and none is needed.
    let name = format!("/files/{}.sshsig", wheel.file_name);
    let away = builder(std::slice::from_ref(&wheel)).behave(&name, Behaviour::Status(500));
    let away = away.start();
    it.install(&away, &["--retries", "0"]).ok();
}
