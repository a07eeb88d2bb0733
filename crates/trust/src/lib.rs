//! Every decision to accept bytes. No files, no network, no environment, no clock: bytes and
//! facts come in, verdicts go out.
//!
//! The way of an artifact: [`Measuring`] hashes it while it arrives, [`Measuring::finish`] seals it in
//! a [`Staged`] that nobody can read, [`admit`] judges the evidence and alone makes an
//! [`Admitted`], and only an [`Admitted`] gives its bytes to the archive reader.
//!
//! For any file, of any tool: `examples/judge` goes this way with keys and statements, JSON in and out.
//!
//! ```
//! use assay_trust::{Artifact, Cooldown, Evidence, Measuring, Policy, admit};
//! use assay_types::{Timestamp, listing::Origin};
//! use std::{io::Write as _, path::Path, sync::Arc};
//!
//! let path = Path::new("thing-1.0.gem");
//! let artifact = Artifact {
//!     project: "thing".parse()?,
//!     version: "1.0".parse()?,
//!     file_name: "thing-1.0.gem".to_owned(),
//!     origin: Origin::Local(Arc::from(path)),
//!     size: None,
//! };
//! let mut measuring = Measuring::new(Vec::new(), []);
//! measuring.write_all(b"its bytes")?;
//! let evidence = [Evidence::Local { named_in: "the command line".to_owned() }];
//! let policy = Policy::new(Cooldown::none());
//! let now: Timestamp = "2026-11-23T12:00:00Z".parse()?;
//! let admitted = admit(measuring.finish(), &artifact, &evidence, &policy, now)?;
//! assert_eq!(admitted.body(), b"its bytes");
//! // Without anything that speaks for the bytes nobody gets to read them.
//! let staged = Measuring::new(Vec::<u8>::new(), []).finish();
//! assert!(admit(staged, &artifact, &[], &policy, now).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod admit;
mod age;
pub mod attestation;
mod cooldown;
mod evidence;
mod expression;
mod found;
pub mod hook;
mod label;
mod moment;
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
    Admission, Admitted, Authenticated, Built, Foresight, How, admit, admit_built, authenticate,
    authenticate_sidecar, foresee, reached,
};
pub use age::{AgeLimit, TooFresh};
pub use cooldown::{Cooldown, CooldownReason, Cutoff};
pub use evidence::{Artifact, Evidence, Publishers};
pub use expression::{Expression, Word};
pub use found::{Found, Voice};
pub use label::Label;
pub use moment::Moment;
pub use pins::{Contradiction, IndexPin, IndexPins, ProjectPattern};
pub use policy::{Hindsight, NotBuilt, OneVoice, Policy, Quarantine, Recorded, Unmet};
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
