//! What lies in the environment's folders.

use std::collections::BTreeMap;

use super::{Report, finding::Fact, listing::reason};
use crate::{
    Environment, Error,
    environment::Place,
    sys::{Kind, leads_out},
};

/// Every folder that was come by, with what lies in it, sorted by name.
#[derive(Debug)]
pub(super) struct Walked(pub BTreeMap<Place, Vec<(String, Kind)>>);

impl Walked {
    /// Lists folders and all below them; symlinks are not followed. What cannot be listed is found.
    pub fn of(environment: &Environment, areas: &[Place], report: &mut Report) -> Self {
        let mut walked = BTreeMap::new();
        let mut open: Vec<_> = areas.to_vec();
        while let Some(folder) = open.pop() {
            let listed = environment.open_folder(&folder);
            let entries = listed.and_then(|it| it.map(|dir| dir.entries()).transpose());
            match entries {
                Ok(None) => {}
                Ok(Some(mut entries)) => {
                    entries.sort_by(|a, b| a.0.cmp(&b.0));
                    let folders = entries.iter().filter(|it| it.1 == Kind::Folder);
                    open.extend(folders.map(|it| folder.join(&it.0)));
                    walked.insert(folder, entries);
                }
                Err(error) => {
                    let fact = match &error {
                        Error::Io { source, .. } if leads_out(source) => Fact::Link,
                        _ => Fact::Unreadable(reason(&error)),
                    };
                    report.find(environment.shown(&folder), Vec::new(), fact);
                }
            }
        }
        Self(walked)
    }

    /// What lies in a folder; nothing where it was not come by.
    pub fn entries(&self, folder: &Place) -> &[(String, Kind)] {
        self.0.get(folder).map_or(&[], Vec::as_slice)
    }

    /// Whether a regular file lies there.
    pub fn has_file(&self, folder: &Place, name: &str) -> bool {
        let entries = self.entries(folder);
        let found = entries.binary_search_by(|it| it.0.as_str().cmp(name));
        found.is_ok_and(|at| entries[at].1 == Kind::File)
    }
}
