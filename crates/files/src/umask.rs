//! The umask.

use rustix::{fs::Mode, process::umask};

/// Takes the owner's bits out of the process's umask; it decides about group and others alone from
/// here on. Folders that their owner cannot enter and files that he cannot read help nobody: what
/// is kept could not be used again, and an environment not even be uninstalled from.
///
/// A umask is read by setting another one, so call it before any thread is started.
pub fn spare_the_owner() {
    let mask = umask(Mode::RWXG | Mode::RWXO);
    umask(mask - Mode::RWXU);
}
