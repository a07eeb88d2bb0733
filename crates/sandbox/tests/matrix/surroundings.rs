//! What a program is given, and what it is not.

use std::{fs::File, path::Path};

use rustix::io::{FdFlags, fcntl_setfd};

use crate::rig::{ended, for_each_tier};

for_each_tier! {
    fn the_environment_is_what_was_named(rig) {
        let Some(sandbox) = rig.python("print(sorted(os.environ.items()))") else { return };
        let outcome = ended(&sandbox.variable("LC_CTYPE", "C.UTF-8").variable("HOME", "/nowhere"));
        let temporary = if rig.tier.mounts() { "/tmp".into() } else { rig.seen(".tmp") };
        let expected = format!(
            "[('HOME', '/nowhere'), ('LANG', 'C.UTF-8'), ('LC_CTYPE', 'C.UTF-8'), \
             ('PATH', '/usr/local/bin:/usr/bin:/bin'), ('TMPDIR', '{}')]\n",
            temporary.display()
        );
        assert_eq!(outcome.output.text(), expected);
    }

    fn standard_input_is_what_was_given_or_nothing(rig) {
        let cat = || rig.sandbox("/bin/cat");
        assert_eq!(ended(&cat()).output.text(), "");
        let long = "x".repeat(300_000);
        assert_eq!(ended(&cat().input(long.as_bytes())).output.text(), long);
    }

    fn nothing_else_is_open(rig) {
        let left_open = File::open("/etc/hostname").unwrap();
        fcntl_setfd(&left_open, FdFlags::empty()).unwrap();
        rig.allows("
for it in range(3, 1024):
    try: os.fstat(it)
    except OSError: continue
    sys.exit(f'{it} is open')
", &[]);
    }

    fn it_starts_where_it_is_told_and_leads_its_session(rig) {
        std::fs::create_dir(rig.work.path().join("below")).unwrap();
        let Some(sandbox) = rig.python("assert os.getsid(0) == os.getpid()\nprint(os.getcwd())") else { return };
        let outcome = ended(&sandbox.folder(Path::new("below")));
        assert_eq!(outcome.output.text().trim(), rig.seen("below").to_str().unwrap());
    }
}
