//! `.sshsig` documents as nobody's `ssh-keygen` makes them.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::signature::{Ed25519KeyPair, KeyPair as _};

use super::*;

/// A document in parts, each of which a test may change.
pub struct Parts {
    pub version: u32,
    pub key: Vec<u8>,
    pub namespace: &'static str,
    pub reserved: &'static str,
    pub hash: &'static str,
    pub signature: Vec<u8>,
}

impl Parts {
    pub fn blob(&self) -> Vec<u8> {
        let mut blob = b"SSHSIG".to_vec();
        blob.extend(self.version.to_be_bytes());
        let texts = [self.namespace, self.reserved, self.hash].map(str::as_bytes);
        let strings = [&self.key[..]].into_iter().chain(texts);
        strings
            .chain([&self.signature[..]])
            .for_each(|it| put(&mut blob, it));
        blob
    }

    pub fn armored(&self) -> Vec<u8> {
        armored(&self.blob())
    }

    /// What is signed, where the file is [`BYTES`].
    pub fn message(&self) -> Vec<u8> {
        let mut message = b"SSHSIG".to_vec();
        for text in [self.namespace, self.reserved, self.hash] {
            put(&mut message, text.as_bytes());
        }
        put(&mut message, &assay_trust::sha256(BYTES).0);
        message
    }
}

pub fn strings(all: &[&[u8]]) -> Vec<u8> {
    let mut to = Vec::new();
    all.iter().for_each(|it| put(&mut to, it));
    to
}

pub fn put(to: &mut Vec<u8>, bytes: &[u8]) {
    to.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
    to.extend(bytes);
}

pub fn armored(blob: &[u8]) -> Vec<u8> {
    let body = BASE64_STANDARD.encode(blob);
    format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n").into_bytes()
}

pub fn unarmored(document: &[u8]) -> Vec<u8> {
    let text = str::from_utf8(document).unwrap();
    let body = text.lines().filter(|it| !it.starts_with("-----"));
    BASE64_STANDARD.decode(body.collect::<String>()).unwrap()
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap()
}

fn alice() -> TrustedKey {
    let blob = strings(&[b"ssh-ed25519", pair().public_key().as_ref()]);
    let line = format!("ssh-ed25519 {}", BASE64_STANDARD.encode(blob));
    trusted(KeyKind::Ssh, &line)
}

/// Signed over whatever `change` left of the parts.
fn signed(change: impl FnOnce(&mut Parts)) -> Parts {
    let mut parts = Parts {
        version: 1,
        key: strings(&[b"ssh-ed25519", pair().public_key().as_ref()]),
        namespace: "file",
        reserved: "",
        hash: "sha256",
        signature: Vec::new(),
    };
    change(&mut parts);
    let signature = pair().sign(&parts.message());
    parts.signature = strings(&[b"ssh-ed25519", signature.as_ref()]);
    parts
}

fn judge(document: &[u8]) -> Result<Option<String>, Rule> {
    super::judge(Scheme::Ssh, &alice(), BYTES, document)
}

#[test]
fn each_part_has_to_be_what_it_is() {
    assert!(judge(&signed(|_| ()).armored()).unwrap().is_some());
    // Signed, though nobody knows what for (PROTOCOL.sshsig: to be ignored).
    assert!(
        judge(&signed(|it| it.reserved = "x").armored())
            .unwrap()
            .is_some()
    );

    let rule = |change: fn(&mut Parts)| judge(&signed(change).armored());
    assert_eq!(rule(|it| it.version = 2), Err(Rule::Form));
    assert_eq!(rule(|it| it.version = 0), Err(Rule::Form));
    assert_eq!(rule(|it| it.namespace = "email"), Err(Rule::Subject));
    assert_eq!(rule(|it| it.namespace = ""), Err(Rule::Subject));
    assert_eq!(rule(|it| it.namespace = "file\0"), Err(Rule::Subject));
    assert_eq!(rule(|it| it.hash = "sha1"), Err(Rule::Algorithm));
    assert_eq!(rule(|it| it.hash = "SHA256"), Err(Rule::Algorithm));
}

#[test]
fn a_signature_of_another_algorithm_is_refused_by_name() {
    let good = signed(|_| ());
    let signature = pair().sign(&good.message());
    for name in ["ssh-rsa", "rsa-sha2-512", "ssh-ed448", "", "ssh-ed25519\0"] {
        let signature = strings(&[name.as_bytes(), signature.as_ref()]);
        let parts = Parts {
            signature,
            ..signed(|_| ())
        };
        assert_eq!(judge(&parts.armored()), Err(Rule::Algorithm), "{name}");
    }
    let long = [&good.signature[..], b"x"].concat();
    let parts = Parts {
        signature: long,
        ..good
    };
    assert_eq!(judge(&parts.armored()), Err(Rule::Form));
}

#[test]
fn no_changed_bit_passes() {
    let good = signed(|_| ()).blob();
    for at in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[at / 8] ^= 1 << (at % 8);
        assert!(!matches!(judge(&armored(&bad)), Ok(Some(_))), "bit {at}");
    }
    for end in 0..good.len() {
        assert_eq!(
            judge(&armored(&good[..end])),
            Err(Rule::Form),
            "{end} bytes"
        );
    }
    let longer = [&good[..], &[0]].concat();
    assert_eq!(judge(&armored(&longer)), Err(Rule::Form));
}

#[test]
fn the_armor_holds_one_signature_and_nothing_stands_around_it() {
    let good = signed(|_| ()).armored();
    let text = String::from_utf8(good.clone()).unwrap();
    let windows = text.replace('\n', "\r\n");
    let wrapped = text.replacen("AAAA", "AA\nAA", 1);
    for fine in [text.trim_end(), &windows, &wrapped] {
        assert!(judge(fine.as_bytes()).unwrap().is_some(), "{fine}");
    }
    let two = text.repeat(2);
    let before = format!("hello\n{text}");
    let after = format!("{text}hello\n");
    let label = text.replace("SSH SIGNATURE", "PGP SIGNATURE");
    let padded = text.replace("\n-----END", "=\n-----END");
    for bad in [
        &two,
        &before,
        &after,
        &label,
        &padded,
        "",
        "\n",
        "-----BEGIN SSH SIGNATURE-----",
    ] {
        assert_eq!(judge(bad.as_bytes()), Err(Rule::Form), "{bad}");
    }
    assert_eq!(judge(b"\xff\xfe"), Err(Rule::Form));

    let mut large = good;
    large.resize(Scheme::LARGEST, b'\n');
    assert!(judge(&large).unwrap().is_some());
    large.push(b'\n');
    assert_eq!(judge(&large), Err(Rule::Size));
}
