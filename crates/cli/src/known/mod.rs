//! What earlier runs learned of publishers and of what others say, kept in the user's state.
//!
//! ```text
//! <state>/publishers.json          who may publish which project: pins
//! <state>/attested/<sha256>.json   what was verified of one file's attestations
//! <state>/sigstore/                whose signatures count, newer than this assay
//! <state>/signatures/              what was verified of one file's signatures; what lay beside it
//! <state>/statements/              copies of statement sets
//! <state>/denials/                 denials that were seen
//! ```
//!
//! Pins must never be lost in silence: a project without one is at first sight, and anybody may
//! publish it, and a denial that is lost denies nothing. What was verified can be verified again, and is
//! worth a word to nobody.

mod attested;
mod denials;
mod publishers;
mod sets;
mod signatures;
mod trust_root;

pub use attested::VerifiedFiles;
pub use denials::KnownDenials;
pub use publishers::KnownPublishers;
pub use sets::{Copied, KnownSets};
pub use signatures::SignedFiles;
pub use trust_root::{KnownTrustRoot, Occasion};
