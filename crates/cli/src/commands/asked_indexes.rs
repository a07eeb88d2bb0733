//! Which index a project comes from, as an install would ask.

use assay_index::{Client, IndexUrl, Indexes};
use assay_types::{ProjectName, Url, requirement::redacted};

use crate::{
    args::IndexArgs,
    commands::Context,
    failure::{Failure, Result},
    inputs::FileOptions,
    settings::{PolicyFiles, index},
};

/// The indexes that settings name, or the one that was typed.
pub struct AskedIndexes {
    indexes: Indexes,
    is_typed: bool,
}

impl AskedIndexes {
    /// Reads the settings. No index is asked anything.
    pub fn new(typed: Option<&str>, files: &PolicyFiles, context: &Context<'_>) -> Result<Self> {
        let (around, folders) = (context.around, &context.folders);
        let args = IndexArgs::default();
        let client = index::client(&args, &context.network, folders, around)?;
        let indexes = match typed {
            Some(typed) => Indexes {
                main: Some(named(&client, typed)?),
                ..Indexes::default()
            },
            None => index::indexes(&client, &args, &FileOptions::default(), files, around)?,
        };
        let is_typed = typed.is_some();
        Ok(Self { indexes, is_typed })
    }

    /// The indexes that a project may come from, in the order in which they are asked.
    pub fn all_for(&self, project: &ProjectName) -> Vec<&Url> {
        match self.indexes.pins.of(project) {
            Some(pin) => vec![&pin.index],
            None => self.indexes.in_order().map(|it| it.url()).collect(),
        }
    }

    /// The index that is meant where none is named: the one that policy files keep the project to,
    /// else the main one.
    pub fn one_for(&self, project: &ProjectName) -> Result<Url> {
        let main = || self.indexes.main.as_ref().map(|it| it.url());
        let pinned = self.indexes.pins.of(project).map(|it| &it.index);
        pinned.or_else(main).cloned().ok_or_else(|| {
            Failure::usage("no index is asked here").hint("name the project's index: --index URL")
        })
    }

    /// That another index might have been meant, if one might.
    pub fn doubt(&self, project: &ProjectName) -> Option<String> {
        let [_, _, ..] = self.all_for(project)[..] else {
            return None;
        };
        let main = redacted(self.indexes.main.as_ref()?.url());
        Some(format!(
            "this is for {project} from {main}; extra indexes are asked, too, and --index names one \
             of them"
        ))
        .filter(|_| !self.is_typed)
    }
}

/// `--index`.
fn named(client: &Client, typed: &str) -> Result<IndexUrl> {
    let wrong = |error| Failure::from(error).detail("named by --index");
    client.own_index(typed).map_err(wrong)
}
