//! Evidence that a version lacks and another one has: the other one is taken, visibly.

use assay_testkit::{
    publisher::{Publisher, TestSigstore},
    server::{IndexServer, Upload},
};

use crate::machine::{Machine, simple, upload};

struct Ruled {
    machine: Machine,
    sigstore: TestSigstore,
}

impl Ruled {
    /// A user whose policy asks for this evidence.
    fn new(evidence: &str) -> Self {
        let (machine, sigstore) = (Machine::new(), TestSigstore::new());
        machine.write("../home/root.json", sigstore.trusted_root_json());
        machine.write(
            "../home/.config/assay/policy.toml",
            format!(
                "[sigstore]\ntrusted-root = '../../root.json'\n[policy]\nevidence = {evidence}\n"
            ),
        );
        Self { machine, sigstore }
    }

    /// Uploads of the last days: nothing to compare publishers with at first sight.
    fn upload(&self, version: &str, day: i64, publisher: Option<&str>) -> Upload {
        let ago = jiff::SignedDuration::from_hours(24 * (4 - day));
        let time = format!("{:.0}", jiff::Timestamp::now() - ago);
        let upload = upload(&simple("demo", version, &[])).upload_time(&time);
        match publisher {
            Some(repository) => {
                upload.attested(&self.sigstore, &Publisher::github(repository), &time)
            }
            None => upload,
        }
    }
}

fn serve(uploads: impl IntoIterator<Item = Upload>) -> IndexServer {
    let uploads = uploads.into_iter();
    let builder = uploads.fold(IndexServer::builder(), |it, upload| it.upload(upload));
    builder
        .json_key("meta", serde_json::json!({ "api-version": "1.3" }))
        .start()
}

#[test]
fn a_version_that_nobody_attested_yields_to_one_that_somebody_did() {
    let it = Ruled::new("'publisher'");
    // The older upload is the newer version: nothing was attested before it.
    let server = serve([
        it.upload("2.0", 1, None),
        it.upload("1.0", 2, Some("acme/demo")),
    ]);
    it.machine.install(&server, &["demo"]).ok();
    assert_eq!(it.machine.frozen(), ["demo==1.0"]);
    assert!(
        !server
            .requests()
            .iter()
            .any(|it| it.path.contains("demo-2.0-py3-none-any.whl"))
    );
    it.machine
        .install(&server, &["demo==2.0"])
        .fails(1, &["nobody attested it", "publisher"]);
}

#[test]
fn a_version_of_another_publisher_yields_to_one_of_the_named_one() {
    let it = Ruled::new("'publisher:github:acme/demo'");
    let server = serve([
        it.upload("2.0", 1, Some("other/demo")),
        it.upload("1.0", 2, Some("acme/demo")),
    ]);
    let done = it.machine.install(&server, &["demo"]).ok();
    assert!(
        done.err.contains("demo-2.0-py3-none-any.whl was left out"),
        "{done:?}"
    );
    assert_eq!(it.machine.frozen(), ["demo==1.0"]);
    let other = serve([it.upload("2.0", 1, Some("other/demo"))]);
    let alone = it.machine.install(&other, &["demo", "--force-reinstall"]);
    alone.fails(4, &["missing: publisher:github:acme/demo", "other/demo"]);
}

#[test]
fn where_nothing_was_attested_the_newest_is_refused_at_the_door() {
    let it = Ruled::new("'publisher'");
    let server = serve([it.upload("1.0", 1, None), it.upload("2.0", 2, None)]);
    it.machine
        .install(&server, &["demo"])
        .fails(4, &["demo-2.0", "missing: publisher"]);
    let asked = server.requests();
    assert!(
        !asked
            .iter()
            .any(|it| it.path.contains("demo-1.0-py3-none-any.whl"))
    );
}

#[test]
fn who_changed_is_no_gap() {
    let it = Ruled::new("'publisher:github:acme/demo'");
    let server = serve([
        it.upload("1.0", 1, Some("acme/demo")),
        it.upload("2.0", 2, Some("other/demo")),
    ]);
    it.machine.install(&server, &["demo==1.0"]).ok();
    let done = it.machine.install(&server, &["demo", "--upgrade"]);
    done.fails(
        4,
        &["demo-2.0", "another publisher", "acme/demo", "other/demo"],
    );
}

#[test]
fn an_index_that_cannot_announce_is_not_searched_for_an_older_version() {
    let it = Ruled::new("'publisher'");
    let uploads = [it.upload("1.0", 1, None), it.upload("2.0", 2, None)];
    let builder = uploads
        .into_iter()
        .fold(IndexServer::builder(), |it, upload| it.upload(upload));
    let server = builder.start();
    let words = [
        "demo-2.0",
        "cannot announce attestations",
        "missing: publisher",
        "hint: ask an index that passes attestations on",
    ];
    it.machine.install(&server, &["demo"]).fails(4, &words);
    let asked = server.requests();
    assert!(!asked.iter().any(|it| it.path.contains("demo-1.0")));
}

#[test]
fn where_all_lack_it_the_best_version_is_told() {
    let it = Ruled::new("'publisher:github:acme/demo'");
    let server = serve([
        it.upload("2.0", 2, Some("other/demo")),
        it.upload("1.0", 1, Some("other/demo")),
    ]);
    let words = [
        "demo-2.0",
        "missing: publisher:github:acme/demo",
        "nothing else will do",
    ];
    it.machine.install(&server, &["demo"]).fails(4, &words);
}
