//! A newer trusted root, by way of TUF (The Update Framework).
//!
//! Sigstore publishes its `trusted_root.json` as a target of a TUF repository. [`renew`] starts at a
//! root of that repository which is believed already, follows its chain of roots to the latest, and
//! gives what timestamp, snapshot and targets vouch for at this moment. Signatures, versions, expiry,
//! lengths and digests are sigstore-tuf's work; what it is given, what it may ask for and what is kept
//! is decided here.
//!
//! Nothing is fetched here: the caller is asked for one file after the other ([`asking`]).

mod asking;
mod known;

use std::error;

use assay_types::Timestamp;
use sigstore_tuf::{Error, Updater, UpdaterConfig};

use super::{TrustRoot, TrustRootError, ring};
use asking::Asking;
pub use known::KnownMetadata;

/// The root of the TUF repository of Sigstore's public instance: version 16 of April 2026, as
/// sigstore-trust-root 0.15.1 carries it. Later ones are reached from it.
pub const PUBLIC_TUF_ROOT: &[u8] = include_bytes!("../tuf_root.json");

/// What is fetched.
const TARGET: &str = "trusted_root.json";
/// Largest trusted root in bytes. Real ones have 7 to 15 thousand.
const LARGEST: u64 = 1 << 20;

/// Why there is no newer root. What was known before still is.
#[derive(Debug, thiserror::Error)]
pub enum RenewalError<E> {
    /// A file could not be had.
    #[error("{0}")]
    Fetch(E),
    /// There is no such repository: a file that every one has is missing, or there is no end of them.
    #[error("{0}")]
    NoRepository(String),
    /// A file contradicts what is believed: signatures that are missing, a version that goes back,
    /// an expired role, other bytes than were listed. Its text is unescaped.
    #[error("{0}")]
    Refused(String),
    /// The target is vouched for, and cannot be used.
    #[error(transparent)]
    Unusable(#[from] TrustRootError),
}

/// The `trusted_root.json` that a TUF repository of Sigstore has now, verified from `bootstrap`, a
/// root of that repository. `known` is what earlier calls came to know; what is verified is added to
/// it also where the call fails later on, so that nobody can go back behind it.
///
/// `fetch` gets a path below the repository's base and the most bytes that are of use, and gives
/// `None` for a file that is not there. At most 32 new roots, then three files and the target are
/// asked for.
pub fn renew<E>(
    bootstrap: &[u8],
    known: &mut KnownMetadata,
    now: Timestamp,
    fetch: impl FnMut(&str, u64) -> Result<Option<Vec<u8>>, E>,
) -> Result<String, RenewalError<E>> {
    if !ring::install() {
        return Err(TrustRootError::foreign_cryptography().into());
    }
    let mut config = UpdaterConfig::default();
    config.target_max_length = LARGEST;
    let asking = Asking::default();
    let store = known.shared();
    let running = Updater::new(asking.repository(), bootstrap)
        .map(|it| it.with_config(config).with_store(store.clone()))
        .map(|updater| run(updater, now));
    let ended = match running {
        Ok(running) => asking.answer_all(running, fetch),
        Err(error) => Ok(Err(error)),
    };
    *known = store.take();
    let bytes = ended
        .map_err(RenewalError::Fetch)?
        .map_err(|error| match error {
            Error::Transport { message, .. } => RenewalError::NoRepository(message),
            error => RenewalError::Refused(with_causes(&error)),
        })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| RenewalError::Refused(format!("{TARGET} is not UTF-8")))?;
    TrustRoot::from_json(&text)?;
    Ok(text)
}

async fn run(mut updater: Updater, now: Timestamp) -> sigstore_tuf::Result<Vec<u8>> {
    updater.refresh(now).await?;
    updater.get_target(TARGET, now).await
}

fn with_causes(error: &dyn error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&format!(": {error}"));
        cause = error.source();
    }
    text
}
