//! However a run ends, nothing of it is left.

use std::{
    fs,
    os::unix::process::CommandExt,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use assay_sandbox::{Ending, Error, Sandbox, Tier};

use crate::rig::{self, Rig, ended, for_each_tier};

/// Leaves a process behind that has left session and parent; its command line holds the argument.
const ORPHAN: &str = "
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for it in signal.SIGTERM, signal.SIGHUP, signal.SIGINT: signal.signal(it, signal.SIG_IGN)
        open('started', 'w')
        time.sleep(600)
    os._exit(0)
while not os.path.exists('started'): time.sleep(0.01)
";

/// Names the run that a test kills, by its tier and the text that its processes are known by.
const VICTIM: &str = "ASSAY_SANDBOX_TEST_VICTIM";

for_each_tier! {
    fn orphans_die_with_the_program(rig) {
        for (end, code) in [("", 0), ("sys.exit(3)", 3), ("os.kill(os.getpid(), 9)", -9)] {
            let known_by = format!("orphan-of-{}", rig.host.path().display());
            let Some(sandbox) = rig.python(&format!("{ORPHAN}{end}")) else { return };
            let outcome = ended(&sandbox.argument(&known_by));
            let expected = if code < 0 { Ending::Signaled(-code) } else { Ending::Exited(code) };
            assert_eq!(outcome.ending, expected, "{}", outcome.output.text());
            assert!(!rig::runs(&known_by));
            fs::remove_file(rig.work.path().join("started")).unwrap();
        }
    }

    fn a_host_that_is_killed_takes_the_build_with_it(rig) {
        let known_by = format!("victim-of-{}", rig.host.path().display());
        let mut host = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "endings::victim", "--nocapture"])
            .env(VICTIM, format!("{} {known_by}", rig.tier))
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        wait_until(|| rig::runs(&format!("sleep-{known_by}")));
        host.kill().unwrap();
        host.wait().unwrap();
        wait_until(|| !rig::runs(&known_by));
    }

    fn a_helper_that_is_killed_leaves_nothing(rig) {
        // The init is the program's parent, the supervisor the init's, or bubblewrap's that is between.
        let generations = if rig.tier == Tier::Bubblewrap { 3 } else { 2 };
        for generations in 1..=generations {
            helper_is_killed(rig, generations);
        }
    }

    fn a_program_that_is_not_there_is_no_outcome(rig) {
        let error = rig.sandbox("/usr/bin/there-is-no-such").run().unwrap_err();
        assert!(matches!(&error, Error::NotSetUp { step, .. } if step.contains("there-is-no-such")), "{error}");
        assert!(ended(&rig.sandbox("/bin/true")).success());
    }

    fn what_shall_be_seen_has_to_exist(rig) {
        let missing = rig.host.path().join("missing");
        let error = rig.sandbox("/bin/true").read_only(&missing).run().unwrap_err();
        assert!(matches!(&error, Error::NotSetUp { step, .. } if step.contains("missing")), "{error}");
        assert!(ended(&rig.sandbox("/bin/true").read_only(rig.host.path())).success());
    }

    fn a_helper_that_is_none_is_told(rig) {
        let none = Sandbox::new(rig.tier, rig.work.path(), "/bin/true".as_ref()).launcher("/bin/true".as_ref());
        assert!(matches!(none.run().unwrap_err(), Error::Silent { .. }));
    }
}

fn helper_is_killed(rig: &Rig, generations: usize) {
    let known_by = format!(
        "with-killed-helper-{generations}-{}",
        rig.host.path().display()
    );
    let started = rig.work.path().join("started");
    let Some(sandbox) = rig.python(&format!("{ORPHAN}\ntime.sleep(600)")) else {
        return;
    };
    let sandbox = sandbox.argument(&known_by);
    let run = thread::spawn(move || sandbox.run());
    wait_until(|| started.exists());
    // The program is the one whose parent is not another of the same name.
    let own = rig::processes(&known_by);
    let orphan_or_program = own.iter().map(|it| rig::parent(*it));
    let init = orphan_or_program
        .filter(|it| !own.contains(it))
        .max()
        .unwrap();
    let helper = (1..generations).fold(init, |it, _| rig::parent(it));
    kill_process(Pid::from_raw(helper).unwrap(), Signal::KILL).unwrap();
    assert!(!run.join().unwrap().is_ok_and(|it| it.success()));
    wait_until(|| !rig::runs(&known_by));
    fs::remove_file(started).unwrap();
}

/// The run that is killed: nothing, unless a test above starts it.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test tells its child by the environment what it is"
)]
fn victim() {
    let Ok(told) = std::env::var(VICTIM) else {
        return;
    };
    let (tier, known_by) = told.split_once(' ').unwrap();
    let tier = Tier::ALL.into_iter().find(|it| it.to_string() == tier);
    let rig = Rig::new(tier.unwrap());
    let script = "( setsid sh -c \"$0\" \"sleep-$1\" & ) ; sh -c \"$0\" \"$1\"";
    let sandbox = rig.sandbox("/bin/sh").argument("-c").argument(script);
    let sandbox = sandbox
        .argument("while :; do sleep 0.1; done")
        .argument(known_by);
    sandbox.run().unwrap();
}

fn wait_until(done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !done() {
        assert!(Instant::now() < deadline, "it took too long");
        thread::sleep(Duration::from_millis(20));
    }
}
