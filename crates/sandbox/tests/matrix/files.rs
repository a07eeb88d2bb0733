//! Files of the host.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
};

use crate::rig::{ended, for_each_tier};

for_each_tier! {
    fn a_file_of_the_host_is_neither_read_nor_written(rig) {
        let secret = rig.host.path().join("secret");
        fs::write(&secret, "secret").unwrap();
        rig.refuses("open(sys.argv[1]).read()", &[&secret]);
        rig.refuses("open(sys.argv[1], 'a').write('x')", &[&secret]);
        rig.refuses("os.truncate(sys.argv[1], 0)", &[&rig.host.path().join("secret")]);
        rig.refuses("os.listdir(sys.argv[1])", &[&rig.host.path()]);
    }

    fn a_file_beside_another_is_not_made_moved_or_removed(rig) {
        let old = rig.host.path().join("old");
        fs::write(&old, "").unwrap();
        rig.refuses("open(sys.argv[1] + '/new', 'x')", &[&rig.host.path()]);
        rig.refuses("os.mkdir(sys.argv[1] + '/folder')", &[&rig.host.path()]);
        rig.refuses("os.link(sys.argv[1], sys.argv[1] + '-linked')", &[&old]);
        rig.refuses("os.rename(sys.argv[1], sys.argv[1] + '-moved')", &[&old]);
        fs::write(&old, "").unwrap();
        rig.refuses("os.unlink(sys.argv[1])", &[&old]);
    }

    fn the_home_and_what_the_system_keeps(rig) {
        for path in ["/etc", "/run", "/sys", "/var", "/home", "/dev", "/"] {
            if (path, rig.tier.mounts()) == ("/etc", true) || (path, rig.tier.mounts()) == ("/", false) {
                continue;
            }
            // In its own root a program may look at what was put there: not the host's.
            let listed = format!("names = os.listdir('{path}')\nif not set(names) - set(sys.argv[1:]): raise OSError('only ours')");
            let ours: &[&dyn AsRef<std::ffi::OsStr>] = &[&"full", &"null", &"random", &"urandom", &"zero", &"shm", &"fd", &"stdin", &"stdout", &"stderr"];
            rig.refuses(&listed, ours);
        }
        rig.refuses("open('/etc/hostname').read()", &[]);
    }

    fn another_build_is_out_of_reach(rig) {
        let other = crate::rig::Rig::new(rig.tier);
        let file = other.work.path().join("file");
        fs::write(&file, "of another build").unwrap();
        rig.refuses("open(sys.argv[1]).read()", &[&file]);
    }

    fn a_link_out_of_the_work_folder_leads_nowhere(rig) {
        let secret = rig.host.path().join("secret");
        fs::write(&secret, "secret").unwrap();
        rig.refuses("os.symlink(sys.argv[1], 'link')\nopen('link').read()", &[&secret]);
    }

    fn modes_of_the_hosts_files_stay(rig) {
        let file = rig.host.path().join("private");
        fs::write(&file, "").unwrap();
        let mode = |it| fs::set_permissions(&file, fs::Permissions::from_mode(it)).unwrap();
        mode(0o600);
        let code = "import contextlib\nfor mode in 0o666, 0o4755, 0:\n  with contextlib.suppress(OSError): os.chmod(sys.argv[1], mode)";
        rig.allows(code, &[&file]);
        assert_eq!(file.metadata().unwrap().mode() & 0o7777, 0o600);
    }

    fn the_work_folder_is_its_own(rig) {
        rig.allows("
os.makedirs('a/b'); os.mkdir('c')
open('a/b/file', 'w').write('text')
os.rename('a/b/file', 'c/file'); os.link('c/file', 'c/link'); os.symlink('link', 'c/symlink')
assert open('c/symlink').read() == 'text'
os.chmod('c/file', 0o700)
assert os.access('c/file', os.X_OK)
import tempfile
tempfile.TemporaryFile().write(b'x')
os.listdir('/usr/lib')
", &[]);
        assert_eq!(fs::read(rig.work.path().join("c/file")).unwrap(), b"text");
    }

    fn what_may_be_read_may_not_be_written(rig) {
        let given = tempfile::tempdir_in("/tmp").unwrap();
        fs::set_permissions(given.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let file = given.path().join("file");
        fs::write(&file, "given").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
        let Some(sandbox) = rig.python("
assert open(sys.argv[1]).read() == 'given'
for path in sys.argv[1], sys.argv[1] + '-new', '/usr/new', '/new':
    try: open(path, 'a')
    except OSError: continue
    sys.exit(path)
") else { return };
        let outcome = ended(&sandbox.read_only(given.path()).argument(&file));
        assert!(outcome.success(), "{}", outcome.output.text());
    }

    fn no_file_gives_anybody_privileges(rig) {
        rig.refuses("os.open('made', os.O_CREAT | os.O_WRONLY, 0o4755)", &[]);
        rig.refuses("os.open('.', os.O_TMPFILE | os.O_WRONLY, 0o4755)", &[]);
        rig.refuses("os.fchmod(os.open('made2', os.O_CREAT | os.O_WRONLY), 0o2755)", &[]);
        rig.refuses("open('made3', 'w'); os.chmod('made3', 0o4755); os.stat('made3').st_mode & 0o6000 or os.open('/', os.O_WRONLY)", &[]);
        rig.allows("os.open('made4', os.O_CREAT | os.O_WRONLY, 0o755)", &[]);
        rig.refuses("os.mkfifo('pipe')", &[]);
    }
}
