//! Trees are laid out, and backends of a few lines of Python run in each tier that holds here.
#![forbid(unsafe_code)]

mod backends;
mod git;
mod hostile;
mod in_place;
mod layouts;
mod peers;
mod pyproject;
mod rig;
