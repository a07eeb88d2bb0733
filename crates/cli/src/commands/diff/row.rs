//! One file in a list.

use serde::Serialize;

use super::changes::Change;

/// A file that is not the same in both wheels. Paths are unescaped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Row {
    /// `new`, `changed`, `renamed` or `removed`.
    pub change: &'static str,
    pub path: String,
    /// Where it differs from `path`: what A calls it.
    pub was: Option<String>,
    /// As B has it, or as A had it where it is gone; in bytes.
    pub size: u64,
    pub sha256: String,
    /// As A has it, where both have it.
    pub old_size: Option<u64>,
    pub old_sha256: Option<String>,
    /// Where it differs: whether it may be run as a program now.
    pub now_executable: Option<bool>,
}

impl Row {
    /// Of a change. What changes its path by its version alone has no former path.
    pub fn new(change: &Change<'_>) -> Option<Self> {
        let it = change.new.or(change.old)?;
        let old = change.old.filter(|_| change.new.is_some());
        let now = change.new.map_or(it.executable, |it| it.executable);
        Some(Self {
            change: change.word(),
            path: it.path.clone(),
            was: old.filter(|_| change.is_renamed).map(|it| it.path.clone()),
            size: it.size,
            sha256: it.sha256.to_string(),
            old_size: old.map(|it| it.size),
            old_sha256: old.map(|it| it.sha256.to_string()),
            now_executable: old.and_then(|it| (it.executable != now).then_some(now)),
        })
    }

    /// Whether B has it.
    pub fn is_there(&self) -> bool {
        self.change != "removed"
    }

    /// What there is to say beside its path.
    pub fn told(&self) -> String {
        let size = match self.old_size {
            Some(old) if old != self.size => format!("{old} -> {} bytes", self.size),
            _ => format!("{} bytes", self.size),
        };
        let was = self.was.as_ref().map(|it| format!("was {it}"));
        let mode = self.now_executable.map(|now| match now {
            true => "now executable".to_owned(),
            false => "no longer executable".to_owned(),
        });
        let told = was.into_iter().chain([size]).chain(mode);
        told.collect::<Vec<_>>().join(", ")
    }
}
