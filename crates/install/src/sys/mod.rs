//! What differs between operating systems. Everything else in this crate sees [`Dir`] and
//! [`Linker`]: file-system calls relative to an open folder, so that nobody can move a folder away
//! or put a symlink in its place between the check and the use.

mod beneath;
mod dir;
mod facts;
pub(crate) mod fault;
mod link;
mod lock;
mod scratch;
mod stamp;

pub(crate) use beneath::leads_out;
pub(crate) use dir::{Dir, Kind};
pub(crate) use facts::Facts;
pub(crate) use link::Linker;
pub(crate) use lock::Lock;
pub(crate) use scratch::{Scratch, sixteen_digits};
pub(crate) use stamp::{Expected, Stamp, seal, set_private};

/// Release of the running kernel. Two marker values depend on it.
pub(crate) fn kernel_release() -> String {
    rustix::system::uname()
        .release()
        .to_string_lossy()
        .into_owned()
}

/// Makes a symlink.
pub(crate) fn symlink(target: &std::path::Path, link: &std::path::Path) -> crate::Result<()> {
    std::os::unix::fs::symlink(target, link)
        .map_err(|error| crate::Error::io("linking", link, error))
}
