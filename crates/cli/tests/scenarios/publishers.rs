//! Who published what: pins at first use, and changes that are refused.

use assay_testkit::{
    publisher::{Publisher, TestSigstore},
    server::{IndexServer, Upload},
    wheel::BuiltWheel,
};

use crate::machine::{Machine, Outcome, simple};

/// A project's releases, each a month after the other, beginning in January 2026.
struct World {
    machine: Machine,
    sigstore: TestSigstore,
    uploads: Vec<Upload>,
}

impl World {
    fn new() -> Self {
        let machine = Machine::new();
        let sigstore = TestSigstore::new();
        machine.write("../home/root.json", sigstore.trusted_root_json());
        machine.write(
            "../home/.config/assay/policy.toml",
            "[sigstore]\ntrusted-root = '../../root.json'\n",
        );
        Self {
            machine,
            sigstore,
            uploads: Vec::new(),
        }
    }

    fn release(mut self, version: &str, publisher: Option<&Publisher>) -> Self {
        let wheel = simple("demo", version, &[]);
        let time = format!("2026-{:02}-02T03:04:05Z", self.uploads.len() + 1);
        let upload = upload(&wheel).upload_time(&time);
        self.uploads.push(match publisher {
            Some(publisher) => upload.attested(&self.sigstore, publisher, &time),
            None => upload,
        });
        self
    }

    fn serve(&self) -> IndexServer {
        let uploads = self.uploads.iter().cloned();
        let builder = uploads.fold(IndexServer::builder(), |it, upload| it.upload(upload));
        builder
            .json_key("meta", serde_json::json!({ "api-version": "1.3" }))
            .start()
    }

    fn install(&self, what: &str) -> Outcome {
        self.machine.install(&self.serve(), &[what])
    }
}

fn upload(wheel: &BuiltWheel) -> Upload {
    Upload::new(&wheel.file_name, wheel.bytes.clone())
}

#[test]
fn three_attested_versions_and_a_fourth_without() {
    let owner = Publisher::github("acme/demo");
    let world = World::new()
        .release("1.0", Some(&owner))
        .release("2.0", Some(&owner))
        .release("3.0", Some(&owner));
    world.install("demo").ok();
    let world = world.release("4.0", None);
    world.install("demo==4.0").fails(
        4,
        &[
            "demo-4.0",
            "nobody attested it, although files before it were attested",
            "github:acme/demo",
            "assay trust accept demo --identity none",
        ],
    );
    world.install("demo==2.0").ok();
}
