//! `assay key`: keys at rest, in and out, and what OpenSSH says of them.

mod import;
mod rest;
mod rotate;
mod terminal;

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use crate::machine::Machine;

/// A file that its owner alone can read.
pub fn secret(machine: &Machine, name: &str, text: &str) -> PathBuf {
    let path = machine.write(name, text);
    chmod(&path, 0o600);
    path
}

fn chmod(path: &std::path::Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// The file of a key in the state.
fn kept(machine: &Machine, name: &str) -> PathBuf {
    machine.path("../home/.local/state/assay/keys").join(name)
}

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}
