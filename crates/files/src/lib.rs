//! Folders that the user alone can write to, and files in them that are whole or not there.
//!
//! Cache and state lie in such folders. What is read from a state decides what is installed, so a
//! folder that somebody else owns or can write to is refused instead of used. Written for Unix.
#![forbid(unsafe_code)]

mod error;
mod folder;
mod input;
mod lock;
mod owner;
mod umask;

pub use error::{Error, Result};
pub use folder::PrivateFolder;
pub use input::{open_output, read_file, read_input};
pub use lock::{Lock, Patience, Turn};
pub use owner::{foreign_owner, objection, objection_on_the_way};
pub use umask::spare_the_owner;
