//! Bytes on their way in: files, sidecars, provenance, local paths.

mod buffer;
mod file;
mod local;
mod provenance;
mod resume;
mod sidecar;
mod staging;
mod text;

pub use buffer::Buffer;
pub(crate) use staging::Staging;
