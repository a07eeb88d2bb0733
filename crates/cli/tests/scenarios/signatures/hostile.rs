//! Detached signatures that somebody else made, that are for something else, or that are damaged.

use std::path::PathBuf;

use assay_testkit::{server::Upload, wheel::BuiltWheel};
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{
    demo,
    detached::{Signer, serve},
};
use crate::machine::builder;

/// Each of these beside the wheel refuses it with these words; nothing is installed.
fn refuses(it: &Signer, wheel: &BuiltWheel, ending: &str, cases: &[(Vec<u8>, &str)]) {
    for (document, words) in cases {
        let server = serve(wheel, ending, document);
        it.install(&server, &[]).fails(4, &[words]);
        assert!(!it.machine.venv().join("lib").exists(), "{words}");
    }
}

/// A good signature of the old bytes beside them, offered under the new name: neither form says which
/// file it is of, and the archive does.
fn refuses_old_as_new(it: &Signer, ending: &str, [new, old]: [&BuiltWheel; 2], document: &[u8]) {
    let name = format!("{}{ending}", new.file_name);
    let upload = Upload::new(&new.file_name, old.bytes.clone());
    let server = builder(&[]).upload(upload).beside(&name, document).start();
    it.install(&server, &[]).fails(4, &["demo-2.0", "1.0"]);
}

/// The key speaks for another project than demo.
fn refuses_wrong_project(it: &Signer, key: &str, wheel: &BuiltWheel, ending: &str, good: &[u8]) {
    it.policy(key, "projects = [\"django\"]\n");
    let words = ["missing: key:alice", "with demo among its projects"];
    let server = serve(wheel, ending, good);
    it.install(&server, &[]).fails(4, &words);
    it.policy(key, "projects = [\"demo\"]\n");
    it.install(&server, &[]).ok();
}

/// What somebody's gpg makes, without armor.
fn by_gpg(it: &Signer, wheel: &BuiltWheel) -> Vec<u8> {
    let path = it.machine.write(&wheel.file_name, &wheel.bytes);
    it.run_gpg(&["--detach-sign", path.to_str().unwrap()]);
    std::fs::read(path.with_extension("whl.sig")).unwrap()
}

#[test]
fn an_openpgp_signature_by_another_for_another_or_damaged_is_refused() {
    let (Some(it), Some(other)) = (Signer::gpg("never"), Signer::gpg("never")) else {
        return;
    };
    let (wheel, old) = (demo("2.0"), demo("1.0"));
    let (good, replayed) = (by_gpg(&it, &wheel), by_gpg(&it, &old));
    // Two bytes before its body: the version, the type, the kind of key, the hash (RFC 9580, 5.2.3).
    assert_eq!((good[0], good[2]), (0x88, 4));
    let with_hash = |hash: u8| [&good[..5], &[hash], &good[6..]].concat();
    let cases = [
        (by_gpg(&other, &wheel), "missing: key:alice"),
        (replayed.clone(), "not a signature of this file"),
        (good[..good.len() - 9].to_vec(), "rule: signature form"),
        (good.repeat(2), "the same signature twice"),
        (with_hash(99), "rule: signature algorithm"),
        (with_hash(2), "rule: signature algorithm"),
        ([&good[..], &[0; 64 << 10]].concat(), "rule: signature size"),
    ];
    refuses(&it, &wheel, ".asc", &cases);
    refuses_old_as_new(&it, ".asc", [&wheel, &old], &replayed);
    let key = "openpgp = \"alice.asc\"";
    refuses_wrong_project(&it, key, &wheel, ".asc", &good);
    revoke(&it);
    it.install(&serve(&wheel, ".asc", &good), &[])
        .fails(4, &["demo-2.0", "was revoked"]);
}

/// By the certificate that gpg makes beside each key, and that a colon keeps from use.
fn revoke(it: &Signer) {
    let folder = it.machine.path("gnupg/openpgp-revocs.d");
    let mut files = std::fs::read_dir(folder).unwrap();
    let made = files.next().unwrap().unwrap().path();
    let text = std::fs::read_to_string(made).unwrap();
    let text = text.replace(":-----BEGIN", "-----BEGIN");
    let path = it.machine.write("revocation.asc", text);
    it.run_gpg(&["--import", path.to_str().unwrap()]);
    it.publish("alice.asc");
}

/// What ssh-keygen makes with the key of this name.
fn by_ssh(it: &Signer, key: &str, wheel: &BuiltWheel) -> Vec<u8> {
    let path = it.machine.write(&wheel.file_name, &wheel.bytes);
    let (path, key) = (path.to_str().unwrap(), it.machine.path(key));
    let signature = PathBuf::from(format!("{path}.sig"));
    let _ = std::fs::remove_file(&signature);
    let key = key.to_str().unwrap();
    let args = ["-Y", "sign", "-n", "file", "-f", key, path];
    it.machine.run(&it.program, &args).ok();
    std::fs::read(signature).unwrap()
}

/// With a name in it that is as long as another.
fn renamed(document: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(document.to_vec()).unwrap();
    let body: String = text.lines().filter(|it| !it.starts_with('-')).collect();
    let mut blob = BASE64_STANDARD.decode(body).unwrap();
    let at = blob.windows(from.len()).position(|it| it == from).unwrap();
    blob[at..at + from.len()].copy_from_slice(to);
    let body = BASE64_STANDARD.encode(blob);
    format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n").into()
}

#[test]
fn an_ssh_signature_by_another_for_another_or_damaged_is_refused() {
    let Some(it) = Signer::new("ssh-keygen") else {
        return;
    };
    for key in ["alice", "mallory"] {
        let path = it.machine.path(key);
        let path = path.to_str().unwrap();
        let make = ["-q", "-t", "ed25519", "-N", "", "-C", key, "-f", path];
        it.machine.run(&it.program, &make).ok();
    }
    let public = std::fs::read_to_string(it.machine.path("alice.pub")).unwrap();
    let key = format!("ssh = \"{}\"", public.trim());
    it.policy(&key, "");
    let (wheel, old) = (demo("2.0"), demo("1.0"));
    let (good, replayed) = (by_ssh(&it, "alice", &wheel), by_ssh(&it, "alice", &old));
    let cases = [
        (by_ssh(&it, "mallory", &wheel), "missing: key:alice"),
        (replayed.clone(), "rule: signature"),
        (good[..good.len() / 2].to_vec(), "rule: signature form"),
        (good.repeat(2), "rule: signature form"),
        (
            renamed(&good, b"sha512", b"sha999"),
            "rule: signature algorithm",
        ),
        (
            [&good[..], &[b'\n'; 64 << 10]].concat(),
            "rule: signature size",
        ),
    ];
    refuses(&it, &wheel, ".sshsig", &cases);
    refuses_old_as_new(&it, ".sshsig", [&wheel, &old], &replayed);
    refuses_wrong_project(&it, &key, &wheel, ".sshsig", &good);
}
