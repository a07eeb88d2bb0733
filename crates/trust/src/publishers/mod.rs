//! Who may publish a project: identities, and whether a new one is the old one.

mod identity;
mod pin;

pub use identity::{Identity, IdentityError};
pub use pin::{PinnedFile, PinsError, PublisherPin, PublisherPins};
