//! Sigstore's trusted root: the one that this assay carries, or a newer one by way of TUF.
//!
//! ```text
//! <state>/sigstore/trusted_root.json   as it was listed when it was verified last
//! <state>/sigstore/tuf.json            when that was, its SHA-256, and the metadata verified so far
//! ```
//!
//! The kept root counts only where the notes know its digest, and were made by an assay that carries
//! the same root as this one: what another one carries may be the newer.
//!
//! When it is renewed:
//!
//! - by command, always;
//! - by itself once, when an attestation was refused for a key, an authority or a time that the root
//!   in force does not know ([`Occasion::Unknown`]): a newer root may know it;
//! - by itself where the last time is a week ago ([`Occasion::Weekly`]): keys that were withdrawn are
//!   to be forgotten. Whoever was never at Sigstore's repository is not sent there for that: CI, which
//!   begins with nothing each time, has the root of its assay, and machines that reach nothing but
//!   their index wait for nobody.
//!
//! By itself it is tried at most once a day and for some seconds, and without success the root in
//! force stays: an install does not fail because a third party cannot be reached. Why there is no newer
//! one is said where an attestation is refused by the one in force.

use std::{borrow::Cow, path::Path, time::Duration};

use assay_files::{Patience, PrivateFolder, Turn};
use assay_index::Client;
use assay_trust::attestation::{KnownMetadata, PUBLIC_TUF_ROOT, TrustRoot};
use assay_types::{Sha256, Timestamp, Url};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};

/// The TUF repository of Sigstore's public instance.
const PUBLIC_REPOSITORY: &str = "https://tuf-repo-cdn.sigstore.dev/";

const ROOT: &str = "trusted_root.json";
const NOTES: &str = "tuf.json";
const LOCK: &str = "tuf.lock";
/// Somebody else's renewal is some requests of a client with a deadline.
const PATIENCE: Patience = Patience {
    quiet: Duration::from_secs(60),
    limit: Duration::from_secs(60),
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const WEEK: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The trusted root of the public instance, as far as this user's state knows it.
#[derive(Debug)]
pub struct KnownTrustRoot {
    folder: PrivateFolder,
    bootstrap: Cow<'static, [u8]>,
}

/// The root in force.
pub struct RootInForce {
    /// The keys.
    pub root: TrustRoot,
    /// Why a kept one does not count, where there is one.
    pub trouble: Option<String>,
}

/// Why it would be renewed without a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// An attestation needs something that the root in force does not know.
    Unknown,
    /// Attestations are about to be verified.
    Weekly,
}

/// A renewal that succeeded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    /// Where it came from, without credentials.
    pub from: Url,
    /// SHA-256 of the root.
    pub digest: Sha256,
    /// Whether another one was in force before.
    pub is_new: bool,
}

/// What is noted beside the root.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Notes {
    /// The last attempt, successful or not.
    tried: Timestamp,
    verified: Option<Verified>,
    metadata: KnownMetadata,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Verified {
    at: Timestamp,
    /// Digest of the kept root, in hexadecimal.
    root: String,
    /// Digest of the root that the assay carries which verified it.
    carried: String,
}

impl KnownTrustRoot {
    /// That of this state. Nothing is read yet.
    pub fn new(state: &Path) -> Self {
        Self {
            folder: PrivateFolder::new(state).below("sigstore"),
            bootstrap: Cow::Borrowed(PUBLIC_TUF_ROOT),
        }
    }

    /// The newer one that is kept, else the one that this assay carries. Fails where the state's
    /// folder is not the user's own.
    pub fn in_force(&self) -> Result<RootInForce> {
        let carried = |trouble| {
            let root =
                TrustRoot::production().map_err(|error| Failure::could_not(error.to_string()))?;
            Ok(RootInForce { root, trouble })
        };
        let notes = match self.notes()? {
            Ok(notes) => notes,
            Err(trouble) => return carried(Some(trouble)),
        };
        let Some(verified) = notes.verified else {
            return carried(None);
        };
        // What another assay carries may be the newer: not a fault, or every new version would warn.
        if !verified.is_of_this_assay() {
            return carried(None);
        }
        match self.kept(&verified)? {
            Ok(root) => Ok(RootInForce {
                root,
                trouble: None,
            }),
            Err(trouble) => carried(Some(trouble)),
        }
    }

    /// Renews it. `from` is the address of a mirror; what it serves has to hold as any other's does.
    pub fn renew(&self, client: &Client, from: Option<&str>, now: Timestamp) -> Result<Renewed> {
        let from = client.url(from.unwrap_or(PUBLIC_REPOSITORY))?;
        let _turn = self.turn()?;
        let before = self.in_force()?.root.digest();
        let mut notes = match self.notes()? {
            Ok(notes) => notes,
            Err(_) => {
                self.folder.set_aside(NOTES)?;
                Notes::default()
            }
        };
        notes.tried = now;
        let renewed = client.trusted_root(&from, &self.bootstrap, &mut notes.metadata, now);
        // What was verified on the way counts also where the rest failed.
        let text = match renewed {
            Ok(text) => text,
            Err(error) => {
                self.note(&notes)?;
                return Err(error.into());
            }
        };
        let root =
            TrustRoot::from_json(&text).map_err(|error| Failure::could_not(error.to_string()))?;
        notes.verified = Some(Verified {
            at: now,
            root: root.digest().to_string(),
            carried: TrustRoot::production_digest().to_string(),
        });
        self.folder.write(ROOT, text.as_bytes())?;
        self.note(&notes)?;
        Ok(Renewed {
            from,
            digest: root.digest(),
            is_new: root.digest() != before,
        })
    }

    /// Renews it where this occasion asks for it; `None` where it does not.
    pub fn renew_if_due(
        &self,
        client: &Client,
        occasion: Occasion,
        now: Timestamp,
    ) -> Option<Result<Renewed>> {
        if client.config().offline {
            return None;
        }
        match self.is_due(occasion, now) {
            Ok(false) => None,
            Ok(true) => Some(impatient(client).and_then(|it| self.renew(&it, None, now))),
            Err(failure) => Some(Err(failure)),
        }
    }

    fn is_due(&self, occasion: Occasion, now: Timestamp) -> Result<bool> {
        // What cannot be read says nothing of earlier attempts.
        let notes = self.notes()?.unwrap_or_default();
        if !passed(notes.tried, DAY, now) {
            return Ok(false);
        }
        Ok(match (occasion, notes.verified) {
            (Occasion::Unknown, _) => true,
            (Occasion::Weekly, None) => false,
            (Occasion::Weekly, Some(verified)) => {
                !verified.is_of_this_assay() || passed(verified.at, WEEK, now)
            }
        })
    }

    /// The notes, empty ones where there are none; inside, what is wrong with them.
    fn notes(&self) -> Result<Result<Notes, String>> {
        let Some(bytes) = self.folder.read(NOTES)? else {
            return Ok(Ok(Notes::default()));
        };
        let damaged = |error| {
            let path = self.folder.path().join(NOTES);
            format!("{} is damaged and does not count: {error}", path.display())
        };
        Ok(serde_json::from_slice(&bytes).map_err(damaged))
    }

    fn kept(&self, verified: &Verified) -> Result<Result<TrustRoot, String>> {
        let path = self.folder.path().join(ROOT);
        let why = |fact: &str| Ok(Err(format!("{} does not count: {fact}", path.display())));
        let bytes = self.folder.read(ROOT)?;
        let Some(text) = bytes.and_then(|it| String::from_utf8(it).ok()) else {
            return why("it is missing or no text");
        };
        match TrustRoot::from_json(&text) {
            Ok(root) if root.digest().to_string() == verified.root => Ok(Ok(root)),
            Ok(_) => why("it is not the one that was verified"),
            Err(error) => why(&error.to_string()),
        }
    }

    fn note(&self, notes: &Notes) -> Result<()> {
        let bytes = serde_json::to_vec(notes)
            .map_err(|error| Failure::could_not(format!("writing {NOTES}: {error}")))?;
        Ok(self.folder.write_synced(NOTES, &bytes)?)
    }

    /// One renewal at a time, so that none undoes what another one noted.
    fn turn(&self) -> Result<Option<assay_files::Lock>> {
        match self.folder.lock(LOCK, PATIENCE, || ())? {
            Turn::Ours(lock) => Ok(Some(lock)),
            Turn::Unavailable(_) => Ok(None),
            Turn::TimedOut => Err(Failure::could_not(format!(
                "another assay has held {} for a minute",
                self.folder.path().join(LOCK).display()
            ))),
        }
    }
}

impl Verified {
    fn is_of_this_assay(&self) -> bool {
        self.carried == TrustRoot::production_digest().to_string()
    }
}

/// Nobody asked for it, so nobody waits for it.
fn impatient(client: &Client) -> Result<Client> {
    let mut config = client.config().clone();
    config.retries = 0;
    config.timeout = config.timeout.min(Duration::from_secs(5));
    config.deadline = config.deadline.min(Duration::from_secs(10));
    Ok(Client::new(config)?)
}

/// Whether so much time has passed; also where the clock was put back.
fn passed(since: Timestamp, span: Duration, now: Timestamp) -> bool {
    let elapsed = now.duration_since(since);
    elapsed.is_negative() || elapsed.unsigned_abs() >= span
}

#[cfg(test)]
mod tests;
