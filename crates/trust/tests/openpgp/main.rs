//! OpenPGP certificates and detached signatures: what is refused, and beside it the nearest that is not.

mod algorithms;
mod certificates;
mod documents;
mod gpg;
mod interop;
mod mutations;
mod owner;
mod revocations;
mod subkeys;
mod times;

use std::{io::Write as _, sync::Arc};

use assay_trust::{
    Artifact, Evidence, Measuring, Moment, TrustedKey, authenticate,
    signature::{Key, KeyError, KeyKind, Rejection, Rule, Scheme, verify},
};
use assay_types::{Timestamp, listing::Origin};

/// The file that is signed.
const FILE: &[u8] = b"the bytes of a wheel";
/// When keys are made, in seconds since 1970: 2023-11-14T22:13:20Z.
const MADE: u32 = 1_700_000_000;
const DAY: u32 = 24 * 60 * 60;
/// When files are signed.
const SIGNED: u32 = MADE + 10 * DAY;
/// When signatures are judged.
const NOW: u32 = MADE + 20 * DAY;

fn time(seconds: u32) -> Timestamp {
    Timestamp::from_second(seconds.into()).unwrap()
}

fn certificate(text: &[u8]) -> Result<Key, KeyError> {
    Key::parse(KeyKind::OpenPgp, text)
}

/// Why a certificate is not read.
fn unread(text: &[u8]) -> String {
    certificate(text).unwrap_err().to_string()
}

/// What becomes of a signature over [`FILE`] at [`NOW`].
fn judge(key: &[u8], document: &[u8]) -> Result<Option<String>, Rejection> {
    judge_at(key, document, FILE, time(NOW))
}

fn judge_at(
    key: &[u8],
    document: &[u8],
    file: &[u8],
    moment: impl Into<Moment>,
) -> Result<Option<String>, Rejection> {
    let key = TrustedKey {
        label: "release".parse().unwrap(),
        key: certificate(key).unwrap(),
        projects: None,
        place: "assay.toml:1:1".to_owned(),
    };
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring.write_all(file).unwrap();
    let staged = measuring.finish();
    let artifact = Artifact {
        project: "demo".parse().unwrap(),
        version: "1.0".parse().unwrap(),
        file_name: "demo-1.0-py3-none-any.whl".to_owned(),
        origin: Origin::Local(Arc::from(std::path::Path::new("demo"))),
        size: None,
    };
    let evidence = Evidence::Local {
        named_in: "the command line".to_owned(),
    };
    let bytes = authenticate(&staged, &artifact, &[evidence]).unwrap();
    let testimony = verify(&bytes, &artifact, Scheme::OpenPgp, document, &key, moment)?;
    Ok(testimony.map(|it| it.said().to_owned()))
}

#[track_caller]
fn accepted(verdict: Result<Option<String>, Rejection>) -> String {
    verdict.unwrap().expect("a signature by the key")
}

/// Which rule a signature breaks, with words of the fact.
#[track_caller]
fn refused(verdict: Result<Option<String>, Rejection>, rule: Rule, words: &str) {
    let rejection = verdict.unwrap_err();
    assert_eq!(rejection.rule, rule, "{rejection}");
    assert!(rejection.fact.contains(words), "{rejection}");
}
