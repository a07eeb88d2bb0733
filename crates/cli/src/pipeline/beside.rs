//! The documents beside one file: each is asked for once in a run, when it is first of use.

use std::sync::Arc;

use assay_index::{Client, IndexError, place_beside};
use assay_trust::{
    Heard,
    signature::{Rule, Scheme},
    statement::Bundle,
};
use assay_types::listing::File;

use super::slots::Slots;
use crate::failure::{Failure, Result};

/// What lies beside one file.
#[derive(Default)]
pub struct Beside(Slots<&'static str, Result<Document>>);

/// A document, or what is to be said of its absence.
#[derive(Debug, Clone)]
pub enum Document {
    /// Its name for messages, and its bytes.
    There(String, Arc<Vec<u8>>),
    /// There is none.
    Missing(String),
    /// Nobody knows whether there is one, and no rule needs it.
    OutOfReach(String),
}

impl Document {
    /// Adds what is to be said where it is not there.
    pub fn add_to(self, heard: &mut Heard) {
        match self {
            Self::There(..) => {}
            Self::Missing(said) => heard.absent.push(said),
            Self::OutOfReach(said) => heard.trouble.push(said),
        }
    }
}

impl Beside {
    /// The signature of a scheme. Fails where it is longer than any, and where it is needed and out of
    /// reach.
    pub fn signature(
        &self,
        client: &Client,
        file: &File,
        scheme: Scheme,
        is_needed: bool,
    ) -> Result<Document> {
        if scheme == Scheme::OpenPgp && file.gpg_sig == Some(false) {
            let name = file.name.as_str();
            let said = format!("{name}{}: none, its page says", scheme.ending());
            return Ok(Document::Missing(said));
        }
        self.get(client, file, scheme.ending(), Scheme::LARGEST, is_needed)
    }

    /// Takes a document in place of what lies beside the file with this ending.
    pub fn put(&self, ending: &'static str, name: String, document: Vec<u8>) {
        self.0
            .set(ending, Ok(Document::There(name, Arc::new(document))));
    }

    /// The bundle of statements; fails as [`Self::signature`] does.
    pub fn statements(&self, client: &Client, file: &File, is_needed: bool) -> Result<Document> {
        self.get(client, file, Bundle::ENDING, Bundle::LARGEST, is_needed)
    }

    fn get(
        &self,
        client: &Client,
        file: &File,
        ending: &'static str,
        limit: usize,
        is_needed: bool,
    ) -> Result<Document> {
        self.0.get(&ending, || {
            let place = place_beside(file, ending);
            match client.fetch_beside(file, ending, limit as u64, is_needed) {
                Ok(Some(bytes)) => {
                    let name = format!("{}{ending}", file.name.as_str());
                    Ok(Document::There(name, Arc::new(bytes)))
                }
                Ok(None) => Ok(Document::Missing(format!("{place}: not found"))),
                Err(error) if error.is_too_large() => Err(too_large(file, ending, &error)),
                Err(error) if is_needed => Err(out_of_reach(file, ending, error)),
                Err(error) => Ok(Document::OutOfReach(format!("not known: {error}"))),
            }
        })
    }
}

fn too_large(file: &File, ending: &str, error: &IndexError) -> Failure {
    let name = file.name.as_str();
    Failure::refused(format!("{name}{ending}: {error}"))
        .detail(format!("rule: {}", Rule::Size.name()))
}

fn out_of_reach(file: &File, ending: &str, error: IndexError) -> Failure {
    let name = file.name.as_str();
    let hint = error.hint();
    let fact = format!("{name}{ending} cannot be had: {error}");
    Failure::could_not(fact)
        .detail("a rule may need it, and that it is not there is not said")
        .hints(hint)
}
