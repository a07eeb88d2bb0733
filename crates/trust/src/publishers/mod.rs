//! Who may publish a project: identities, and whether a new one is the old one.

mod identity;

pub use identity::{Identity, IdentityError};
