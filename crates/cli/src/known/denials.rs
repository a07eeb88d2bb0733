//! Denials that were seen: they count whether or not they are shown again.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use assay_files::{Patience, PrivateFolder, Turn, objection, read_file};
use assay_trust::{Label, statement::Bundle};

use crate::failure::{Failure, Result};

const LOCK: &str = "denials.lock";
/// Whoever holds the lock reads and writes one file.
const PATIENCE: Patience = Patience {
    quiet: Duration::from_secs(30),
    limit: Duration::from_secs(30),
};

/// The denials in the user's state: the lines as they came, a file for each source. Each is verified
/// anew when it is read.
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

    /// Where those of a source are.
    pub fn path(&self, source: &Label) -> PathBuf {
        self.folder.path().join(name_of(source))
    }

    /// The lines of a source, in order; none where there is no file. Fails where the file is there and
    /// cannot be relied on: what it held may be what would refuse.
    pub fn read(&self, source: &Label) -> Result<BTreeSet<String>> {
        if !self.folder.check()? {
            return Ok(BTreeSet::new());
        }
        let path = self.path(source);
        let (bytes, stat) = match read_file(&path, Bundle::LARGEST_SET as u64) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            read => read.map_err(|it| self.damaged(source, &it))?,
        };
        if let Some(fact) = objection(&stat) {
            let path = path.display();
            return Err(Failure::refused(format!("{path} {fact}"))
                .detail("rule: which denials were seen is for the user alone to say")
                .hint(format!("make it yours alone again: chmod go-w {path}")));
        }
        let text = String::from_utf8(bytes).map_err(|it| self.damaged(source, &it))?;
        if !text.is_empty() && !text.ends_with('\n') {
            return Err(self.damaged(source, &"it ends within a line"));
        }
        Ok(text.lines().map(str::to_owned).collect())
    }

    /// Adds lines. On return they are on the disk.
    pub fn add(&self, source: &Label, lines: &BTreeSet<String>) -> Result<()> {
        if lines.is_empty() || lines.is_subset(&self.read(source)?) {
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
        let mut all = self.read(source)?;
        all.extend(lines.iter().cloned());
        let text: String = all.iter().map(|it| format!("{it}\n")).collect();
        if text.len() > Bundle::LARGEST_SET {
            let path = self.path(source);
            let fact = format!("{} would be too long", path.display());
            return Err(Failure::could_not(fact).hint(format!(
                "{source} has more denials than anybody can mean; do not listen to it any more"
            )));
        }
        Ok(self
            .folder
            .write_synced(&name_of(source), text.as_bytes())?)
    }

    fn damaged(&self, source: &Label, why: &dyn std::fmt::Display) -> Failure {
        let path = self.path(source);
        let path = path.display();
        Failure::could_not(format!(
            "{path}, which has the denials of {source} that were seen, is damaged: {why}"
        ))
        .detail("a disk or a tool did that, or somebody who edited it; nothing was changed")
        .hint("restore it from a copy")
        .hint(format!(
            "or move it aside: mv {path} {path}.damaged. Denials that {source} does not show any more \
             are forgotten then"
        ))
    }
}

fn name_of(source: &Label) -> String {
    format!("{source}{}", Bundle::ENDING)
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use super::*;

    fn team() -> Label {
        "team".parse().unwrap()
    }

    fn lines(all: &[&str]) -> BTreeSet<String> {
        all.iter().map(|it| (*it).to_owned()).collect()
    }

    #[test]
    fn what_was_added_stays_and_is_the_sources_own() {
        let place = tempfile::tempdir().unwrap();
        let known = KnownDenials::new(place.path());
        assert!(known.read(&team()).unwrap().is_empty());
        known.add(&team(), &lines(&[])).unwrap();
        assert!(!known.path(&team()).exists());
        known.add(&team(), &lines(&["b", "a"])).unwrap();
        known.add(&team(), &lines(&["a", "c"])).unwrap();
        let read: Vec<_> = known.read(&team()).unwrap().into_iter().collect();
        assert_eq!(read, ["a", "b", "c"]);
        assert!(known.read(&"other".parse().unwrap()).unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_relied_on_is_no_empty_list() {
        let place = tempfile::tempdir().unwrap();
        let known = KnownDenials::new(place.path());
        known.add(&team(), &lines(&["a"])).unwrap();
        let path = known.path(&team());
        for bad in [&b"a"[..], b"\xff\n"] {
            fs::write(&path, bad).unwrap();
            assert!(known.read(&team()).is_err());
            assert!(known.add(&team(), &lines(&["b"])).is_err());
        }
        fs::write(&path, "a\n").unwrap();
        assert!(known.read(&team()).is_ok());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
        assert!(known.read(&team()).unwrap_err().is_refusal());
    }
}
