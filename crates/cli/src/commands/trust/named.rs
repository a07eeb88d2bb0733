//! What `--identity` names.

use std::fmt;

use assay_trust::{Identity, PublisherPin, Term};
use assay_types::day::LastDay;

use crate::failure::{Failure, Result};

/// The word for files that nobody attested.
const NONE: &str = "none";

/// A publisher, or nobody at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Files by this publisher.
    Publisher(Identity),
    /// Files without provenance.
    Nobody,
}

impl Named {
    /// Reads what was typed; a mistake is told with all forms.
    pub fn parse_all(texts: &[String]) -> Result<Vec<Self>> {
        texts.iter().map(|it| Self::parse(it)).collect()
    }

    fn parse(text: &str) -> Result<Self> {
        if text == NONE {
            return Ok(Self::Nobody);
        }
        let identity = text.parse();
        identity.map(Self::Publisher).map_err(|error| {
            Failure::usage(format!("--identity: {error}")).hint(format!(
                "write {}; or {NONE} for files without provenance",
                Identity::FORMS
            ))
        })
    }

    /// All that a pin holds.
    pub fn all_of(pin: &PublisherPin) -> Vec<Self> {
        let publishers = pin.identities.keys().cloned().map(Self::Publisher);
        let nobody = pin.unattested.map(|_| Self::Nobody);
        publishers.chain(nobody).collect()
    }

    /// All that a pin holds for a time, with the last days.
    pub fn limited(pin: &PublisherPin) -> impl Iterator<Item = (Self, LastDay)> {
        let all = Self::all_of(pin).into_iter();
        all.filter_map(|it| it.term(pin)?.last_day().map(|day| (it, day)))
    }

    /// How long a pin holds it, if at all.
    fn term(&self, pin: &PublisherPin) -> Option<Term> {
        match self {
            Self::Publisher(identity) => pin.identities.get(identity).copied(),
            Self::Nobody => pin.unattested,
        }
    }

    /// Adds it to a pin; `false` where it was there for so long already.
    pub fn add_to(&self, pin: &mut PublisherPin, term: Term) -> bool {
        let is_more = self.term(pin) < Some(term);
        match self {
            _ if !is_more => {}
            Self::Publisher(identity) => drop(pin.identities.insert(identity.clone(), term)),
            Self::Nobody => pin.unattested = Some(term),
        }
        is_more
    }

    /// Takes it out of a pin; `false` where it was not there.
    pub fn take_from(&self, pin: &mut PublisherPin) -> bool {
        match self {
            Self::Publisher(identity) => pin.identities.remove(identity).is_some(),
            Self::Nobody => pin.unattested.take().is_some(),
        }
    }
}

/// As it is typed.
impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Publisher(identity) => identity.fmt(f),
            Self::Nobody => f.write_str(NONE),
        }
    }
}
