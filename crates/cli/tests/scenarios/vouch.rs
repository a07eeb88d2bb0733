//! `assay vouch`: what people looked at, signed, and what an install makes of it.

mod deny;
mod files;
mod folder;
mod imports;
mod init;
mod list;
mod page;
mod suggest;
mod team;
mod together;

use assay_testkit::{
    server::IndexServer,
    wheel::{BuiltWheel, WheelBuilder},
};

use crate::machine::{Machine, Outcome, index};

/// Somebody with a key, a set, and an index.
pub struct Reviewer {
    pub machine: Machine,
    pub server: IndexServer,
}

impl Reviewer {
    /// With the keys of alice and bob, and no policy yet.
    pub fn new(wheels: &[BuiltWheel]) -> Self {
        let machine = Machine::new();
        for name in ["alice", "bob"] {
            let generate = ["key", "generate", name, "--no-passphrase"];
            machine.assay(&generate).ok();
        }
        let server = index(wheels);
        Self { machine, server }
    }

    /// Whose own policy file says this, besides both keys.
    pub fn with_policy(self, text: &str) -> Self {
        self.policy(text);
        self
    }

    /// The user's own policy file, with the keys of alice and bob.
    pub fn policy(&self, text: &str) {
        let keys = ["alice", "bob"].map(|it| self.key(it));
        let whole = format!("{}{}{text}", keys[0], keys[1]);
        self.machine
            .write("../home/.config/assay/policy.toml", whole);
    }

    /// A key as a policy file has it.
    pub fn key(&self, name: &str) -> String {
        let export = ["key", "export", name, "--format", "policy"];
        self.machine.assay(&export).ok().out
    }

    /// Asks its index.
    pub fn assay(&self, args: &[&str]) -> Outcome {
        let url = self.server.index_url();
        self.machine.assay_with(args, &[("PIP_INDEX_URL", &url)])
    }

    /// `assay vouch … --set vouches --with alice`.
    pub fn vouch(&self, args: &[&str]) -> Outcome {
        let own = ["--set", "vouches", "--with", "alice"];
        self.assay(&[&["vouch"][..], args, &own].concat())
    }

    /// `assay install --venv env …`.
    pub fn install(&self, args: &[&str]) -> Outcome {
        self.assay(&[&["install", "--venv", "env"][..], args].concat())
    }

    /// Everything that the set says, as data.
    pub fn said(&self) -> serde_json::Value {
        let list = ["vouch", "list", "--set", "vouches", "--json"];
        self.assay(&list).ok().json()
    }
}

/// Whoever looks at both sees one line of difference.
pub fn app(version: &str) -> BuiltWheel {
    let code = format!("a = 1\nversion = {version:?}\n");
    WheelBuilder::new("app", version)
        .file("app/__init__.py", code.as_bytes())
        .build()
}

/// The source that the policies of these tests name.
pub const TEAM: &str = "[statements.team]\nat = '../../../work/vouches'\nkeys = ['alice', 'bob']\n";
/// What they ask for.
pub const RULE: &str = "[policy]\nevidence = 'vouch:team'\n";
