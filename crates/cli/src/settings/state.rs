//! What the state says of itself, so that a lost one is told apart from one that never was, a
//! damaged one from a newer one, and none of them from an attack.
//!
//! ```text
//! <state>/format.json              {"format":3,"since":"2026-11-22T12:00:00Z"}
//! <cache>/states/<sha256 of path>  the same bytes: that there was a state at that path
//! ```
//!
//! Every file of the state is read by its own reader, which judges it by itself. The number here
//! is raised with each change in any of them that an older assay would misread; so an older one
//! never comes to see the newer file. All of the earlier formats is read as it is. Format 2 came
//! with the digests of RECORDs in the lists of receipts. Format 3 came with the pins of publishers:
//! an older assay would install over them whatever anybody published.

use std::{fs, io, io::Write as _, path::PathBuf};

use assay_files::{Error, PrivateFolder, Result};
use assay_trust::Measuring;
use assay_types::Timestamp;

/// What this assay reads and writes.
const FORMAT: u64 = 3;
const MARK: &str = "format.json";

/// What was found where the state should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing, and there never was: the first run of this user.
    New,
    /// A state of this format.
    Known,
    /// A state of an earlier format, which this assay reads and has marked anew.
    Older,
    /// A state without a mark, as assay left it before there were marks.
    Unmarked,
    /// Nothing, and the cache knows that there was one.
    Lost {
        /// When it was made, as far as the cache knows.
        since: Option<Timestamp>,
    },
    /// The mark cannot be read, or is missing where the cache knows of one.
    Damaged {
        /// What is wrong with it.
        why: &'static str,
        /// Where it lies now.
        kept_as: Option<PathBuf>,
    },
    /// A newer assay wrote it. Nothing of it was read or changed.
    Newer {
        /// Its format.
        format: u64,
    },
}

struct Mark {
    format: u64,
    since: Option<Timestamp>,
}

/// Looks at the state and marks it, unless a newer assay did; the cache hears of it. The folder
/// must exist.
pub fn open(state: &PrivateFolder, cache: &PrivateFolder, now: Timestamp) -> Result<Standing> {
    let mirrors = cache.below("states");
    let name = name_of(state)?;
    let mirror = mirrors.read(&name).ok().flatten();
    let standing = look(state, mirror.as_deref())?;
    let mark = match &standing {
        Standing::Newer { .. } => return Ok(standing),
        Standing::Known => state.read(MARK)?,
        _ => {
            let mark = write_mark(since(&standing, state)?.unwrap_or(now));
            state.write(MARK, &mark)?;
            Some(mark)
        }
    };
    if let Some(mark) = mark.filter(|it| mirror.as_ref() != Some(it)) {
        // Where it cannot be kept, a loss will look like a first run: a word less, no harm.
        let _ = mirrors.write(&name, &mark);
    }
    Ok(standing)
}

fn look(state: &PrivateFolder, mirror: Option<&[u8]>) -> Result<Standing> {
    let damaged = |why| {
        let kept_as = state.set_aside(MARK)?;
        Ok(Standing::Damaged { why, kept_as })
    };
    // Another assay may be making the state in this moment, so what has no mark is looked at twice.
    for _ in 0..2 {
        let bytes = match state.read(MARK) {
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::IsADirectory => {
                return damaged("it is a folder");
            }
            read => read?,
        };
        let Some(bytes) = bytes else {
            match (is_empty(state)?, mirror) {
                (true, None) => return Ok(Standing::New),
                (true, Some(mirror)) => {
                    let since = read_mark(mirror).and_then(|it| it.since);
                    return Ok(Standing::Lost { since });
                }
                (false, _) => continue,
            }
        };
        return match read_mark(&bytes) {
            None => damaged("it says no format"),
            Some(mark) if mark.format == FORMAT => Ok(Standing::Known),
            Some(mark) if mark.format > FORMAT => Ok(Standing::Newer {
                format: mark.format,
            }),
            Some(mark) if mark.format >= 1 => Ok(Standing::Older),
            Some(_) => damaged("there was never such a format"),
        };
    }
    match mirror {
        None => Ok(Standing::Unmarked),
        Some(_) => damaged("it is missing"),
    }
}

/// Whether nothing lies there, but perhaps a file that another assay is writing.
fn is_empty(state: &PrivateFolder) -> Result<bool> {
    let path = state.path();
    let listing = |source| Error::Io {
        path: path.to_owned(),
        doing: "listing",
        source,
    };
    for entry in fs::read_dir(path).map_err(listing)? {
        let name = entry.map_err(listing)?.file_name();
        if !name.as_encoded_bytes().starts_with(b".new-") {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Since when a state of an earlier format has been there.
fn since(standing: &Standing, state: &PrivateFolder) -> Result<Option<Timestamp>> {
    if *standing != Standing::Older {
        return Ok(None);
    }
    let mark = state.read(MARK)?.as_deref().and_then(read_mark);
    Ok(mark.and_then(|it| it.since))
}

/// Only the format is relied on: a newer assay may write the rest in another way.
fn read_mark(bytes: &[u8]) -> Option<Mark> {
    let value: serde_json::Value = serde_json::from_slice(bytes).ok()?;
    let format = value.get("format")?.as_u64()?;
    let since = value.get("since").and_then(|it| it.as_str()?.parse().ok());
    Some(Mark { format, since })
}

fn write_mark(now: Timestamp) -> Vec<u8> {
    let since = format!("{now:.0}");
    let mark = serde_json::json!({ "format": FORMAT, "since": since });
    mark.to_string().into_bytes()
}

/// Several states may share a cache.
fn name_of(state: &PrivateFolder) -> Result<String> {
    let mut measuring = Measuring::of(io::sink(), &[]);
    measuring
        .write_all(state.path().as_os_str().as_encoded_bytes())
        .map_err(|source| Error::Io {
            path: state.path().to_owned(),
            doing: "hashing the name of",
            source,
        })?;
    Ok(measuring.finish().measured().sha256().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Place {
        _folder: tempfile::TempDir,
        state: PrivateFolder,
        cache: PrivateFolder,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let state = PrivateFolder::new(folder.path().join("state"));
            let cache = PrivateFolder::new(folder.path().join("cache"));
            state.make().unwrap();
            Self {
                _folder: folder,
                state,
                cache,
            }
        }

        fn open(&self) -> Standing {
            open(
                &self.state,
                &self.cache,
                "2026-11-22T12:00:00Z".parse().unwrap(),
            )
            .unwrap()
        }

        fn lose(&self) {
            self.state.remove().unwrap();
            self.state.make().unwrap();
        }
    }

    #[test]
    fn a_lost_state_is_not_one_that_never_was() {
        let place = Place::new();
        assert_eq!(place.open(), Standing::New);
        assert_eq!(place.open(), Standing::Known);
        place.lose();
        let since = Some("2026-11-22T12:00:00Z".parse().unwrap());
        assert_eq!(place.open(), Standing::Lost { since });
        assert_eq!(place.open(), Standing::Known);

        // Without the cache nobody knows; with another state's mirror neither.
        place.lose();
        place.cache.remove().unwrap();
        assert_eq!(place.open(), Standing::New);
        let other = place.state.below("other");
        other.make().unwrap();
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(open(&other, &place.cache, now).unwrap(), Standing::New);
    }

    #[test]
    fn a_state_without_a_mark_is_an_old_one_unless_it_had_one() {
        let place = Place::new();
        place.state.write(".new-0123", b"").unwrap();
        assert_eq!(place.open(), Standing::New);
        let place = Place::new();
        place.state.write("something", b"").unwrap();
        assert_eq!(place.open(), Standing::Unmarked);
        assert_eq!(place.open(), Standing::Known);
        place.state.remove_file(MARK).unwrap();
        let why = "it is missing";
        let kept_as = None;
        assert_eq!(place.open(), Standing::Damaged { why, kept_as });
        assert_eq!(place.open(), Standing::Known);
    }

    #[test]
    fn an_earlier_format_is_marked_anew_and_its_age_is_kept() {
        let place = Place::new();
        for old in 1..FORMAT {
            let mark = |format| format!(r#"{{"format":{format},"since":"2026-01-02T03:04:05Z"}}"#);
            place.state.write(MARK, mark(old).as_bytes()).unwrap();
            assert_eq!(place.open(), Standing::Older);
            assert_eq!(place.open(), Standing::Known);
            let read = place.state.read(MARK).unwrap().unwrap();
            assert_eq!(read, mark(FORMAT).as_bytes());
        }
    }

    #[test]
    fn a_damaged_mark_is_set_aside_and_a_newer_one_left_alone() {
        let place = Place::new();
        place.open();
        for bad in [
            "",
            "{",
            "[]",
            "{\"format\":0}",
            "{\"format\":\"1\"}",
            "{\"format\":-1}",
        ] {
            place.state.write(MARK, bad.as_bytes()).unwrap();
            let Standing::Damaged {
                kept_as: Some(kept_as),
                ..
            } = place.open()
            else {
                panic!("{bad}");
            };
            assert_eq!(fs::read(kept_as).unwrap(), bad.as_bytes());
            assert_eq!(place.open(), Standing::Known);
        }
        place.state.remove_file(MARK).unwrap();
        place.state.below(MARK).make().unwrap();
        assert!(matches!(place.open(), Standing::Damaged { .. }));

        let newer = br#"{"format":4,"since":{"other":"form"}}"#;
        place.state.write(MARK, newer).unwrap();
        assert_eq!(place.open(), Standing::Newer { format: 4 });
        assert_eq!(place.state.read(MARK).unwrap().unwrap(), newer);
    }
}
