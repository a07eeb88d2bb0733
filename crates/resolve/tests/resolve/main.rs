//! The resolver against small worlds in memory.

mod failures;
mod installed;
mod origins;
mod packse;
mod pip;
mod property;
mod select;
mod semantics;
mod world;
