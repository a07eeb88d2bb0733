//! A program that the policy asks about a file: what it is told, and what it may answer. Who starts it
//! is elsewhere; docs/hooks.md is the protocol.

mod answer;
mod facts;

pub use answer::{Answer, Nonsense, Verdict};
pub use facts::Facts;

/// The version of the protocol that is spoken here.
pub const PROTOCOL: u32 = 1;
