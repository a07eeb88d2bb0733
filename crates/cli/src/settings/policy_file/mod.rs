//! Policy files: the machine's, the user's and the project's, one schema for all.
//!
//! The machine's binds everybody, the user's may loosen what that does not set, and the project's
//! comes with whatever was cloned, so that it may only tighten: that rule is
//! [`Policy::add`]'s. An index that a project's file pins to must be one that the user's own settings
//! ask anyway. Otherwise a clone would choose a server, send it the names of what is installed, and
//! have it serve code.

mod document;
mod expression;
mod grants;
mod indexes;
mod own;
mod parse;
mod publishers;
mod reader;
mod search;
mod signers;

use std::path::{Path, PathBuf};

use assay_index::Indexes;
use assay_trust::{Author, Cooldown, IndexPin, IndexPins, Loosening, Policy};
use assay_types::{Timestamp, Url, requirement::redacted};

use crate::{
    failure::{Failure, Result},
    surroundings::Surroundings,
};
pub use document::{Document, Section};
pub use parse::Root;
use reader::{Mistake, Placed};
pub use signers::NamedPublishers;

/// The machine's file. No variable names another one: whoever sets variables would then be rid of
/// what binds everybody.
const MACHINE: &str = "/etc/assay/policy.toml";
/// Below the user's folder for settings.
const USER: &str = "assay/policy.toml";

/// One file, read and understood.
#[derive(Debug)]
pub struct PolicyFile {
    /// Whose it is.
    pub author: Author,
    /// As a person finds it from the working folder.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What it says.
    pub document: Document,
}

/// The files in force, the machine's first.
#[derive(Debug, Default)]
pub struct PolicyFiles(Vec<PolicyFile>);

impl PolicyFiles {
    /// Finds and reads them. Needs no network, so that a mistake in one is told before anything is
    /// asked.
    pub fn in_force(around: &Surroundings, now: Timestamp) -> Result<Self> {
        let user = around.config_home.as_ref().map(|it| it.join(USER));
        let mut files = Self::own(Path::new(MACHINE), user.as_deref(), now)?;
        files.add_project(&around.working_dir, around.home.as_deref(), now)?;
        files.check()?;
        Ok(files)
    }

    fn own(machine: &Path, user: Option<&Path>, now: Timestamp) -> Result<Self> {
        let machine = (Author::Machine, machine);
        let user = user.map(|it| (Author::User, it));
        let mut files = Self::default();
        for (author, path) in [machine].into_iter().chain(user) {
            files
                .0
                .extend(own::read(path, now)?.map(|document| PolicyFile {
                    author,
                    name: path.display().to_string(),
                    path: path.to_owned(),
                    document,
                }));
        }
        Ok(files)
    }

    fn add_project(&mut self, folder: &Path, home: Option<&Path>, now: Timestamp) -> Result<()> {
        let found = search::find(folder, home, now)?;
        self.0.extend(found.map(|(path, document)| PolicyFile {
            author: Author::Project,
            name: search::shown(&path, folder),
            path,
            document,
        }));
        Ok(())
    }

    /// What can be wrong with files that were read: a loosening where none may be, and two pins that
    /// contradict each other.
    fn check(&self) -> Result<()> {
        self.apply(&mut Policy::new(Cooldown::none()))?;
        self.pins(&Indexes::default()).map(drop)
    }

    /// One file that somebody names, alone, as whose it would be by its name.
    pub fn named(path: &Path, now: Timestamp) -> Result<Self> {
        let is = |name: &str| path.file_name().is_some_and(|it| it == name);
        let name = path.display().to_string();
        let root = match is("pyproject.toml") {
            true => Root::Tool,
            false => Root::Document,
        };
        let author = match root == Root::Tool || is("assay.toml") {
            true => Author::Project,
            false => Author::User,
        };
        let document = own::text(path)?;
        let document = document.ok_or_else(|| Failure::usage(format!("{name} is not there")))?;
        let document = read(&name, &document, root, now)?;
        let files = Self(vec![PolicyFile {
            author,
            name,
            path: path.to_owned(),
            document: document.unwrap_or_default(),
        }]);
        files.check()?;
        Ok(files)
    }

    /// The files, the machine's first.
    pub fn iter(&self) -> impl Iterator<Item = &PolicyFile> {
        self.0.iter()
    }

    /// Adds all their rules to a policy.
    pub fn apply(&self, policy: &mut Policy) -> Result<()> {
        self.0.iter().try_for_each(|it| it.apply(policy))
    }

    /// The pins that they state. Fails where two contradict each other, and where the user's own
    /// settings do not name the index of a project's file; with no index at all nothing is asked,
    /// and nothing checked.
    pub fn pins(&self, indexes: &Indexes) -> Result<IndexPins> {
        let mut pins = IndexPins::default();
        for file in &self.0 {
            file.add_pins(&mut pins, indexes)?;
        }
        Ok(pins)
    }
}

impl IntoIterator for PolicyFiles {
    type Item = PolicyFile;
    type IntoIter = std::vec::IntoIter<PolicyFile>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl PolicyFile {
    /// Adds its rules to a policy, where its author may state them.
    fn apply(&self, policy: &mut Policy) -> Result<()> {
        if let Some(loosening) = self.foreign_root() {
            return Err(loosens(&loosening));
        }
        let rules = self.document.rules(self.author, &self.name).into_iter();
        let mut added = rules.map(|rule| policy.add(rule).map_err(|it| loosens(&it)));
        added.try_for_each(|it| it)
    }

    fn add_pins(&self, pins: &mut IndexPins, indexes: &Indexes) -> Result<()> {
        for rule in &self.document.rules {
            let Some(name) = &rule.index else { continue };
            let index = &self.document.indexes[&name.value].url;
            let mut asked = indexes.in_order().map(|it| it.url()).peekable();
            let is_asked = asked.peek().is_none() || asked.any(|it| *it == index.value);
            if self.author == Author::Project && !is_asked {
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
        Failure::usage(format!(
            "{file}:{line}: the index {name}, {url}, is named by this file alone"
        ))
        .detail("rule: a project's file keeps projects from other indexes and adds no index")
        .hint(format!(
            "if you trust that index, say so yourself: --extra-index-url {url}"
        ))
        .hint(format!(
            "or for always, in pip.conf under [global]: extra-index-url = {url}"
        ))
    }
}

fn loosens(loosening: &Loosening) -> Failure {
    Failure::usage(loosening.to_string()).hint(format!(
        "if you want this, say it yourself: put the rule with {} into your own file, {}",
        loosening.key, "$XDG_CONFIG_HOME/assay/policy.toml"
    ))
}

/// Reads one file that was found; `None` where it has no rules of ours.
fn read(name: &str, text: &str, root: Root, now: Timestamp) -> Result<Option<Document>> {
    parse::parse(text, root, now).map_err(|Mistake { line, column, fact }| {
        Failure::usage(format!("{name}:{line}:{column}: {fact}"))
    })
}

#[cfg(test)]
mod tests;
