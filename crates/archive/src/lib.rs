//! The only readers of archives. They take nothing but an [`assay_trust::Admitted`].
#![forbid(unsafe_code)]

mod error;
mod wheel;

pub use error::ArchiveError;
pub use wheel::{Options, Wheel, WheelFile};
