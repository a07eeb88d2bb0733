//! What every program may see, whatever it is.

use std::{
    ffi::OsString,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::process::getuid;

use super::{loopback, message::Request};

/// The system's programs and libraries, and what they need to find each other. Of `/etc` only this.
pub const SYSTEM: [&str; 14] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix/store",
    "/gnu/store",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
];

/// Whom the system trusts: the certificates of TLS, where the distributions have them.
const TRUSTED: [&str; 6] = [
    "/etc/ssl/certs",
    "/etc/ssl/cert.pem",
    "/etc/ssl/openssl.cnf",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted",
    "/etc/ca-certificates",
];

/// Devices without a memory.
pub const DEVICES: [&str; 5] = [
    "/dev/full",
    "/dev/null",
    "/dev/random",
    "/dev/urandom",
    "/dev/zero",
];

/// What stands in `/dev` for the program's own streams.
pub const STREAMS: [(&str, &str); 4] = [
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
];

/// Where a program without name spaces has its temporary files, in the work folder.
pub const TEMPORARY: &str = ".tmp";

/// Those of the system's paths that exist here, and those of the request, which have to.
pub fn readable(request: &Request) -> Vec<PathBuf> {
    let system = SYSTEM.iter().map(PathBuf::from).filter(|it| it.exists());
    let trusted = TRUSTED.iter().filter(|_| request.network);
    let trusted = trusted.map(PathBuf::from).filter(|it| it.exists());
    let named = request.read_only.iter().cloned();
    let mut all: Vec<_> = system.chain(trusted).chain(named).collect();
    all.sort();
    all.dedup();
    all
}

/// Whether a path is seen because one of the others is.
pub fn is_covered(path: &Path, others: &[PathBuf]) -> bool {
    others.iter().any(|it| path != it && path.starts_with(it))
}

/// Where a path of the system leads, such as /bin, which is a part of /usr nowadays. What a request
/// names is found at its own path.
pub fn link(path: &Path, request: &Request) -> Option<PathBuf> {
    let link = fs::read_link(path).ok();
    link.filter(|_| !request.read_only.iter().any(|it| it == path))
}

/// What is in `/etc` besides the system's own: there is one user, its own names are known, and one name
/// server would know others.
pub fn etc(request: &Request, user: u32, group: u32) -> [(&'static str, String); 5] {
    let (user, group) = request.user.map_or((user, group), |it| (it, it));
    let names = loopback::NAMES.ip();
    [
        (
            "/etc/passwd",
            format!("build:x:{user}:{group}::/build:/bin/sh\n"),
        ),
        ("/etc/group", format!("build:x:{group}:\n")),
        ("/etc/hosts", "127.0.0.1 localhost build\n".to_owned()),
        ("/etc/nsswitch.conf", "hosts: files dns\n".to_owned()),
        (
            "/etc/resolv.conf",
            format!("nameserver {names}\noptions attempts:1\n"),
        ),
    ]
}

/// The program's whole environment.
pub fn variables(request: &Request) -> Vec<(OsString, OsString)> {
    let work = request.work_as_seen();
    let temporary = if request.tier.mounts() {
        PathBuf::from("/tmp")
    } else {
        work.join(TEMPORARY)
    };
    let own: [(OsString, OsString); 4] = [
        ("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into()),
        ("HOME".into(), work.into()),
        ("TMPDIR".into(), temporary.into()),
        ("LANG".into(), "C.UTF-8".into()),
    ];
    let way_out = loopback::VARIABLES.iter().filter(|_| request.network);
    let way_out = way_out.map(|it| (it.into(), format!("http://{}", loopback::DOOR).into()));
    // Of two values the later is the one that counts.
    let given = request.variables.clone();
    own.into_iter().chain(way_out).chain(given).collect()
}

/// How many processes and threads this user has.
pub fn own_tasks() -> io::Result<u64> {
    let own = getuid().as_raw();
    let mut tasks = 0;
    for process in fs::read_dir("/proc")? {
        let folder = process?.path();
        // One that ends meanwhile is none of those that count.
        if folder.metadata().is_ok_and(|it| it.uid() == own) {
            let threads = fs::read_dir(folder.join("task"));
            tasks += threads.map_or(0, Iterator::count) as u64;
        }
    }
    Ok(tasks)
}
