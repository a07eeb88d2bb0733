//! Signed claims about files, ours and OSS Rebuild's: DSSE envelopes with in-toto statements.
//!
//! A [`Statement`] is drafted, its [`payload`](Statement::payload) signed over [`pae`], and both put into
//! an [`Envelope`], a line of a [`Bundle`]. [`hear`] says what the bundles that are at hand come to for
//! one file. `docs/statements.md` has the format.

mod bundle;
mod content;
mod draft;
mod envelope;
mod hear;
mod kinds;
mod payload;
mod rebuild;
mod signers;
mod strict;
mod text;

pub use bundle::{Bundle, Denials, Verified};
pub use draft::Statement;
pub use envelope::{Envelope, key_id, pae};
pub use hear::{Against, Installed, Misheard, Shown, certified_keys, denials, hear};
pub use kinds::{
    Base, Certification, Denial, Observation, Predicate, Rebuild, Release, Subject, Times, Vouch,
};
