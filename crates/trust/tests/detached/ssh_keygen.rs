//! What `ssh-keygen` makes and shows.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use assay_testkit::peers;

use super::*;

struct SshKeygen {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl SshKeygen {
    fn find() -> Option<Self> {
        Some(Self {
            program: peers::program("ssh-keygen")?,
            folder: tempfile::tempdir().unwrap(),
        })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Option<String> {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(&self.folder);
        let output = command.stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        output.status.success().then_some(said)
    }

    /// A new key without a passphrase: the line of its `.pub` file. `None` where it makes none such.
    fn generate(&self, name: &str, kind: &[&str]) -> Option<String> {
        self.run(&[&["-q", "-N", "", "-C", "alice", "-f", name], kind].concat())?;
        Some(fs::read_to_string(self.path(&format!("{name}.pub"))).unwrap())
    }

    fn sign(&self, key: &str, options: &[&str], bytes: &[u8]) -> Vec<u8> {
        fs::write(self.path(NAME), bytes).unwrap();
        let signature = self.path(&format!("{NAME}.sig"));
        drop(fs::remove_file(&signature));
        let asked = [&["-Y", "sign", "-f", key], options, &[NAME]].concat();
        self.run(&asked).expect("ssh-keygen signs");
        fs::read(signature).unwrap()
    }
}

/// Whether `ssh-keygen -Y verify` believes it.
pub fn believes(line: &str, document: &[u8]) -> Option<bool> {
    let it = SshKeygen::find()?;
    fs::write(it.path("signers"), format!("alice {line}\n")).unwrap();
    fs::write(it.path("document"), document).unwrap();
    fs::write(it.path(NAME), BYTES).unwrap();
    let mut command = Command::new(&it.program);
    command.args(["-Y", "verify", "-n", "file", "-I", "alice"]);
    command.args(["-f", "signers", "-s", "document"]);
    command.current_dir(it.folder.path());
    let input = fs::File::open(it.path(NAME)).unwrap();
    let output = command.stdin(input).output().unwrap();
    println!("{}", String::from_utf8_lossy(&output.stderr));
    Some(output.status.success())
}

const KINDS: [&[&str]; 5] = [
    &["-t", "ed25519"],
    &["-t", "ecdsa", "-b", "256"],
    &["-t", "ecdsa", "-b", "384"],
    &["-t", "rsa", "-b", "2048"],
    &["-t", "rsa", "-b", "3072"],
];

#[test]
fn each_kind_of_key_signs_its_file_and_nothing_else() {
    let Some(it) = SshKeygen::find() else { return };
    let other = it.generate("other", KINDS[0]).unwrap();
    let other = trusted(KeyKind::Ssh, &other);
    for (number, kind) in KINDS.into_iter().enumerate() {
        let name = format!("key{number}");
        let line = it.generate(&name, kind).unwrap();
        let key = trusted(KeyKind::Ssh, &line);
        let judge = |bytes, document: &[u8]| judge(Scheme::Ssh, &key, bytes, document);
        for hash in ["hashalg=sha256", "hashalg=sha512"] {
            let document = it.sign(&name, &["-n", "file", "-O", hash], BYTES);
            let said = judge(BYTES, &document).unwrap().expect("it signed");
            assert!(said.contains(&key.key.fingerprint()), "{said}");
            assert_eq!(judge(b"other bytes", &document), Err(Rule::Signature));
            let others = super::judge(Scheme::Ssh, &other, BYTES, &document);
            assert_eq!(others, Ok(None), "somebody else's signature is nothing");
        }
        let elsewhere = it.sign(&name, &["-n", "git"], BYTES);
        assert_eq!(judge(BYTES, &elsewhere), Err(Rule::Subject));
    }
}

#[test]
fn a_signature_with_sha_1_is_refused_by_name() {
    let Some(it) = SshKeygen::find() else { return };
    let key = trusted(KeyKind::Ssh, &it.generate("rsa", KINDS[3]).unwrap());
    let document = it.sign("rsa", &["-n", "file"], BYTES);
    assert!(
        judge(Scheme::Ssh, &key, BYTES, &document)
            .unwrap()
            .is_some()
    );
    let renamed = |name: &[u8]| {
        let blob = ssh::unarmored(&document);
        // A name, the 256 bytes of a signature, and the lengths before both.
        let (rest, number) = blob.split_at(blob.len() - 256);
        let rest = &rest[..rest.len() - (4 + 4 + "rsa-sha2-512".len() + 4)];
        let mut blob = rest.to_vec();
        ssh::put(&mut blob, &ssh::strings(&[name, number]));
        judge(Scheme::Ssh, &key, BYTES, &ssh::armored(&blob))
    };
    assert!(renamed(b"rsa-sha2-512").unwrap().is_some());
    assert_eq!(renamed(b"rsa-sha2-256"), Err(Rule::Signature));
    assert_eq!(renamed(b"ssh-rsa"), Err(Rule::Algorithm));
}

#[test]
fn fingerprints_are_those_that_it_shows() {
    let Some(it) = SshKeygen::find() else { return };
    for (number, kind) in KINDS.into_iter().enumerate() {
        let name = format!("key{number}");
        let line = it.generate(&name, kind).unwrap();
        let key = Key::parse(KeyKind::Ssh, line.as_bytes()).unwrap();
        let shown = it.run(&["-l", "-f", &name]).unwrap();
        let shown = shown.split(' ').nth(1).unwrap();
        assert_eq!(key.fingerprint(), shown);
        // Those of them that sign statements.
        let signs = matches!(kind, [_, "ed25519"] | [.., "256"]);
        assert_eq!(key.raw().is_some(), signs, "{kind:?}");
    }
}

#[test]
fn keys_that_are_too_weak_or_cannot_be_judged_are_refused_by_name() {
    let Some(it) = SshKeygen::find() else { return };
    let refused = |line: &str| {
        Key::parse(KeyKind::Ssh, line.as_bytes())
            .unwrap_err()
            .to_string()
    };
    let p521 = it.generate("p521", &["-t", "ecdsa", "-b", "521"]).unwrap();
    assert!(
        refused(&p521).contains("ecdsa-sha2-nistp521"),
        "{}",
        refused(&p521)
    );
    match it.generate("small", &["-t", "rsa", "-b", "1024"]) {
        Some(small) => assert!(refused(&small).contains("1024 bits"), "{}", refused(&small)),
        None => println!("skipped: it makes no RSA key of 1024 bits"),
    }
    match it.generate("dsa", &["-t", "dsa"]) {
        Some(dsa) => assert!(refused(&dsa).contains("ssh-dss"), "{}", refused(&dsa)),
        None => println!("skipped: it makes no DSA key"),
    }
    let line = it.generate("key", KINDS[0]).unwrap();
    it.run(&["-q", "-s", "p521", "-I", "alice", "key.pub"])
        .unwrap();
    let certificate = fs::read_to_string(it.path("key-cert.pub")).unwrap();
    assert!(refused(&certificate).contains("certificate"));
    for options in ["command=\"true\" ", "restrict "] {
        let line = format!("{options}{line}");
        assert!(refused(&line).contains("no SSH public key"), "{line}");
    }
    let twice = format!("{line}{line}");
    assert!(refused(&twice).contains("more than one line"));
    let without_comment = line.rsplit_once(' ').unwrap().0;
    for good in [
        &line,
        line.trim_end(),
        without_comment,
        &format!("{without_comment}\r\n"),
    ] {
        assert!(Key::parse(KeyKind::Ssh, good.as_bytes()).is_ok(), "{good}");
    }
}
