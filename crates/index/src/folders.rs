//! What is kept between runs, and where.
//!
//! ```text
//! <cache>/pages-v1/<sha256 of the URL>     a page, with what HTTP says about it
//! <state>/page-memo/<sha256 of the URL>    the SHA-256 of the whole file above
//! <cache>/sidecars-v1/<sha256>             a metadata sidecar, by the digest that a page lists
//! <cache>/staging/                         bytes that wait for admission; the files have no names
//! ```
//!
//! The cache is no authority: a kept page counts only where the user's state knows its digest, and
//! a kept sidecar is compared with the page each time.

use std::path::Path;

use assay_files::PrivateFolder;

use crate::IndexError;

/// The folders whose files outlive a run.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(crate) pages: PrivateFolder,
    pub(crate) page_memos: PrivateFolder,
    pub(crate) sidecars: PrivateFolder,
}

impl Kept {
    pub(crate) fn new(cache: &Path, state: &Path) -> Self {
        let cache = PrivateFolder::new(cache);
        Self {
            pages: cache.below("pages-v1"),
            page_memos: PrivateFolder::new(state).below("page-memo"),
            sidecars: cache.below("sidecars-v1"),
        }
    }

    /// All of them.
    pub(crate) fn each(&self) -> [&PrivateFolder; 3] {
        [&self.pages, &self.page_memos, &self.sidecars]
    }
}

/// The folder for bytes that wait for admission.
pub(crate) fn staging(cache: &Path) -> PrivateFolder {
    PrivateFolder::new(cache).below("staging")
}

/// Forgets every page and sidecar and removes the staging folder. What else lies in cache and
/// state stays. Fails where a folder is not the user's own, or cannot be removed.
pub fn clear_cache(cache: &Path, state: &Path) -> Result<(), IndexError> {
    let kept = Kept::new(cache, state);
    for folder in kept.each() {
        folder.remove()?;
    }
    Ok(staging(cache).remove()?)
}
