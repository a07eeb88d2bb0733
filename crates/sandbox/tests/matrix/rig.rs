//! Runs a try inside and outside, for each tier and user.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{self, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use assay_sandbox::{Ending, Limits, Outcome, Report, Sandbox, Tier, probe};
use assay_testkit::peers;
use tempfile::TempDir;

/// The helper's binary.
pub const LAUNCHER: &str = env!("CARGO_BIN_EXE_assay-sandbox-launcher");
/// Says that this process is the ordinary user of a test that root started.
const AS_USER: &str = "ASSAY_SANDBOX_TEST_AS_USER";
/// Who owns nothing here.
const ORDINARY: u32 = 54_000;
/// The code with which a try says that it was refused.
const REFUSED: i32 = 42;

/// Before a try: an error of the system ends it with the code that says so.
const PRELUDE: &str = "
import ctypes, errno, os, signal, socket, subprocess, sys, time
def refused(kind, error, _):
    print(kind.__name__, error)
    sys.stdout.flush()
    os._exit(42 if issubclass(kind, (OSError, MemoryError)) else 1)
sys.excepthook = refused
libc = ctypes.CDLL(None, use_errno=True)
def call(*arguments):
    result = libc.syscall(*[ctypes.c_long(it) if isinstance(it, int) else it for it in arguments])
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result
";

/// What tries call without a name in Python; the numbers are the architecture's.
const CALLS: [(&str, libc::c_long); 14] = [
    ("add_key", libc::SYS_add_key),
    ("bpf", libc::SYS_bpf),
    ("capget", libc::SYS_capget),
    ("clone", libc::SYS_clone),
    ("clone3", libc::SYS_clone3),
    ("fchmodat2", libc::SYS_fchmodat2),
    ("getpid", libc::SYS_getpid),
    ("io_uring_setup", libc::SYS_io_uring_setup),
    ("keyctl", libc::SYS_keyctl),
    ("name_to_handle_at", libc::SYS_name_to_handle_at),
    ("openat2", libc::SYS_openat2),
    ("ptrace", libc::SYS_ptrace),
    ("unshare", libc::SYS_unshare),
    ("userfaultfd", libc::SYS_userfaultfd),
];

/// Declares tests that run for each tier and user.
macro_rules! for_each_tier {
    ($($(#[$meta:meta])* fn $name:ident($rig:ident) $body:block)*) => {$(
        $(#[$meta])*
        #[test]
        fn $name() {
            crate::rig::each(module_path!(), stringify!($name), |$rig: &crate::rig::Rig| $body);
        }
    )*};
}
pub(crate) use for_each_tier;

/// One tier, as one user: a work folder, and a folder of the host.
pub struct Rig {
    pub tier: Tier,
    pub work: TempDir,
    pub host: TempDir,
}

/// Calls `body` for each tier that holds; as root, the same test again as somebody else.
pub fn each(module: &str, name: &str, body: impl Fn(&Rig)) {
    for finding in &report().findings {
        match &finding.holds {
            Ok(()) => body(&Rig::new(finding.tier)),
            Err(why) => println!("skipped: {}: {why}", finding.tier),
        }
    }
    if is_root() {
        again_as_user(module, name);
    }
}

/// What holds here, for this user.
pub fn report() -> &'static Report {
    static REPORT: OnceLock<Report> = OnceLock::new();
    REPORT.get_or_init(|| probe(Path::new(LAUNCHER)))
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn again_as_user(module: &str, name: &str) {
    let module = module.split_once("::").map_or("", |it| it.1);
    // One for each test, because limits on processes count by user.
    static TESTS: AtomicU32 = AtomicU32::new(ORDINARY);
    let user = TESTS.fetch_add(1, Ordering::Relaxed);
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("{module}::{name}"), "--nocapture"])
        .env(AS_USER, "1")
        .current_dir("/")
        .uid(user)
        .gid(user)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "as an ordinary user:\n{said}{errors}"
    );
    assert!(said.contains("1 passed"), "{said}");
    for line in said.lines().filter(|it| it.contains("skipped: ")) {
        println!("as an ordinary user: {line}");
    }
}

impl Rig {
    pub fn new(tier: Tier) -> Self {
        let host = tempfile::tempdir_in("/tmp").unwrap();
        fs::set_permissions(host.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self {
            tier,
            work: tempfile::tempdir_in("/tmp").unwrap(),
            host,
        }
    }

    /// A path in the work folder, as the program finds it.
    pub fn seen(&self, name: &str) -> PathBuf {
        let work = self.work.path().canonicalize().unwrap();
        self.tier.work_as_seen(&work).join(name)
    }

    /// A sandbox with small limits.
    pub fn sandbox(&self, program: impl AsRef<Path>) -> Sandbox {
        Sandbox::new(self.tier, self.work.path(), program.as_ref())
            .launcher(Path::new(LAUNCHER))
            .limits(small_limits())
    }

    /// A Python program in it; `None` where there is no Python.
    pub fn python(&self, code: &str) -> Option<Sandbox> {
        let python = python()?;
        let code = whole(code);
        Some(
            self.sandbox(python)
                .argument("-I")
                .argument("-c")
                .argument(code),
        )
    }

    /// The try reaches nothing inside, and something outside.
    pub fn refuses(&self, code: &str, arguments: &[&dyn AsRef<OsStr>]) {
        if !self.bare(code, arguments) {
            println!("skipped: not to be had without a sandbox either: {code}");
            return;
        }
        assert_eq!(
            self.tried(code, arguments),
            Some(false),
            "{}: {code}",
            self.tier
        );
    }

    /// The try works inside.
    pub fn allows(&self, code: &str, arguments: &[&dyn AsRef<OsStr>]) {
        assert_ne!(
            self.tried(code, arguments),
            Some(false),
            "{}: {code}",
            self.tier
        );
    }

    /// Whether the try reaches what it wants inside; `None` where it could not be made.
    fn tried(&self, code: &str, arguments: &[&dyn AsRef<OsStr>]) -> Option<bool> {
        let mut sandbox = self.python(code)?;
        for argument in arguments {
            sandbox = sandbox.argument(argument.as_ref());
        }
        let outcome = ended(&sandbox);
        match outcome.ending {
            Ending::Exited(0) => Some(true),
            Ending::Exited(REFUSED) => Some(false),
            other => panic!("{}: {other}: {}\n{code}", self.tier, outcome.output.text()),
        }
    }

    fn bare(&self, code: &str, arguments: &[&dyn AsRef<OsStr>]) -> bool {
        let Some(python) = python() else {
            return false;
        };
        let mut command = Command::new(python);
        command.args(["-I", "-c", &whole(code)]);
        command.args(arguments.iter().map(|it| it.as_ref()));
        command.current_dir(self.host.path()).stdout(Stdio::null());
        command.status().unwrap().success()
    }
}

fn whole(code: &str) -> String {
    let numbers = CALLS.map(|(name, number)| format!("{name} = {number}\n"));
    format!("{PRELUDE}\n{}\n{code}", numbers.concat())
}

/// Runs it, and sees that nothing is left.
pub fn ended(sandbox: &Sandbox) -> Outcome {
    let outcome = sandbox.run().unwrap();
    assert!(outcome.all_dead);
    outcome
}

pub fn small_limits() -> Limits {
    Limits {
        wall: std::time::Duration::from_secs(60),
        temporary: 4 << 20,
        ..Limits::default()
    }
}

/// A Python that every user can reach.
fn python() -> Option<PathBuf> {
    let usual = PathBuf::from("/usr/bin/python3");
    if usual.is_file() {
        return Some(usual);
    }
    let found = peers::python()?;
    let real = found
        .canonicalize()
        .ok()
        .filter(|it| it.starts_with("/usr"));
    if real.is_none() {
        println!("skipped: no python3 below /usr");
    }
    real
}

/// Whether a process whose command line holds the text is there.
pub fn runs(text: &str) -> bool {
    !processes(text).is_empty()
}

/// The processes whose command line holds the text, but for this one.
pub fn processes(text: &str) -> Vec<i32> {
    let holds = |pid: &i32| {
        let line = fs::read(format!("/proc/{pid}/cmdline"));
        line.is_ok_and(|it| String::from_utf8_lossy(&it).contains(text))
    };
    let processes = fs::read_dir("/proc").unwrap().flatten();
    processes
        .filter_map(|it| it.file_name().to_str()?.parse().ok())
        .filter(|it| *it != process::id() as i32 && holds(it))
        .collect()
}

/// The process that started this one, or adopted it.
pub fn parent(process: i32) -> i32 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    after_name
        .split_whitespace()
        .nth(1)
        .unwrap()
        .parse()
        .unwrap()
}
