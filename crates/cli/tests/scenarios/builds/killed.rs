//! However a build or assay ends, nothing of the build lives on, and nothing half is left.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
    time::{Duration, Instant, SystemTime},
};

use assay_testkit::{
    sdist::{Backend, BuiltSdist, SdistBuilder},
    server::IndexServer,
};
use rustix::process::{Pid, Signal, kill_process};

use super::{for_each_user, index, nothing_installed};
use crate::machine::Machine;

/// Leaves processes behind that have left session and parent; their command lines hold the token.
fn daemon(token: &str) -> String {
    format!(
        "
import subprocess
shell = 'trap \"\" TERM HUP INT; while :; do sleep 0.2; done'
for own in False, True:
    if os.fork() == 0:
        os.setsid()
        subprocess.Popen(['/bin/sh', '-c', shell, {token:?}], start_new_session=own)
        os._exit(0)
os.wait(); os.wait()
"
    )
}

fn token(what: &str) -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{what}-{}-{count}", std::process::id())
}

/// Whether a process of the machine has the token in its command line.
fn lives(token: &str) -> bool {
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let mut lines = processes.filter_map(|it| fs::read(it.path().join("cmdline")).ok());
    lines.any(|it| String::from_utf8_lossy(&it).contains(token))
}

/// Nobody has the token, at once or very soon.
#[track_caller]
pub fn gone(token: &str) {
    wait_until("its processes are gone", || !lives(token));
}

/// No folder of a build is left.
#[track_caller]
pub fn no_workshops(machine: &Machine) {
    assert_eq!(workshops(machine), Vec::<PathBuf>::new());
}

fn workshops(machine: &Machine) -> Vec<PathBuf> {
    let folder = machine.home().join(".cache/assay/builds");
    let Ok(entries) = fs::read_dir(&folder) else {
        return Vec::new();
    };
    let paths = entries.map(|it| it.unwrap());
    let folders = paths.filter(|it| it.file_type().unwrap().is_dir());
    folders.map(|it| it.path()).collect()
}

fn make_old(folder: &Path) {
    let an_hour_ago = SystemTime::now() - Duration::from_secs(3600);
    fs::File::open(folder)
        .unwrap()
        .set_modified(an_hour_ago)
        .unwrap();
}

#[track_caller]
fn wait_until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while !done() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn orphans_die_with_a_build_that_succeeds() {
    for_each_user(|machine| {
        let token = token("orphan");
        let backend = Backend::new().building(&daemon(&token));
        let demo = SdistBuilder::simple("demo", "1.0")
            .in_tree(&backend)
            .build();
        machine.install(&index(&[&demo], &[]), &["demo"]).ok();
        assert!(!lives(&token));
        no_workshops(machine);
    });
}

#[test]
fn orphans_die_with_a_build_that_fails() {
    for end in [
        "raise SystemExit(3)",
        "os.kill(os.getpid(), 9)",
        "os.abort()",
    ] {
        for_each_user(|machine| {
            let token = token("orphan");
            let backend = Backend::new().building(&(daemon(&token) + end));
            let demo = SdistBuilder::simple("demo", "1.0")
                .in_tree(&backend)
                .build();
            let outcome = machine.install(&index(&[&demo], &[]), &["demo"]);
            assert!(!lives(&token));
            nothing_installed(machine, &outcome);
            outcome.fails(1, &["demo"]);
            no_workshops(machine);
        });
    }
}

/// A project whose build goes on until somebody ends it.
fn endless(token: &str) -> BuiltSdist {
    let code = daemon(token) + "import time\nwhile True: time.sleep(1)";
    let backend = Backend::new().building(&code);
    SdistBuilder::simple("endless", "1.0")
        .in_tree(&backend)
        .build()
}

/// assay, in mid-build.
fn building(machine: &Machine, server: &IndexServer, token: &str) -> Child {
    let mut command = machine.command();
    command.args([
        "install",
        "--venv",
        "env",
        "-i",
        &server.index_url(),
        "endless",
    ]);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    wait_until("the build runs", || lives(token));
    child.unwrap()
}

/// As shells have it for what they start in the background.
fn is_ignored(signal: Signal) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|it| it.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.unwrap().trim(), 16).unwrap();
    ignored >> (signal.as_raw() - 1) & 1 == 1
}

#[test]
fn a_run_that_is_ended_ends_its_build() {
    for signal in [Signal::KILL, Signal::TERM, Signal::INT, Signal::HUP] {
        if is_ignored(signal) {
            println!(
                "skipped: whoever started this ignores {signal:?}, and so does what it starts"
            );
            continue;
        }
        for_each_user(|machine| {
            let token = token("victim");
            let plain = SdistBuilder::simple("plain", "1.0")
                .in_tree(&Backend::new())
                .build();
            let server = index(&[&endless(&token), &plain], &[]);
            let mut child = building(machine, &server, &token);
            kill_process(Pid::from_child(&child), signal).unwrap();
            child.wait().unwrap();
            gone(&token);
            assert!(!machine.venv().join("bin").exists() || machine.frozen().is_empty());
            // What lies about is taken away by whoever builds next, when it is surely nobody's.
            workshops(machine).iter().for_each(|it| make_old(it));
            machine.install(&server, &["plain"]).ok();
            assert_eq!(machine.frozen(), ["plain==1.0"]);
            no_workshops(machine);
        });
    }
}

#[test]
fn the_folder_of_a_build_that_lives_is_not_taken_away() {
    for_each_user(|machine| {
        let token = token("living");
        let plain = SdistBuilder::simple("plain", "1.0")
            .in_tree(&Backend::new())
            .build();
        let server = index(&[&endless(&token), &plain], &[]);
        let mut child = building(machine, &server, &token);
        workshops(machine).iter().for_each(|it| make_old(it));
        let url = server.index_url();
        machine
            .assay(&["install", "--venv", "other", "-i", &url, "plain"])
            .ok();
        assert!(lives(&token));
        assert_ne!(workshops(machine), Vec::<PathBuf>::new());
        child.kill().unwrap();
        child.wait().unwrap();
        gone(&token);
    });
}
