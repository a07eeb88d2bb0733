//! What a build tries and must not get, by the command as users run it. Each try reaches what it wants
//! without the sandbox, or it says nothing.

use std::{
    net::{TcpListener, UdpSocket},
    os::unix::{fs::PermissionsExt, net::UnixListener, process::CommandExt},
    process::{Child, Command},
};

use assay_testkit::sdist::{Backend, SdistBuilder, attempt};

use super::{for_each_user, index, seen};
use crate::machine::Machine;

const SECRET: &str = "s3cr3t-of-the-host";

/// Tries by name.
type Tries = Vec<(String, String)>;

/// Installs a project whose build makes the tries: none of them reached anything, all of them do
/// outside.
fn none_reaches(machine: &Machine, tries: &Tries) {
    let code: String = tries.iter().map(|it| attempt(&it.0, &it.1)).collect();
    let backend = Backend::new().building(&code);
    let outside = backend.source() + "\n\n" + &code + "\nprint(json.dumps(found))\n";
    let outside = machine.write("outside.py", outside);
    let outside = outside.to_str().unwrap();
    let outside = machine
        .run("python3".as_ref(), &["-B", "-I", outside])
        .ok()
        .json();
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree(&backend)
        .build();
    machine.install(&index(&[&demo], &[]), &["demo"]).ok();
    let inside = seen(machine, "demo")["found"].clone();
    for (name, code) in tries {
        let said = |found: &serde_json::Value| found[name].as_str().unwrap().to_owned();
        let (outside, inside) = (said(&outside), said(&inside));
        assert!(
            outside.starts_with("reached"),
            "{name} says nothing: {outside}\n{code}"
        );
        assert!(!inside.starts_with("reached"), "{name}: {inside}\n{code}");
    }
}

#[test]
fn the_secrets_of_a_home() {
    for_each_user(|machine| {
        let mut all = Vec::new();
        for name in [
            ".aws/credentials",
            ".ssh/id_ed25519",
            ".netrc",
            ".pypirc",
            ".config/gh/hosts.yml",
            ".local/state/x",
            ".cache/x",
            "x",
        ] {
            let path = machine.write_at_home(name, SECRET);
            all.push((
                format!("read {name}"),
                format!("return open({path:?}).read()"),
            ));
            all.push((
                format!("write {name}"),
                format!("return open({path:?}, 'r+').write('x')"),
            ));
            let (folder, own) = (path.parent().unwrap(), path.file_name().unwrap());
            all.push((
                format!("list beside {name}"),
                format!("return os.listdir({folder:?}).index({own:?})"),
            ));
        }
        none_reaches(machine, &all);
    });
}

#[test]
fn files_of_the_machine() {
    for_each_user(|machine| {
        let work = machine.path("");
        let open = tempfile::tempdir_in("/tmp").unwrap();
        std::fs::set_permissions(open.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
        let open = open.path();
        let all = [
            (
                "a file in /tmp",
                format!("return open({:?}, 'x').close()", open.join("new")),
            ),
            (
                "a link in /tmp",
                format!("return os.symlink('/', {:?})", open.join("link")),
            ),
            (
                "a folder in /tmp",
                format!("return os.mkdir({:?})", open.join("folder")),
            ),
            ("the working folder", format!("return os.listdir({work:?})")),
            (
                "the machine's name",
                "return open('/etc/hostname').read()".to_owned(),
            ),
            ("sockets of daemons", "return os.listdir('/run')".to_owned()),
            ("the kernel's knobs", "return os.listdir('/sys')".to_owned()),
            ("logs", "return os.listdir('/var/log')".to_owned()),
        ];
        let all = all.map(|(name, code)| (name.to_owned(), code));
        none_reaches(machine, &all.to_vec());
        let left: Vec<_> = std::fs::read_dir(open)
            .unwrap()
            .map(|it| it.unwrap().file_name())
            .collect();
        // Those that were made outside, once.
        assert_eq!(left.len(), 3);
    });
}

/// A process of the same user, with a secret.
struct Neighbour(Child);

impl Neighbour {
    fn of(machine: &Machine) -> Self {
        let mut command = Command::new("/bin/sleep");
        command.arg("600").env("TOKEN", SECRET);
        if let Some(user) = machine.user() {
            command.uid(user).gid(user);
        }
        Self(command.spawn().unwrap())
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn processes_of_the_host() {
    for_each_user(|machine| {
        let mut neighbour = Neighbour::of(machine);
        let id = neighbour.0.id();
        let code = |text: &str| {
            text.replace("ID", &id.to_string())
                .replace("SECRET", SECRET)
        };
        let any_environ = "
for it in os.listdir('/proc'):
    try:
        if it.isdigit() and 'SECRET' in open('/proc/' + it + '/environ').read(): return it
    except OSError: pass
raise OSError('nobody has it')";
        let all = [
            (
                "environ",
                "return open('/proc/ID/environ').read().index('SECRET')",
            ),
            ("any environ", any_environ),
            ("memory", "return open('/proc/ID/mem', 'rb')"),
            ("files", "return os.listdir('/proc/ID/fd')"),
            (
                "root",
                "return os.listdir('/proc/ID/root/') and os.stat('/proc/ID/root/etc/hostname')",
            ),
            ("signal", "return os.kill(ID, 0)"),
            ("stop and go", "return os.kill(ID, 18)"),
            (
                "trace",
                "
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
if libc.ptrace(0x4206, ID, 0, 0) < 0: raise OSError(ctypes.get_errno())
libc.ptrace(17, ID, 0, 0)",
            ),
            ("priority", "return os.setpriority(os.PRIO_PROCESS, ID, 5)"),
        ];
        let all: Tries = all.map(|it| (it.0.to_owned(), code(it.1))).to_vec();
        none_reaches(machine, &all);
        assert_eq!(neighbour.0.try_wait().unwrap(), None);
    });
}

#[test]
fn networks() {
    let tcp = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let udp = UdpSocket::bind(("127.0.0.1", 0)).unwrap();
    udp.set_nonblocking(true).unwrap();
    let (tcp, port) = (
        tcp.local_addr().unwrap().port(),
        udp.local_addr().unwrap().port(),
    );
    let all = [
        (
            "tcp",
            format!(
                "import socket\nreturn socket.create_connection(('127.0.0.1', {tcp}), 5) and 1"
            ),
        ),
        (
            "udp",
            format!(
                "import socket\nreturn socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', {port}))"
            ),
        ),
        (
            "netlink",
            "import socket\nreturn socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) and 1"
                .to_owned(),
        ),
    ];
    let all = all.map(|(name, code)| (name.to_owned(), code)).to_vec();
    for_each_user(|machine| {
        none_reaches(machine, &all);
        let mut packets = 0;
        while udp.recv(&mut [0]).is_ok() {
            packets += 1;
        }
        assert_eq!(packets, 1, "but for that from outside");
    });
}

#[test]
fn sockets_of_agents() {
    for_each_user(|machine| {
        let names = [
            ".ssh/agent",
            ".gnupg/S.gpg-agent",
            "run/bus",
            ".docker/run/docker.sock",
        ];
        let mut listeners = Vec::new();
        let mut all = Vec::new();
        for name in names {
            let path = machine.write_at_home(name, "");
            std::fs::remove_file(&path).unwrap();
            listeners.push(UnixListener::bind(&path).unwrap());
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o777)).unwrap();
            let code =
                format!("import socket\nreturn socket.socket(socket.AF_UNIX).connect({path:?})");
            all.push((name.to_owned(), code));
        }
        none_reaches(machine, &all);
        // By name neither.
        let demo = SdistBuilder::simple("other", "1.0")
            .in_tree(&Backend::new())
            .build();
        let server = index(&[&demo], &[]);
        let agent = machine.home().join(names[0]);
        let bus = format!("unix:path={}", machine.home().join(names[2]).display());
        let variables = [
            ("SSH_AUTH_SOCK", agent.to_str().unwrap()),
            ("DBUS_SESSION_BUS_ADDRESS", &bus),
            ("GPG_AGENT_INFO", "x"),
            ("XDG_RUNTIME_DIR", "/run/user/0"),
        ];
        let args = [
            "install",
            "--venv",
            "env",
            "-i",
            &server.index_url(),
            "other",
        ];
        machine.assay_with(&args, &variables).ok();
        let environ = seen(machine, "other")["environ"].clone();
        for (name, _) in variables {
            assert!(environ[name].is_null(), "{environ}");
        }
    });
}

#[test]
fn what_is_typed_into_a_terminal() {
    let code = "
import errno, fcntl
for request in 0x5412, 0x541c:
    try: fcntl.ioctl(0, request, b'x')
    except OSError as error: assert error.errno == errno.EPERM, error
    else: raise SystemExit('typed')
";
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree(&Backend::new().building(code))
        .build();
    let server = index(&[&demo], &[]);
    for_each_user(|machine| {
        machine.install(&server, &["demo"]).ok();
    });
}

#[test]
fn nobody_is_root_in_it_and_nobody_becomes_it() {
    let code = "
assert os.getuid() and os.geteuid() and os.getgid() and 0 not in os.getgroups()
assert set(open('/proc/self/status').read().partition('CapEff:')[2].split()[0]) == {'0'}
assert 'NoNewPrivs:\\t1' in open('/proc/self/status').read()
";
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree(&Backend::new().building(code))
        .build();
    let server = index(&[&demo], &[]);
    for_each_user(|machine| {
        machine.install(&server, &["demo"]).ok();
    });
}

#[test]
fn the_environment_of_a_build_is_not_written_to() {
    let code = "
import sysconfig
for place in sys.prefix, sysconfig.get_path('purelib'), os.path.dirname(os.path.realpath(sys.executable)), os.__file__[:-5], '/usr', '/':
    try: open(os.path.join(place, 'new'), 'w')
    except OSError: continue
    raise SystemExit('written: ' + place)
import mini_lib
for change in (lambda: open(mini_lib.__file__, 'a'), lambda: os.chmod(mini_lib.__file__, 0o777), lambda: os.unlink(mini_lib.__file__), lambda: os.utime(mini_lib.__file__)):
    try: change()
    except OSError: continue
    raise SystemExit('changed')
";
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree_with(&Backend::new().building(code), &["mini-lib"]);
    let server = index(
        &[&demo.build()],
        &[crate::machine::simple("mini-lib", "1.0", &[])],
    );
    for_each_user(|machine| {
        machine.install(&server, &["demo"]).ok();
        // What lies in the store, of which the build had links, is as it was.
        machine.assay(&["cache", "verify"]).ok();
    });
}

#[test]
fn builds_do_not_see_each_other() {
    let leave = Backend::new().building(
        "for place in '/tmp', '/dev/shm', '/build', os.getcwd(), os.path.expanduser('~'):\n    try: open(os.path.join(place, 'left-by-another-build'), 'w')\n    except OSError: pass",
    );
    let look = Backend::new().building(
        "for at, _, names in os.walk('/'):\n    if 'left-by-another-build' in names: raise SystemExit('found in ' + at)",
    );
    let first = SdistBuilder::simple("first", "1.0").in_tree(&leave).build();
    let second = SdistBuilder::simple("second", "1.0").in_tree(&look).build();
    let server = index(&[&first, &second], &[]);
    for_each_user(|machine| {
        machine.install(&server, &["first"]).ok();
        machine.install(&server, &["second"]).ok();
    });
}
