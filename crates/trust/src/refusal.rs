//! Why bytes were not accepted.

use std::fmt;

use assay_types::{Printable, ProjectName};

/// The kind decides what may happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// Evidence is missing that only the user could give. Stops.
    Gap,
    /// Nobody speaks for it whom a rule asks for: no publisher, key or voucher. Another file or version
    /// may do.
    Unattested,
    /// Evidence contradicts the bytes. Stops loudly, never falls back.
    Mismatch,
    /// Somebody else published it than who was known, or nobody did. Stops loudly, never falls back.
    Publisher,
    /// A rule says that it is never installed. Stops; no other version will do.
    Denied,
    /// The content breaks a rule (start-up code, collisions, an archive that lies).
    Content,
}

/// A refusal that explains itself. Texts may come from outside and are unescaped here;
/// `Display` escapes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What may happen next.
    pub kind: RefusalKind,
    /// The project, where it is known.
    pub project: Option<ProjectName>,
    /// The file.
    pub file_name: String,
    /// The rule that was applied, by its name, such as `evidence` or `start-up code`.
    pub rule: String,
    /// The fact, one sentence.
    pub fact: String,
    /// Evidence found, one line each.
    pub found: Vec<String>,
    /// Evidence missing, one line each.
    pub missing: Vec<String>,
    /// What would accept it: a command, an option, a line to paste.
    pub hint: Option<String>,
}

impl Refusal {
    /// What was found and what is missing, each with the word before it; of publishers, who it is now
    /// and who it was before. Unescaped.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let (found, missing) = match self.kind {
            RefusalKind::Publisher => ("now", "before"),
            _ => ("found", "missing"),
        };
        let found = self.found.iter().map(move |it| (found, it.as_str()));
        found.chain(self.missing.iter().map(move |it| (missing, it.as_str())))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {} (rule: {})",
            Printable(&self.file_name),
            Printable(&self.fact),
            self.rule
        )?;
        self.lines()
            .try_for_each(|(what, line)| write!(f, "\n  {what}: {}", Printable(line)))
    }
}

impl std::error::Error for Refusal {}
