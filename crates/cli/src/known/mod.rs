//! What earlier runs learned of publishers, kept in the user's state.
//!
//! ```text
//! <state>/publishers.json          who may publish which project: pins
//! <state>/attested/<sha256>.json   what was verified of one file's attestations
//! <state>/sigstore/                whose signatures count, newer than this assay
//! ```
//!
//! Pins must never be lost in silence: a project without one is at first sight, and anybody may
//! publish it. What was verified can be verified again, and is worth a word to nobody.

mod attested;
mod publishers;
mod trust_root;

pub use attested::VerifiedFiles;
pub use publishers::KnownPublishers;
pub use trust_root::{KnownTrustRoot, Occasion};
