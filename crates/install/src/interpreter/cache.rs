//! What interpreters answered, on disk: asking costs some 20 ms, reading 0.1.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{facts::Facts, unusable};
use crate::{
    Result, hash,
    sys::{self, Stamp},
};

/// Raised whenever `query.py` answers something new.
const FORMAT: u32 = 1;

/// Everything whose change makes an answer stale.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Key {
    format: u32,
    path: PathBuf,
    stamp: Stamp,
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
pub(super) fn facts(canonical: &Path, state_dir: &Path) -> Result<Facts> {
    let key = Key::of(canonical)?;
    let file = state_dir
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
        let stamp = Stamp::of(canonical);
        Ok(Self {
            format: FORMAT,
            path: canonical.to_owned(),
            stamp: stamp.map_err(|error| unusable(canonical, &error.to_string()))?,
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
    let digest = hash::bytes(canonical.as_os_str().as_encoded_bytes());
    digest.to_string()[..32].to_owned()
}
