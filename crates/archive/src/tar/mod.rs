//! A strict reader of tar archives, as sdists have them: gzipped, regular files and folders alone.
//!
//! An archive is accepted only if every reader must see the same entries in it: names are UTF-8 and
//! come from one place, sizes from one place, nothing refers to another entry, and after two empty
//! blocks there is nothing but zeros.

mod extended;
mod gzip;
mod header;
mod walk;

pub(crate) use walk::walk;
