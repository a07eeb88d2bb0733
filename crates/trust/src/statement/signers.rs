//! Who signed an envelope.

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

    /// The envelope with the one signature that is its own; `None` where it has none.
    pub fn alone(&self, envelope: &Envelope) -> Option<Envelope> {
        let message = envelope.message();
        let mut signatures = envelope.signatures().iter();
        let own = signatures.find(|it| self.raw.has_signed(&message, &it.bytes))?;
        Some(envelope.signed_by(self.id.clone(), own.bytes.clone()))
    }
}

/// Which of these did, each by its place. Whoever else signed it has no say; whoever claims to be one of
/// the keys has to be it.
pub(super) fn signers(envelope: &Envelope, among: &[Signatory]) -> Result<Vec<usize>, Rejection> {
    let message = envelope.message();
    let mut signers = Vec::new();
    for signature in envelope.signatures() {
        let holds = |it: &Signatory| it.raw.has_signed(&message, &signature.bytes);
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
