//! One policy file, and what it adds where its author may say so.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use assay_trust::{Author, IndexPin, IndexPins, Loosening, Policy, sha256};
use assay_types::{Sha256, Timestamp, Url, requirement::redacted};

use super::{
    Approvals, Document, Root, Times, own, read,
    reader::Placed,
    search::{self, root_of},
};
use crate::{
    failure::{Failure, Result},
    settings::Folders,
    surroundings::Surroundings,
};

/// One file, read and understood.
#[derive(Debug)]
pub struct PolicyFile {
    /// Whose it is.
    pub author: Author,
    /// As a person finds it from the working folder.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Of all its bytes.
    pub sha256: Sha256,
    /// When the user approved it, where it changed since.
    pub changed_since: Option<Timestamp>,
    /// Where the user approved it: what it names that was approved with it.
    pub approved_files: BTreeMap<PathBuf, Sha256>,
    /// What it says.
    pub document: Document,
}

impl PolicyFile {
    /// A project's file, which the user may have approved.
    pub(super) fn of_project(
        path: &Path,
        name: String,
        (document, sha256): (Document, Sha256),
        approvals: &Approvals,
    ) -> Result<Self> {
        let approval = approvals.of(path)?;
        let (author, changed_since, approved_files) = match approval {
            Some(it) if it.sha256 == sha256 => (Author::Approved, None, it.files),
            Some(it) => (Author::Project, Some(it.when), BTreeMap::new()),
            None => (Author::Project, None, BTreeMap::new()),
        };
        Ok(Self {
            author,
            name,
            path: path.to_owned(),
            sha256,
            changed_since,
            approved_files,
            document,
        })
    }

    /// A file that somebody names, as whose it would be by its name. What it loosens is not judged.
    pub(super) fn named(path: &Path, folders: &Folders, now: Timestamp) -> Result<Self> {
        let name = path.display().to_string();
        let root = root_of(path);
        let text = own::text(path)?;
        let text = text.ok_or_else(|| Failure::usage(format!("{name} is not there")))?;
        let times = Times::new(folders, now)?;
        let (document, sha256) = match read(&name, &text, root.unwrap_or(Root::Document), times)? {
            Some(read) => read,
            None => (Document::default(), sha256(text.as_bytes())),
        };
        if root.is_some() {
            let approvals = Approvals::new(folders.state());
            return Self::of_project(path, name, (document, sha256), &approvals);
        }
        Ok(Self {
            author: Author::User,
            name,
            path: path.to_owned(),
            sha256,
            changed_since: None,
            approved_files: BTreeMap::new(),
            document,
        })
    }

    /// A project's file that the user wants to approve: the one that is named, or else the one in
    /// force here. What it loosens is not judged.
    pub fn to_approve(
        path: Option<&Path>,
        around: &Surroundings,
        folders: &Folders,
        now: Timestamp,
    ) -> Result<Self> {
        if let Some(path) = path {
            let path = around.absolute(path);
            return match root_of(&path) {
                Some(_) => Self::named(&path, folders, now),
                None => Err(Failure::usage(format!(
                    "{} is no project's file by its name",
                    path.display()
                ))
                .hint(
                    "approve an assay.toml or a pyproject.toml; your own file needs no approval",
                )),
            };
        }
        let times = Times::new(folders, now)?;
        let folder = &around.working_dir;
        let (path, read) = search::find(folder, around.home.as_deref(), times)?
            .ok_or_else(|| Failure::usage("no project's file is in force here").hint("name one"))?;
        let name = search::shown(&path, folder);
        Self::of_project(&path, name, read, &Approvals::new(folders.state()))
    }

    /// Adds its rules to a policy, where its author may state them.
    pub(super) fn apply(&self, policy: &mut Policy) -> Result<()> {
        if let Some(loosening) = self.foreign_root() {
            return Err(self.loosens(&loosening));
        }
        let rules = self.document.rules(self.author, &self.name).into_iter();
        let mut added = rules.map(|rule| policy.add(rule).map_err(|it| self.loosens(&it)));
        added.try_for_each(|it| it)
    }

    fn loosens(&self, loosening: &Loosening) -> Failure {
        let failure = Failure::usage(loosening.to_string());
        self.unapproved(failure).hint(format!(
            "if you want this in all projects, put the rule with {} into your own file, {}",
            loosening.key, "$XDG_CONFIG_HOME/assay/policy.toml"
        ))
    }

    /// What lets a project's file say what only the user may.
    pub(super) fn unapproved(&self, failure: Failure) -> Failure {
        let name = &self.name;
        match self.changed_since {
            Some(when) => failure
                .detail(format!(
                    "{name} was approved at {when:.0} and changed since"
                ))
                .hint(format!(
                    "look at it and approve it again: assay policy approve {name}"
                )),
            None => failure.hint(format!(
                "read it; if you want all that it says: assay policy approve {name}"
            )),
        }
    }

    /// Adds its pins. A project's file pins to indexes that are `known` otherwise; `None` where nobody
    /// is asked.
    pub(super) fn add_pins(&self, pins: &mut IndexPins, known: Option<&[&Url]>) -> Result<()> {
        for rule in &self.document.rules {
            let Some(name) = &rule.index else { continue };
            let index = &self.document.indexes[&name.value].url;
            let is_known = known.is_none_or(|it| it.contains(&&index.value));
            if !self.author.may_loosen() && !is_known {
                return Err(self.unnamed(&name.value, index));
            }
            for pattern in &rule.projects {
                let stated_in = format!("{}:{}", self.name, pattern.line);
                let pin = IndexPin {
                    pattern: pattern.value.clone(),
                    index: index.value.clone(),
                    stated_in: stated_in.clone(),
                };
                pins.add(pin).map_err(|error| {
                    Failure::usage(format!("{stated_in}: {error}")).hint(
                        "a project can come from one index alone: take one of the two rules out",
                    )
                })?;
            }
        }
        Ok(())
    }

    fn unnamed(&self, name: &str, index: &Placed<Url>) -> Failure {
        let (file, line, url) = (&self.name, index.line, redacted(&index.value));
        let fact = format!("{file}:{line}: the index {name}, {url}, is named by this file alone");
        let failure = Failure::usage(fact)
            .detail("rule: a project's file keeps projects from other indexes and adds no index");
        self.unapproved(failure)
            .hint(format!(
                "if you trust that index, say so yourself: --extra-index-url {url}"
            ))
            .hint(format!(
                "or for always, in pip.conf under [global]: extra-index-url = {url}"
            ))
    }
}
