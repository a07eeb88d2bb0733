//! What is not built, because a rule says so: nothing of it runs.

use assay_testkit::{
    sdist::{Backend, SdistBuilder},
    server::Upload,
};

use super::{builder, for_me, index, nothing_installed};
use crate::machine::{Machine, simple};

/// Whoever imports this fails with these words.
const IMPORTED: &str = "the backend was imported";

fn trap() -> Backend {
    Backend::new().at_import(&format!("raise SystemExit({IMPORTED:?})"))
}

fn demo(version: &str) -> SdistBuilder {
    SdistBuilder::simple("demo", version).in_tree(&Backend::new())
}

#[test]
fn a_policy_forbids_it_or_asks_for_names() {
    let trap = SdistBuilder::simple("demo", "1.0").in_tree(&trap());
    let trap = index(&[&trap.dynamic("Requires-Dist").build()], &[]);
    let server = index(&[&demo("1.0").build()], &[]);
    for_me(|machine| {
        for value in ["never", "named"] {
            machine.write(
                "assay.toml",
                format!("[policy]\nsource-builds = {value:?}\n"),
            );
            let outcome = machine.install(&trap, &["demo"]);
            nothing_installed(machine, &outcome);
            assert!(!outcome.err.contains(IMPORTED), "{outcome:?}");
            outcome.fails(1, &["demo", "source-builds"]);
        }
        machine
            .install(&server, &["--allow-build", "demo", "demo"])
            .ok();
        machine.write("assay.toml", "[policy]\nsource-builds = \"never\"\n");
        let args = ["--force-reinstall", "--allow-build", "demo", "demo"];
        assert_ne!(machine.install(&server, &args).code, 0);
    });
}

#[test]
fn only_wheels_means_only_wheels() {
    let trap = SdistBuilder::simple("demo", "2.0").in_tree(&trap());
    let server = index(
        &[&trap.dynamic("Requires-Dist").build()],
        &[simple("demo", "1.0", &[])],
    );
    for_me(|machine| {
        for args in [
            ["--only-binary", ":all:", "demo"],
            ["--only-binary", "demo", "demo"],
        ] {
            machine.install(&server, &args).ok();
            assert_eq!(machine.frozen(), ["demo==1.0"]);
            std::fs::remove_dir_all(machine.venv()).unwrap();
        }
        machine.install(&server, &["--prefer-binary", "demo"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0"]);
        let alone = ["--only-binary", ":all:", "demo==2.0"];
        machine.install(&server, &alone).fails(1, &["demo"]);
    });
}

#[test]
fn a_wheel_comes_before_a_source_of_the_same_version() {
    let trap = SdistBuilder::simple("demo", "1.0").in_tree(&trap()).build();
    let server = index(&[&trap], &[simple("demo", "1.0", &[])]);
    for_me(|machine| {
        machine.install(&server, &["demo"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0"]);
    });
}

#[test]
fn no_binary_builds_what_has_a_wheel() {
    let server = index(&[&demo("1.0").build()], &[simple("demo", "1.0", &[])]);
    for_me(|machine| {
        machine
            .install(&server, &["--no-binary", "demo", "demo"])
            .ok();
        assert!(super::receipt(machine, "demo-1.0")["built"].is_object());
    });
}

#[test]
fn what_the_index_does_not_vouch_for_is_not_opened() {
    let sdist = demo("1.0").build();
    let upload = || Upload::new(&sdist.file_name, sdist.bytes.clone());
    for upload in [
        upload().no_hash(),
        upload().hash("sha256", &"0".repeat(64)),
        upload().hash("md5", &"0".repeat(32)),
    ] {
        let server = builder(&[], &[]).upload(upload).start();
        for_me(|machine| {
            let outcome = machine.install(&server, &["demo"]);
            nothing_installed(machine, &outcome);
            assert_ne!(outcome.code, 0, "{outcome:?}");
        });
    }
}

#[test]
fn hashes_hold_for_the_source() {
    let sdist = demo("1.0").build();
    let server = index(&[&sdist], &[]);
    for_me(|machine| {
        let line = |digest: &str| format!("demo==1.0 --hash=sha256:{digest}\n");
        machine.write("wrong.txt", line(&"0".repeat(64)));
        let outcome = machine.install(&server, &["-r", "wrong.txt"]);
        nothing_installed(machine, &outcome);
        assert!([1, 4].contains(&outcome.code), "{outcome:?}");
        machine.write("right.txt", line(&sdist.sha256));
        machine.install(&server, &["-r", "right.txt"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0"]);
    });
}

#[test]
fn the_cooldown_holds_for_sources() {
    let upload = |version: &str, time: &str| {
        let sdist = demo(version).build();
        Upload::new(&sdist.file_name, sdist.bytes).upload_time(time)
    };
    let server = builder(&[], &[])
        .upload(upload("1.0", "2020-01-01T00:00:00Z"))
        .upload(upload("2.0", "2026-11-01T00:00:00Z"))
        .start();
    for_me(|machine| {
        machine
            .install(&server, &["--uploaded-prior-to", "2026-01-01", "demo"])
            .ok();
        assert_eq!(machine.frozen(), ["demo==1.0"]);
    });
}

#[test]
fn evidence_that_a_rule_asks_for_is_asked_of_the_source() {
    let server = index(&[&demo("1.0").build()], &[]);
    for_me(|machine| {
        let rule = "publisher:github:example/demo";
        let outcome = machine.install(&server, &["--evidence", rule, "demo"]);
        nothing_installed(machine, &outcome);
        assert!([1, 4].contains(&outcome.code), "{outcome:?}");
        machine
            .install(&server, &["--evidence", "index", "demo"])
            .ok();
    });
}

#[test]
fn a_newer_source_that_cannot_be_built_is_not_passed_over_silently() {
    let broken = SdistBuilder::simple("demo", "2.0").in_tree(&trap()).build();
    let server = index(&[&broken], &[simple("demo", "1.0", &[])]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        outcome.fails(1, &["demo 2.0", IMPORTED]);
    });
}

#[test]
fn without_a_sandbox_nothing_runs() {
    // As in a container that allows none: no name spaces, no Landlock. Only strace or a filter could
    // take these away here; a system that is none of those that hold builds is seen in `sandbox_or_refusal`.
    let machine = Machine::new();
    let report = machine.assay(&["sandbox", "check"]).ok();
    assert!(report.out.contains("namespaces: "), "{}", report.out);
}
