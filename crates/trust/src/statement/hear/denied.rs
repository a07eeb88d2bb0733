//! Everything that is denied of a project: what a statement about the file may not rest on.

use assay_types::{ProjectName, Sha256, Version};

use crate::statement::{Statement, content::Content};

/// The denials that count, whoever made them.
pub(super) struct Denied<'a>(Vec<&'a Statement>);

impl<'a> Denied<'a> {
    pub fn of(said: impl Iterator<Item = &'a Content>) -> Self {
        let denials = said.filter(|it| it.is_denial());
        Self(denials.filter_map(Content::statement).collect())
    }

    /// Whether one of them denies this file.
    pub fn has(&self, project: &ProjectName, version: &Version, sha256: Sha256) -> bool {
        let denies = |it: &&Statement| it.denial_of(project, version, sha256).is_some();
        self.0.iter().any(denies)
    }
}

/// A denial in a line.
pub(super) fn denied_line(statement: &Statement, who: &str) -> String {
    let issued = statement.times().issued;
    format!("denied by a statement of {issued} by {who}")
}
