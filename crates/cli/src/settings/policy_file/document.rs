//! What one policy file says, and the names of its keys.

use std::{collections::BTreeMap, path::PathBuf};

use assay_trust::{
    Author, Cutoff, Expression, Grant, Identity, Label, Mode, ProjectPattern, Required, Rule,
    SourceBuilds, Stated, Word,
};
use assay_types::{ProjectName, Url, day::LastDay};

use super::{hooks::HookTable, keys::KeyTable, reader::Placed, statements::StatementsTable};

/// The keys of a file. `docs/policy.schema.json` has the same; a test compares.
pub const FILE: [&str; 7] = [
    "indexes",
    "policy",
    "publishers",
    "sigstore",
    "keys",
    "statements",
    "hooks",
];
/// The keys of `[indexes.NAME]`.
pub const INDEX: [&str; 2] = ["url", "trusted-root"];
/// The keys of a project in `[publishers]`, where it is a table.
pub const PUBLISHERS: [&str; 2] = ["any", "until"];
/// The keys of `[sigstore]`.
pub const SIGSTORE: [&str; 1] = ["trusted-root"];
/// The keys of `[policy]`.
pub const POLICY: [&str; 4] = ["evidence", "min-age", "source-builds", "rule"];
/// The keys of `[[policy.rule]]`.
pub const RULE: [&str; 13] = [
    "projects",
    "index",
    "evidence",
    "mode",
    "min-age",
    "source-builds",
    "deny",
    "wheel-signature",
    "startup",
    "overwrite",
    "bad-record",
    "build",
    "until",
];

/// What a policy file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// `[indexes.NAME]`.
    pub indexes: BTreeMap<String, Index>,
    /// `[publishers]`: who alone may publish a project. No list is empty.
    pub publishers: BTreeMap<ProjectName, Placed<Publishers>>,
    /// `[sigstore] trusted-root`: as it is written.
    pub trusted_root: Option<Placed<PathBuf>>,
    /// `[keys.NAME]`, at the place of the table.
    pub keys: BTreeMap<Label, Placed<KeyTable>>,
    /// `[statements.NAME]`, at the place of the table.
    pub statements: BTreeMap<Label, Placed<StatementsTable>>,
    /// `[hooks.NAME]`, at the place of the table.
    pub hooks: BTreeMap<Label, Placed<HookTable>>,
    /// `[policy]`.
    pub general: Section,
    /// `[[policy.rule]]`.
    pub rules: Vec<Section>,
}

/// A project in `[publishers]`.
#[derive(Debug, PartialEq, Eq)]
pub struct Publishers {
    /// Any of these may publish it.
    pub any: Vec<Identity>,
    /// `until`: the last day.
    pub until: Option<LastDay>,
}

/// `[indexes.NAME]`.
#[derive(Debug, PartialEq, Eq)]
pub struct Index {
    /// The base URL as origins have it.
    pub url: Placed<Url>,
    /// Signs for this index alone, in the place of the general one; as it is written.
    pub trusted_root: Option<Placed<PathBuf>>,
}

/// `[policy]`, or one rule.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// `projects`: none in `[policy]`, at least one in a rule.
    pub projects: Vec<Placed<ProjectPattern>>,
    /// `index`, which `indexes` has: from there and from nowhere else.
    pub index: Option<Placed<String>>,
    /// `evidence`.
    pub evidence: Option<Placed<Expression>>,
    /// The words of `evidence` that carry a name.
    pub named: Vec<Placed<Word>>,
    /// `mode`, only beside `evidence`.
    pub mode: Mode,
    /// `min-age`.
    pub min_age: Option<Placed<MinAge>>,
    /// `source-builds`.
    pub source_builds: Option<Placed<SourceBuilds>>,
    /// `deny`: the reason.
    pub deny: Option<Placed<String>>,
    /// `wheel-signature`: any of these keys, at least one.
    pub wheel_signature: Option<Placed<Vec<Placed<Label>>>>,
    /// `startup`, `overwrite`, `bad-record` and `build`, for each project.
    pub grants: Vec<Placed<Grant>>,
    /// `until`: the last day.
    pub until: Option<Placed<LastDay>>,
}

/// An age, and the moment that it means in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinAge {
    pub text: String,
    pub cutoff: Cutoff,
}

impl Document {
    /// The rules, for judging; `name` is the file's.
    pub fn rules(&self, author: Author, name: &str) -> Vec<Rule> {
        let general = self.general.rule(author, None, name);
        let rules = self.rules.iter().map(|it| {
            let patterns = it.projects.iter().map(|it| it.value.clone());
            it.rule(author, Some(patterns.collect()), name)
        });
        [general].into_iter().chain(rules).collect()
    }
}

impl Section {
    fn rule(&self, author: Author, projects: Option<Vec<ProjectPattern>>, name: &str) -> Rule {
        let required = |expression: &Expression| Required {
            expression: expression.clone(),
            mode: self.mode,
        };
        Rule {
            evidence: self.evidence.as_ref().map(|it| it.stated(name, required)),
            min_age: self
                .min_age
                .as_ref()
                .map(|it| it.stated(name, |it| it.cutoff)),
            source_builds: self
                .source_builds
                .as_ref()
                .map(|it| it.stated(name, |it| *it)),
            deny: self.deny.as_ref().map(|it| it.stated(name, String::clone)),
            wheel_signatures: self
                .wheel_signature
                .as_ref()
                .map(|it| it.stated(name, |all| all.iter().map(|it| it.value.clone()).collect())),
            grants: self
                .grants
                .iter()
                .map(|it| it.stated(name, Grant::clone))
                .collect(),
            ..Rule::new(author, projects)
        }
    }

    /// Whether it is for a project, or for all of them.
    pub fn covers(&self, project: &ProjectName) -> bool {
        self.projects.is_empty() || self.projects.iter().any(|it| it.value.covers(project))
    }
}

impl<T> Placed<T> {
    /// `file:line:column`.
    pub fn place(&self, name: &str) -> String {
        format!("{name}:{}:{}", self.line, self.column)
    }

    fn stated<U>(&self, name: &str, value: impl FnOnce(&T) -> U) -> Stated<U> {
        Stated {
            value: value(&self.value),
            place: self.place(name),
        }
    }
}
