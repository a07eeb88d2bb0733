//! Whole at every moment: a run that is killed leaves the old or the new environment once the next
//! command has begun.

mod killed;
mod new_venv;
mod turns;

use std::{path::PathBuf, process::Stdio, time::Instant};

use assay_testkit::{
    server::IndexServer,
    wheel::{BuiltWheel, WheelBuilder},
};

use crate::machine::{Machine, files_with, index, simple};
use killed::{CHECK, Killed};

/// Many folders with few files, most of which another version changes: most of an upgrade is moving.
fn large(version: &str) -> BuiltWheel {
    let code = format!("__version__ = {version:?}\n");
    let first = WheelBuilder::new("app", version).file("app/__init__.py", code.as_bytes());
    let folders = (0..60).map(|number| format!("app/part{number}"));
    let more = folders.fold(first, |wheel, folder| {
        let init = format!("{folder}/__init__.py");
        let own = format!("{folder}/only_in_{}.py", version.replace('.', "_"));
        wheel.file(&init, code.as_bytes()).file(&own, b"")
    });
    more.data("data", "share/app/notes.txt", code.as_bytes())
        .entry_point("app", "app:main")
        .build()
}

const INSTALL: [&str; 2] = ["install", "app==1.0"];
const UPGRADE: [&str; 2] = ["install", "app==2.0"];
const UNINSTALL: [&str; 3] = ["uninstall", "--yes", "app"];

fn an_install(server: &IndexServer) -> Killed {
    Killed::new(server, "an install", &INSTALL, &UNINSTALL)
}

fn an_upgrade(server: &IndexServer) -> Killed {
    Killed::new(server, "an upgrade", &UPGRADE, &INSTALL)
}

fn an_uninstall(server: &IndexServer) -> Killed {
    Killed::new(server, "an uninstall", &UNINSTALL, &INSTALL)
}

fn server() -> IndexServer {
    index(&[simple("lib", "1.0", &[]), large("1.0"), large("2.0")])
}

/// How many kills of each change somebody with patience asked for.
#[expect(
    clippy::disallowed_methods,
    reason = "a question to whoever runs the tests"
)]
fn patience() -> Option<usize> {
    let text = std::env::var("ASSAY_KILLS").ok()?;
    Some(text.parse().expect("ASSAY_KILLS is a number"))
}

/// Half of them at any moment, half of them from when the first folder is made.
#[test]
fn killed_at_random_moments() {
    let server = server();
    let count = patience().unwrap_or(20);
    let mut random = Random(u64::from(std::process::id()));
    println!("seed {}", random.0);
    for mut change in [an_install, an_upgrade, an_uninstall].map(|it| it(&server)) {
        let (before, rest) = change.durations();
        for number in 0..count {
            let mut child = change.start(change.machine.command());
            let moment = if number % 2 == 0 {
                (before + rest).mul_f64(random.share())
            } else {
                change.wait_until_it_stages(&mut child);
                rest.mul_f64(random.share())
            };
            std::thread::sleep(moment);
            child.kill().unwrap();
            child.wait().unwrap();
            change.assert_whole_after_the_next_command(&format!("after {moment:?}"));
        }
        let (name, finished) = (change.name, change.finished);
        println!("{name}: {count} kills within {before:?} and {rest:?}, {finished} finished");
    }
}

struct Random(u64);

impl Random {
    /// From nought to one.
    fn share(&mut self) -> f64 {
        let next = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = next.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as f64 / f64::from(1_u32 << 31)
    }
}

#[test]
fn an_install_killed_at_system_calls() {
    killed_at_system_calls(an_install);
}

#[test]
fn an_upgrade_killed_at_system_calls() {
    killed_at_system_calls(an_upgrade);
}

#[test]
fn an_uninstall_killed_at_system_calls() {
    killed_at_system_calls(an_uninstall);
}

/// Kills the process as it is about to make its n-th call of a kind that changes something.
fn killed_at_system_calls(change: fn(&IndexServer) -> Killed) {
    let Some(strace) = assay_testkit::peers::program("strace") else {
        return;
    };
    let server = server();
    let mut change = change(&server);
    let calls = "renameat2,rename,renameat mkdirat linkat unlinkat write flock";
    for call in calls.split(' ') {
        let (mut kills, mut at) = (0, 1);
        loop {
            let inject = format!("inject={call}:signal=KILL:when={at}");
            let options = ["-f", "-qq", "-o", "/dev/null", "-e", &inject];
            let traced = change.machine.command_under(&strace, &options);
            if change.start(traced).wait().unwrap().success() {
                change.restore();
                break;
            }
            kills += 1;
            change.assert_whole_after_the_next_command(&format!("at {call} {at}"));
            // With patience every one, else fewer and fewer: unit tests have them all. But the first
            // renames, for between two of them a journal begins that must be finished.
            let is_journaled = call.starts_with("rename") && at < 8;
            let is_each = patience().is_some() || is_journaled;
            at = if is_each { at + 1 } else { at * 3 };
        }
        println!("{}: {kills} kills at {call}", change.name);
    }
    assert!(change.finished > 0);
}

#[test]
fn a_new_environment_is_completed_by_the_next_install() {
    let server = server();
    let machine = Machine::new();
    let url = server.index_url();
    let line = ["install", "--venv", "env", "-i", &url, "app==1.0", "lib"];
    let start = Instant::now();
    machine.assay(&line).ok();
    let duration = start.elapsed();
    std::fs::remove_dir_all(machine.venv()).unwrap();
    let mut random = Random(u64::from(std::process::id()));
    println!("seed {}", random.0);
    for _ in 0..patience().unwrap_or(10) {
        let mut command = machine.command();
        let command = command.args(line).stdout(Stdio::null());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(duration.mul_f64(random.share()));
        child.kill().unwrap();
        child.wait().unwrap();
        machine.assay(&line).ok();
        let python = machine.venv().join("bin/python");
        machine.run(&python, &["-B", "-c", CHECK]).ok();
        assert_eq!(machine.frozen(), ["app==1.0", "lib==1.0"]);
        let hidden = files_with(&machine.venv(), "/.assay-");
        assert_eq!(hidden, Vec::<PathBuf>::new());
        std::fs::remove_dir_all(machine.venv()).unwrap();
    }
}
