//! The rules of installing, seen from outside, with wheels of the testkit in temporary folders.

mod audit;
mod collisions;
mod common;
mod contents;
mod environments;
mod files;
mod install;
mod interpreters;
mod ledger;
mod modules;
mod nearby;
mod pip;
mod places;
mod startup;
mod store;
mod symlinks;
mod uninstall;
mod vouched;
