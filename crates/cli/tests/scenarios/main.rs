//! Scenarios: the binary as a user runs it, against a loopback index of our own.

mod archives;
mod caches;
mod changes;
mod commands;
mod credentials;
mod folders;
mod indexes;
mod install;
mod machine;
mod network;
mod packse;
mod peers;
mod requirements;
mod secrets;
mod startup;
mod state;
mod surroundings;
mod targets;
mod trust;
mod who_serves;
mod whole;
mod words;
