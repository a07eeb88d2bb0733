//! What an archive may hold.

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A regular file.
    File {
        /// Whether any execute bit is set; of a ZIP entry only where its mode says that it is a regular
        /// file, as pip judges.
        executable: bool,
    },
    /// A directory; it has no content.
    Directory,
}
