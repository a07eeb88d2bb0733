//! Source distributions: built in a sandbox, or refused with the reason.
//!
//! On a machine that holds no build, no test passes by itself: each then sees that assay refuses.

mod afterwards;
mod again;
mod building;
mod caches;
mod editables;
mod escapes;
mod hostile;
mod killed;
mod limits;
mod metadata;
mod native;
mod network;
mod outputs;
mod own;
mod refused;
mod requires;
mod told;
mod trees;
mod wheel;

use std::{
    path::Path,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use assay_testkit::{
    sdist::{BuiltSdist, SdistBuilder},
    server::{Builder, IndexServer},
    wheel::BuiltWheel,
};

use crate::machine::{self, Machine, Outcome};

/// Owns nothing here; each test has its own, because limits on processes count by user.
static ORDINARY: AtomicU32 = AtomicU32::new(55_000);

/// Calls `body` for whoever runs the tests, and as root for an ordinary user, too: where builds are
/// held. Where they are not, assay has to refuse them.
pub fn for_each_user(body: impl Fn(&Machine)) {
    let mut machines = vec![Machine::new()];
    if is_root() {
        let user = ORDINARY.fetch_add(1, Ordering::Relaxed);
        machines.push(Machine::of_user(user));
    }
    for machine in machines {
        if sandbox_or_refusal(&machine) {
            body(&machine);
        }
    }
}

/// The same for whoever runs the tests.
pub fn for_me(body: impl Fn(&Machine)) {
    let machine = Machine::new();
    if sandbox_or_refusal(&machine) {
        body(&machine);
    }
}

/// Whether builds are held here for this machine's user; if not, assay says so in place of building.
pub fn sandbox_or_refusal(machine: &Machine) -> bool {
    static ROOT: OnceLock<bool> = OnceLock::new();
    static USER: OnceLock<bool> = OnceLock::new();
    let known = if machine.user().is_some() {
        &USER
    } else {
        &ROOT
    };
    let holds = *known.get_or_init(|| {
        let report = machine.assay(&["sandbox", "check"]);
        println!("{}{}", report.out, report.err);
        report
            .out
            .contains("source distributions are built in tier")
    });
    if !holds {
        let demo = SdistBuilder::simple("demo", "1.0").in_tree(&Default::default());
        let server = IndexServer::builder().sdist(&demo.build()).start();
        let outcome = machine.install(&server, &["demo"]);
        outcome.fails(
            1,
            &["nothing on this machine holds a build", "sandbox check"],
        );
        assert!(!machine.venv().join("lib").exists() || machine.frozen().is_empty());
    }
    holds
}

pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// An index with these.
pub fn index(sdists: &[&BuiltSdist], wheels: &[BuiltWheel]) -> IndexServer {
    builder(sdists, wheels).start()
}

pub fn builder(sdists: &[&BuiltSdist], wheels: &[BuiltWheel]) -> Builder {
    let builder = machine::builder(wheels);
    sdists.iter().fold(builder, |builder, it| builder.sdist(it))
}

/// What the backend for tests saw when it built what is installed.
pub fn seen(machine: &Machine, module: &str) -> serde_json::Value {
    json(&machine.site().join(module).join("_build.json"))
}

/// The receipt of what is installed, such as `demo-1.0`.
pub fn receipt(machine: &Machine, stem: &str) -> serde_json::Value {
    json(&machine.site().join(format!("{stem}.dist-info/assay.json")))
}

fn json(path: &Path) -> serde_json::Value {
    let bytes = std::fs::read(path).unwrap_or_else(|it| panic!("{}: {it}", path.display()));
    serde_json::from_slice(&bytes).unwrap()
}

/// How often the server was asked for a file.
pub fn fetched(server: &IndexServer, file: &str) -> usize {
    let path = format!("/files/{file}");
    let requests = server.requests();
    requests.iter().filter(|it| it.path == path).count()
}

/// Nothing is installed, and no environment was begun.
#[track_caller]
pub fn nothing_installed(machine: &Machine, outcome: &Outcome) {
    let is_there = machine.venv().join("bin").exists();
    assert!(!is_there || machine.frozen().is_empty(), "{outcome:?}");
}
