//! Why there is no resolution.

use assay_types::ProjectName;

/// Why [`resolve`](crate::resolve) gave no resolution.
#[derive(Debug, thiserror::Error)]
pub enum Failure<E> {
    /// The requirements exclude each other, or what is left cannot be used. All texts are escaped
    /// and may be printed as they are.
    #[error("{explanation}")]
    Unsatisfiable {
        /// What excludes what: a heading line, then one indented line for each fact.
        explanation: String,
        /// What a person can do, one sentence each; may be empty.
        hints: Vec<String>,
        /// The projects in the explanation, sorted.
        projects: Vec<ProjectName>,
    },
    /// The source stopped.
    #[error(transparent)]
    Source(E),
}
