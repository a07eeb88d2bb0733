//! Who signed an envelope.

use std::sync::{Mutex, PoisonError};

use super::envelope::{Envelope, key_id};
use crate::{
    TrustedKey,
    signature::{RawKey, Rejection, Rule},
};

/// A key that is looked for.
#[derive(Debug, Clone)]
pub(super) struct Signatory {
    /// Who that is, for messages.
    pub name: String,
    raw: RawKey,
    id: String,
}

impl Signatory {
    pub fn new(name: String, raw: RawKey) -> Self {
        let id = key_id(&raw);
        Self { name, raw, id }
    }

    /// `None` for a key of a kind that signs no statements.
    pub fn of(key: &TrustedKey) -> Option<Self> {
        let name = format!("key:{}", key.label);
        key.key.raw().map(|raw| Self::new(name, raw))
    }

    /// The key.
    pub fn raw(&self) -> &RawKey {
        &self.raw
    }

    /// The envelope with the one signature that is its own; `None` where it has none.
    pub fn alone(&self, envelope: &Envelope, tried: &Tried) -> Option<Envelope> {
        let mut signatures = envelope.signatures().iter().enumerate();
        let own = signatures.find(|(at, _)| tried.holds(envelope, *at, &self.raw));
        let (_, own) = own?;
        Some(envelope.signed_by(self.id.clone(), own.bytes.clone()))
    }
}

/// Which of these did, each by its place. Whoever else signed it has no say; whoever claims to be one of
/// the keys has to be it.
pub(super) fn signers(
    envelope: &Envelope,
    among: &[Signatory],
    tried: &Tried,
) -> Result<Vec<usize>, Rejection> {
    let mut signers = Vec::new();
    for (at, signature) in envelope.signatures().iter().enumerate() {
        let holds = |it: &Signatory| tried.holds(envelope, at, &it.raw);
        let claimed = among.iter().find(|it| it.id == signature.key_id);
        if let Some(claimed) = claimed.filter(|it| !holds(it)) {
            let fact = format!(
                "has a signature in the name of {} that does not hold",
                claimed.name
            );
            return Err(Rejection::new(Rule::Signature, fact));
        }
        let may_be = |it: &Signatory| claimed.is_none_or(|claimed| claimed.id == it.id);
        let all = among.iter().enumerate();
        let all = all.filter(|(_, it)| may_be(it) && holds(it));
        signers.extend(all.map(|it| it.0));
    }
    signers.sort_unstable();
    signers.dedup();
    Ok(signers)
}

/// Which signatures of an envelope were tried with which keys. A set is heard for every file of a run:
/// whoever fills it with lines about everything has each of them verified once.
#[derive(Debug, Default)]
pub(super) struct Tried(Mutex<Vec<Trial>>);

/// One key's, a bit for each signature.
#[derive(Debug)]
struct Trial {
    key: RawKey,
    was_tried: u8,
    holds: u8,
}

impl Tried {
    /// Whether the signature at this place is the key's.
    fn holds(&self, envelope: &Envelope, at: usize, key: &RawKey) -> bool {
        // The list is whole between any two statements.
        let mut trials = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = trials.iter().position(|it| it.key == *key);
        let place = place.unwrap_or_else(|| {
            trials.push(Trial {
                key: key.clone(),
                was_tried: 0,
                holds: 0,
            });
            trials.len() - 1
        });
        let (trial, bit) = (&mut trials[place], 1 << at);
        if trial.was_tried & bit == 0 {
            trial.was_tried |= bit;
            if key.has_signed(&envelope.message(), &envelope.signatures()[at].bytes) {
                trial.holds |= bit;
            }
        }
        trial.holds & bit != 0
    }
}

/// What was tried is known of one envelope; a copy finds it out anew.
impl Clone for Tried {
    fn clone(&self) -> Self {
        Self::default()
    }
}
