//! The values of options that name projects, or all of them.

use std::collections::BTreeSet;

use assay_types::ProjectName;

use super::names;
use crate::failure::Result;

const ALL: &str = ":all:";
const NONE: &str = ":none:";

/// The values of one option.
#[derive(Debug, Default)]
pub(super) struct Named {
    pub all: bool,
    pub projects: BTreeSet<ProjectName>,
}

impl Named {
    /// `:all:` and `:none:` take back what stands before them.
    pub fn read(option: &str, values: &[String]) -> Result<Self> {
        let mut named = Self::default();
        for value in values.iter().flat_map(|it| it.split(',')) {
            match value.trim() {
                ALL => {
                    named = Self {
                        all: true,
                        ..Self::default()
                    }
                }
                NONE => named = Self::default(),
                name => named.projects.extend(names(option, &[name.to_owned()])?),
            }
        }
        Ok(named)
    }

    /// What both name, if anything.
    pub fn first_shared(&self, other: &Self) -> Option<String> {
        let shared = self.projects.intersection(&other.projects).next();
        let both_all = self.all && other.all;
        shared
            .map(ToString::to_string)
            .or_else(|| both_all.then(|| ALL.to_owned()))
    }
}
