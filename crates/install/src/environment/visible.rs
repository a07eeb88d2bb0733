//! What an interpreter sees: its environment's distributions, the user's own (PEP 370), those of the
//! installation beneath, and what `.egg-link` files lead to. For reading only.

use std::{
    collections::HashSet,
    io::Read as _,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{Distribution, Environment, EnvironmentKind, distribution::Entry};
use crate::{
    Error, Result,
    sys::{Dir, Kind},
};

/// Which distributions are wanted, in pip's words.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// Everything that can be imported.
    Visible,
    /// `--local`: without what a virtual environment sees of the installation beneath it.
    Local,
    /// `--user`: only what was installed for this user.
    User,
    /// `--path`: in these folders, whoever can see them.
    Paths(&'a [PathBuf]),
}

/// What is seen.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// One for each project, the one that would be imported; sorted by name.
    pub distributions: Vec<Distribution>,
    /// Folders that look like metadata but name no project and version.
    pub unreadable: Vec<PathBuf>,
}

/// Longer files are no `.egg-link`: it holds two paths.
const LONGEST_LINK: u64 = 64 * 1024;

impl Environment {
    /// Lists what the environment's interpreter sees. `user_site` is the user's own folder, where
    /// there is one.
    pub fn visible(&self, scope: Scope<'_>, user_site: Option<&Path>) -> Result<Seen> {
        let mut seen = Seen::default();
        let mut names = HashSet::new();
        for folder in self.folders(scope, user_site)? {
            let Some(dir) = open(&folder)? else {
                continue;
            };
            // Within one folder, too, the first by name counts, whatever order the system gives.
            let mut entries = dir.entries()?;
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            let mut found = Vec::new();
            for (entry, kind) in &entries {
                match Entry::new(&dir, entry.clone(), *kind) {
                    Entry::Distribution(distribution) => found.push(distribution),
                    Entry::Unreadable(path) => seen.unreadable.push(path),
                    Entry::Other => {}
                }
            }
            for (entry, _) in entries.iter().filter(|it| is_link(it)) {
                match linked(&dir, entry) {
                    Ok(distributions) => found.extend(distributions),
                    // Somebody else's link is no reason to see nothing at all.
                    Err(_) => seen.unreadable.push(dir.path().join(entry)),
                }
            }
            found.retain(|it| names.insert(it.name().clone()));
            seen.distributions.extend(found);
        }
        let name = |it: &Distribution| it.name().to_string();
        seen.distributions.sort_by_cached_key(name);
        seen.unreadable.sort();
        Ok(seen)
    }

    /// The folders of a scope in the order in which Python looks through them.
    fn folders(&self, scope: Scope<'_>, user_site: Option<&Path>) -> Result<Vec<PathBuf>> {
        let own = || self.sites().into_iter().map(|it| self.path_of(it));
        let user = user_site.map(Path::to_owned);
        let beneath = || self.interpreter().base_sites().iter().cloned();
        let mut folders: Vec<PathBuf> = match (scope, self.kind()) {
            (Scope::Paths(paths), _) => paths.to_vec(),
            (Scope::User, kind) if self.sees_more(kind)? => user.into_iter().collect(),
            (Scope::User, _) => Vec::new(),
            (_, EnvironmentKind::System) => {
                user.into_iter().chain(own()).chain(beneath()).collect()
            }
            (_, EnvironmentKind::User) => {
                let paths = self.interpreter().paths();
                let beside = [paths.purelib, paths.platlib].into_iter();
                own().chain(beside).chain(beneath()).collect()
            }
            (Scope::Visible, kind) if self.sees_more(kind)? => {
                own().chain(user).chain(beneath()).collect()
            }
            _ => own().collect(),
        };
        let mut once = HashSet::new();
        folders.retain(|it| once.insert(it.clone()));
        Ok(folders)
    }

    /// Whether more is seen than its own folders hold.
    fn sees_more(&self, kind: EnvironmentKind) -> Result<bool> {
        match kind {
            EnvironmentKind::System | EnvironmentKind::User => Ok(true),
            EnvironmentKind::Venv => self.interpreter().sees_base(),
            EnvironmentKind::Target | EnvironmentKind::Prefix => Ok(false),
        }
    }
}

/// A folder that need not be there.
fn open(path: &Path) -> Result<Option<Arc<Dir>>> {
    match Dir::open(path) {
        Ok(dir) => Ok(Some(Arc::new(dir))),
        Err(Error::Io { source, .. })
            if matches!(
                source.kind(),
                std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn is_link((name, kind): &(String, Kind)) -> bool {
    *kind == Kind::File && name.ends_with(".egg-link")
}

/// The distributions of the folder that an `.egg-link` names.
fn linked(dir: &Dir, entry: &str) -> Result<Vec<Distribution>> {
    let mut bytes = Vec::new();
    dir.read(entry)
        .and_then(|it| it.take(LONGEST_LINK).read_to_end(&mut bytes))
        .map_err(|error| Error::io("reading", dir.path().join(entry), error))?;
    let Some(target) = target(&bytes) else {
        return Ok(Vec::new());
    };
    let Some(project) = open(&dir.path().join(target))? else {
        return Ok(Vec::new());
    };
    let found = project.entries()?.into_iter();
    let found = found.filter_map(|(entry, kind)| match Entry::new(&project, entry, kind) {
        Entry::Distribution(it) => Some(it.linked_from(dir.path())),
        Entry::Unreadable(_) | Entry::Other => None,
    });
    Ok(found.collect())
}

/// The first line that says anything; it may be relative to the link's folder.
fn target(bytes: &[u8]) -> Option<PathBuf> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().map(str::trim);
    lines.find(|it| !it.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_link_names_its_folder_in_the_first_line_that_says_anything() {
        assert_eq!(target(b"\n /a b \r\n.\n"), Some(PathBuf::from("/a b")));
        assert_eq!(target(b"../a"), Some(PathBuf::from("../a")));
        assert_eq!(target(b" \n\n"), None);
    }

    proptest! {
        #[test]
        fn any_link_is_answered(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let found = target(&bytes);
            prop_assert!(found.is_none_or(|it| !it.as_os_str().is_empty()));
        }
    }
}
