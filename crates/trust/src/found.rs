//! The words that hold for a file, and whose word each is.

use std::{collections::BTreeSet, fmt};

use crate::{
    Identity, Label, Word,
    signature::{Key, RawKey},
};

/// Somebody who speaks, whatever policy files call them: where several have to, nobody counts twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Voice(String);

impl Voice {
    /// Whoever holds this key, in whatever form the key is given.
    pub(crate) fn of_key(key: &Key) -> Self {
        match key.bare() {
            Some(raw) => Self::of_raw(&raw),
            None => Self(key.fingerprint()),
        }
    }

    /// Whoever holds this key.
    pub(crate) fn of_raw(key: &RawKey) -> Self {
        Self(format!("sha256:{}", crate::sha256(&key.spki())))
    }

    /// A publisher.
    pub(crate) fn of_publisher(identity: &Identity) -> Self {
        Self(format!("publisher:{identity}"))
    }

    /// A program.
    pub(crate) fn of_hook(label: &Label) -> Self {
        Self(format!("hook:{label}"))
    }
}

impl fmt::Display for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The words that hold. One of which it is not known whose it is counts as one of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    words: Vec<Word>,
    voices: Vec<(Word, Voice)>,
}

impl Found {
    /// Adds a word that nobody in particular says: what a page lists, or the user.
    pub(crate) fn add(&mut self, word: Word) {
        if !self.words.contains(&word) {
            self.words.push(word);
        }
    }

    /// Adds somebody's word.
    pub(crate) fn add_said(&mut self, word: Word, by: &BTreeSet<Voice>) {
        let said = by.iter().map(|it| (word.clone(), it.clone()));
        self.voices.extend(said);
        self.add(word);
    }

    /// Adds all of another's.
    pub(crate) fn extend(&mut self, other: Self) {
        other.words.into_iter().for_each(|it| self.add(it));
        self.voices.extend(other.voices);
    }

    /// The words.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// Whose word this is; nobody's in particular where it is empty.
    pub(crate) fn voices<'a>(&'a self, word: &'a Word) -> impl Iterator<Item = &'a Voice> {
        let said = self.voices.iter().filter(move |it| it.0 == *word);
        said.map(|it| &it.1)
    }
}

/// Words of which nobody wrote down whose they were, as in a receipt.
impl From<&[Word]> for Found {
    fn from(words: &[Word]) -> Self {
        let mut found = Self::default();
        words.iter().cloned().for_each(|it| found.add(it));
        found
    }
}
