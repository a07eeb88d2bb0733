//! What a build uses up.

use std::time::{Duration, Instant};

use assay_testkit::sdist::{Backend, SdistBuilder, attempt};

use super::{for_each_user, index, seen};
use crate::machine::{Machine, Outcome};

fn install(machine: &Machine, code: &str) -> Outcome {
    let backend = Backend::new().building(code);
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree(&backend)
        .build();
    machine.install(&index(&[&demo], &[]), &["demo"])
}

#[test]
fn processes_without_end_are_held_and_gone_afterwards() {
    let token = format!("fork-bomb-{}", std::process::id());
    let code = format!(
        "import subprocess\nstarted = 0\ntry:\n    while started < 2000:\n        \
         subprocess.Popen(['/bin/sh', '-c', 'sleep 600; :', {token:?}], start_new_session=True)\n        \
         started += 1\nexcept OSError: pass\nfound['started'] = started"
    );
    for_each_user(|machine| {
        install(machine, &code).ok();
        let started = seen(machine, "demo")["found"]["started"].as_u64().unwrap();
        assert!((10..2000).contains(&started), "{started}");
        super::killed::gone(&token);
    });
}

#[test]
fn forks_without_end_do_not_outlive_it() {
    let code = "
for _ in range(8):
    try: os.fork()
    except OSError: pass
if os.path.exists('only-one'): os._exit(0)
try: os.mkdir('only-one')
except OSError: os._exit(0)
";
    for_each_user(|machine| {
        let begin = Instant::now();
        let outcome = install(machine, code);
        assert!([0, 1].contains(&outcome.code), "{outcome:?}");
        assert!(begin.elapsed() < Duration::from_secs(120));
    });
}

#[test]
fn memory() {
    let large = attempt("memory", "return len(bytearray(6 << 30))");
    for_each_user(|machine| {
        install(machine, &large).ok();
        let found = seen(machine, "demo")["found"]["memory"].clone();
        assert!(
            found.as_str().unwrap().starts_with("MemoryError"),
            "{found}"
        );
    });
}

#[test]
fn files() {
    let code = "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n".to_owned();
    let large = "return os.truncate(os.open('large', os.O_CREAT | os.O_RDWR), 3 << 30)";
    let code = code + &attempt("file", large);
    for_each_user(|machine| {
        install(machine, &code).ok();
        let found = seen(machine, "demo")["found"]["file"].clone();
        assert!(found.as_str().unwrap().starts_with("OSError"), "{found}");
    });
}

#[test]
fn output_without_end_is_cut_and_does_not_fill_the_disk() {
    let code = "for _ in range(200): sys.stdout.write('x' * (1 << 20))\nprint(flush=True)\nraise SystemExit('the end')";
    for_each_user(|machine| {
        let outcome = install(machine, code).fails(1, &["the end"]);
        assert!(outcome.err.len() < 100_000);
        let logs = crate::machine::files_with(&machine.home(), "log");
        for log in logs {
            assert!(
                log.metadata().unwrap().len() <= 70 << 20,
                "{}",
                log.display()
            );
        }
    });
}

#[test]
fn folders_without_bottom_are_taken_away() {
    let code = "
for _ in range(3000):
    os.mkdir('d'); os.chdir('d')
os.chmod('.', 0)
os.chdir('/build/src' if os.path.isdir('/build/src') else os.path.expanduser('~'))
os.mkdir('closed'); os.chmod('closed', 0)
raise SystemExit('the end')";
    for_each_user(|machine| {
        // It may be stopped before it comes to its end: so many folders are no project's.
        let outcome = install(machine, code);
        super::nothing_installed(machine, &outcome);
        outcome.fails(1, &["demo"]);
        super::killed::no_workshops(machine);
    });
}
