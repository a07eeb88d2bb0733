//! The two calls for which there is no safe one.
#![expect(unsafe_code, reason = "each block says why it is sound")]

use std::{io, os::unix::process::CommandExt, process::Command};

use rustix::thread::UnshareFlags;

/// Leaves name spaces for new ones.
pub fn unshare(flags: UnshareFlags) -> io::Result<()> {
    assert!(!flags.contains(UnshareFlags::FILES));
    // SAFETY: only an unshared table of files can take a descriptor from another thread.
    unsafe { rustix::thread::unshare_unsafe(flags) }.map_err(io::Error::from)
}

/// Has the started process do `last` before it becomes the program. To be called in the helper alone,
/// which has one thread.
pub fn before_program(
    command: &mut Command,
    last: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) {
    // SAFETY: what may not be done between fork and exec is to wait for a lock that another thread held
    // at the fork, the allocator's above all; there is no other thread.
    unsafe { command.pre_exec(last) };
}
