//! Which projects' files the user approved, byte for byte.
//!
//! ```text
//! <state>/approved-policies/<sha256 of the path>.json
//!     {"path":"/work/assay.toml","sha256":"…","files":{"root.json":"…"},
//!      "approved":"2026-11-22T12:00:00Z"}
//! ```
//!
//! A file for each, written whole or not at all, so that no run waits for another.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use assay_files::PrivateFolder;
use assay_trust::sha256;
use assay_types::{Sha256, Timestamp};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};

const FOLDER: &str = "approved-policies";
const ENDING: &str = ".json";

/// What the user approved.
#[derive(Debug)]
pub struct Approvals(PrivateFolder);

/// One file, as it was when the user approved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// Where it lay; its folder is spelled without symbolic links.
    pub path: PathBuf,
    /// Of all its bytes.
    pub sha256: Sha256,
    /// The files that it names, as it writes them, which were approved with it.
    pub files: BTreeMap<PathBuf, Sha256>,
    /// When it was approved.
    pub when: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    sha256: String,
    files: BTreeMap<String, String>,
    approved: String,
}

impl Approvals {
    /// Those in this state. Nothing is read yet.
    pub fn new(state: &Path) -> Self {
        Self(PrivateFolder::new(state).below(FOLDER))
    }

    /// What was approved of the file at a path, whatever the file holds now. Fails where the entry
    /// cannot be read, or others could have written it.
    pub fn of(&self, path: &Path) -> Result<Option<Approval>> {
        let path = place_of(path);
        let name = entry_name(&path);
        let Some(bytes) = self.0.read(&name)? else {
            return Ok(None);
        };
        let approval = Approval::parse(&bytes).filter(|it| it.path == path);
        approval.map(Some).ok_or_else(|| {
            let entry = self.0.path().join(name);
            Failure::could_not(format!("{} is damaged", entry.display())).hint(format!(
                "read {} and approve it again: assay policy approve",
                path.display()
            ))
        })
    }

    /// Notes that the user approved these bytes at this path, in the place of any others.
    pub fn approve(&self, approval: &Approval) -> Result<()> {
        let path = place_of(&approval.path);
        let files = approval.files.iter();
        let files = files.map(|(path, sha256)| Ok((utf8(path)?, sha256.to_string())));
        let entry = serde_json::json!(Entry {
            path: utf8(&path)?,
            sha256: approval.sha256.to_string(),
            files: files.collect::<Result<_>>()?,
            approved: format!("{:.0}", approval.when),
        });
        let written = entry.to_string();
        self.0
            .write_synced(&entry_name(&path), written.as_bytes())?;
        Ok(())
    }

    /// Forgets what was approved of the file at a path. Whether there was anything.
    pub fn remove(&self, path: &Path) -> Result<bool> {
        let name = entry_name(&place_of(path));
        let is_there = self.0.check()? && self.0.path().join(&name).symlink_metadata().is_ok();
        self.0.remove_file(&name)?;
        Ok(is_there)
    }

    /// Everything that was approved, by path.
    pub fn all(&self) -> Result<Vec<Approval>> {
        if !self.0.check()? {
            return Ok(Vec::new());
        }
        let folder = self.0.path();
        let listing =
            |error: io::Error| Failure::could_not(format!("listing {}: {error}", folder.display()));
        let mut found = Vec::new();
        for entry in fs::read_dir(folder).map_err(listing)? {
            let name = entry.map_err(listing)?.file_name();
            let Some(name) = name.to_str().filter(|it| it.ends_with(ENDING)) else {
                continue;
            };
            // Another run may have taken it away meanwhile.
            let Some(bytes) = self.0.read(name)? else {
                continue;
            };
            found.push(Approval::parse(&bytes).ok_or_else(|| {
                let path = folder.join(name);
                Failure::could_not(format!("{} is damaged", path.display()))
                    .hint("remove it: nothing is approved by it")
            })?);
        }
        found.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(found)
    }
}

impl Approval {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let entry: Entry = serde_json::from_slice(bytes).ok()?;
        Some(Self {
            path: entry.path.into(),
            sha256: Sha256::from_hex(&entry.sha256)?,
            files: entry
                .files
                .iter()
                .map(|(path, sha256)| Some((path.into(), Sha256::from_hex(sha256)?)))
                .collect::<Option<_>>()?,
            when: entry.approved.parse().ok()?,
        })
    }
}

fn utf8(path: &Path) -> Result<String> {
    let text = path.to_str().map(str::to_owned);
    text.ok_or_else(|| {
        Failure::usage(format!("the path {} is not UTF-8", path.display()))
            .hint("approve the file at another place")
    })
}

/// One spelling for each folder. Where a folder is gone the path is taken as it was named.
fn place_of(path: &Path) -> PathBuf {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return path.to_owned();
    };
    let folder = fs::canonicalize(folder);
    folder.map_or_else(|_| path.to_owned(), |it| it.join(name))
}

fn entry_name(path: &Path) -> String {
    let digest = sha256(path.as_os_str().as_encoded_bytes());
    format!("{digest}{ENDING}")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    struct Place {
        folder: tempfile::TempDir,
    }

    impl Place {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            fs::create_dir(folder.path().join("work")).unwrap();
            Self { folder }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn approvals(&self) -> Approvals {
            Approvals::new(&self.path("state"))
        }

        fn entry(&self) -> PathBuf {
            let name = entry_name(&place_of(&self.path("work/assay.toml")));
            self.path("state").join(FOLDER).join(name)
        }
    }

    fn approval(path: &Path, sha256: Sha256) -> Approval {
        Approval {
            path: path.to_owned(),
            sha256,
            files: [("root.json".into(), sha256)].into(),
            when: "2026-11-22T12:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn what_was_approved_is_known_of_that_path_alone_until_it_is_taken_back() {
        let place = Place::new();
        let (approvals, path) = (place.approvals(), place.path("work/assay.toml"));
        assert_eq!(approvals.of(&path).unwrap(), None);
        assert_eq!(approvals.all().unwrap(), []);
        for text in [b"one", b"two"] {
            let sha256 = sha256(text);
            let mut approved = approval(&path, sha256);
            approvals.approve(&approved).unwrap();
            let approval = approvals.of(&path).unwrap().unwrap();
            approved.path = place_of(&path);
            assert_eq!(approval, approved);
            assert_eq!(approvals.all().unwrap(), [approval]);
        }
        symlink("work", place.path("link")).unwrap();
        assert!(
            approvals
                .of(&place.path("link/assay.toml"))
                .unwrap()
                .is_some()
        );
        assert_eq!(approvals.of(&place.path("assay.toml")).unwrap(), None);
        assert!(approvals.remove(&path).unwrap());
        assert!(!approvals.remove(&path).unwrap());
        assert_eq!(approvals.of(&path).unwrap(), None);
    }

    #[test]
    fn an_entry_that_says_nothing_certain_approves_nothing() {
        let place = Place::new();
        let (approvals, path) = (place.approvals(), place.path("work/assay.toml"));
        let sha256 = sha256(b"text");
        approvals.approve(&approval(&path, sha256)).unwrap();
        let good = fs::read_to_string(place.entry()).unwrap();
        for bad in [
            String::new(),
            "{}".to_owned(),
            good.replace("work", "play"),
            good.replace(&sha256.to_string(), "00"),
            good.replace("root.json\":\"", "root.json\":\"0"),
            good.replace("2026-", ""),
            good.replace("}", ",\"more\":1}"),
        ] {
            fs::write(place.entry(), &bad).unwrap();
            let failure = approvals.of(&path).unwrap_err();
            assert!(failure.to_string().contains("damaged"), "{bad}: {failure}");
        }
        fs::write(place.entry(), &good).unwrap();
        assert!(approvals.of(&path).unwrap().is_some());
        let folder = place.path("state").join(FOLDER);
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
        assert_eq!(approvals.of(&path).unwrap_err().exit_code(), 4);
    }
}
