//! `--link-mode`.

/// How files come from the store into an environment, and so which permissions they have.
///
/// pip writes each file anew: 0666 less the umask, and what the archive marks as executable 0777
/// less the umask with all three execute bits. Here a file that is the environment's own (a
/// reflink, a copy, and whatever assay writes itself, such as RECORD) is made with 0666 or 0777
/// less the umask, so a umask of 077 leaves nobody else an execute bit either. A hard link is the
/// store's file under a second name and keeps its mode, 0444 or 0555, whatever the umask: it could
/// not be closed without closing it in every environment. New folders are 0777 less the umask in
/// every mode, so with a umask of 077 what lies in them is nobody else's all the same; only a file
/// directly in an open site-packages folder is readable where pip would have closed it. Whoever
/// needs such files closed takes `Copy`. A umask that takes the owner's own bits away counts without
/// these, in every mode.
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
