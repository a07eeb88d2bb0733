//! Who published what: pins at first use, and changes that are refused.

mod changes;
mod compared;
mod endpoint;
mod first_sight;
mod foresight;
mod lies;
mod limits;
mod names;
mod order;
mod pages;
mod policies;
mod remembering;
mod ways_round;

use std::net::TcpListener;

use assay_testkit::{
    publisher::{Publisher, TestSigstore},
    server::{Builder, IndexServer, Upload},
};

use crate::machine::{Machine, Outcome, simple, upload};

/// A user's machine, a Sigstore that it trusts, and an index that keeps its address while files come.
struct World {
    machine: Machine,
    sigstore: TestSigstore,
    address: TcpListener,
    uploads: Vec<Upload>,
}

impl World {
    fn new() -> Self {
        let sigstore = TestSigstore::new();
        Self {
            machine: machine(&sigstore),
            sigstore,
            address: TcpListener::bind("127.0.0.1:0").unwrap(),
            uploads: Vec::new(),
        }
    }

    /// One more release of `demo`, a month after the one before; the first in January 2026.
    fn release(self, version: &str, publisher: Option<&Publisher>) -> Self {
        let time = format!("2026-{:02}-02T03:04:05Z", self.uploads.len() + 1);
        self.release_at(version, &time, publisher)
    }

    fn release_at(self, version: &str, time: &str, publisher: Option<&Publisher>) -> Self {
        let upload = upload(&simple("demo", version, &[])).upload_time(time);
        let upload = match publisher {
            Some(publisher) => upload.attested(&self.sigstore, publisher, time),
            None => upload,
        };
        self.with(upload)
    }

    fn with(mut self, upload: Upload) -> Self {
        self.uploads.push(upload);
        self
    }

    /// The same on a machine that has seen nothing yet, as in CI.
    fn elsewhere(self) -> Self {
        Self {
            machine: machine(&self.sigstore),
            ..self
        }
    }

    /// What the user's policy file says besides.
    fn own(&self, text: &str) -> &Self {
        let policy = format!("{text}\n[sigstore]\ntrusted-root = '../../root.json'\n");
        self.machine
            .write("../home/.config/assay/policy.toml", policy);
        self
    }

    fn serve(&self) -> IndexServer {
        self.serve_as(|it| it)
    }

    fn serve_as(&self, change: impl FnOnce(Builder) -> Builder) -> IndexServer {
        let uploads = self.uploads.iter().cloned();
        let builder = uploads.fold(IndexServer::builder(), |it, upload| it.upload(upload));
        let address = self.address.try_clone().unwrap();
        let builder = builder.json_key("meta", serde_json::json!({ "api-version": "1.3" }));
        change(builder).at(address).start()
    }

    /// `assay install`, with arguments as they are typed.
    fn install(&self, args: &str) -> Outcome {
        self.install_from(&self.serve(), args)
    }

    fn install_from(&self, server: &IndexServer, args: &str) -> Outcome {
        let args: Vec<_> = args.split(' ').collect();
        self.machine.install(server, &args)
    }

    /// Refused with exit code 4, nothing was changed in the working folder and nothing was learned.
    #[track_caller]
    fn refuses(&self, args: &str, words: &[&str]) -> Outcome {
        let before = (self.machine.snapshot(), self.known());
        let outcome = self.install(args).fails(4, words);
        self.machine.assert_unchanged(&before.0);
        assert_eq!(self.known(), before.1);
        outcome
    }

    /// Runs the command that a message names, as somebody would who pastes it into a shell.
    #[track_caller]
    fn paste(&self, outcome: &Outcome) -> Outcome {
        let command = outcome.err.lines().find_map(|it| {
            let at = it.find("assay trust accept ")?;
            Some(&it[at..])
        });
        let command = command.unwrap_or_else(|| panic!("{}", outcome.err));
        let assay = env!("CARGO_BIN_EXE_assay");
        let script = format!("assay() {{ '{assay}' \"$@\"; }}\n{command}\n");
        self.machine.run("sh".as_ref(), &["-c", &script])
    }

    /// The publishers of all projects in the user's state.
    fn known(&self) -> Vec<String> {
        let path = self.machine.path(STATE).join("publishers.json");
        let Ok(text) = std::fs::read(path) else {
            return Vec::new();
        };
        let document: serde_json::Value = serde_json::from_slice(&text).unwrap();
        let pins = document["pins"].as_array().unwrap();
        let identities = pins.iter().flat_map(|it| it["identities"].as_array());
        let identities = identities.flatten();
        let texts = identities.map(|it| it["identity"].as_str().unwrap());
        texts.map(str::to_owned).collect()
    }

    /// The version of `demo` that is installed.
    fn installed(&self) -> Option<String> {
        let frozen = self.machine.frozen().into_iter();
        let mut versions = frozen.filter_map(|it| it.strip_prefix("demo==").map(str::to_owned));
        versions.next()
    }
}

const STATE: &str = "../home/.local/state/assay";

fn machine(sigstore: &TestSigstore) -> Machine {
    let machine = Machine::new();
    machine.write("../home/root.json", sigstore.trusted_root_json());
    machine.write(
        "../home/.config/assay/policy.toml",
        "[sigstore]\ntrusted-root = '../../root.json'\n",
    );
    machine
}

/// Who publishes `demo` from the beginning.
fn owner() -> Publisher {
    Publisher::github("acme/demo")
        .repository_id("11")
        .owner_id("22")
}

const OWNER: &str = "github:acme/demo:release.yml:repository-id=11:owner-id=22";

/// Somebody else, with a repository of the same name.
fn stranger() -> Publisher {
    Publisher::github("evil/demo")
        .repository_id("66")
        .owner_id("77")
}

const STRANGER: &str = "github:evil/demo:release.yml:repository-id=66:owner-id=77";

/// So many hours before now.
fn hours_ago(hours: i64) -> String {
    let time = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(hours);
    format!("{time:.0}")
}
