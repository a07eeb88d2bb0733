//! docs/guide.md, followed by somebody who reads only that.
//!
//! Its files are written and its commands run in the order in which they stand there, and each line
//! that it shows is one that is printed.

pub mod page;
pub mod printed;

use std::net::TcpListener;

use assay_testkit::{
    publisher::{Publisher, TestSigstore},
    server::{IndexServer, Upload},
};

use self::page::Step;
use crate::machine::{Machine, Outcome, simple, upload};

const GUIDE: &str = include_str!("../../../../docs/guide.md");
const WORKFLOW: &str = ".github/workflows/install.yml";

#[test]
fn every_command_prints_what_the_guide_shows() {
    let mut reader = Reader::new();
    let mut code = 0;
    for step in page::steps(GUIDE) {
        match &step {
            Step::File { name, text } => reader.saves(name, text),
            Step::End { name, text } => reader.changes_the_end(name, text),
            Step::NextRelease => reader.sees_the_next_release(),
            Step::Command { line, shown } => {
                let outcome = reader.types(line, code);
                printed::assert_shown(line, shown, &reader.in_the_guides_words(&outcome.out));
                code = outcome.code;
                let refused = shown.iter().any(|it| it.starts_with("refused: "));
                let expected = if refused { 4 } else { 0 };
                assert_eq!(code, expected, "{line}\n{}", outcome.out);
            }
        }
    }
    // What was accepted is in the file, so that it passes in CI, too.
    reader.works_in_ci(0);
}

/// Somebody with a project, and the index that they install from.
struct Reader {
    machine: Machine,
    sigstore: TestSigstore,
    address: TcpListener,
    server: Option<IndexServer>,
}

impl Reader {
    fn new() -> Self {
        let sigstore = TestSigstore::new();
        let mut reader = Self {
            machine: machine(&sigstore),
            sigstore,
            address: TcpListener::bind("127.0.0.1:0").unwrap(),
            server: None,
        };
        let first = reader.sample("4.0.0", 170, "pypa/sampleproject", ["11", "22"]);
        reader.serve(&[first]);
        reader
    }

    /// An upload of `sampleproject`, so many days ago, by a repository with these numbers of it and its owner.
    fn sample(&self, version: &str, days: i64, repository: &str, [id, owner]: [&str; 2]) -> Upload {
        let publisher = Publisher::github(repository);
        let publisher = publisher.repository_id(id).owner_id(owner);
        let time = days_ago(days);
        let wheel = simple("sampleproject", version, &["peppercorn"]);
        let sample = upload(&wheel).upload_time(&time);
        sample.attested(&self.sigstore, &publisher, &time)
    }

    fn serve(&mut self, signed: &[Upload]) {
        self.server = None;
        let meta = serde_json::json!({ "api-version": "1.3" });
        let builder = IndexServer::builder().json_key("meta", meta);
        let uploads = unsigned().into_iter().chain(signed.iter().cloned());
        let builder = uploads.fold(builder, |it, upload| it.upload(upload));
        let address = self.address.try_clone().unwrap();
        self.server = Some(builder.at(address).start());
    }

    fn saves(&self, name: &str, text: &str) {
        let path = self.machine.write(name, text);
        if name.ends_with("assay.toml") {
            let folder = path.parent().unwrap().to_str().unwrap();
            self.types(&format!("cd '{folder}'; assay policy check"), 0)
                .ok();
        }
        if name == WORKFLOW {
            self.works_in_ci(0);
        }
    }

    fn changes_the_end(&self, name: &str, text: &str) {
        let whole = std::fs::read_to_string(self.machine.path(name)).unwrap();
        let (first, _) = text.split_once('\n').unwrap();
        let (start, _) = whole.split_once(first).unwrap();
        self.saves(name, &format!("{start}{text}"));
    }

    /// Somebody else publishes. CI refuses that as long as nobody accepts it.
    fn sees_the_next_release(&mut self) {
        let first = self.sample("4.0.0", 170, "pypa/sampleproject", ["11", "22"]);
        let next = self.sample("4.0.1", 12, "newhome/sampleproject", ["99", "77"]);
        self.serve(&[first, next]);
        self.works_in_ci(4);
    }

    /// Runs a line as a shell does, after a command that ended with this code. What is printed, on
    /// either stream, is in `out`.
    fn types(&self, line: &str, code: i32) -> Outcome {
        on(&self.machine, self.server.as_ref().unwrap(), line, code)
    }

    /// Runs the workflow's lines on a machine that has seen nothing yet, to this end.
    #[track_caller]
    fn works_in_ci(&self, code: i32) {
        let ci = machine(&self.sigstore);
        for name in ["assay.toml", "requirements.txt"] {
            ci.write(name, std::fs::read(self.machine.path(name)).unwrap());
        }
        let workflow = std::fs::read_to_string(self.machine.path(WORKFLOW)).unwrap();
        let lines = page::runs(&workflow);
        assert!(!lines.is_empty(), "{workflow}");
        let all = lines.join(" && ");
        let outcome = on(&ci, self.server.as_ref().unwrap(), &all, 0);
        assert_eq!(outcome.code, code, "{}", outcome.out);
    }

    /// With the guide's addresses in the place of this machine's.
    fn in_the_guides_words(&self, printed: &str) -> String {
        let folder = self.machine.path("");
        let folder = folder.to_str().unwrap().trim_end_matches('/');
        let index = self.server.as_ref().unwrap().index_url();
        let printed = printed.replace(&index, "https://pypi.example/simple/");
        printed.replace(folder, "/home/me/shop")
    }
}

/// A user who trusts the signatures of this Sigstore.
fn machine(sigstore: &TestSigstore) -> Machine {
    let machine = Machine::new();
    machine.write("../home/root.json", sigstore.trusted_root_json());
    machine.write(
        "../home/.config/assay/policy.toml",
        "[sigstore]\ntrusted-root = '../../root.json'\n",
    );
    machine
}

fn on(machine: &Machine, server: &IndexServer, line: &str, code: i32) -> Outcome {
    let (assay, index) = (env!("CARGO_BIN_EXE_assay"), server.index_url());
    let start = format!("export PIP_INDEX_URL='{index}'; assay() {{ '{assay}' \"$@\"; }}");
    let script = format!("exec 2>&1; {start}; (exit {code})\n{line}\n");
    machine.run("sh".as_ref(), &["-c", &script])
}

/// `requests` and all that is needed, as PyPI had it when the guide was written. Nobody signed it.
fn unsigned() -> Vec<Upload> {
    let needs = [
        "charset_normalizer<4,>=2",
        "idna<4,>=2.5",
        "urllib3<3,>=1.26",
        "certifi>=2023.5.7",
    ];
    let wheels = [
        simple("requests", "2.34.2", &needs),
        simple("charset-normalizer", "3.5.2", &[]),
        simple("idna", "3.20", &[]),
        simple("urllib3", "2.8.0", &[]),
        simple("certifi", "2026.10.18", &[]),
        simple("peppercorn", "0.6", &[]),
    ];
    let time = days_ago(30);
    let listed = wheels.iter().map(|it| upload(it).upload_time(&time));
    listed.collect()
}

fn days_ago(days: i64) -> String {
    let time = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(24 * days);
    format!("{time:.0}")
}
