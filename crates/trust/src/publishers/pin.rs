//! What is known of the publishers of projects.

mod document;

use std::collections::BTreeMap;

use assay_types::{ProjectName, Timestamp, Url, Version};

use super::{Identity, Term};

/// Who may publish a project, as far as earlier installs and the user said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublisherPin {
    /// All of them, and how long each is one: several are normal. What is over is kept and does not
    /// count: forgotten, it would be at first sight again.
    pub identities: BTreeMap<Identity, Term>,
    /// How long the user accepts files that nobody attested, if at all.
    pub unattested: Option<Term>,
    /// When this was first known.
    pub since: Timestamp,
    /// The earliest upload that was seen to be attested, if the index gives such times: what was
    /// uploaded before may have come without.
    pub attested_since: Option<Timestamp>,
    /// The highest version that the index had unattested when this was learned. What claims to be older
    /// than attestations are, and has a higher version, was not there then.
    pub unattested_up_to: Option<Version>,
    /// The file that was installed last.
    pub latest: Option<PinnedFile>,
}

/// A file that a pin rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedFile {
    /// Its name, unescaped.
    pub name: String,
    /// When it was uploaded, as the index says.
    pub uploaded: Option<Timestamp>,
    /// When its signature was logged; `None` where nobody attested it.
    pub logged: Option<Timestamp>,
}

/// All pins, by the base URL of the index and by project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublisherPins(BTreeMap<Url, BTreeMap<ProjectName, PublisherPin>>);

/// Why a document of pins is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PinsError(String);

impl PublisherPin {
    /// One that names nobody yet.
    pub fn new(since: Timestamp) -> Self {
        Self {
            identities: BTreeMap::new(),
            unattested: None,
            since,
            attested_since: None,
            unattested_up_to: None,
            latest: None,
        }
    }

    /// Those that are not over.
    pub fn in_force(&self, now: Timestamp) -> impl Iterator<Item = &Identity> {
        let holding = move |(_, term): &(&Identity, &Term)| term.holds_at(now);
        self.identities.iter().filter(holding).map(|it| it.0)
    }

    /// Whether a file of this upload time and version was there before any that was attested.
    pub fn begins_after(&self, uploaded: Option<Timestamp>, version: &Version) -> bool {
        let is_older =
            matches!((uploaded, self.attested_since), (Some(time), Some(first)) if time < first);
        is_older
            && self
                .unattested_up_to
                .as_ref()
                .is_some_and(|it| version <= it)
    }
}

impl PublisherPins {
    /// The pin of a project on an index.
    pub fn get(&self, index: &Url, project: &ProjectName) -> Option<&PublisherPin> {
        self.0.get(index)?.get(project)
    }

    /// Sets the pin of a project on an index.
    pub fn set(&mut self, index: Url, project: ProjectName, pin: PublisherPin) {
        self.0.entry(index).or_default().insert(project, pin);
    }

    /// Forgets a project; gives what was known of it.
    pub fn remove(&mut self, index: &Url, project: &ProjectName) -> Option<PublisherPin> {
        let pins = self.0.get_mut(index)?;
        let pin = pins.remove(project);
        if pins.is_empty() {
            self.0.remove(index);
        }
        pin
    }

    /// All of them, by index and project.
    pub fn iter(&self) -> impl Iterator<Item = (&Url, &ProjectName, &PublisherPin)> {
        let each = |(index, pins)| Self::of_index(index, pins);
        self.0.iter().flat_map(each)
    }

    fn of_index<'a>(
        index: &'a Url,
        pins: &'a BTreeMap<ProjectName, PublisherPin>,
    ) -> impl Iterator<Item = (&'a Url, &'a ProjectName, &'a PublisherPin)> {
        pins.iter().map(move |(project, pin)| (index, project, pin))
    }
}

#[cfg(test)]
mod tests {
    use assay_types::names;

    use super::*;

    #[test]
    fn an_index_without_pins_is_forgotten() {
        let index = Url::parse("https://index.example/simple/").unwrap();
        let demo = names::project("demo").unwrap();
        let pin = PublisherPin::new(Timestamp::UNIX_EPOCH);
        let mut pins = PublisherPins::default();
        pins.set(index.clone(), demo.clone(), pin.clone());
        assert_eq!(pins.remove(&index, &demo), Some(pin));
        assert_eq!(pins.remove(&index, &demo), None);
        assert_eq!(pins, PublisherPins::default());
    }
}
