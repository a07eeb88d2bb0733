//! The only readers of archives. They take nothing but an [`assay_trust::Admitted`].
//!
//! `zip` knows the container: it walks local and central headers together and refuses whatever two
//! readers could see differently. `wheel` knows what a wheel is: identity, RECORD, schemes.
//! The table of rules with their reasons is `docs/archive-rules.md`.
#![forbid(unsafe_code)]

mod error;
mod kind;
mod limits;
mod names;
mod sdist;
mod tar;
mod wheel;
mod zip;

pub use error::ArchiveError;
use kind::Kind;
use limits::Limits;
use names::Names;
pub use sdist::{Sdist, SdistFile};
pub use wheel::{Options, Wheel, WheelFile};
