//! A folder of the work folder at a path of the user's own, and the log.

use std::{
    fs,
    fs::File,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::PathBuf,
};

use assay_sandbox::{Error, Limits, Sandbox};

use crate::rig::{Rig, ended, for_each_tier, small_limits};

/// What a build does with its project: `at` is where it shall be.
const PROJECT: &str = "
at = sys.argv[1]
assert os.getcwd() == at, os.getcwd()
assert sorted(os.listdir(at)) == ['file'], os.listdir(at)
open('made', 'w').write(open('file').read())
os.makedirs('deep/er')
os.rename('made', 'deep/er/made')
os.mkdir('/build/src/second'); os.rmdir(at + '/second')
try: print(open(at + '/secret').read())
except FileNotFoundError: pass
for it in os.path.dirname(at) + '/beside', '/beside':
    if it.startswith('/tmp/'): continue
    try: open(it, 'w')
    except OSError: continue
    sys.exit(it)
";

/// What a build may do with a folder of the host's that it finds elsewhere, and what not.
const ELSEWHERE: &str = "
at, on_host = sys.argv[1:]
assert os.listdir(at) == ['file']
assert open(at + '/file').read() == 'given'
assert not os.path.exists(on_host)
changes = [lambda: open(at + '/new', 'x'), lambda: open(at + '/file', 'a'), lambda: os.unlink(at + '/file'), lambda: os.chmod(at, 0o700)]
for number, change in enumerate(changes):
    try: change()
    except OSError: continue
    sys.exit(number + 1)
";

for_each_tier! {
    fn a_project_is_found_at_its_own_path_and_nothing_of_the_hosts(rig) {
        fs::create_dir(rig.work.path().join("src")).unwrap();
        fs::write(rig.work.path().join("src/file"), "text").unwrap();
        fs::write(rig.host.path().join("secret"), "of the host").unwrap();
        let on_host = rig.host.path().canonicalize().unwrap();
        for at in [on_host.clone(), PathBuf::from("/home/u/p"), PathBuf::from("/root/assay-p"), PathBuf::from("/srv/a b")] {
            let Some(sandbox) = also(rig, &at) else { return };
            if !rig.tier.mounts() {
                let error = sandbox.run().unwrap_err();
                assert!(matches!(&error, Error::Place { reason, .. } if reason.contains("restricted")), "{error}");
                continue;
            }
            let outcome = ended(&sandbox);
            assert!(outcome.success(), "{at:?}: {}", outcome.output.text());
            assert_eq!(fs::read(rig.work.path().join("src/deep/er/made")).unwrap(), b"text");
            fs::remove_dir_all(rig.work.path().join("src/deep")).unwrap();
        }
        // What the host has there is as it was.
        let names = fs::read_dir(&on_host).unwrap().map(|it| it.unwrap().file_name());
        assert_eq!(names.collect::<Vec<_>>(), ["secret"]);
    }

    fn what_an_earlier_build_put_in_its_place_is_not_followed(rig) {
        if !rig.tier.mounts() {
            return;
        }
        let secret = rig.host.path().join("file");
        fs::write(&secret, "of the host").unwrap();
        symlink(rig.host.path(), rig.work.path().join("src")).unwrap();
        let Some(sandbox) = also(rig, &PathBuf::from("/home/u/p")) else { return };
        let error = sandbox.run().unwrap_err().to_string();
        assert!(error.contains("src"), "{error}");
        fs::remove_file(rig.work.path().join("src")).unwrap();
        fs::create_dir(rig.work.path().join("src")).unwrap();
        fs::write(rig.work.path().join("src/file"), "text").unwrap();
        assert!(ended(&also(rig, &PathBuf::from("/home/u/p")).unwrap()).success());
    }

    fn the_systems_own_places_stay_as_they_are(rig) {
        if !rig.tier.mounts() {
            return;
        }
        fs::create_dir(rig.work.path().join("src")).unwrap();
        // On the host there is no such folder, and none is made.
        let missing = PathBuf::from("/usr/src/assay-there-is-none");
        for at in [missing.clone(), "/usr/lib".into(), "/etc".into(), rig.work.path().to_owned()] {
            also(rig, &at).unwrap().run().unwrap_err();
        }
        assert!(!missing.exists());
    }

    fn a_folder_of_the_hosts_is_read_at_another_path(rig) {
        let given = tempfile::tempdir_in("/tmp").unwrap();
        fs::set_permissions(given.path(), fs::Permissions::from_mode(0o777)).unwrap();
        fs::write(given.path().join("file"), "given").unwrap();
        let at = PathBuf::from("/build-environment");
        let Some(sandbox) = rig.python(ELSEWHERE) else { return };
        let sandbox = sandbox.read_only_at(given.path(), &at).argument(&at).argument(given.path());
        if !rig.tier.mounts() {
            let error = sandbox.run().unwrap_err();
            assert!(matches!(&error, Error::Place { .. }), "{error}");
            return;
        }
        let outcome = ended(&sandbox);
        assert!(outcome.success(), "{}", outcome.output.text());
        assert!(!at.exists());
        let missing = given.path().join("missing");
        rig.sandbox("/bin/true").read_only_at(&missing, &at).run().unwrap_err();
    }

    fn the_log_has_everything_up_to_its_limit(rig) {
        let path = rig.host.path().join("log");
        let Some(sandbox) = rig.python("print('x' * 300000, flush=True)\nprint('the end', file=sys.stderr)") else { return };
        let limits = |log| Limits { output: 10, log, ..small_limits() };
        let whole = format!("{}\nthe end\n", "x".repeat(300_000));
        for (most, expected) in [
            (1 << 20, whole.clone()),
            (1000, format!("{}\n[assay keeps no more than 1000 bytes]\n", &whole[..1000])),
        ] {
            let sandbox = sandbox.clone().limits(limits(most)).log(File::create(&path).unwrap());
            assert_eq!(ended(&sandbox).output.text(), "x\nthe end\n");
            assert_eq!(fs::read_to_string(&path).unwrap(), expected);
        }
    }
}

/// A build that has `src` of its work folder at another path, too.
fn also(rig: &Rig, at: &std::path::Path) -> Option<Sandbox> {
    let sandbox = rig.python(PROJECT)?.also_at("src".as_ref(), at);
    let sandbox = if rig.tier.mounts() {
        sandbox.folder(at)
    } else {
        sandbox
    };
    Some(sandbox.argument(at))
}
