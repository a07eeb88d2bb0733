//! Bytes on their way in: files, sidecars, provenance, documents beside a file, files of which
//! there is a copy, local paths.

mod beside;
mod buffer;
mod file;
mod local;
mod provenance;
mod resume;
mod revision;
mod sidecar;
mod staging;
mod text;

pub use beside::place_beside;
pub use buffer::Buffer;
pub use revision::Revision;
pub(crate) use staging::Staging;
