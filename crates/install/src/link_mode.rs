//! `--link-mode`.

/// How files come from the store into an environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkMode {
    /// The first of the others that both file systems support.
    #[default]
    Auto,
    /// Blocks are shared until one side writes (btrfs, XFS, APFS).
    Reflink,
    /// One file under two names: fastest, but an edit in one place is one in both, so the store's
    /// files are read-only and checked before they are used again.
    HardLink,
    /// Files of their own.
    Copy,
}
