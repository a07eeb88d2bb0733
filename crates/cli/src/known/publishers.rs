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
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _, thread};

    use assay_trust::PublisherPin;
    use assay_types::{Timestamp, Url, names};

    use super::*;

    struct Place {
        _folder: tempfile::TempDir,
        known: KnownPublishers,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let known = KnownPublishers::new(&folder.path().join("state"));
            Self {
                _folder: folder,
                known,
            }
        }

        fn path(&self) -> std::path::PathBuf {
            self.known.state.path().join(NAME)
        }

        fn pin(&self, project: &str) {
            self.known.update(|pins| set(pins, project)).unwrap();
        }

        fn pinned(&self) -> Vec<String> {
            let pins = self.known.read().unwrap();
            pins.iter().map(|it| it.1.to_string()).collect()
        }
    }

    fn set(pins: &mut PublisherPins, project: &str) {
        let mut pin = PublisherPin::new(Timestamp::UNIX_EPOCH);
        pin.identities.insert("github:o/n".parse().unwrap());
        let index = Url::parse("https://index.example/simple/").unwrap();
        pins.set(index, names::project(project).unwrap(), pin);
    }

    #[test]
    fn none_where_there_is_no_file_and_what_was_written_afterwards() {
        let place = Place::new();
        assert!(place.pinned().is_empty());
        place.known.update(|_| ()).unwrap();
        assert!(!place.path().exists(), "what did not change is not written");
        place.pin("demo");
        assert_eq!(place.pinned(), ["demo"]);
        let before = fs::metadata(place.path()).unwrap().modified().unwrap();
        place.pin("demo");
        let after = fs::metadata(place.path()).unwrap().modified().unwrap();
        assert_eq!(before, after);
        let mode = fs::metadata(place.path()).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(place.known.state.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_file_stops_and_stays_and_moving_it_aside_helps() {
        let place = Place::new();
        place.pin("demo");
        let whole = fs::read(place.path()).unwrap();
        let half = &whole[..whole.len() / 2];
        for bad in [&b""[..], half, b"garbage", b"[]", b"{}"] {
            fs::write(place.path(), bad).unwrap();
            for failure in [
                place.known.read().unwrap_err(),
                place.known.update(|pins| set(pins, "other")).unwrap_err(),
            ] {
                let text = failure.render(false);
                assert_eq!(failure.exit_code(), 1, "{text}");
                assert!(
                    text.contains("is damaged: ") && text.contains("mv "),
                    "{text}"
                );
            }
            assert_eq!(fs::read(place.path()).unwrap(), bad);
        }
        fs::remove_file(place.path()).unwrap();
        fs::create_dir(place.path()).unwrap();
        let failure = place.known.read().unwrap_err();
        assert!(failure.fact().contains("is damaged"), "{failure}");
        fs::remove_dir(place.path()).unwrap();
        assert!(place.pinned().is_empty());
    }

    #[test]
    fn what_could_not_be_read_again_is_not_written() {
        let place = Place::new();
        place.pin("demo");
        let nobody = |pins: &mut PublisherPins| {
            let (index, project) = pins
                .iter()
                .next()
                .map(|it| (it.0.clone(), it.1.clone()))
                .unwrap();
            pins.set(index, project, PublisherPin::new(Timestamp::UNIX_EPOCH));
        };
        let failure = place.known.update(nobody).unwrap_err();
        assert!(failure.fact().contains("was not written"), "{failure}");
        assert_eq!(place.pinned(), ["demo"]);
    }

    #[test]
    fn what_others_can_write_to_is_refused() {
        let place = Place::new();
        place.pin("demo");
        let mode = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let state = place.known.state.path();
        for (path, bad, good) in [(state, 0o777, 0o755), (&place.path(), 0o666, 0o644)] {
            mode(path, bad);
            assert_eq!(place.known.read().unwrap_err().exit_code(), 4, "{path:?}");
            let changed = place.known.update(|pins| set(pins, "other"));
            assert_eq!(changed.unwrap_err().exit_code(), 4, "{path:?}");
            mode(path, good);
            assert_eq!(place.pinned(), ["demo"], "{path:?}");
        }
    }

    #[test]
    fn of_several_at_once_none_loses_the_others_pins() {
        let place = Place::new();
        // One that was killed left this.
        place.known.state.write(LOCK, b"").unwrap();
        thread::scope(|scope| {
            for number in 0..16 {
                let place = &place;
                scope.spawn(move || place.pin(&format!("demo-{number}")));
            }
        });
        assert_eq!(place.pinned().len(), 16);
    }
}
