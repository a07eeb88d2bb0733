//! Whom a policy file names besides publishers: keys, sources of statements, hooks.

use std::collections::BTreeSet;

use assay_types::ProjectName;

use crate::{Label, ProjectPattern, signature::Key};

/// `[keys.NAME]`: a key, and the projects for which its word may count.
#[derive(Debug, Clone)]
pub struct TrustedKey {
    /// Its name in policy files.
    pub label: Label,
    /// What it is.
    pub key: Key,
    /// The only projects for which it may speak; `None` leaves that to the rules that name it.
    pub projects: Option<Vec<ProjectPattern>>,
    /// `file:line:column`; unescaped.
    pub place: String,
}

/// `[statements.NAME]`: where statements are kept, and whose count.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name in policy files.
    pub label: Label,
    /// The keys, each of `[keys]`, that any of its statements has to be signed by.
    pub keys: BTreeSet<Label>,
    /// The only projects about which it may speak; `None` for all.
    pub projects: Option<Vec<ProjectPattern>>,
    /// The criteria by which somebody has to have looked at a file, each of them.
    pub criteria: BTreeSet<String>,
    /// `file:line:column`; unescaped.
    pub place: String,
}

impl TrustedKey {
    /// Whether it may speak for a project at all.
    pub fn covers(&self, project: &ProjectName) -> bool {
        covers(self.projects.as_deref(), project)
    }
}

impl Source {
    /// Whether it may speak about a project at all.
    pub fn covers(&self, project: &ProjectName) -> bool {
        covers(self.projects.as_deref(), project)
    }
}

fn covers(patterns: Option<&[ProjectPattern]>, project: &ProjectName) -> bool {
    patterns.is_none_or(|all| all.iter().any(|it| it.covers(project)))
}
