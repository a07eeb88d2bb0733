//! Who may publish a project: identities, and whether a new one is the old one.

mod background;
mod continuity;
mod identity;
mod learning;
mod pin;
mod relation;
mod term;

pub use background::{Background, CommittedPin, Earlier, Standing};
pub(crate) use continuity::{Continuity, Question};
pub use identity::{Identity, IdentityError};
pub use learning::Lesson;
pub use pin::{PinnedFile, PinsError, PublisherPin, PublisherPins};
pub use relation::Relation;
pub use term::Term;
