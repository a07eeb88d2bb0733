//! Who fetches a wheel, where several processes want the same one.
//!
//! ```text
//! <cache>/locks/<sha256>    held by whoever fetches that wheel
//! <cache>/locks/publish     held for the moment in which an entry and its memo change together
//! ```
//!
//! A thread holds one of the first kind at most, and waits for nothing but the network and the
//! second kind meanwhile; whoever holds the second waits for nobody. So no ring can close. None of
//! them guards what is right, only what is done twice: without them the store stays whole.

use std::time::Duration;

use assay_files::{Lock, Patience, PrivateFolder, Turn};
use assay_types::Sha256;

use super::Store;
use crate::Result;

/// How long others wait in silence.
const QUIET: Duration = Duration::from_secs(5);
/// How long whoever fetches may take beyond the time of the transfer.
const GRACE: Duration = Duration::from_secs(60);
/// A transfer in bytes a second that is slower is not waited for.
const SLOWEST: u64 = 1 << 20;
/// The size that is thought of where none is known, in bytes.
const USUAL_SIZE: u64 = 16 << 20;

/// How waiting for a turn ended. In every case the caller looks again whether the store has the
/// wheel by now, and fetches it where it has not.
#[derive(Debug)]
pub enum FetchTurn {
    /// Ours alone, until this is dropped.
    Ours(Lock),
    /// Somebody else has been at it for longer than a transfer should take.
    TimedOut,
    /// No lock can be had in this cache, for the reason that the system gives: whoever comes
    /// fetches.
    NoLocks(String),
}

impl Store {
    /// Waits until nobody else fetches this wheel, for as long as a transfer of so many bytes at
    /// 1 MiB a second, and a minute more, may take. `on_wait` is called once when that is long.
    ///
    /// The turn ends when whoever has it dies, too. Fails only where the cache is not the user's
    /// own.
    pub fn turn(
        &self,
        sha256: Sha256,
        size: Option<u64>,
        on_wait: impl FnOnce(),
    ) -> Result<FetchTurn> {
        let transfer = Duration::from_secs(size.unwrap_or(USUAL_SIZE) / SLOWEST);
        let patience = Patience {
            quiet: QUIET,
            limit: transfer + GRACE,
        };
        let turn = self.locks.lock(&sha256.to_string(), patience, on_wait)?;
        Ok(match turn {
            Turn::Ours(lock) => FetchTurn::Ours(lock),
            Turn::TimedOut => FetchTurn::TimedOut,
            Turn::Unavailable(assay_files::Error::Io { source, .. }) => {
                FetchTurn::NoLocks(source.to_string())
            }
            Turn::Unavailable(other) => FetchTurn::NoLocks(other.to_string()),
        })
    }
}

/// The lock under which an entry and its memo change together; `None` where there is none to be
/// had, or somebody keeps it for longer than a rename can take.
pub(super) fn publishing(locks: &PrivateFolder) -> Result<Option<Lock>> {
    let patience = Patience {
        quiet: GRACE,
        limit: GRACE,
    };
    Ok(match locks.lock("publish", patience, || ())? {
        Turn::Ours(lock) => Some(lock),
        Turn::TimedOut | Turn::Unavailable(_) => None,
    })
}
