//! What interpreters answered, on disk: asking costs some 20 ms, reading 0.1.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use assay_types::Sha256;
use serde::{Deserialize, Serialize};
use sha2::Digest as _;

use super::{facts::Facts, unusable};
use crate::{Result, sys};

/// Raised whenever `query.py` answers something new.
const FORMAT: u32 = 1;

/// Everything whose change makes an answer stale.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Key {
    format: u32,
    path: PathBuf,
    size: u64,
    modified: (i64, i64),
    device: u64,
    inode: u64,
    /// `platform_release` and `platform_version` are the kernel's.
    kernel: String,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    key: Key,
    facts: Facts,
}

/// The facts of the executable at a canonical path: remembered, or asked and then remembered.
///
/// Only an answer of the file itself is kept: a wrapper (a pyenv shim, a shell script) may run
/// another interpreter tomorrow without changing. Failing to remember is no error.
pub(super) fn facts(canonical: &Path, cache_dir: &Path) -> Result<Facts> {
    let key = Key::of(canonical)?;
    let file = cache_dir
        .join("interpreters")
        .join(format!("{}.json", name_of(canonical)));
    if let Some(facts) = remembered(&file, &key) {
        return Ok(facts);
    }
    let facts = Facts::ask(canonical)?;
    if facts.executable == canonical {
        let answer = Answer { key, facts };
        if let Ok(text) = serde_json::to_vec(&answer) {
            let _ = sys::write_atomically(&file, &text);
        }
        return Ok(answer.facts);
    }
    Ok(facts)
}

impl Key {
    fn of(canonical: &Path) -> Result<Self> {
        let stat =
            fs::metadata(canonical).map_err(|error| unusable(canonical, &error.to_string()))?;
        Ok(Self {
            format: FORMAT,
            path: canonical.to_owned(),
            size: stat.size(),
            modified: (stat.mtime(), stat.mtime_nsec()),
            device: stat.dev(),
            inode: stat.ino(),
            kernel: sys::kernel_release(),
        })
    }
}

/// An unreadable or foreign answer is as good as none: the interpreter is asked again.
fn remembered(file: &Path, key: &Key) -> Option<Facts> {
    let answer: Answer = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    (answer.key == *key).then_some(answer.facts)
}

fn name_of(canonical: &Path) -> String {
    let digest = sha2::Sha256::digest(canonical.as_os_str().as_encoded_bytes());
    Sha256(digest.into()).to_string()[..32].to_owned()
}
