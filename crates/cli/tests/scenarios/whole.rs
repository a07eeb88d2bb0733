//! Whole at every moment: a run that is killed leaves the old or the new environment once the next
//! command has begun, and two runs on one environment take turns.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use assay_testkit::{
    server::{Behaviour, IndexServer},
    wheel::{BuiltWheel, WheelBuilder},
};

use crate::machine::{Machine, Snapshot, builder, files_with, index, simple};

/// Checks every distribution against its RECORD and imports what is there.
const CHECK: &str = r"
import base64, csv, hashlib, importlib, pathlib, sys
site = pathlib.Path(next(p for p in sys.path if p.endswith('site-packages')))
for info in site.glob('*.dist-info'):
    for path, digest, size in csv.reader((info / 'RECORD').open()):
        data = (site / path).read_bytes()
        if digest:
            found = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')
            assert digest == 'sha256=' + found and int(size) == len(data), path
    name, version = info.name.removesuffix('.dist-info').split('-')
    assert importlib.import_module(name).__version__ == version, name
";

/// A change that is killed, over and over.
struct Killed {
    machine: Machine,
    name: &'static str,
    change: Vec<String>,
    restore: Vec<String>,
    old: Snapshot,
    new: Snapshot,
    /// Kills after which the next command finished the run.
    finished: usize,
}

impl Killed {
    /// An environment in the state before the change, a filled cache, and pictures of both states,
    /// which are sound in themselves.
    fn new(server: &IndexServer, name: &'static str, change: &[&str], restore: &[&str]) -> Self {
        let url = server.index_url();
        let line = |words: &[&str]| -> Vec<String> {
            let mut line: Vec<_> = words.iter().map(|it| (*it).to_owned()).collect();
            line.splice(1..1, ["--venv".to_owned(), "env".to_owned()]);
            if words[0] == "install" {
                line.splice(1..1, ["--index-url".to_owned(), url.clone()]);
            }
            line
        };
        let machine = Machine::new();
        machine.install(server, &["lib"]).ok();
        let mut killed = Self {
            name,
            change: line(change),
            restore: line(restore),
            old: Snapshot::of(&machine.venv()),
            new: Snapshot::of(&machine.venv()),
            machine,
            finished: 0,
        };
        killed.restore();
        killed.old = killed.sound();
        killed.assay(&killed.change);
        killed.new = killed.sound();
        assert_ne!(changes(&killed.old, &killed.new), Vec::<PathBuf>::new());
        killed.restore();
        killed
    }

    fn assay(&self, line: &[String]) -> String {
        let line: Vec<_> = line.iter().map(String::as_str).collect();
        self.machine.assay(&line).ok().err
    }

    fn restore(&self) {
        self.assay(&self.restore);
    }

    fn sound(&self) -> Snapshot {
        self.machine.assay(&["check", "--venv", "env"]).ok();
        self.has_sound_records()
    }

    fn has_sound_records(&self) -> Snapshot {
        let python = self.machine.venv().join("bin/python");
        self.machine.run(&python, &["-B", "-c", CHECK]).ok();
        Snapshot::of(&self.machine.venv())
    }

    fn start(&self, mut command: Command) -> Child {
        let command = command.args(&self.change);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// How long the change takes when nobody disturbs it: to its first folder in the environment,
    /// and from there to its end.
    fn durations(&self) -> (Duration, Duration) {
        let start = Instant::now();
        let mut child = self.start(self.machine.command());
        self.wait_until_it_stages(&mut child);
        let staged = start.elapsed();
        child.wait().unwrap();
        let rest = start.elapsed() - staged;
        self.restore();
        (staged, rest)
    }

    fn wait_until_it_stages(&self, child: &mut Child) {
        let is_staging = |entry: std::io::Result<std::fs::DirEntry>| {
            let name = entry.map(|it| it.file_name());
            name.is_ok_and(|it| it.to_string_lossy().starts_with(".assay-"))
        };
        let has_begun = || {
            std::fs::read_dir(self.machine.venv())
                .unwrap()
                .any(is_staging)
        };
        while !has_begun() && child.try_wait().unwrap().is_none() {}
    }

    /// The next command finds the old or the new state, or makes it so and says it.
    fn assert_whole_after_the_next_command(&mut self, moment: &str) {
        let context = format!("{} killed {moment}", self.name);
        let is_mixed = self.said(&["list"]).contains("a mixture of old and new");
        let said = self.said(&["uninstall", "--yes", "nobody"]);
        let is_finished = said.contains("finished `assay");
        assert_eq!(is_mixed, is_finished, "{context}: {said}");
        assert!(!self.said(&["list"]).contains("mixture"), "{context}");
        self.finished += usize::from(is_finished);
        let found = self.has_sound_records();
        let (from_old, from_new) = (changes(&self.old, &found), changes(&self.new, &found));
        assert!(
            from_old.is_empty() || from_new.is_empty(),
            "{context}: {said}\nnot as before: {from_old:#?}\nnor as after: {from_new:#?}"
        );
        assert!(!is_finished || from_new.is_empty(), "{context}: {said}");
        if !from_old.is_empty() {
            self.restore();
        }
    }

    fn said(&self, words: &[&str]) -> String {
        let mut line = vec![words[0], "--venv", "env"];
        line.extend(&words[1..]);
        self.machine.assay(&line).ok().err
    }
}

/// Receipts tell the time, and RECORD their digests; that these are sound was seen already.
fn changes(old: &Snapshot, new: &Snapshot) -> Vec<PathBuf> {
    let mut changes = old.changes_to(new);
    changes.retain(|it| !it.ends_with("assay.json") && !it.ends_with("RECORD"));
    changes
}

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

fn each_change(server: &IndexServer) -> [Killed; 3] {
    let install = &["install", "app==1.0"];
    let upgrade = &["install", "app==2.0"];
    let uninstall = &["uninstall", "--yes", "app"];
    [
        Killed::new(server, "an install", install, uninstall),
        Killed::new(server, "an upgrade", upgrade, install),
        Killed::new(server, "an uninstall", uninstall, install),
    ]
}

fn server() -> IndexServer {
    index(&[simple("lib", "1.0", &[]), large("1.0"), large("2.0")])
}

/// How many kills of each change somebody with patience asked for.
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
    for mut change in each_change(&server) {
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

/// Kills the process as it is about to make its n-th call of a kind.
#[test]
fn killed_at_every_system_call_that_changes_something() {
    let strace = Path::new("/usr/bin/strace");
    if !strace.is_file() {
        println!("skipped: there is no strace");
        return;
    }
    let server = server();
    for mut change in each_change(&server) {
        for call in [
            "renameat2,rename,renameat",
            "mkdirat",
            "linkat",
            "unlinkat",
            "write",
            "flock",
        ] {
            let mut kills = 0;
            let mut at = 1;
            loop {
                let inject = format!("inject={call}:signal=KILL:when={at}");
                let options = ["-f", "-qq", "-o", "/dev/null", "-e", &inject];
                let traced = change.machine.command_under(strace, &options);
                if change.start(traced).wait().unwrap().success() {
                    change.restore();
                    break;
                }
                kills += 1;
                change.assert_whole_after_the_next_command(&format!("at {call} {at}"));
                // With patience every one, else fewer and fewer: unit tests have them all.
                at = if patience().is_some() { at + 1 } else { at * 3 };
            }
            println!("{}: {kills} kills at {call}", change.name);
        }
        assert!(change.finished > 0);
    }
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

#[test]
fn two_installs_into_one_new_environment_take_turns() {
    let app = simple("app", "1.0", &[]);
    let path = format!("/files/{}", app.file_name);
    let drip = Behaviour::Drip(Duration::from_millis(1));
    let server = builder(&[app]).behave(&path, drip).start();
    let machine = Machine::new();
    let url = server.index_url();
    let line = ["install", "--venv", "env", "-i", &url, "app"];
    let run = || {
        let mut command = machine.command();
        let command = command.args(line).stdout(Stdio::null());
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    let runs = [run(), run()].map(|it| it.wait_with_output().unwrap());
    assert!(runs.iter().any(|it| it.status.success()), "{runs:?}");
    for loser in runs.iter().filter(|it| !it.status.success()) {
        let said = String::from_utf8_lossy(&loser.stderr);
        assert!(said.contains("in the meantime"), "{said}");
    }
    assert_eq!(machine.frozen(), ["app==1.0"]);
    machine.assay(&line).ok();
}

#[test]
fn one_waits_for_the_other_and_says_so() {
    let slow = simple("app", "1.0", &[]);
    let path = format!("/files/{}", slow.file_name);
    let drip = Behaviour::Drip(Duration::from_millis(1));
    let server = builder(&[simple("lib", "1.0", &[]), slow])
        .behave(&path, drip)
        .start();
    let machine = Machine::new();
    machine.install(&server, &["lib"]).ok();
    let mut install = machine.command();
    let url = server.index_url();
    install.args(["install", "--venv", "env", "-i", &url, "app"]);
    let mut install = install.stdout(Stdio::null()).spawn().unwrap();
    while !server
        .requests()
        .iter()
        .any(|it| it.path.ends_with(".whl") && it.path.contains("app"))
    {
        std::thread::sleep(Duration::from_millis(5));
    }
    let outcome = machine
        .assay(&["uninstall", "--yes", "--venv", "env", "app", "lib"])
        .ok();
    assert!(
        outcome.err.contains("waiting for another assay"),
        "{}",
        outcome.err
    );
    assert!(install.wait().unwrap().success());
    // It saw what the other one had done.
    assert!(outcome.out.contains("app"), "{}", outcome.out);
    assert_eq!(machine.frozen(), Vec::<String>::new());
}
