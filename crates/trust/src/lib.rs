//! Every decision to accept bytes. No files, no network, no environment, no clock: bytes and
//! facts come in, verdicts go out.
//!
//! The way of an artifact: [`Measuring`] hashes it while it arrives, [`Measuring::finish`] seals it in
//! a [`Staged`] that nobody can read, [`admit`] judges the evidence and alone makes an
//! [`Admitted`], and only an [`Admitted`] gives its bytes to the archive reader.
#![forbid(unsafe_code)]

mod admit;
mod age;
pub mod attestation;
mod cooldown;
mod evidence;
mod expression;
pub mod hook;
mod label;
mod pins;
mod policy;
mod principals;
mod publishers;
mod refusal;
mod relations;
mod rule;
pub mod signature;
mod staged;
pub mod startup;
pub mod statement;
mod testimony;

pub use admit::{
    Admission, Admitted, Authenticated, Foresight, admit, authenticate, authenticate_sidecar,
    foresee,
};
pub use age::{AgeLimit, TooFresh};
pub use cooldown::{Cooldown, CooldownReason, Cutoff};
pub use evidence::{Artifact, Evidence, Publishers};
pub use expression::{Expression, Word};
pub use label::Label;
pub use pins::{Contradiction, IndexPin, IndexPins, ProjectPattern};
pub use policy::{Hindsight, Policy, Quarantine, Recorded, Unmet};
pub use principals::{Source, TrustedKey};
pub use publishers::{
    Background, CommittedPin, Earlier, Identity, IdentityError, Lesson, PinnedFile, PinsError,
    PublisherPin, PublisherPins, Relation, Standing, Term,
};
pub use refusal::{Refusal, RefusalKind};
pub use relations::{Join, Sighting, join};
pub use rule::{Author, Grant, Loosening, Mode, Required, Rule, SourceBuilds, Stated};
pub use staged::{Measured, Measuring, Memo, ReadAt, Staged, sha256};
pub use testimony::{Claim, Heard, Testimony};
