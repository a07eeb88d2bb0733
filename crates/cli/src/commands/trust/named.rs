//! What `--identity` names.

use std::fmt;

use assay_trust::{Identity, PublisherPin};

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
        let publishers = pin.identities.iter().cloned().map(Self::Publisher);
        let nobody = pin.unattested.then_some(Self::Nobody);
        publishers.chain(nobody).collect()
    }

    /// Adds it to a pin; `false` where it was there.
    pub fn add_to(&self, pin: &mut PublisherPin) -> bool {
        match self {
            Self::Publisher(identity) => pin.identities.insert(identity.clone()),
            Self::Nobody => !std::mem::replace(&mut pin.unattested, true),
        }
    }

    /// Takes it out of a pin; `false` where it was not there.
    pub fn take_from(&self, pin: &mut PublisherPin) -> bool {
        match self {
            Self::Publisher(identity) => pin.identities.remove(identity),
            Self::Nobody => std::mem::replace(&mut pin.unattested, false),
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
