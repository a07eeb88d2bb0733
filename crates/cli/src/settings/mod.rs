//! Settings that follow from options, requirements files and surroundings.

mod cooldown;
mod folders;
pub mod index;
mod policy;

pub use folders::Folders;
pub use policy::{names, policy};
