//! The distributions of an environment, read from the folders beside their modules.

use std::{ops::Deref, path::PathBuf, sync::Arc};

use assay_types::ProjectName;

use super::{Distribution, Environment, Place, distribution::Entry};
use crate::Result;

/// What is installed.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// Sorted by name.
    pub distributions: Vec<Installed>,
    /// Folders that look like metadata but name no project and version: leftovers of an install
    /// that was interrupted, or somebody's notes.
    pub unreadable: Vec<PathBuf>,
}

/// A distribution with its place in an environment, from where it can be removed.
#[derive(Debug, Clone)]
pub struct Installed {
    distribution: Distribution,
    /// The metadata folder's place.
    pub(crate) place: Place,
}

/// In one environment no two have the same place.
impl PartialEq for Installed {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

/// What can be read of a distribution can be read of an installed one.
impl Deref for Installed {
    type Target = Distribution;

    fn deref(&self) -> &Distribution {
        &self.distribution
    }
}

impl Environment {
    /// Lists what is installed here; costs one listing of each site-packages folder. A virtual
    /// environment that sees its base's packages lists its own only: see [`Environment::visible`].
    pub fn installed(&self) -> Result<Inventory> {
        let mut inventory = Inventory::default();
        for site in self.sites() {
            let Some(dir) = self.open_folder(site)?.map(Arc::new) else {
                continue;
            };
            for (entry, kind) in dir.entries()? {
                let place = site.join(&entry);
                match Entry::new(&dir, entry, kind) {
                    Entry::Other => {}
                    Entry::Unreadable(path) => inventory.unreadable.push(path),
                    Entry::Distribution(distribution) => {
                        inventory.distributions.push(Installed {
                            distribution,
                            place,
                        });
                    }
                }
            }
        }
        inventory.distributions.sort_by(|a, b| {
            (a.name().as_ref() as &str, a.folder()).cmp(&(b.name().as_ref(), b.folder()))
        });
        inventory.unreadable.sort();
        Ok(inventory)
    }
}

impl Inventory {
    /// The distribution of a project, if it is installed. Where a broken environment holds two,
    /// the first by folder name.
    pub fn get(&self, name: &ProjectName) -> Option<&Installed> {
        self.distributions.iter().find(|it| it.name() == name)
    }
}
