//! The pins of publishers: read whole or not at all, and changed by one process at a time.

use std::{io, path::Path, time::Duration};

use assay_files::{Error, Patience, PrivateFolder, Turn, read_file};
use assay_trust::PublisherPins;

use crate::failure::{Failure, Result};

const NAME: &str = "publishers.json";
const LOCK: &str = "publishers.lock";
/// Longest file in bytes; some hundred thousand pins.
const LONGEST: usize = 64 << 20;
/// Whoever holds the lock reads and writes one file.
const PATIENCE: Patience = Patience {
    quiet: Duration::from_secs(30),
    limit: Duration::from_secs(30),
};

/// The pins in the user's state.
#[derive(Debug)]
pub struct KnownPublishers {
    state: PrivateFolder,
}

impl KnownPublishers {
    /// Those of this state. Nothing is read yet.
    pub fn new(state: &Path) -> Self {
        Self {
            state: PrivateFolder::new(state),
        }
    }

    /// All pins; none where there is no file. Fails where the file is there and says nothing that can
    /// be relied on, or where others can write to it.
    pub fn read(&self) -> Result<PublisherPins> {
        if !self.state.check()? {
            return Ok(PublisherPins::default());
        }
        let path = self.state.path().join(NAME);
        let (bytes, stat) = match read_file(&path, LONGEST as u64) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(PublisherPins::default());
            }
            Err(error) if is_no_such_file(&error) => return Err(self.damaged(&error)),
            read => read.map_err(|error| {
                Failure::could_not(format!("reading {}: {error}", path.display()))
            })?,
        };
        if let Some(fact) = assay_files::objection(&stat) {
            let path = path.display();
            return Err(Failure::refused(format!("{path} {fact}"))
                .detail("rule: who may publish what is for the user alone to say")
                .hint(format!(
                    "read it; if it says what you know, make it yours alone again: chmod go-w {path}"
                )));
        }
        PublisherPins::parse(&bytes).map_err(|error| self.damaged(&error))
    }

    /// Reads, changes and writes, while every other process waits; gives what `change` gives. What is
    /// not changed is not written. On return the pins are on the disk.
    ///
    /// Where the file system has no locks this goes on without: two runs that end in the same moment
    /// can lose a pin there.
    pub fn update<T>(&self, change: impl FnOnce(&mut PublisherPins) -> T) -> Result<T> {
        let _turn = match self.state.lock(LOCK, PATIENCE, || ())? {
            Turn::Ours(lock) => Some(lock),
            Turn::Unavailable(_) => None,
            Turn::TimedOut => {
                let path = self.state.path().join(LOCK);
                return Err(Failure::could_not(format!(
                    "another assay has held {} for {} seconds",
                    path.display(),
                    PATIENCE.limit.as_secs()
                ))
                .hint("wait for it to end, then repeat the command"));
            }
        };
        let before = self.read()?;
        let mut pins = before.clone();
        let changed = change(&mut pins);
        if pins != before {
            self.write(&pins)?;
        }
        Ok(changed)
    }

    fn write(&self, pins: &PublisherPins) -> Result<()> {
        let text = pins.to_json();
        if text.len() > LONGEST {
            let path = self.state.path().join(NAME);
            let fact = format!("{} would have more than {LONGEST} bytes", path.display());
            return Err(Failure::could_not(fact)
                .hint("forget projects that are of no use any more: assay trust remove NAME"));
        }
        // What cannot be read would stop every run from now on.
        PublisherPins::parse(text.as_bytes()).map_err(|error| self.unreadable(&error))?;
        Ok(self.state.write_synced(NAME, text.as_bytes())?)
    }

    fn unreadable(&self, why: &dyn std::fmt::Display) -> Failure {
        let path = self.state.path().join(NAME);
        let fact = format!("{} was not written: {why}", path.display());
        Failure::could_not(fact).detail("this is a bug: the file could not have been read")
    }

    fn damaged(&self, why: &dyn std::fmt::Display) -> Failure {
        let path = self.state.path().join(NAME);
        let path = path.display();
        Failure::could_not(format!(
            "{path}, which says who may publish what, is damaged: {why}"
        ))
        .detail("a disk or a tool did that, or somebody who edited it; nothing was changed")
        .hint("restore it from a copy")
        .hint(format!(
            "or move it aside: mv {path} {path}.damaged. Every project is then at first sight \
             again; compare \"assay trust list\" afterwards with what you know"
        ))
    }
}

/// What lies there is no file that was written here.
fn is_no_such_file(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, InvalidInput, IsADirectory};
    matches!(error.kind(), FileTooLarge | InvalidInput | IsADirectory)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        assay_install::Error::from(error).into()
    }
}

#[cfg(test)]
mod tests;
