//! A document beside a file, judged by a key that signed nothing.

use std::{io::Write as _, path::Path, sync::Arc};

use assay_trust::{
    Artifact, Evidence, Measuring, TrustedKey, authenticate,
    signature::{Key, Scheme, verify},
};
use assay_types::{Timestamp, listing::Origin};

const FILE_NAME: &str = "demo-1.0-py3-none-any.whl";

/// Nothing that can be made up is a signature by this key.
pub fn assert_unsigned(scheme: Scheme, key: &Key, document: &[u8]) {
    let artifact = Artifact {
        project: "demo".parse().expect("a project"),
        version: "1.0".parse().expect("a version"),
        file_name: FILE_NAME.to_owned(),
        origin: Origin::Local(Arc::from(Path::new(FILE_NAME))),
        size: None,
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring
        .write_all(b"bytes")
        .expect("a vector takes everything");
    let staged = measuring.finish();
    let evidence = [Evidence::Local {
        named_in: "the fuzzer".to_owned(),
    }];
    let bytes =
        authenticate(&staged, &artifact, &evidence).unwrap_or_else(|refusal| panic!("{refusal}"));
    let key = TrustedKey {
        label: "alice".parse().expect("a label"),
        key: key.clone(),
        projects: None,
        place: "assay.toml:1:1".to_owned(),
    };
    let now = Timestamp::MAX;
    let verdict = verify(&bytes, &artifact, scheme, document, &key, now);
    assert!(!matches!(verdict, Ok(Some(_))));
}
