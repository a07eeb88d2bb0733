//! SSH keys and signatures: any text is a key or none, and nothing that can be made up is signed.
#![no_main]

#[path = "common/detached.rs"]
mod detached;

use std::sync::LazyLock;

use assay_trust::signature::{Key, KeyKind, Scheme};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use libfuzzer_sys::fuzz_target;

/// Its 32 bytes are nobody's.
static KEY: LazyLock<(Key, Vec<u8>)> = LazyLock::new(|| {
    let blob = [&b"\0\0\0\x0bssh-ed25519\0\0\0\x20"[..], &[7; 32]].concat();
    let line = format!("ssh-ed25519 {}", BASE64_STANDARD.encode(&blob));
    (Key::parse(KeyKind::Ssh, line.as_bytes()).unwrap(), blob)
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(key) = Key::parse(KeyKind::Ssh, bytes) {
        assert!(key.fingerprint().starts_with("SHA256:"));
        detached::assert_unsigned(Scheme::Ssh, &key, bytes);
    }
    let (key, blob) = &*KEY;
    detached::assert_unsigned(Scheme::Ssh, key, bytes);
    // Past the armor, and past the key that has to be the right one.
    let length = (blob.len() as u32).to_be_bytes();
    let ours = [b"SSHSIG\0\0\0\x01", &length[..], blob, bytes].concat();
    for inside in [bytes, &ours] {
        let body = BASE64_STANDARD.encode(inside);
        let armored =
            format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n");
        detached::assert_unsigned(Scheme::Ssh, key, armored.as_bytes());
    }
});
