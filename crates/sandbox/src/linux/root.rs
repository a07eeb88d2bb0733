//! A file system of the program's own: what it may see, and nothing behind it.

use std::{
    ffi::CString,
    fs,
    os::{
        fd::OwnedFd,
        unix::{ffi::OsStringExt, fs::symlink},
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{CWD, Mode, StatVfsMountFlags, statvfs},
    mount::{
        MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags, mount,
        mount_change, mount_remount, move_mount, open_tree, unmount,
    },
    process::{chdir, getgid, getpid, getuid, pivot_root, umask},
    system::sethostname,
};

use super::{
    also,
    message::{During, Fault, Request},
    sight::{self, DEVICES, STREAMS},
};

/// Where the new root is put together: a folder that every system has. What lies in it is taken before
/// it is covered.
const NEW: &str = "/tmp";
const QUIET: MountFlags = MountFlags::NOSUID.union(MountFlags::NODEV);

/// Leaves the host's file system for good. The calling process is the init of new name spaces.
pub fn build(request: &Request) -> Result<(), Fault> {
    if !getpid().is_init() {
        return Err("the process is not its init").during("a process name space");
    }
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    mount_change("/", private).during("keeping mounts to itself")?;
    // Folders on the way to what is placed can be passed by the build's user.
    umask(Mode::from_raw_mode(0o022));
    // As long as everything is in its place.
    let pieces = take(request)?;
    let new = Path::new(NEW);
    temporary(new, 64 << 20, "0755")?;
    temporary(&new.join("tmp"), request.limits.temporary, "1777")?;
    temporary(&new.join("dev/shm"), request.limits.temporary / 4, "1777")?;
    write_etc(request)?;
    for piece in pieces {
        piece.place()?;
    }
    furnish()?;
    make_read_only(request)?;
    chdir(NEW).during("entering the new root")?;
    pivot_root(".", ".").during("changing the root")?;
    unmount(".", UnmountFlags::DETACH).during("leaving the old root")?;
    chdir("/").during("entering the new root")?;
    sethostname(b"build").during("naming the host")
}

/// A part of the host's file system, or a link, and where it goes.
enum Piece {
    Tree {
        tree: OwnedFd,
        is_folder: bool,
        to: PathBuf,
    },
    Link {
        to: PathBuf,
        leads_to: PathBuf,
    },
}

fn take(request: &Request) -> Result<Vec<Piece>, Fault> {
    let readable = sight::readable(request);
    let mut pieces = Vec::new();
    for path in readable
        .iter()
        .filter(|it| !sight::is_covered(it, &readable))
    {
        pieces.push(match sight::link(path, request) {
            Some(leads_to) => Piece::Link {
                to: inside(path),
                leads_to,
            },
            None => tree(path, inside(path))?,
        });
    }
    for device in DEVICES.map(Path::new) {
        pieces.push(tree(device, inside(device))?);
    }
    for (host, at) in &request.read_only_at {
        pieces.push(tree(host, inside(at))?);
    }
    pieces.push(tree(&request.work, Path::new(NEW).join("build"))?);
    for (relative, at) in &request.also_at {
        pieces.push(again(request, relative, at)?);
    }
    Ok(pieces)
}

fn tree(path: &Path, to: PathBuf) -> Result<Piece, Fault> {
    let flags = OpenTreeFlags::OPEN_TREE_CLONE
        | OpenTreeFlags::OPEN_TREE_CLOEXEC
        | OpenTreeFlags::AT_RECURSIVE;
    let taking = || format!("taking {path:?} along");
    let is_folder = fs::metadata(path).during(taking())?.is_dir();
    let tree = open_tree(CWD, path, flags).during(taking())?;
    Ok(Piece::Tree {
        tree,
        is_folder,
        to,
    })
}

/// A folder of the work folder once more.
fn again(request: &Request, relative: &Path, at: &Path) -> Result<Piece, Fault> {
    let folder = also::open(request, relative, at)?;
    let flags = OpenTreeFlags::OPEN_TREE_CLONE
        | OpenTreeFlags::OPEN_TREE_CLOEXEC
        | OpenTreeFlags::AT_EMPTY_PATH
        | OpenTreeFlags::AT_RECURSIVE;
    let taking = format!("taking {relative:?} of the work folder along");
    Ok(Piece::Tree {
        tree: open_tree(&folder, "", flags).during(taking)?,
        is_folder: true,
        to: inside(at),
    })
}

/// The same path below the new root.
fn inside(path: &Path) -> PathBuf {
    Path::new(NEW).join(path.strip_prefix("/").unwrap_or(path))
}

impl Piece {
    fn place(self) -> Result<(), Fault> {
        let (Self::Tree { to, .. } | Self::Link { to, .. }) = &self;
        let placing = format!("placing {to:?}");
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).during(&placing)?;
        }
        match self {
            Self::Link { to, leads_to } => symlink(leads_to, to).during(placing),
            Self::Tree {
                tree,
                is_folder,
                to,
            } => {
                if is_folder {
                    fs::create_dir_all(&to).during(&placing)?;
                } else {
                    fs::write(&to, "").during(&placing)?;
                }
                let flags = MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH;
                move_mount(&tree, "", CWD, &to, flags).during(placing)
            }
        }
    }
}

/// What is not the host's: processes and streams.
fn furnish() -> Result<(), Fault> {
    let new = Path::new(NEW);
    fs::create_dir(new.join("proc")).during("placing /proc")?;
    let flags = QUIET | MountFlags::NOEXEC;
    mount("proc", new.join("proc"), "proc", flags, None).during("mounting /proc")?;
    for (name, leads_to) in STREAMS {
        symlink(leads_to, new.join("dev").join(name)).during("placing /dev")?;
    }
    Ok(())
}

/// Its own files of `/etc`; before anything of the host is there that this would write to.
fn write_etc(request: &Request) -> Result<(), Fault> {
    fs::create_dir(Path::new(NEW).join("etc")).during("making /etc")?;
    for (file, text) in sight::etc(request, getuid().as_raw(), getgid().as_raw()) {
        fs::write(inside(Path::new(file)), text).during(format!("writing {file}"))?;
    }
    Ok(())
}

/// Memory as a file system, of so many bytes.
fn temporary(at: &Path, size: u64, mode: &str) -> Result<(), Fault> {
    let mounting = format!("mounting memory on {at:?}");
    fs::create_dir_all(at).during(&mounting)?;
    let options = format!("size={size},nr_inodes=100k,mode={mode}");
    let options = CString::new(options).during(&mounting)?;
    mount("tmpfs", at, "tmpfs", QUIET, options.as_c_str()).during(mounting)
}

/// Everything but what the program may write to, submounts of the host included.
fn make_read_only(request: &Request) -> Result<(), Fault> {
    let mounts = fs::read("/proc/self/mountinfo").during("listing the mounts")?;
    let devices = DEVICES.map(|it| inside(Path::new(it)));
    for line in mounts.split(|it| *it == b'\n') {
        // Its fifth field is where it is mounted.
        let Some(at) = line.split(|it| *it == b' ').nth(4).map(unescaped) else {
            continue;
        };
        let Ok(name) = at.strip_prefix(NEW) else {
            continue;
        };
        if devices.contains(&at) || name == Path::new("proc") {
            continue;
        }
        // What a request names may lie in a folder that is otherwise the program's own.
        let private = ["tmp", "dev/shm"].map(Path::new).contains(&name);
        let builds = |it: &(_, PathBuf)| Path::new("/").join(name).starts_with(&it.1);
        let own = name.starts_with("build") || request.also_at.iter().any(builds);
        let writable = private || own;
        restrict(&at, writable).during(format!("protecting {at:?}"))?;
    }
    Ok(())
}

fn restrict(at: &Path, writable: bool) -> rustix::io::Result<()> {
    let mut flags = MountFlags::BIND | QUIET;
    if !writable {
        flags |= MountFlags::RDONLY;
    }
    // What the host mounted with these may not be mounted without them.
    let kept = statvfs(at)?.f_flag;
    for (had, flag) in [
        (StatVfsMountFlags::RDONLY, MountFlags::RDONLY),
        (StatVfsMountFlags::NOEXEC, MountFlags::NOEXEC),
        (StatVfsMountFlags::NOATIME, MountFlags::NOATIME),
        (StatVfsMountFlags::NODIRATIME, MountFlags::NODIRATIME),
        (StatVfsMountFlags::RELATIME, MountFlags::RELATIME),
    ] {
        if kept.contains(had) {
            flags |= flag;
        }
    }
    mount_remount(at, flags, "")
}

/// The kernel writes some bytes of a path as a backslash and three octal digits.
fn unescaped(field: &[u8]) -> PathBuf {
    let mut path = Vec::new();
    let mut rest = field;
    while let [first, after @ ..] = rest {
        match rest {
            [b'\\', a, b, c, after @ ..] => {
                let digit = |it: &u8| it.wrapping_sub(b'0') & 7;
                path.push(digit(a) << 6 | digit(b) << 3 | digit(c));
                rest = after;
            }
            _ => {
                path.push(*first);
                rest = after;
            }
        }
    }
    PathBuf::from(std::ffi::OsString::from_vec(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_escapes_are_undone() {
        assert_eq!(unescaped(br"/a\040b\134\011"), Path::new("/a b\\\t"));
        assert_eq!(unescaped(b"/plain"), Path::new("/plain"));
    }
}
