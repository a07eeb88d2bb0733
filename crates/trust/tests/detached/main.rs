//! Signatures in a file of their own, beside the one that they are over.

mod minisign;
mod ssh;
mod ssh_keygen;
mod ssh_token;

use std::{io::Write as _, sync::Arc};

use assay_trust::{
    Artifact, Claim, Evidence, Measuring, TrustedKey, authenticate,
    signature::{Key, KeyKind, Rule, Scheme, verify},
};
use assay_types::{Algorithm, Digest, Timestamp, listing::Origin};

const NOW: &str = "2026-11-20T12:00:00Z";
const NAME: &str = "demo-1.0-py3-none-any.whl";
const BYTES: &[u8] = b"the bytes of a wheel";

fn trusted(kind: KeyKind, key: &str) -> TrustedKey {
    TrustedKey {
        label: "alice".parse().unwrap(),
        key: Key::parse(kind, key.as_bytes()).unwrap(),
        projects: None,
        place: "assay.toml:2:1".to_owned(),
    }
}

/// Whether the key signed a file with these bytes: what the report says, or the rule that is broken.
fn judge(
    scheme: Scheme,
    key: &TrustedKey,
    bytes: &[u8],
    document: &[u8],
) -> Result<Option<String>, Rule> {
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring.write_all(bytes).unwrap();
    let staged = measuring.finish();
    let artifact = Artifact {
        project: "demo".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        file_name: NAME.to_owned(),
        origin: Origin::Index(Arc::new("https://index.example/simple/".parse().unwrap())),
        size: None,
    };
    let sha256 = staged.measured().sha256();
    let digest = Digest::new(Algorithm::Sha256, sha256.0.to_vec());
    let evidence = Evidence::Index {
        origin: artifact.origin.clone(),
        digests: digest.into_iter().collect(),
    };
    let bytes = authenticate(&staged, &artifact, &[evidence]).unwrap();
    let now: Timestamp = NOW.parse().unwrap();
    let heard = verify(&bytes, &artifact, scheme, document, key, now).map_err(|it| {
        println!("{it}");
        it.rule
    })?;
    Ok(heard.map(|it| {
        let Claim::Supports(word) = it.claim() else {
            panic!("a signature denies nothing: {it:?}");
        };
        assert_eq!(
            (word.to_string(), it.sha256()),
            ("key:alice".into(), sha256)
        );
        it.said().to_owned()
    }))
}
