//! Nothing is gained: neither by programs that give it nor by the kernel's other doors.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::rig::{Rig, ended, for_each_tier, is_root};

for_each_tier! {
    fn the_program_is_nobody_and_stays_it(rig) {
        rig.allows("
assert os.geteuid() != 0 and os.getuid() != 0 and os.getgid() != 0 and 0 not in os.getgroups()
assert libc.prctl(39, 0, 0, 0, 0) == 1
for become in os.setuid, os.setgid:
    try: become(0)
    except OSError: continue
    sys.exit('became root')
", &[]);
    }

    fn it_has_no_capability(rig) {
        // The header asks for version 3 and the calling process; effective, permitted, inheritable twice.
        rig.allows("
import struct
sets = ctypes.create_string_buffer(24)
call(capget, struct.pack('Ii', 0x20080522, 0), sets)
assert sets.raw == bytes(24), sets.raw
", &[]);
    }

    fn a_set_user_id_program_gives_nothing(rig) {
        if is_root() {
            gives_nothing(rig);
        }
    }

    fn name_spaces_in_it(rig) {
        rig.refuses("call(unshare, 0x10000000)", &[]);
        rig.refuses("pid = call(clone, 0x10000000 | 17, 0, 0, 0, 0)\nif not pid: os._exit(0)\nos.waitpid(pid, 0)", &[]);
        rig.allows("pid = call(clone, 17, 0, 0, 0, 0)\nif not pid: os._exit(0)\nos.waitpid(pid, 0)", &[]);
    }

    fn keys_of_the_session(rig) {
        rig.refuses("call(keyctl, 0, -3, 1)", &[]);
        rig.refuses("call(add_key, b'user', b'assay-test', b'x', 1, -2)", &[]);
    }

    fn doors_into_the_kernel(rig) {
        rig.refuses("call(userfaultfd, 1)", &[]);
        rig.refuses("import struct\ncall(bpf, 0, struct.pack('IIII', 2, 4, 4, 1) + bytes(56), 72)", &[]);
        rig.refuses("call(name_to_handle_at, -100, b'/', ctypes.create_string_buffer(b'\\x80' + bytes(200)), ctypes.create_string_buffer(8), 0)", &[]);
    }

    fn what_is_typed_into_a_terminal(rig) {
        // Without a terminal any other request has another error.
        rig.allows("
import fcntl
def error(request):
    try: fcntl.ioctl(0, request, b'x')
    except OSError as it: return it.errno
assert error(0x5412) == errno.EPERM and error(0x541c) == errno.EPERM
assert error(0x5401) in (errno.ENOTTY, errno.EACCES)
", &[]);
    }

    fn calls_that_hide_their_arguments_are_not_there(rig) {
        rig.allows("
def error(*arguments):
    try: call(*arguments)
    except OSError as it: return it.errno
assert error(clone3, 0, 0) == errno.ENOSYS
assert error(fchmodat2, -100, b'.', 0o700, 0) == errno.ENOSYS
assert error(openat2, -100, b'.', 0, 0) == errno.ENOSYS
if os.uname().machine == 'x86_64': assert error(0x40000000 | getpid) == errno.ENOSYS
import threading
thread = threading.Thread(target=print); thread.start(); thread.join()
", &[]);
    }
}

/// As root, who alone can make such a program: it runs, as nobody.
fn gives_nothing(rig: &Rig) {
    let given = tempfile::tempdir_in("/tmp").unwrap();
    fs::set_permissions(given.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let program = given.path().join("id");
    fs::copy(Path::new("/usr/bin/id"), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o4755)).unwrap();
    let outcome = ended(&rig.sandbox(&program).argument("-u").read_only(given.path()));
    assert!(outcome.success());
    let user: u32 = outcome.output.text().trim().parse().unwrap();
    assert_ne!(user, 0);
}
