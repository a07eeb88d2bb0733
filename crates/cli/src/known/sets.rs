//! Copies of statement sets that lie behind HTTPS, for when they cannot be had.
//!
//! ```text
//! <state>/statements/<label>.assay   the set as it was served last
//! <state>/statements/<label>.json    by whom and when, and its SHA-256
//! ```

use std::{path::Path, time::Duration};

use assay_files::PrivateFolder;
use assay_trust::{Label, sha256, statement::Bundle};
use assay_types::{Timestamp, Url};
use serde::{Deserialize, Serialize};

use crate::failure::Result;

/// How old a copy may be that stands in for the set: whoever keeps a set from somebody keeps its newest
/// denials from them.
const OLDEST: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The copies in the user's state.
#[derive(Debug)]
pub struct KnownSets {
    folder: PrivateFolder,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// All of it.
    pub bytes: Vec<u8>,
    /// The server's name for this content.
    pub etag: Option<String>,
    /// When the server last said that this is the set.
    pub seen: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Notes {
    url: Url,
    sha256: String,
    etag: Option<String>,
    seen: Timestamp,
}

impl KnownSets {
    /// Those of this state. Nothing is read yet.
    pub fn new(state: &Path) -> Self {
        Self {
            folder: PrivateFolder::new(state).below("statements"),
        }
    }

    /// The copy of a source's set as it was served by this URL; `None` where there is none that is
    /// whole.
    pub fn copy(&self, source: &Label, url: &Url) -> Option<Copied> {
        let notes = self.folder.read(&format!("{source}.json")).ok()??;
        let notes: Notes = serde_json::from_slice(&notes).ok()?;
        let bytes = self.folder.read(&name_of(source)).ok()??;
        let is_it = notes.url == *url && notes.sha256 == sha256(&bytes).to_string();
        is_it.then_some(Copied {
            bytes,
            etag: notes.etag,
            seen: notes.seen,
        })
    }

    /// Keeps a copy.
    pub fn keep(&self, source: &Label, url: &Url, copy: &Copied) -> Result<()> {
        let notes = Notes {
            url: url.clone(),
            sha256: sha256(&copy.bytes).to_string(),
            etag: copy.etag.clone(),
            seen: copy.seen,
        };
        self.folder.write(&name_of(source), &copy.bytes)?;
        let notes = serde_json::json!(notes).to_string();
        Ok(self
            .folder
            .write(&format!("{source}.json"), notes.as_bytes())?)
    }
}

impl Copied {
    /// Whether it may stand in for the set: a week by the later of two clocks, and not from the future.
    pub fn may_stand_in(&self, now: Timestamp) -> bool {
        let age = Duration::try_from(now.duration_since(self.seen));
        age.is_ok_and(|it| it <= OLDEST)
    }
}

fn name_of(source: &Label) -> String {
    format!("{source}{}", Bundle::ENDING)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn copy() -> Copied {
        Copied {
            bytes: b"{}\n".to_vec(),
            etag: Some("\"1\"".to_owned()),
            seen: "2026-11-01T00:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn a_copy_is_of_one_url_and_whole() {
        let place = tempfile::tempdir().unwrap();
        let known = KnownSets::new(place.path());
        let team: Label = "team".parse().unwrap();
        let url: Url = "https://team.example/set.assay".parse().unwrap();
        let other: Url = "https://other.example/set.assay".parse().unwrap();
        assert_eq!(known.copy(&team, &url), None);
        known.keep(&team, &url, &copy()).unwrap();
        assert_eq!(known.copy(&team, &url), Some(copy()));
        assert_eq!(known.copy(&team, &other), None);
        fs::write(known.folder.path().join(name_of(&team)), b"{").unwrap();
        assert_eq!(known.copy(&team, &url), None);
    }

    #[test]
    fn a_copy_stands_in_for_a_week() {
        let at = |text: &str| copy().may_stand_in(text.parse().unwrap());
        assert!(at("2026-11-01T00:00:00Z") && at("2026-11-08T00:00:00Z"));
        assert!(!at("2026-11-08T00:00:01Z") && !at("2026-10-31T23:59:59Z"));
    }
}
