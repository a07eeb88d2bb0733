//! RECORD.jws: any bytes are read or rejected, and nothing that can be made up is signed.
#![no_main]

use std::sync::LazyLock;

use assay_trust::{
    TrustedKey,
    signature::{Key, KeyKind, wheel::verify},
};
use assay_types::Sha256;
use base64::{
    Engine as _,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use libfuzzer_sys::fuzz_target;

const RECORD: Sha256 = Sha256([1; 32]);

/// Its 32 bytes are nobody's.
static KEY: LazyLock<TrustedKey> = LazyLock::new(|| {
    let text = BASE64_STANDARD.encode([7; 32]);
    TrustedKey {
        label: "old-key".parse().unwrap(),
        key: Key::parse(KeyKind::Ed25519, text.as_bytes()).unwrap(),
        projects: None,
        place: "assay.toml:1:1".to_owned(),
    }
});

fuzz_target!(|bytes: &[u8]| {
    let assert_unsigned = |document: &[u8]| {
        let verdict = verify(document, RECORD, &[&*KEY]);
        assert!(verdict.map_or(true, |signers| signers.is_empty()));
    };
    assert_unsigned(bytes);
    // Past the frame: the right RECORD, and a header and a signature of any kind.
    let url = |it: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(it);
    let payload = format!(r#"{{"hash": "sha256={}"}}"#, url(&RECORD.0));
    let ours = format!(
        r#"{{"alg": "Ed25519", "jwk": {{"kty": "Ed25519", "vk": "{}"}}}}"#,
        url(&[7; 32])
    );
    for header in [bytes, ours.as_bytes()] {
        let document = format!(
            r#"{{"payload": "{}", "recipients": [{{"header": "{}", "signature": "{}"}}]}}"#,
            url(payload.as_bytes()),
            url(header),
            url(&bytes[..bytes.len().min(64)]),
        );
        assert_unsigned(document.as_bytes());
    }
});
