//! Settings that are not merged into the command line: a requirements file has a say between what
//! was typed and these, and evidence names where they stand.

use super::{Setting, Source, words::truth};
use crate::failure::{Failure, Result};

/// What settings say of whom to ask and of what suffices, for the command in use.
#[derive(Debug, Clone, Default)]
pub struct Preset {
    /// `index-url`.
    pub index_url: Option<Given>,
    /// `extra-index-url`.
    pub extra_index_url: Vec<Given>,
    /// `no-index`.
    pub no_index: bool,
    /// `find-links`.
    pub find_links: Vec<Given>,
    /// `constraint`.
    pub constraint: Vec<Given>,
    /// `require-hashes`.
    pub require_hashes: bool,
    /// `uploaded-prior-to`.
    pub uploaded_prior_to: Option<Given>,
}

/// A value, or one of those that a setting lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The value.
    pub value: String,
    /// Where it stands.
    pub source: Source,
}

impl Given {
    fn new(setting: &Setting) -> Self {
        Self {
            value: setting.value.clone(),
            source: setting.source.clone(),
        }
    }

    /// A failure that this value led to, with its place.
    pub fn blamed(&self, failure: Failure) -> Failure {
        failure.detail(format!("set by {}", self.source))
    }
}

impl Preset {
    /// Takes a setting whose option has this name; `false` where it is for another place. Later
    /// ones replace earlier ones, as in pip.
    pub(super) fn take(&mut self, option: &str, setting: &Setting) -> Result<bool> {
        match option {
            "--index-url" => self.index_url = Some(Given::new(setting)),
            "--uploaded-prior-to" => self.uploaded_prior_to = Some(Given::new(setting)),
            "--extra-index-url" => self.extra_index_url = listed(setting),
            "--find-links" => self.find_links = listed(setting),
            "--constraint" => self.constraint = listed(setting),
            "--no-index" => self.no_index = truth(setting)?,
            "--require-hashes" => self.require_hashes = truth(setting)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// Values are separated by white space, line breaks among it.
fn listed(setting: &Setting) -> Vec<Given> {
    let values = setting.value.split_whitespace().map(|value| Given {
        value: value.to_owned(),
        source: setting.source.clone(),
    });
    values.collect()
}
