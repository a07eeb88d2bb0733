//! Policy files: the machine's, the user's and the project's, one schema for all.
//!
//! The machine's binds everybody, the user's may loosen what that does not set, and the project's
//! comes with whatever was cloned, so that it may only tighten, until the user approved its very
//! bytes: that rule is [`Policy::add`]'s. An index that a project's file pins to must be one that the user's own settings
//! ask anyway. Otherwise a clone would choose a server, send it the names of what is installed, and
//! have it serve code.

mod approval;
mod contradictions;
mod document;
mod expression;
mod file;
mod grants;
mod hooks;
mod indexes;
mod keys;
mod labels;
mod named_file;
mod own;
mod parse;
mod principals;
mod publishers;
mod reader;
mod search;
mod signers;
mod statements;
mod trusted_root;
mod until;

use std::{collections::BTreeMap, path::Path};

use assay_index::Indexes;
use assay_trust::{Author, Cooldown, IndexPins, Policy, sha256};
use assay_types::{Sha256, Timestamp, Url};

use crate::{
    failure::{Failure, Result},
    settings::{Folders, check_principals},
    surroundings::Surroundings,
};
pub use approval::{Approval, Approvals};
pub use document::{Document, Section};
pub use expression::of_option as evidence_of;
pub use file::PolicyFile;
pub use hooks::hook_timeout;
pub use keys::KeyText;
pub use parse::Root;
pub use principals::{Hook, Statements};
pub use reader::{Mistake, Times};
pub use signers::NamedPublishers;
pub use statements::At;
pub use trusted_root::TrustedRoot;

/// The machine's file. No variable names another one: whoever sets variables would then be rid of
/// what binds everybody.
const MACHINE: &str = "/etc/assay/policy.toml";
/// Longest policy file, and longest trusted root that one names, in bytes. Sigstore's public root has
/// some 7 thousand.
pub const LONGEST: u64 = 1 << 20;
/// Below the user's folder for settings.
const USER: &str = "assay/policy.toml";

/// The files in force, the machine's first.
#[derive(Debug, Default)]
pub struct PolicyFiles(Vec<PolicyFile>);

impl PolicyFiles {
    /// Finds and reads them. Needs no network, so that a mistake in one is told before anything is
    /// asked.
    pub fn in_force(around: &Surroundings, folders: &Folders, now: Timestamp) -> Result<Self> {
        let times = Times::new(folders, now)?;
        let mut files = Self::own_of(around, times)?;
        let approvals = Approvals::new(folders.state());
        files.add_project(
            &around.working_dir,
            around.home.as_deref(),
            &approvals,
            times,
        )?;
        files.check()?;
        Ok(files)
    }

    fn own_of(around: &Surroundings, times: Times) -> Result<Self> {
        let user = around.config_home.as_ref().map(|it| it.join(USER));
        Self::own(Path::new(MACHINE), user.as_deref(), times)
    }

    fn own(machine: &Path, user: Option<&Path>, times: Times) -> Result<Self> {
        let machine = (Author::Machine, machine);
        let user = user.map(|it| (Author::User, it));
        let mut files = Self::default();
        for (author, path) in [machine].into_iter().chain(user) {
            let found = own::read(path, times)?;
            files.0.extend(found.map(|(document, sha256)| PolicyFile {
                author,
                name: path.display().to_string(),
                path: path.to_owned(),
                sha256,
                changed_since: None,
                approved_files: BTreeMap::new(),
                document,
            }));
        }
        Ok(files)
    }

    fn add_project(
        &mut self,
        folder: &Path,
        home: Option<&Path>,
        approvals: &Approvals,
        times: Times,
    ) -> Result<()> {
        if let Some((path, read)) = search::find(folder, home, times)? {
            let name = search::shown(&path, folder);
            self.0
                .push(PolicyFile::of_project(&path, name, read, approvals)?);
        }
        Ok(())
    }

    /// What can be wrong with files that were read: a loosening where none may be, a name that nothing
    /// has, and two pins or names that contradict each other.
    fn check(&self) -> Result<()> {
        self.check_but_labels()?;
        self.check_labels(&Self::default())
    }

    fn check_but_labels(&self) -> Result<()> {
        self.apply(&mut Policy::new(Cooldown::none()))?;
        self.pins(&Indexes::default())?;
        self.check_names()
    }

    /// One file that somebody names, alone, as whose it would be by its name. The names in it may be
    /// those of the machine's and the user's file, too.
    pub fn named(
        path: &Path,
        around: &Surroundings,
        folders: &Folders,
        now: Timestamp,
    ) -> Result<Self> {
        let files = Self(vec![PolicyFile::named(path, folders, now)?]);
        files.check_but_labels()?;
        let alone = files.check_labels(&Self::default());
        alone.or_else(|_| {
            let own = Self::own_of(around, Times::new(folders, now)?)?;
            files.check_labels(&own)
        })?;
        Ok(files)
    }

    /// Whether a project's file would be right, were it approved so.
    pub fn check_approved(
        mut file: PolicyFile,
        approval: &Approval,
        around: &Surroundings,
        folders: &Folders,
    ) -> Result<()> {
        let mut files = Self::own_of(around, Times::new(folders, approval.when)?)?;
        file.author = Author::Approved;
        file.approved_files.clone_from(&approval.files);
        files.0.push(file);
        files.check()?;
        check_principals(&files)
    }

    /// The files, the machine's first.
    pub fn iter(&self) -> impl Iterator<Item = &PolicyFile> {
        self.0.iter()
    }

    /// Adds all their rules to a policy.
    pub fn apply(&self, policy: &mut Policy) -> Result<()> {
        self.0.iter().try_for_each(|it| it.apply(policy))
    }

    /// The indexes that their rules pin projects to, and whose rules these are.
    pub fn pinned_indexes(&self) -> impl Iterator<Item = (Author, &Url)> {
        self.0.iter().flat_map(|file| {
            let names = file
                .document
                .rules
                .iter()
                .filter_map(|it| it.index.as_ref());
            let urls = names.map(|it| &file.document.indexes[&it.value].url.value);
            urls.map(|it| (file.author, it))
        })
    }

    /// The pins that they state. Fails where two contradict each other, and where the user's own
    /// settings do not name the index of a project's file; with no index at all nothing is asked,
    /// and nothing checked.
    pub fn pins(&self, indexes: &Indexes) -> Result<IndexPins> {
        let leading = self.0.iter().filter(|it| it.author.may_loosen());
        let named = leading.flat_map(|it| it.document.indexes.values());
        let asked = indexes.in_order().map(|it| it.url());
        // With no index at all nothing is asked.
        let known: Option<Vec<_>> = (indexes.in_order().next().is_some())
            .then(|| asked.chain(named.map(|it| &it.url.value)).collect());
        let mut pins = IndexPins::default();
        for file in &self.0 {
            file.add_pins(&mut pins, known.as_deref())?;
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

/// Reads a text as a policy file of its own, or as a `pyproject.toml`, in a year when nothing is over:
/// for whoever has texts and no files. Gives what stands first of what is wrong with it.
pub fn check_policy_text(text: &str, is_pyproject: bool) -> std::result::Result<(), Mistake> {
    let root = match is_pyproject {
        true => Root::Tool,
        false => Root::Document,
    };
    parse::parse(text, root, Times::default()).map(drop)
}

/// Reads one file that was found; `None` where it has no rules of ours.
fn read(name: &str, text: &str, root: Root, times: Times) -> Result<Option<Read>> {
    let document = parse::parse(text, root, times).map_err(|Mistake { line, column, fact }| {
        Failure::usage(format!("{name}:{line}:{column}: {fact}"))
    })?;
    let Some(document) = document else {
        return Ok(None);
    };
    Ok(Some((document, sha256(text.as_bytes()))))
}

/// What a file says, and the digest of its bytes.
type Read = (Document, Sha256);

#[cfg(test)]
mod tests;
