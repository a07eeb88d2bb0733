//! Which files of two wheels differ.

use std::collections::{BTreeMap, HashMap};

use assay_install::StoredFile;
use assay_types::Sha256;

type Files = BTreeMap<String, StoredFile>;

/// What became of one file.
#[derive(Debug, Clone, Copy)]
pub struct Change<'a> {
    /// The file as A has it; none where it is new.
    pub old: Option<&'a StoredFile>,
    /// The file as B has it; none where it is gone.
    pub new: Option<&'a StoredFile>,
    /// Its path without what a version adds: B's, or A's where it is gone.
    pub key: &'a str,
    /// A's content under another path.
    pub is_renamed: bool,
}

impl Change<'_> {
    /// One word for it.
    pub fn word(&self) -> &'static str {
        match (self.old, self.new) {
            _ if self.is_renamed => "renamed",
            (None, _) => "new",
            (_, None) => "removed",
            _ => "changed",
        }
    }
}

/// Every file that is new, gone, renamed or of another content or mode; by path.
pub fn changes<'a>(old: &'a Files, new: &'a Files) -> Vec<Change<'a>> {
    let mut gone = Gone::new(old, new);
    let there = new.iter().filter_map(|(key, file)| {
        let (before, is_renamed) = match old.get(key) {
            Some(before) if is_same(before, file) => return None,
            Some(before) => (Some(before), false),
            None => match gone.take(file) {
                Some(before) => (Some(before), true),
                None => (None, false),
            },
        };
        Some(Change {
            old: before,
            new: Some(file),
            key,
            is_renamed,
        })
    });
    let mut changes: Vec<_> = there.collect();
    changes.extend(gone.rest());
    changes.sort_by_key(|it| it.key);
    changes
}

fn is_same(old: &StoredFile, new: &StoredFile) -> bool {
    old.sha256 == new.sha256 && old.executable == new.executable
}

/// Files that B does not have under their paths, by content.
struct Gone<'a>(HashMap<Sha256, Vec<(&'a str, &'a StoredFile)>>);

impl<'a> Gone<'a> {
    fn new(old: &'a Files, new: &Files) -> Self {
        let mut gone: HashMap<_, Vec<_>> = HashMap::new();
        // The last of a list is taken first.
        for (key, file) in old.iter().rev().filter(|(key, _)| !new.contains_key(*key)) {
            gone.entry(file.sha256).or_default().push((&**key, file));
        }
        Self(gone)
    }

    /// What a file was called before. Empty files are alike and no one's former selves.
    fn take(&mut self, file: &StoredFile) -> Option<&'a StoredFile> {
        let alike = self.0.get_mut(&file.sha256).filter(|_| file.size > 0)?;
        alike.pop().map(|it| it.1)
    }

    fn rest(self) -> impl Iterator<Item = Change<'a>> {
        let rest = self.0.into_values().flatten();
        rest.map(|(key, file)| Change {
            old: Some(file),
            new: None,
            key,
            is_renamed: false,
        })
    }
}
