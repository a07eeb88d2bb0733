//! Indexes over HTTP: pages, sidecars and files, and the evidence that an index gives.
//!
//! [`Client`] is the one HTTP client of this project. TLS is always verified; plain HTTP reaches
//! nothing but this machine; credentials live in the client and go only to the scheme, host and
//! port they belong to. Nothing here reads environment variables: whoever calls fills in
//! [`ClientConfig`]. What arrives is hashed on its way into a private [`Buffer`] and stays sealed
//! until `assay_trust::admit` has judged it.
#![forbid(unsafe_code)]

mod error;
mod evidence;
mod fetch;
mod find_links;
mod folders;
pub mod git;
mod http;
mod index_url;
mod indexes;
mod os;
pub mod page;
mod trust_root;

pub use error::{ErrorKind, IndexError};
pub use evidence::evidence;
pub use fetch::{Buffer, Revision, place_beside};
pub use find_links::FindLinks;
pub use folders::clear_cache;
pub use http::{Client, ClientConfig, MinimumRate, Refresh, TlsRoots, check_url};
pub use index_url::IndexUrl;
pub use indexes::{Indexes, Seen, Shadowed, Survey};
