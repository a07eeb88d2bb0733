//! Bytes on their way in: files, sidecars, provenance, documents beside a file, local paths.

mod beside;
mod buffer;
mod file;
mod local;
mod provenance;
mod resume;
mod sidecar;
mod staging;
mod text;

pub use beside::place_beside;
pub use buffer::Buffer;
pub(crate) use staging::Staging;
