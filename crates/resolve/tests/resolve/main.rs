//! The resolver against small worlds in memory.

mod failures;
mod installed;
mod origins;
mod packse;
mod pip;
mod prefer_binary;
mod property;
mod select;
mod semantics;
mod world;
