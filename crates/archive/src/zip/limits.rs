//! How much an archive may cost.

/// Bounds, checked on what the headers declare; reading then never exceeds what is declared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Entries, directories included.
    pub(crate) entries: u64,
    /// Bytes of the central directory, which is held in memory.
    pub(crate) central: u64,
    /// Uncompressed bytes of one entry.
    pub(crate) entry: u64,
    /// Uncompressed bytes of all entries.
    pub(crate) total: u64,
    /// Above this many uncompressed bytes the ratio counts.
    pub(crate) ratio_from: u64,
    /// Uncompressed bytes for each compressed one. PyPI's upload rule.
    pub(crate) ratio: u64,
}

impl Limits {
    /// In force for every archive.
    pub(crate) const DEFAULT: Self = Self {
        entries: 100_000,
        central: 32 << 20,
        entry: 4 << 30,
        total: 16 << 30,
        ratio_from: 64 << 20,
        ratio: 50,
    };
}
