//! The escape matrix: what a program tries, in each tier that holds here, as an ordinary user and, where
//! the tests run as root, as root. Beside each try stands the same one without a sandbox, which shows
//! that it would have reached something.
#![forbid(unsafe_code)]

mod builds;
mod denied;
mod endings;
mod files;
mod limits;
mod network;
mod places;
mod privileges;
mod processes;
mod rig;
mod surroundings;
mod way_out;
