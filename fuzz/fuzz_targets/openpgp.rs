//! OpenPGP certificates and signatures: any bytes are one or none, and nothing that can be made up is
//! signed.
#![no_main]

#[path = "common/detached.rs"]
mod detached;

use std::sync::LazyLock;

use assay_trust::signature::{Key, KeyKind, Scheme};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use libfuzzer_sys::fuzz_target;

/// Whose secret key was thrown away.
const CERTIFICATE: &str = "mDMEZVPxABYJKwYBBAHaRw8BAQdAjQQ0X8lEBqq4HIoX9VQl1hznQ7HdenraMhyu\
    DXdUnlq0FUFubiA8YW5uQGV4YW1wbGUuY29tPoiQBBMWCAA4FiEEaQsFAUKyBuAn\
    pvRWE7WTO+cr0o0FAmVT8QACGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ\
    E7WTO+cr0o00NAEA9ZKKu3WQdORJtwjx5i+/tGwd4UyXMxrw1+Z7QLVlgHcBAO/j\
    1zEBHs4cfaiI+i4cqL2XLyXgRgTpdi61r5bFEigJ";
/// Its primary key, tag and length included.
const PRIMARY: usize = 53;

static BYTES: LazyLock<Vec<u8>> = LazyLock::new(|| BASE64_STANDARD.decode(CERTIFICATE).unwrap());
static KEY: LazyLock<Key> = LazyLock::new(|| Key::parse(KeyKind::OpenPgp, &BYTES).unwrap());

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    detached::assert_unsigned(Scheme::OpenPgp, &KEY, bytes);
    // Past the frame: what somebody adds to a certificate, and what says that it is by its key.
    read(&[&BYTES, bytes].concat());
    read(&[&BYTES[..PRIMARY], bytes].concat());
    read(&[&BYTES[..PRIMARY], bytes, &BYTES[PRIMARY..]].concat());
    let (conditions, rest) = bytes.split_at(bytes.len().min(64));
    detached::assert_unsigned(Scheme::OpenPgp, &KEY, &signature(conditions, rest));
});

fn read(bytes: &[u8]) {
    if let Ok(key) = Key::parse(KeyKind::OpenPgp, bytes) {
        assert!(matches!(key.fingerprint().len(), 40 | 64));
    }
}

/// A version 4 signature of an EdDSA key over a file, by SHA-512, with these subpackets.
fn signature(conditions: &[u8], rest: &[u8]) -> Vec<u8> {
    let time = [5, 2, 0x65, 0x60, 0, 0];
    let issuer = [9, 16, 0x13, 0xb5, 0x93, 0x3b, 0xe7, 0x2b, 0xd2, 0x8d];
    let hashed = [&time[..], &issuer, conditions].concat();
    let length = u8::try_from(hashed.len()).expect("less than 100 bytes");
    let head = [4, 0, 22, 10, 0, length];
    let body = [&head[..], &hashed, &[0, 0], rest].concat();
    let length = u32::try_from(body.len()).expect("what a fuzzer makes");
    [&[0xc2, 0xff], &length.to_be_bytes()[..], &body].concat()
}
