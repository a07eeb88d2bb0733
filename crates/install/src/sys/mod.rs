//! What differs between operating systems. Everything else in this crate sees [`Dir`] and
//! [`Linker`]: file-system calls relative to an open folder, so that nobody can move a folder away
//! or put a symlink in its place between the check and the use.

mod beneath;
mod dir;
mod facts;
pub(crate) mod fault;
mod link;
mod lock;
mod lock_file;
mod scratch;
mod stamp;

pub(crate) use beneath::leads_out;
pub(crate) use dir::{Dir, Kind};
pub(crate) use facts::Facts;
pub(crate) use link::Linker;
pub(crate) use lock::Lock;
pub(crate) use lock_file::LockFile;
pub(crate) use scratch::{Scratch, sixteen_digits};
pub(crate) use stamp::{Expected, Stamp, seal};

/// Release of the running kernel. Two marker values depend on it.
pub(crate) fn kernel_release() -> String {
    rustix::system::uname()
        .release()
        .to_string_lossy()
        .into_owned()
}

/// Opens no file through a symlink in its place.
pub(crate) fn no_symlink(options: &mut std::fs::OpenOptions) -> &mut std::fs::OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    let flag = i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits());
    options.custom_flags(flag.expect("the system's own type is a C int"))
}

/// Makes a symlink.
pub(crate) fn symlink(target: &std::path::Path, link: &std::path::Path) -> crate::Result<()> {
    std::os::unix::fs::symlink(target, link)
        .map_err(|error| crate::Error::io("linking", link, error))
}
