//! Metadata that was verified: what the next renewal may not fall behind.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};
use sigstore_tuf::MetadataStore;

/// Verified TUF metadata by file name, byte for byte as it was served: every root since the first,
/// the latest timestamp, snapshot and targets. It is verified again each time, so a changed one is
/// of no more use than none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KnownMetadata(BTreeMap<String, String>);

impl KnownMetadata {
    /// The names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn shared(&self) -> Shared {
        Shared(Arc::new(Mutex::new(self.clone())))
    }
}

/// The same in the hands of sigstore-tuf.
#[derive(Debug, Clone)]
pub(super) struct Shared(Arc<Mutex<KnownMetadata>>);

impl Shared {
    pub(super) fn take(&self) -> KnownMetadata {
        std::mem::take(&mut *self.known())
    }

    fn known(&self) -> MutexGuard<'_, KnownMetadata> {
        // Only ever one thread.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MetadataStore for Shared {
    fn load(&self, name: &str) -> sigstore_tuf::Result<Option<Vec<u8>>> {
        let found = kept_as(name).and_then(|it| self.known().0.get(it).cloned());
        Ok(found.map(String::into_bytes))
    }

    fn store(&self, name: &str, bytes: &[u8]) -> sigstore_tuf::Result<()> {
        // It was parsed as JSON before, so it is UTF-8.
        if let (Some(name), Ok(text)) = (kept_as(name), String::from_utf8(bytes.to_vec())) {
            self.known().0.insert(name.to_owned(), text);
        }
        Ok(())
    }
}

/// What is kept of all that sigstore-tuf offers: no second copies, no delegated roles (the trusted
/// root is listed at the top), no targets. No role but a root has a name of a versioned root's form
/// here, since only those come from that folder.
fn kept_as(name: &str) -> Option<&str> {
    match name {
        "timestamp.json" | "snapshot.json" | "targets.json" => Some(name),
        _ => name.strip_prefix("root_history/"),
    }
}
