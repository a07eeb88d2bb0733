//! What interpreters answered, on disk: asking costs some 20 ms, reading 0.1.

use std::path::{Path, PathBuf};

use assay_files::PrivateFolder;
use serde::{Deserialize, Serialize};

use super::{facts::Facts, unusable};
use crate::{
    Result, hash,
    sys::{self, Stamp},
};

/// Raised whenever `query.py` answers something new.
const FORMAT: u32 = 2;

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
/// another interpreter tomorrow without changing. Failing to remember is no error, but a state that
/// others can write to is: an answer decides where files go.
pub(super) fn facts(canonical: &Path, state_dir: &Path) -> Result<Facts> {
    let key = Key::of(canonical)?;
    let answers = PrivateFolder::new(state_dir).below("interpreters");
    let name = format!("{}.json", name_of(canonical));
    if let Some(facts) = remembered(&answers, &name, &key)? {
        return Ok(facts);
    }
    let facts = Facts::ask(canonical)?;
    if facts.executable == canonical {
        let answer = Answer { key, facts };
        if let Ok(text) = serde_json::to_vec(&answer) {
            let _ = answers.write(&name, &text);
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
fn remembered(answers: &PrivateFolder, name: &str, key: &Key) -> Result<Option<Facts>> {
    let bytes = match answers.read(name) {
        Err(refused @ assay_files::Error::NotPrivate { .. }) => return Err(refused.into()),
        read => read.ok().flatten(),
    };
    let answer = bytes.and_then(|it| serde_json::from_slice::<Answer>(&it).ok());
    let same = answer.filter(|answer| answer.key == *key);
    Ok(same.map(|answer| answer.facts))
}

fn name_of(canonical: &Path) -> String {
    let digest = hash::bytes(canonical.as_os_str().as_encoded_bytes());
    digest.to_string()[..32].to_owned()
}
