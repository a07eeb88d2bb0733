//! What the files say of signatures: who may publish a project, and which trust root counts.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use assay_trust::{Author, Identity, Loosening};
use assay_types::{ProjectName, Sha256, Url, day::LastDay};

use super::{
    PolicyFile, PolicyFiles,
    named_file::{Content, NamedFile},
    principals::NamedKey,
    reader::Placed,
    trusted_root::TrustedRoot,
};
use crate::{failure::Result, settings::plain};

/// The publishers that one file names for a project. Each file's list is a demand of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPublishers<'a> {
    /// Whose file it is.
    pub author: Author,
    /// The project.
    pub project: &'a ProjectName,
    /// Any of these may publish it; at least one.
    pub identities: &'a [Identity],
    /// The last day of the list, if it has one.
    pub until: Option<LastDay>,
    /// `file:line:column`, unescaped.
    pub place: String,
}

impl NamedPublishers<'_> {
    /// As [`assay_trust::CommittedPin::leads`].
    pub fn lead(&self) -> bool {
        self.author.may_loosen()
    }
}

impl PolicyFiles {
    /// All lists of publishers, the machine's first.
    pub fn publishers(&self) -> impl Iterator<Item = NamedPublishers<'_>> {
        self.0.iter().flat_map(|file| {
            let lists = file.document.publishers.iter();
            lists.map(|(project, list)| NamedPublishers {
                author: file.author,
                project,
                identities: &list.value.any,
                until: list.value.until,
                place: list.place(&file.name),
            })
        })
    }

    /// The trust root that signatures for files of an index are judged by, where one is given. The
    /// first file that gives one decides, so that nobody loosens what the machine's sets; in it, what
    /// is said of the index goes before what is said of all.
    pub fn trusted_root(&self, index: Option<&Url>) -> Option<TrustedRoot> {
        self.0.iter().find_map(|file| {
            let root = file.document.trusted_root_of(index)?;
            Some(file.trusted_root(root))
        })
    }
}

impl super::Document {
    fn trusted_root_of(&self, index: Option<&Url>) -> Option<&Placed<PathBuf>> {
        let named = self.indexes.values();
        let named = named.filter(|it| index == Some(&it.url.value));
        let own = named.filter_map(|it| it.trusted_root.as_ref()).next();
        own.or(self.trusted_root.as_ref())
    }

    fn trusted_roots(&self) -> impl Iterator<Item = &Placed<PathBuf>> {
        let indexes = self.indexes.values();
        let indexes = indexes.filter_map(|it| it.trusted_root.as_ref());
        indexes.chain(&self.trusted_root)
    }
}

impl PolicyFile {
    /// All trust roots that it names.
    pub fn trusted_roots(&self) -> impl Iterator<Item = TrustedRoot> {
        self.document
            .trusted_roots()
            .map(|it| self.trusted_root(it))
    }

    /// The files that it names, as it writes them, with the digests of what they are now; those of keys
    /// were read.
    pub fn named_files(&self, keys: &[NamedKey]) -> Result<BTreeMap<PathBuf, Sha256>> {
        let roots = self.document.trusted_roots();
        let roots = roots.map(|it| Ok((it.value.clone(), self.trusted_root(it).sha256()?)));
        let keys = keys.iter().filter_map(|it| {
            let path = it.file.clone()?;
            Some(Ok((path, it.key.key.digest())))
        });
        roots.chain(keys).collect()
    }

    fn trusted_root(&self, written: &Placed<PathBuf>) -> TrustedRoot {
        TrustedRoot(self.named_file(&written.value, written.place(&self.name)))
    }

    /// A file that it names so, at a place in it.
    pub(super) fn named_file(&self, written: &Path, place: String) -> NamedFile {
        let content = match self.author {
            Author::Machine | Author::User => Content::Owned,
            Author::Approved => Content::Approved(self.approved_files.get(written).copied()),
            // Nobody has said yet which content is meant.
            Author::Project | Author::Requirements => Content::Approved(None),
        };
        NamedFile {
            path: self.beside(written),
            place,
            content,
        }
    }

    /// A path that it writes, from its own folder.
    pub(super) fn beside(&self, written: &Path) -> PathBuf {
        plain(&self.path.parent().unwrap_or(&self.path).join(written))
    }

    /// Who chooses a trust root chooses whose signatures count.
    pub(super) fn foreign_root(&self) -> Option<Loosening> {
        let root = self.document.trusted_roots().next();
        root.filter(|_| !self.author.may_loosen())
            .map(|it| Loosening {
                key: "trusted-root",
                place: it.place(&self.name),
            })
    }
}
