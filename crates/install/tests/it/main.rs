//! The rules of installing, seen from outside, with wheels of the testkit in temporary folders.

mod common;
mod install;
