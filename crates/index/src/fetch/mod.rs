//! Bytes on their way in: files, sidecars, local paths.

mod atomic;
mod buffer;
mod file;
mod local;
mod resume;
mod sidecar;
mod staging;
mod text;

pub(crate) use atomic::write_atomically;
pub use buffer::Buffer;
pub use staging::Staging;
