//! Development only: builders of wheels, of sdists and of their backends, a byte-level ZIP writer,
//! hostile archives, a loopback index, a publisher with a Sigstore of its own, somebody who signs
//! statements, a TUF repository, and the peers to compare with.
//! Depends on no other crate of the workspace, so that a mistake there is not repeated here.
#![forbid(unsafe_code)]

pub mod hostile;
pub mod packse;
pub mod peers;
pub mod program;
pub mod publisher;
pub mod sdist;
pub mod server;
pub mod tar;
pub mod tuf;
pub mod voice;
pub mod wheel;
pub mod zip;
