//! Which staying distribution owns a file. RECORDs are read when the first question is asked.

use std::collections::HashMap;

use assay_types::ProjectName;

use crate::{Environment, Installed, Result, environment::Place};

/// The owners of files, by the RECORDs of the distributions that stay.
pub(crate) struct Owners<'a> {
    environment: &'a Environment,
    staying: &'a [Installed],
    files: Option<HashMap<Place, usize>>,
}

impl<'a> Owners<'a> {
    pub fn new(environment: &'a Environment, staying: &'a [Installed]) -> Self {
        Self {
            environment,
            staying,
            files: None,
        }
    }

    /// The owner of a file. A distribution without RECORD claims none (PEP 627); one whose RECORD
    /// cannot be read might own any of them, so that is an error.
    pub fn of(&mut self, place: &Place) -> Result<Option<&ProjectName>> {
        let files = match &mut self.files {
            Some(files) => files,
            none => none.insert(read(self.environment, self.staying)?),
        };
        Ok(files.get(place).map(|&index| self.staying[index].name()))
    }
}

fn read(environment: &Environment, staying: &[Installed]) -> Result<HashMap<Place, usize>> {
    let mut files = HashMap::new();
    for (index, installed) in staying.iter().enumerate() {
        for path in installed.claims()? {
            if let Some(place) = place_of_row(environment, installed, &path) {
                files.entry(place).or_insert(index);
            }
        }
    }
    Ok(files)
}

/// The place that a row of RECORD names: relative to site-packages, or absolute. `None` where it
/// leads out of the environment.
pub(crate) fn place_of_row(
    environment: &Environment,
    installed: &Installed,
    path: &str,
) -> Option<Place> {
    let (site, _) = installed.place.split()?;
    if !path.starts_with('/') && path.split('/').all(|it| !matches!(it, "" | "." | "..")) {
        return Some(site.join(path));
    }
    environment.place_of(&environment.path_of(&site).join(path))
}
