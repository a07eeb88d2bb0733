//! Why an archive is refused.

/// The rule that an archive breaks. Texts are unescaped.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A rule of the format or of this project.
    #[error("{rule}: {fact}")]
    Refused {
        /// Which rule, in a few words, such as `duplicate entry`.
        rule: &'static str,
        /// The fact, naming the entry.
        fact: String,
    },
    /// The staged bytes could not be read, or the output could not be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}
