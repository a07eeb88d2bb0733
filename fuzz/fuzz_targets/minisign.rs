//! minisign keys and signatures: any text is a key or none, and nothing that can be made up is signed.
#![no_main]

#[path = "common/detached.rs"]
mod detached;

use std::sync::LazyLock;

use assay_trust::signature::{Key, KeyKind, Scheme};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use libfuzzer_sys::fuzz_target;

const ID: [u8; 8] = [7; 8];

/// Its 32 bytes are nobody's.
static KEY: LazyLock<Key> = LazyLock::new(|| {
    let line = BASE64_STANDARD.encode([&b"Ed"[..], &ID, &[7; 32]].concat());
    Key::parse(KeyKind::Minisign, line.as_bytes()).unwrap()
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = Key::parse(KeyKind::Minisign, bytes) {
        let again = Key::parse(KeyKind::Minisign, key.fingerprint().as_bytes()).unwrap();
        assert_eq!(again.fingerprint(), key.fingerprint());
    }
    detached::assert_unsigned(Scheme::Minisign, &KEY, bytes);
    // Past the frame: a signature by the right key's id, and any comment.
    let (signatures, comment) = bytes.split_at(bytes.len().min(128));
    let mut both = signatures.to_vec();
    both.resize(128, 0);
    let signature = BASE64_STANDARD.encode([&b"ED"[..], &ID, &both[..64]].concat());
    let global = BASE64_STANDARD.encode(&both[64..]);
    let comment = String::from_utf8_lossy(comment);
    let document =
        format!("untrusted comment: x\n{signature}\ntrusted comment: {comment}\n{global}\n");
    detached::assert_unsigned(Scheme::Minisign, &KEY, document.as_bytes());
});
