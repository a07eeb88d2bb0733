//! Which receipts and RECORDs were written into an environment, kept in the user's state: installed
//! code could rewrite both, and with them whatever they say of other files.
//!
//! ```text
//! <state>/receipts/<sha256 of the canonical path of site-packages>.json
//! <state>/receipts/<run>.next   what will hold once that run has moved its files
//! {"format":2,"folder":"/env/lib/…",
//!  "receipts":{"flask":{"version":"3.0","sha256":"…","record":"…"}}}
//! ```
//!
//! RECORD lists the receipt and every other file by digest, so its own digest stands for all that
//! was installed. Format 1 did not have it: what an older assay noted vouches for receipts alone.
//!
//! Several installations may share a prefix, so site-packages stands for the environment. Nothing
//! is synced to the disk: that would wait for every file of the install. A list that a power cut
//! took is found to be damaged or lost, which is told apart from one that never was.

mod pending;

use std::{
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
};

use assay_files::PrivateFolder;
use assay_types::{ProjectName, Sha256, Version, names};
use serde::{Deserialize, Serialize};

use crate::{Environment, Error, Installed, Result, error::Shown, hash, sys::fault::Call};
pub(crate) use pending::Pending;
use pending::strike_at;

/// Raised with every change of the format; later ones are damage.
const FORMAT: u32 = 2;

/// What vouches for one distribution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub project: ProjectName,
    pub version: Version,
    /// SHA-256 of `assay.json`.
    pub sha256: Sha256,
    /// SHA-256 of RECORD; `None` where format 1 did not note it, or where another's RECORD stayed.
    pub record: Option<Sha256>,
}

/// What the state says of an environment, for whoever only looks.
#[derive(Debug)]
pub(crate) enum Noted {
    /// What was installed, by project.
    Known(HashMap<ProjectName, Receipt>),
    /// There is no list: it was lost, is another user's or machine's, or there never was one.
    Nothing,
    /// The file says nothing that can be relied on; why.
    Damaged(&'static str),
}

/// The digests of an environment's earlier receipts are not known any more. `Display` says what to
/// do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LedgerTrouble {
    /// The file is there and says nothing that can be relied on.
    #[error(
        "{}, which tells later whether receipts were changed, is damaged: {why}. It was set aside \
         as {}; what was installed before is vouched for again after --force-reinstall",
        Shown(path),
        Shown(kept_as)
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where its content lies now.
        kept_as: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// There is none, and the environment holds receipts. Another user or another machine made
    /// them, or the state was lost.
    #[error(
        "{} is missing, so nobody can tell whether the receipts in this environment were changed; \
         what was installed before is vouched for again after --force-reinstall",
        Shown(path)
    )]
    Lost {
        /// Where the file should be.
        path: PathBuf,
    },
}

/// The list of one environment.
#[derive(Debug)]
pub(crate) struct Ledger {
    folder: PrivateFolder,
    name: String,
    text: Text,
    /// Bytes that are no list, to be set aside.
    damaged: Option<Vec<u8>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Text {
    format: u32,
    /// The site-packages folder, for a person who looks at the file.
    folder: String,
    /// By project.
    receipts: BTreeMap<String, Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    version: String,
    sha256: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    record: Option<String>,
}

impl Ledger {
    /// Reads an environment's list; an empty one where there is none that can be relied on, with
    /// the reason unless nothing was ever installed here. `staying` are distributions that would
    /// be on it.
    pub fn read(
        state_dir: &Path,
        environment: &Environment,
        staying: &[Installed],
    ) -> Result<(Self, Option<LedgerTrouble>)> {
        let site = environment.path_of(&environment.schemes().purelib);
        let (folder, name) = place_of(state_dir, environment);
        let path = folder.path().join(&name);
        let mut ledger = Self {
            text: Text::empty(site.to_string_lossy().into_owned()),
            damaged: None,
            folder,
            name,
        };
        let Some(bytes) = ledger.folder.read(&ledger.name)? else {
            let is_lost = has_receipts(staying)?;
            return Ok((ledger, is_lost.then_some(LedgerTrouble::Lost { path })));
        };
        match Text::parse(&bytes, &ledger.text.folder) {
            Ok(text) => {
                ledger.text = text;
                Ok((ledger, None))
            }
            Err(why) => {
                ledger.damaged = Some(bytes);
                let kept_as = ledger.folder.path().join(ledger.aside());
                Ok((ledger, Some(LedgerTrouble::Damaged { path, kept_as, why })))
            }
        }
    }

    /// Forgets all others.
    pub fn retain(&mut self, stays: impl Fn(&str) -> bool) {
        self.text.receipts.retain(|project, _| stays(project));
    }

    /// Notes receipts; a project has one.
    pub fn extend(&mut self, receipts: impl Iterator<Item = Receipt>) {
        self.text.receipts.extend(receipts.map(|it| {
            let entry = Entry {
                version: it.version.to_string(),
                sha256: it.sha256.to_string(),
                record: it.record.map(|it| it.to_string()),
            };
            (it.project.to_string(), entry)
        }));
    }

    /// Writes the list beside its place, where it waits until a run has moved its files. The
    /// damaged one that it replaces is set aside.
    pub fn prepare(&self, run: &str) -> Result<Pending> {
        let context = |error: serde_json::Error| {
            Error::io("writing", self.folder.path().join(&self.name), error)
        };
        let bytes = serde_json::to_vec(&self.text).map_err(context)?;
        if let Some(damaged) = &self.damaged {
            strike_at(&self.folder, Call::Write)?;
            self.folder.write(&self.aside(), damaged)?;
        }
        Pending::write(self.folder.clone(), self.name.clone(), run, &bytes)
    }

    fn aside(&self) -> String {
        format!("{}.damaged", self.name)
    }
}

/// Reads an environment's list and changes nothing.
pub(crate) fn noted(state_dir: &Path, environment: &Environment) -> Result<Noted> {
    let (folder, name) = place_of(state_dir, environment);
    let Some(bytes) = folder.read(&name)? else {
        return Ok(Noted::Nothing);
    };
    let site = environment.path_of(&environment.schemes().purelib);
    Ok(match Text::parse(&bytes, &site.to_string_lossy()) {
        Err(why) => Noted::Damaged(why),
        Ok(text) => {
            let receipts = text.receipts.iter();
            let receipts = receipts.map(|(project, entry)| entry.receipt(project));
            match receipts.collect::<Option<Vec<_>>>() {
                None => Noted::Damaged(UNSOUND),
                Some(all) => {
                    Noted::Known(all.into_iter().map(|it| (it.project.clone(), it)).collect())
                }
            }
        }
    })
}

/// What tells an environment from others: SHA-256 of the canonical path of its site-packages.
pub(crate) fn site(environment: &Environment) -> Sha256 {
    let site = environment.path_of(&environment.schemes().purelib);
    hash::bytes(site.as_os_str().as_encoded_bytes())
}

/// The folder of the lists, and the name of an environment's.
fn place_of(state_dir: &Path, environment: &Environment) -> (PrivateFolder, String) {
    let folder = PrivateFolder::new(state_dir).below("receipts");
    (folder, format!("{}.json", site(environment)))
}

impl Text {
    fn empty(folder: String) -> Self {
        Self {
            format: FORMAT,
            folder,
            receipts: BTreeMap::new(),
        }
    }

    fn parse(bytes: &[u8], folder: &str) -> Result<Self, &'static str> {
        let mut text: Self =
            serde_json::from_slice(bytes).map_err(|_| "it is no list of receipts")?;
        if !(1..=FORMAT).contains(&text.format) {
            return Err("it has another format");
        }
        text.format = FORMAT;
        if text.folder != folder {
            return Err("it speaks of another environment");
        }
        let is_sound = |(project, entry): (&String, &Entry)| entry.receipt(project).is_some();
        match text.receipts.iter().all(is_sound) {
            true => Ok(text),
            false => Err(UNSOUND),
        }
    }
}

const UNSOUND: &str = "one of its entries is no digest of a project's receipt";

impl Entry {
    /// The entry of a project; `None` where it is none.
    fn receipt(&self, project: &str) -> Option<Receipt> {
        let record = self.record.as_deref().map(Sha256::from_hex);
        Some(Receipt {
            project: names::project(project)?,
            version: self.version.parse().ok()?,
            sha256: Sha256::from_hex(&self.sha256)?,
            record: match record {
                None => None,
                Some(digest) => Some(digest?),
            },
        })
    }
}

fn has_receipts(installed: &[Installed]) -> Result<bool> {
    for distribution in installed {
        if distribution.has_receipt()? {
            return Ok(true);
        }
    }
    Ok(false)
}
