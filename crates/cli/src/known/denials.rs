//! Denials that were seen: they count whether or not they are shown again.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use assay_files::{Patience, PrivateFolder, Turn, objection, read_file};
use assay_trust::{
    sha256,
    signature::RawKey,
    statement::{Bundle, Denials},
};

use crate::failure::{Failure, Result};

const LOCK: &str = "denials.lock";
/// Whoever holds the lock reads and writes one file.
const PATIENCE: Patience = Patience {
    quiet: Duration::from_secs(30),
    limit: Duration::from_secs(30),
};

/// The denials in the user's state: the lines as they came, a file for each key that signed them, so that
/// they count under whatever name a policy file listens to it. Each is verified anew when it is read.
#[derive(Debug)]
pub struct KnownDenials {
    folder: PrivateFolder,
}

impl KnownDenials {
    /// Those of this state. Nothing is read yet.
    pub fn new(state: &Path) -> Self {
        Self {
            folder: PrivateFolder::new(state).below("denials"),
        }
    }

    /// Where those of a key are.
    pub fn path(&self, key: &RawKey) -> PathBuf {
        self.folder.path().join(name_of(key))
    }

    /// The lines of a key, in order; none where there is no file. Fails where the file is there and
    /// cannot be relied on: what it held may be what would refuse.
    pub fn read(&self, key: &RawKey) -> Result<BTreeSet<String>> {
        if !self.folder.check()? {
            return Ok(BTreeSet::new());
        }
        let path = self.path(key);
        let (bytes, stat) = match read_file(&path, Bundle::LARGEST_SET as u64) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            read => read.map_err(|it| damaged(&path, &it))?,
        };
        if let Some(fact) = objection(&stat) {
            let path = path.display();
            return Err(Failure::refused(format!("{path} {fact}"))
                .detail("rule: which denials were seen is for the user alone to say")
                .hint(format!("make it yours alone again: chmod go-w {path}")));
        }
        let text = String::from_utf8(bytes).map_err(|it| damaged(&path, &it))?;
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(damaged(&path, &"it ends within a line"));
        }
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Adds denials. On return they are on the disk.
    pub fn add(&self, denials: &Denials) -> Result<()> {
        let mut all = denials.iter();
        all.try_for_each(|(key, lines)| self.add_of(key, lines))
    }

    fn add_of(&self, key: &RawKey, lines: &BTreeSet<String>) -> Result<()> {
        if lines.is_subset(&self.read(key)?) {
            return Ok(());
        }
        let _turn = match self.folder.lock(LOCK, PATIENCE, || ())? {
            Turn::Ours(lock) => Some(lock),
            Turn::Unavailable(_) => None,
            Turn::TimedOut => {
                let path = self.folder.path().join(LOCK);
                let fact = format!("another assay has held {} for too long", path.display());
                return Err(
                    Failure::could_not(fact).hint("wait for it to end, then repeat the command")
                );
            }
        };
        let mut all = self.read(key)?;
        all.extend(lines.iter().cloned());
        let text: String = all.iter().map(|it| format!("{it}\n")).collect();
        if text.len() > Bundle::LARGEST_SET {
            let path = self.path(key);
            let fact = format!("{} would be too long", path.display());
            return Err(Failure::could_not(fact).hint(format!(
                "the key {} denies more than anybody can mean; do not listen to it any more",
                key.fingerprint()
            )));
        }
        Ok(self.folder.write_synced(&name_of(key), text.as_bytes())?)
    }
}

fn damaged(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    let path = path.display();
    Failure::could_not(format!(
        "{path}, which has denials that were seen, is damaged: {why}"
    ))
    .detail("a disk or a tool did that, or somebody who edited it; nothing was changed")
    .hint("restore it from a copy")
    .hint(format!(
        "or move it aside: mv {path} {path}.damaged. Denials in it that nobody shows any more are \
         forgotten then"
    ))
}

fn name_of(key: &RawKey) -> String {
    format!("{}{}", sha256(&key.spki()), Bundle::ENDING)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    const ALICE: RawKey = RawKey::Ed25519([1; 32]);
    const BOB: RawKey = RawKey::Ed25519([2; 32]);

    fn add(known: &KnownDenials, lines: &[&str]) -> Result<()> {
        let lines = lines.iter().map(|it| (*it).to_owned()).collect();
        known.add(&[(ALICE, lines)].into())
    }

    #[test]
    fn what_was_added_stays_and_is_the_keys_own() {
        let place = tempfile::tempdir().unwrap();
        let known = KnownDenials::new(place.path());
        assert!(known.read(&ALICE).unwrap().is_empty());
        add(&known, &[]).unwrap();
        assert!(!known.path(&ALICE).exists());
        add(&known, &["b", "a"]).unwrap();
        add(&known, &["a", "c"]).unwrap();
        let read: Vec<_> = known.read(&ALICE).unwrap().into_iter().collect();
        assert_eq!(read, ["a", "b", "c"]);
        assert!(known.read(&BOB).unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_relied_on_is_no_empty_list() {
        let place = tempfile::tempdir().unwrap();
        let known = KnownDenials::new(place.path());
        add(&known, &["a"]).unwrap();
        let path = known.path(&ALICE);
        for bad in [&b"a"[..], b"\xff\n"] {
            fs::write(&path, bad).unwrap();
            assert!(known.read(&ALICE).is_err());
            assert!(add(&known, &["b"]).is_err());
        }
        fs::write(&path, "a\n").unwrap();
        assert!(known.read(&ALICE).is_ok());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(known.read(&ALICE).unwrap_err().is_refusal());
    }
}
