//! What differs between operating systems. Everything else in this crate sees [`Dir`] and
//! [`Linker`]: file-system calls relative to an open folder, so that nobody can move a folder away
//! or put a symlink in its place between the check and the use.

mod beneath;
mod dir;
mod link;
mod lock;
mod scratch;
mod stamp;

pub(crate) use beneath::leads_out;
pub(crate) use dir::{Dir, Kind};
pub(crate) use link::{Expected, Linker};
pub(crate) use lock::Lock;
pub(crate) use scratch::Scratch;
pub(crate) use stamp::{Stamp, seal};

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

/// Makes a folder with its parents, open to its owner alone; one that exists is left as it is.
pub(crate) fn make_private_folder(path: &std::path::Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// Writes a file whole or not at all: beside its place, then renamed. Not synced to the disk: what
/// is written with it can be made again.
pub(crate) fn write_atomically(path: &std::path::Path, bytes: &[u8]) -> crate::Result<()> {
    let context = |error| crate::Error::io("writing", path, error);
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(context(std::io::ErrorKind::InvalidInput.into()));
    };
    make_private_folder(parent).map_err(context)?;
    let folder = Dir::open(parent)?;
    let scratch = Scratch::new(&folder, ".tmp-")?;
    let mut file = scratch.dir().create("file", 0o600)?;
    std::io::Write::write_all(&mut file, bytes).map_err(context)?;
    std::fs::rename(scratch.dir().path().join("file"), parent.join(name)).map_err(context)
}
