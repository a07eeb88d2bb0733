//! Other processes.

use std::process::{Child, Command};

use crate::rig::{ended, for_each_tier};

/// A process of the host, of the same user.
struct Host(Child);

impl Host {
    fn new() -> Self {
        let mut command = Command::new("/bin/sleep");
        Self(
            command
                .arg("600")
                .env("SECRET", "of the host")
                .spawn()
                .unwrap(),
        )
    }

    fn id(&self) -> String {
        self.0.id().to_string()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

for_each_tier! {
    fn signals_to_the_host(rig) {
        let host = Host::new();
        rig.refuses("os.kill(int(sys.argv[1]), 0)", &[&host.id()]);
        rig.refuses("signal.pidfd_send_signal(os.pidfd_open(int(sys.argv[1])), 0)", &[&host.id()]);
    }

    fn killing_everybody_kills_the_builds_own(rig) {
        let mut host = Host::new();
        rig.allows("
child = subprocess.Popen(['/bin/sleep', '600'])
try: os.kill(-1, signal.SIGTERM)
except OSError: child.kill()
assert child.wait() < 0
", &[]);
        assert_eq!(host.0.try_wait().unwrap(), None);
    }

    fn tracing_and_memory_of_the_host(rig) {
        let host = Host::new();
        rig.refuses("call(ptrace, 0x4206, int(sys.argv[1]), 0, 0)", &[&host.id()]);
        rig.refuses("open(f'/proc/{sys.argv[1]}/environ').read().index('SECRET')", &[&host.id()]);
        rig.refuses("open(f'/proc/{sys.argv[1]}/mem', 'rb')", &[&host.id()]);
        rig.refuses("open(f'/proc/{sys.argv[1]}/cmdline')", &[&host.id()]);
    }

    fn limits_and_priorities_of_the_host(rig) {
        let host = Host::new();
        rig.refuses("import resource\nresource.prlimit(int(sys.argv[1]), resource.RLIMIT_CORE, (0, 0))", &[&host.id()]);
        rig.refuses("os.setpriority(os.PRIO_PROCESS, int(sys.argv[1]), 19)", &[&host.id()]);
        rig.refuses("os.sched_setaffinity(int(sys.argv[1]), os.sched_getaffinity(0))", &[&host.id()]);
        rig.allows("import resource\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))\nos.nice(1)", &[]);
    }

    fn no_image_of_its_memory_is_ever_made(rig) {
        // What is 0 starts the program that some systems have for images; what is 1 starts nothing.
        let Some(sandbox) = rig.python("
import resource
def change(*limits):
    try: resource.setrlimit(resource.RLIMIT_CORE, limits)
    except (OSError, ValueError): pass
    try: resource.prlimit(os.getpid(), resource.RLIMIT_CORE, limits)
    except (OSError, ValueError): pass
for it in (0, 0), (0, 1), (1 << 20, 1 << 20):
    change(*it)
    assert resource.getrlimit(resource.RLIMIT_CORE) == (1, 1), resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (100, 100)
child = subprocess.Popen(['/bin/sleep', '600'])
child.send_signal(signal.SIGSEGV)
assert child.wait() == -signal.SIGSEGV
assert not [it for it in os.listdir() if it.startswith('core')]
") else { return };
        let outcome = ended(&sandbox);
        assert!(outcome.success(), "{}", outcome.output.text());
    }

    fn shared_memory_of_the_host(rig) {
        // Made outside, by key, and looked for inside.
        let key = (std::process::id() | 0x4000_0000).to_string();
        rig.refuses("
segment = libc.shmget(int(sys.argv[1]), 4096, 0o600 | (0 if os.getcwd() == sys.argv[2] else 0o1000))
if segment < 0: raise OSError('no such segment')
if os.path.exists(sys.argv[3]): sys.exit(0)
raise OSError('one of its own')
", &[&key, &rig.seen("").to_str().unwrap().trim_end_matches('/'), &rig.host.path()]);
        let remove = "segment = libc.shmget(int(sys.argv[1]), 0, 0)\nlibc.shmctl(segment, 0, None)";
        let mut python = Command::new("python3");
        let code = format!("import ctypes, sys\nlibc = ctypes.CDLL(None)\n{remove}");
        python.args(["-I", "-c", &code, &key]).status().unwrap();
    }
}
