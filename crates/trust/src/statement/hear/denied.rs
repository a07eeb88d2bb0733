//! Everything that is denied of a project: what a statement about the file may not rest on.

use assay_types::{ProjectName, Sha256, Version};

use super::voice::Spoken;
use crate::{
    TrustedKey,
    statement::{Denial, Predicate, Subject},
};

/// The denials that count, whoever made them.
pub(super) struct Denied<'a>(Vec<(&'a [Subject], &'a Denial)>);

impl<'a> Denied<'a> {
    pub fn of<'s>(spoken: impl Iterator<Item = &'s Spoken<'a, &'a TrustedKey>>) -> Self
    where
        'a: 's,
    {
        let denials = spoken.filter_map(|it| {
            let statement = it.content.statement()?;
            match statement.predicate() {
                Predicate::Denies(said) => Some((statement.subjects(), said)),
                _ => None,
            }
        });
        Self(denials.collect())
    }

    /// Whether one of them is of this file.
    pub fn has(&self, project: &ProjectName, version: &Version, sha256: Sha256) -> bool {
        let is_of_it = |(subjects, said): &(&[Subject], &Denial)| {
            is_denied(subjects, said, project, version, sha256)
        };
        self.0.iter().any(is_of_it)
    }
}

/// Whether a denial is of these bytes, whatever they are called, or of the version.
pub(super) fn is_denied(
    subjects: &[Subject],
    said: &Denial,
    project: &ProjectName,
    version: &Version,
    sha256: Sha256,
) -> bool {
    let is_version = said.project == *project && said.versions.contains(version);
    is_version || subjects.iter().any(|it| it.sha256 == sha256)
}
