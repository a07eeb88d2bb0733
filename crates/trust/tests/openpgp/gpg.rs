//! GnuPG: a folder with keys of its own, at whatever time a test says it is.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use assay_testkit::peers;
use tempfile::TempDir;

use crate::{FILE, MADE, SIGNED};

/// gpg with an empty keyring.
pub struct Gpg {
    program: PathBuf,
    home: TempDir,
}

/// What gpgv says of a signature, by its status lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    Good,
    /// Good, by a key that expired.
    ExpiredKey,
    /// Good, and expired.
    ExpiredSignature,
    /// Good, by a key that was revoked.
    RevokedKey,
    Bad,
    /// By a key that it does not have, or nothing that it can check.
    Error,
}

impl Gpg {
    /// `None` where there is no gpg.
    pub fn find() -> Option<Self> {
        let program = peers::program("gpg")?;
        let home = tempfile::tempdir().unwrap();
        Some(Self { program, home })
    }

    /// Runs it with these arguments at that time, and gives what it writes.
    pub fn run(&self, at: u32, arguments: &[&str]) -> Vec<u8> {
        let mut command = Command::new(&self.program);
        command.args([
            "--batch",
            "--quiet",
            "--no-tty",
            "--yes",
            "--pinentry-mode",
            "loopback",
        ]);
        command.args([
            "--passphrase",
            "",
            "--no-auto-check-trustdb",
            "--trust-model",
            "always",
        ]);
        command.arg(format!("--faked-system-time={at}!"));
        command
            .arg("--homedir")
            .arg(self.home.path())
            .args(arguments);
        let output = command.output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "gpg {arguments:?}: {error}");
        output.stdout
    }

    /// A key made at [`MADE`]; its fingerprint.
    pub fn key(&self, id: &str, kind: &str, usage: &str, lasts: &str) -> String {
        self.run(MADE, &["--quick-generate-key", id, kind, usage, lasts]);
        self.fingerprint(id)
    }

    /// Of the newest key or subkey of this certificate.
    pub fn fingerprint(&self, id: &str) -> String {
        let listed = self.run(MADE, &["--with-colons", "--list-keys", id]);
        let listed = String::from_utf8(listed).unwrap();
        let mut lines = listed.lines().rev();
        let line = lines.find_map(|it| it.strip_prefix("fpr:")).unwrap();
        line.split(':').nth(8).unwrap().to_owned()
    }

    /// A signature over [`FILE`] made at [`SIGNED`], with further arguments.
    pub fn sign(&self, by: &str, arguments: &[&str]) -> Vec<u8> {
        let (file, document) = (self.file(), self.path("signature"));
        let fixed = ["--local-user", by, "--output", &document];
        let all = [&fixed[..], arguments, &["--detach-sign", &file]].concat();
        self.run(SIGNED, &all);
        fs::read(document).unwrap()
    }

    /// The certificate, binary.
    pub fn export(&self, id: &str) -> Vec<u8> {
        self.run(SIGNED, &["--export", id])
    }

    /// Takes in the revocation that it wrote when it made the key, as a person would.
    pub fn revoke(&self, fingerprint: &str) {
        let kept = self.path(&format!("openpgp-revocs.d/{fingerprint}.rev"));
        // A colon keeps it from being taken by mistake.
        let text = fs::read_to_string(kept).unwrap();
        let text = text.replace(":-----BEGIN", "-----BEGIN");
        self.run(
            SIGNED,
            &["--import", &self.write("revocation", text.as_bytes())],
        );
    }

    /// A file in its folder.
    pub fn path(&self, name: &str) -> String {
        self.home.path().join(name).to_str().unwrap().to_owned()
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn file(&self) -> String {
        self.write("file", FILE)
    }
}

/// Its agent would outlive the test.
impl Drop for Gpg {
    fn drop(&mut self) {
        let mut command = Command::new("gpgconf");
        command.arg("--homedir").arg(self.home.path());
        let command = command.args(["--kill", "all"]).stderr(Stdio::null());
        drop(command.status());
    }
}

/// What gpgv says of a signature over [`FILE`] now: it takes the time from nobody. `None` where there is
/// no gpgv.
pub fn gpgv(certificate: &[u8], document: &[u8]) -> Option<Says> {
    let program = peers::program("gpgv")?;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let mut command = Command::new(program);
    command.arg("--homedir").arg(folder.path());
    command.arg("--keyring").arg(write("keys.gpg", certificate));
    command.args(["--status-fd", "1"]);
    command.arg(write("signature", document));
    Some(status(command.arg(write("file", FILE))))
}

fn status(command: &mut Command) -> Says {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let has = |word: &str| {
        text.lines()
            .any(|it| it.starts_with(&format!("[GNUPG:] {word} ")))
    };
    let words = [
        ("BADSIG", Says::Bad),
        ("ERRSIG", Says::Error),
        ("REVKEYSIG", Says::RevokedKey),
        ("EXPKEYSIG", Says::ExpiredKey),
        ("EXPSIG", Says::ExpiredSignature),
        ("GOODSIG", Says::Good),
    ];
    let found = words.into_iter().find(|(word, _)| has(word));
    found.map_or(Says::Error, |(_, says)| says)
}
