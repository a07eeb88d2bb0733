//! `.minisig` documents, by minisign where it is found and made up here for the rest.

use std::{
    fs,
    process::{Command, Stdio},
};

use assay_testkit::peers;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::*;

/// BLAKE2b-512 of [`BYTES`], by Python's hashlib.
const BLAKE2B: &str = "227a9ba9ac70e65812eee28febbe77b963bb1cfe1f54f5cc324ce2087f9e41b2\
                       13593a75b008a797580208926e32d15d7b3004c4c9081d00a351cf2b8a0f596f";
const COMMENT: &str = "timestamp:1763900000\tfile:demo-1.0-py3-none-any.whl\thashed";

struct Signer {
    pair: Ed25519KeyPair,
    id: [u8; 8],
}

impl Signer {
    fn new(seed: u8, id: u8) -> Self {
        Self {
            pair: Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap(),
            id: [id; 8],
        }
    }

    fn line(&self) -> String {
        BASE64_STANDARD.encode([b"Ed", &self.id[..], self.pair.public_key().as_ref()].concat())
    }

    fn key(&self) -> TrustedKey {
        trusted(KeyKind::Minisign, &self.line())
    }

    fn document(&self, algorithm: &[u8], message: &[u8], comment: &str) -> String {
        let signature = self.pair.sign(message);
        let global = [signature.as_ref(), comment.as_bytes()].concat();
        let global = BASE64_STANDARD.encode(self.pair.sign(&global));
        let signature = [algorithm, &self.id[..], signature.as_ref()].concat();
        let signature = BASE64_STANDARD.encode(signature);
        format!("untrusted comment: by alice\n{signature}\ntrusted comment: {comment}\n{global}\n")
    }

    fn sign(&self, comment: &str) -> String {
        self.document(b"ED", &digest(), comment)
    }
}

fn digest() -> Vec<u8> {
    let pairs = BLAKE2B.as_bytes().chunks(2);
    let byte = |it: &[u8]| u8::from_str_radix(str::from_utf8(it).unwrap(), 16).unwrap();
    pairs.map(byte).collect()
}

fn judge(document: &str) -> Result<Option<String>, Rule> {
    super::judge(
        Scheme::Minisign,
        &Signer::new(1, 1).key(),
        BYTES,
        document.as_bytes(),
    )
}

#[test]
fn a_signature_holds_for_its_bytes_key_and_file_name() {
    let alice = Signer::new(1, 1);
    let good = alice.sign(COMMENT);
    let said = judge(&good).unwrap().unwrap();
    assert!(said.contains(&alice.line()), "{said}");

    let other_bytes = super::judge(
        Scheme::Minisign,
        &alice.key(),
        b"other bytes",
        good.as_bytes(),
    );
    assert_eq!(other_bytes, Err(Rule::Signature));
    assert_eq!(
        judge(&Signer::new(2, 2).sign(COMMENT)),
        Ok(None),
        "somebody else"
    );
    let same_id = Signer::new(2, 1).sign(COMMENT);
    assert_eq!(
        judge(&same_id),
        Err(Rule::Signature),
        "somebody else with that id"
    );

    for fine in [
        "",
        "release 1.0",
        "timestamp:1\tfile:demo-1.0-py3-none-any.whl",
    ] {
        assert!(judge(&alice.sign(fine)).unwrap().is_some(), "{fine}");
    }
    for name in [
        "file:demo-0.9-py3-none-any.whl",
        "timestamp:1\tfile:",
        "x\tfile:demo.whl\thashed",
    ] {
        assert_eq!(judge(&alice.sign(name)), Err(Rule::Subject), "{name}");
    }
    let twice = format!("{COMMENT}\tfile:other.whl");
    assert_eq!(judge(&alice.sign(&twice)), Err(Rule::Subject));
}

#[test]
fn the_trusted_comment_is_signed_and_the_other_is_not() {
    let good = Signer::new(1, 1).sign(COMMENT);
    let renamed = good.replace("demo-1.0", "demo-0.9");
    assert_eq!(judge(&renamed), Err(Rule::Signature));
    assert_eq!(judge(&good.replace("\thashed", "")), Err(Rule::Signature));
    let by_bob = good.replace("by alice", "by bob");
    assert!(judge(&by_bob).unwrap().is_some());
}

#[test]
fn legacy_and_unknown_algorithms_are_refused_by_name() {
    let alice = Signer::new(1, 1);
    let with =
        |algorithm: &[u8], message: &[u8]| judge(&alice.document(algorithm, message, COMMENT));
    assert!(with(b"ED", &digest()).unwrap().is_some());
    assert_eq!(with(b"Ed", BYTES), Err(Rule::Algorithm));
    // What the legacy form would say of a file that is another one's digest.
    assert_eq!(with(b"Ed", &digest()), Err(Rule::Algorithm));
    assert_eq!(with(b"EX", &digest()), Err(Rule::Algorithm));
}

#[test]
fn a_document_has_four_lines_in_their_form() {
    let good = Signer::new(1, 1).sign(COMMENT);
    let windows = good.replace('\n', "\r\n");
    for fine in [good.trim_end(), &windows] {
        assert!(judge(fine).unwrap().is_some());
    }
    let lines: Vec<_> = good.lines().collect();
    for count in 0..4 {
        assert_eq!(
            judge(&lines[..count].join("\n")),
            Err(Rule::Form),
            "{count} lines"
        );
    }
    let duplicated = good.repeat(2);
    let longer = format!("{good}x\n");
    let before = format!("\n{good}");
    let cut = &good[..good.len() - 3];
    let label = good.replace("\ntrusted comment:", "\ncomment:");
    let short = good.replacen(lines[1], &lines[1][..96], 1);
    for bad in [&duplicated, &longer, &before, cut, &label, &short] {
        assert_eq!(judge(bad), Err(Rule::Form), "{bad}");
    }
    let key = Signer::new(1, 1).key();
    let binary = super::judge(Scheme::Minisign, &key, BYTES, b"\xff\xfe");
    assert_eq!(binary, Err(Rule::Form));
    let large = format!("{good}{}", "\n".repeat(Scheme::LARGEST));
    assert_eq!(judge(&large), Err(Rule::Size));
}

#[test]
fn no_changed_bit_passes_below_the_untrusted_comment() {
    let alice = Signer::new(1, 1);
    let good = alice.sign(COMMENT).into_bytes();
    let first = good.iter().position(|it| *it == b'\n').unwrap();
    for at in first * 8..good.len() * 8 {
        let mut bad = good.clone();
        bad[at / 8] ^= 1 << (at % 8);
        let verified = super::judge(Scheme::Minisign, &alice.key(), BYTES, &bad);
        assert!(!matches!(verified, Ok(Some(_))), "bit {at}");
    }
}

#[test]
fn a_key_is_its_line_or_its_file() {
    let line = Signer::new(1, 1).line();
    let file = format!("untrusted comment: minisign public key 0101010101010101\n{line}\n");
    for good in [&line, &format!("{line}\n"), &file] {
        let key = Key::parse(KeyKind::Minisign, good.as_bytes()).unwrap();
        assert_eq!(key.fingerprint(), line);
        assert!(key.raw().is_none());
    }
    let twice = format!("{line}\n{line}\n");
    let secret = file.replace("RW", "RX");
    for bad in ["", &line[..55], &twice, &secret, &format!("{file}{line}\n")] {
        assert!(
            Key::parse(KeyKind::Minisign, bad.as_bytes()).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn what_minisign_signs_verifies() {
    let Some(minisign) = peers::program("minisign") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&minisign);
        command.args(arguments).current_dir(&folder);
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
    fs::write(folder.path().join(NAME), BYTES).unwrap();
    run(&["-G", "-W", "-p", "key.pub", "-s", "key"]);
    let key = String::from_utf8(read("key.pub")).unwrap();
    let key = trusted(KeyKind::Minisign, &key);
    let signed = |options: &[&str], bytes| {
        run(&[&["-S", "-s", "key", "-x", "document", "-m", NAME], options].concat());
        super::judge(Scheme::Minisign, &key, bytes, &read("document"))
    };
    assert!(signed(&[], BYTES).unwrap().is_some());
    assert!(signed(&["-t", "release 1.0"], BYTES).unwrap().is_some());
    assert_eq!(signed(&["-t", "file:other.whl"], BYTES), Err(Rule::Subject));
    assert_eq!(signed(&[], b"other bytes"), Err(Rule::Signature));
    assert_eq!(signed(&["-l"], BYTES), Err(Rule::Algorithm));
}
