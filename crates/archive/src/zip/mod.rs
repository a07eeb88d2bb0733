//! A strict reader of ZIP archives.
//!
//! An archive is accepted only if a reader that goes by the central directory and one that streams
//! through the local headers must see the same entries: the headers lie one after the other from
//! byte 0 to the central directory, agree in each field, and the end record is the end of the file.

mod bytes;
mod central;
mod descriptor;
mod end_record;
mod extra;
mod inflate;
mod local;
mod walk;

pub(crate) use inflate::copy;
pub(crate) use walk::{Entry, walk};
