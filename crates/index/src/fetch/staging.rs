//! Where bytes wait for admission.

use std::{
    fs, io,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use assay_files::PrivateFolder;

use super::Buffer;
use crate::os;

/// All buffers in memory together hold at most this many bytes.
const MEMORY: u64 = 64 << 20;

/// A folder for private files without names, and the memory that small artifacts may use instead.
#[derive(Debug, Clone)]
pub(crate) struct Staging {
    folder: PrivateFolder,
    budget: Budget,
}

impl Staging {
    pub(crate) fn new(folder: PrivateFolder) -> Self {
        Self {
            folder,
            budget: Budget(Arc::new(AtomicU64::new(MEMORY))),
        }
    }

    /// An empty buffer. `size` is what was announced, if anything was.
    pub(crate) fn buffer(&self, size: Option<u64>) -> Buffer {
        Buffer::new(self.clone(), size)
    }

    /// A file that no path leads to.
    pub(super) fn anonymous_file(&self) -> io::Result<fs::File> {
        os::anonymous_file(&self.folder)
    }

    pub(super) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// The folder, for messages.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Memory left, shared by all buffers of a run.
#[derive(Debug, Clone)]
pub(super) struct Budget(Arc<AtomicU64>);

impl Budget {
    /// Takes so many bytes, or none.
    pub(super) fn take(&self, bytes: u64) -> Option<Share> {
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(bytes)
            });
        taken.ok().map(|_| Share {
            budget: self.clone(),
            bytes,
        })
    }
}

/// A taken part of the budget; given back when dropped.
#[derive(Debug)]
pub(super) struct Share {
    budget: Budget,
    pub(super) bytes: u64,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.budget.0.fetch_add(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_ends_and_comes_back() {
        let budget = Budget(Arc::new(AtomicU64::new(10)));
        let first = budget.take(6).unwrap();
        assert!(budget.take(5).is_none());
        assert!(budget.take(4).is_some());
        drop(first);
        assert!(budget.take(10).is_some());
    }
}
