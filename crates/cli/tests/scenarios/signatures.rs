//! What keys and other people say of files, as policy files ask for it.

mod beside;
mod denials;
mod detached;
mod hostile;
mod installed;
mod memory;
mod served;
mod sets;

use assay_testkit::{server::IndexServer, voice::Voice, wheel::BuiltWheel};

use crate::machine::{Machine, Outcome, builder, simple};

/// A user who listens to alice, by the key of that name.
pub struct Listener {
    pub machine: Machine,
    pub alice: Voice,
    pub mallory: Voice,
}

impl Listener {
    /// With this policy after the key.
    pub fn new(policy: &str) -> Self {
        let it = Self {
            machine: Machine::new(),
            alice: Voice::new(1),
            mallory: Voice::new(66),
        };
        it.policy(policy);
        it
    }

    /// Writes the policy anew.
    pub fn policy(&self, policy: &str) {
        let public = self.alice.public();
        let text = format!("[keys.alice]\ned25519 = \"{public}\"\n{policy}");
        let path = "../home/.config/assay/policy.toml";
        self.machine.write(path, text);
    }

    /// What `assay explain` has as the strongest word for `demo`, of all of these.
    pub fn explained(&self, word: &str) -> String {
        let args = ["explain", "--json", "--venv", "env", "demo"];
        let told = self.machine.assay(&args).ok();
        assert!(told.out.contains(word), "{told:?}");
        let kind = &told.json()[0]["evidence-kind"];
        kind.as_str().unwrap().to_owned()
    }

    /// Installs `demo` anew.
    pub fn install(&self, server: &IndexServer, more: &[&str]) -> Outcome {
        let args = [&["demo", "--force-reinstall"], more].concat();
        self.machine.install(server, &args)
    }
}

/// What every file of `demo` needs.
pub const BY_ALICE: &str = "[[policy.rule]]\nprojects = [\"demo\"]\nevidence = \"key:alice\"\n";

pub fn demo(version: &str) -> BuiltWheel {
    simple("demo", version, &[])
}

/// An index with these wheels, and these documents beside them.
pub fn serve(wheels: &[&BuiltWheel], documents: &[(&str, String)]) -> IndexServer {
    let wheels: Vec<_> = wheels.iter().copied().cloned().collect();
    let documents = documents.iter();
    let server = documents.fold(builder(&wheels), |it, (name, text)| {
        it.beside(name, text.as_bytes())
    });
    server.start()
}

/// Where the state keeps what somebody denied.
pub fn denials(voice: &Voice) -> String {
    let key = voice.spki_sha256();
    format!("../home/.local/state/assay/denials/{key}.assay")
}

/// The name of the statements beside a wheel.
pub fn assay(wheel: &BuiltWheel) -> String {
    format!("{}.assay", wheel.file_name)
}
