//! A change of an environment that is killed, over and over, and what must hold after each kill.

use std::{
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use assay_testkit::server::IndexServer;

use crate::machine::{Machine, Snapshot};

/// Checks every distribution against its RECORD and imports what is there.
pub const CHECK: &str = r"
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
pub struct Killed {
    pub machine: Machine,
    pub name: &'static str,
    change: Vec<String>,
    restore: Vec<String>,
    old: Snapshot,
    new: Snapshot,
    /// Kills after which the next command finished the run.
    pub finished: usize,
}

impl Killed {
    /// An environment in the state before the change, a filled cache, and pictures of both states,
    /// which are sound in themselves.
    pub fn new(
        server: &IndexServer,
        name: &'static str,
        change: &[&str],
        restore: &[&str],
    ) -> Self {
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

    pub fn restore(&self) {
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

    pub fn start(&self, mut command: Command) -> Child {
        let command = command.args(&self.change);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().unwrap()
    }

    /// How long the change takes when nobody disturbs it: to its first folder in the environment,
    /// and from there to its end.
    pub fn durations(&self) -> (Duration, Duration) {
        let start = Instant::now();
        let mut child = self.start(self.machine.command());
        self.wait_until_it_stages(&mut child);
        let staged = start.elapsed();
        child.wait().unwrap();
        let rest = start.elapsed() - staged;
        self.restore();
        (staged, rest)
    }

    pub fn wait_until_it_stages(&self, child: &mut Child) {
        let is_staging = |entry: std::io::Result<std::fs::DirEntry>| {
            let name = entry.map(|it| it.file_name());
            name.is_ok_and(|it| it.to_string_lossy().starts_with(".assay-stage-"))
        };
        let has_begun = || {
            std::fs::read_dir(self.machine.venv())
                .unwrap()
                .any(is_staging)
        };
        while !has_begun() && child.try_wait().unwrap().is_none() {}
    }

    /// The next command finds the old or the new state, or makes it so and says it.
    pub fn assert_whole_after_the_next_command(&mut self, moment: &str) {
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
