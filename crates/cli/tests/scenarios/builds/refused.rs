//! What is not built, because a rule says so: nothing of it runs.

use std::path::Path;

use assay_testkit::{
    sdist::{Backend, SdistBuilder},
    server::{IndexServer, Upload},
};

use super::{builder, for_each_user, for_me, index, is_root, nothing_installed};
use crate::machine::{Machine, Outcome, simple};

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
fn a_wheel_that_nobody_wanted_is_named_where_nothing_may_be_built() {
    let wheel = crate::machine::simple("demo", "1.0", &[]);
    let server = index(&[&demo("1.0").build()], &[wheel]);
    for_me(|machine| {
        machine.write("assay.toml", "[policy]\nsource-builds = \"never\"\n");
        machine
            .install(&server, &["--no-binary", "demo", "demo"])
            .fails(1, &["--no-binary leaves its wheels out", "assay.toml:2:17"]);
        machine.install(&server, &["demo"]).ok();
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

/// Takes name spaces away from itself and from what it becomes: nobody enters any, and a new process has
/// none of those that the first word names by its bits. The calls whose numbers follow have the error that
/// old kernels give.
const WITHOUT: &str = "
import ctypes, os, platform, struct, sys
unshare, clone = {'x86_64': (272, 56), 'aarch64': (97, 220)}[platform.machine()]
EPERM, ENOSYS = 1, 38
kinds, *calls = (int(it, 0) for it in sys.argv[1].split())
load = lambda at: struct.pack('HBBI', 0x20, 0, 0, at)
unless = lambda value, skip: struct.pack('HBBI', 0x15, 0, skip, value)
unless_any = lambda bits, skip: struct.pack('HBBI', 0x45, 0, skip, bits)
end = lambda value: struct.pack('HBBI', 0x06, 0, 0, value)
error = lambda number: end(0x00050000 | number)
allowed = end(0x7fff0000)
code = load(0) + unless(unshare, 1) + error(EPERM) + unless(435, 1) + error(ENOSYS)
for number in calls: code += unless(number, 1) + error(ENOSYS)
code += unless(clone, 4) + load(16) + unless_any(kinds, 1) + error(EPERM) + allowed + allowed
libc = ctypes.CDLL(None)
lines = ctypes.create_string_buffer(code, len(code))
program = struct.pack('HxxxxxxP', len(code) // 8, ctypes.addressof(lines))
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, program, 0, 0) == 0
os.execv(sys.argv[2], sys.argv[2:])
";

/// Runs assay where these name spaces and calls are not to be had, with a Python that everybody may run: as
/// root a build is somebody else's, who may not look into root's folders.
fn install_without(machine: &Machine, taken: &str, server: &IndexServer, args: &[&str]) -> Outcome {
    let python = Path::new("python3");
    let mut command = machine.command_under(python, &["-I", "-c", WITHOUT, taken]);
    let url = server.index_url();
    command
        .args(["install", "--venv", "env", "-i", &url])
        .args(["--python", "/usr/bin/python3"])
        .args(args);
    Outcome::of(command.output().unwrap())
}

/// All name spaces.
const NAME_SPACES: &str = "0x7e020000";
/// Those of users: bubblewrap needs no others for root.
const USER_NAME_SPACES: &str = "0x10000000";
/// And Landlock: the number of its first call, on every machine.
const LANDLOCK: &str = "0x7e020000 444";

#[test]
fn without_name_spaces_nothing_runs_unless_less_is_asked_for() {
    let trap = SdistBuilder::simple("demo", "1.0").in_tree(&trap()).build();
    let trap = index(&[&trap], &[]);
    let server = index(&[&demo("1.0").build()], &[]);
    for_each_user(|machine| {
        let outcome = install_without(machine, NAME_SPACES, &trap, &["demo"]);
        nothing_installed(machine, &outcome);
        assert!(!outcome.err.contains(IMPORTED), "{outcome:?}");
        outcome.fails(1, &["--allow-restricted-sandbox", "assay sandbox check"]);
        let args = ["--allow-restricted-sandbox", "demo"];
        let outcome = install_without(machine, NAME_SPACES, &server, &args);
        assert!(outcome.ok().out.contains("(restricted)"));
        let receipt = super::receipt(machine, "demo-1.0");
        assert_eq!(receipt["built"]["sandbox"], "restricted");
    });
}

#[test]
fn a_sandbox_that_is_remembered_and_gone_is_looked_for_anew() {
    let server = index(&[&demo("1.0").build()], &[]);
    for_each_user(|machine| {
        // What is remembered: builds were held by more.
        machine.install(&server, &["demo"]).ok();
        let receipt = super::receipt(machine, "demo-1.0");
        assert_ne!(receipt["built"]["sandbox"], "restricted");
        std::fs::remove_dir_all(machine.venv()).unwrap();
        let outcome = install_without(machine, NAME_SPACES, &server, &["--no-cache-dir", "demo"]);
        nothing_installed(machine, &outcome);
        let words = "nothing on this machine holds a build";
        outcome.fails(1, &[words, "--allow-restricted-sandbox"]);
        machine.install(&server, &["--no-cache-dir", "demo"]).ok();
        std::fs::remove_dir_all(machine.venv()).unwrap();
        let args = ["--no-cache-dir", "--allow-restricted-sandbox", "demo"];
        install_without(machine, NAME_SPACES, &server, &args).ok();
        let receipt = super::receipt(machine, "demo-1.0");
        assert_eq!(receipt["built"]["sandbox"], "restricted");
    });
}

#[test]
fn root_builds_in_bubblewrap_where_users_have_no_name_spaces() {
    if !is_root() || assay_testkit::peers::extra("bwrap").is_none() {
        println!("skipped: not root, or no bubblewrap");
        return;
    }
    let server = index(&[&demo("1.0").build()], &[]);
    for_me(|machine| {
        install_without(machine, USER_NAME_SPACES, &server, &["demo"]).ok();
        let receipt = super::receipt(machine, "demo-1.0");
        assert_eq!(receipt["built"]["sandbox"], "bubblewrap");
    });
}

#[test]
fn what_is_better_is_taken_though_less_is_asked_for() {
    let server = index(&[&demo("1.0").build()], &[]);
    for_me(|machine| {
        machine
            .install(&server, &["--allow-restricted-sandbox", "demo"])
            .ok();
        let receipt = super::receipt(machine, "demo-1.0");
        assert_ne!(receipt["built"]["sandbox"], "restricted");
    });
}

#[test]
fn what_a_weaker_sandbox_built_is_not_taken_where_it_is_not_asked_for() {
    let code = "found['build'] = os.urandom(8).hex()";
    let backend = Backend::new().building(code);
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree(&backend)
        .build();
    let server = index(&[&demo], &[]);
    for_each_user(|machine| {
        let args = ["--allow-restricted-sandbox", "demo"];
        install_without(machine, NAME_SPACES, &server, &args).ok();
        let weaker = super::seen(machine, "demo")["found"]["build"].clone();
        std::fs::remove_dir_all(machine.venv()).unwrap();
        machine.install(&server, &["demo"]).ok();
        assert_ne!(super::seen(machine, "demo")["found"]["build"], weaker);
    });
}

#[test]
fn without_landlock_nothing_runs_whatever_is_asked_for() {
    let trap = SdistBuilder::simple("demo", "1.0").in_tree(&trap()).build();
    let trap = index(&[&trap], &[]);
    for_each_user(|machine| {
        for args in [&["demo"][..], &["--allow-restricted-sandbox", "demo"]] {
            let outcome = install_without(machine, LANDLOCK, &trap, args);
            nothing_installed(machine, &outcome);
            assert!(!outcome.err.contains(IMPORTED), "{outcome:?}");
            outcome.fails(
                1,
                &[
                    "nothing on this machine holds a build",
                    "assay sandbox check",
                ],
            );
        }
    });
}

#[test]
fn where_nothing_is_held_wheels_are_installed() {
    let source = SdistBuilder::simple("demo", "2.0").in_tree(&trap()).build();
    let server = index(
        &[&source],
        &[simple("demo", "1.0", &[]), simple("app", "1.0", &[])],
    );
    for_me(|machine| {
        install_without(machine, LANDLOCK, &server, &["app"]).ok();
        let args = ["--only-binary", ":all:", "demo"];
        install_without(machine, LANDLOCK, &server, &args).ok();
        assert_eq!(machine.frozen(), ["app==1.0", "demo==1.0"]);
    });
}
