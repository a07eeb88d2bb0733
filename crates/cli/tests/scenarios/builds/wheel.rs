//! `assay wheel` and `assay download`: archives in a folder.

use std::path::PathBuf;

use assay_testkit::{
    peers,
    sdist::{Backend, BuiltSdist, SdistBuilder},
    server::IndexServer,
};

use super::{fetched, for_each_user, for_me, index};
use crate::machine::{Machine, Outcome, simple};

fn demo(backend: &Backend) -> BuiltSdist {
    SdistBuilder::simple("demo", "1.0")
        .in_tree(backend)
        .requires("lib")
        .build()
}

/// `assay COMMAND --index-url SERVER …`
fn run(machine: &Machine, command: &str, server: &IndexServer, args: &[&str]) -> Outcome {
    let url = server.index_url();
    let mut all = vec![command, "--index-url", &url];
    all.extend(args);
    machine.assay(&all)
}

/// The names in a folder of the machine, sorted.
fn names(machine: &Machine, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(machine.path(folder)).unwrap();
    let name = |it: std::io::Result<std::fs::DirEntry>| it.unwrap().file_name();
    let mut names: Vec<_> = entries.map(|it| name(it).into_string().unwrap()).collect();
    names.sort();
    names
}

fn bytes(machine: &Machine, path: &str) -> Vec<u8> {
    std::fs::read(machine.path(path)).unwrap()
}

const DEMO: &str = "demo-1.0-py3-none-any.whl";
const LIB: &str = "lib-1.0-py3-none-any.whl";

#[test]
fn there_is_one_wheel_for_each_pin_and_nothing_else() {
    let lib = simple("lib", "1.0", &[]);
    let server = index(&[&demo(&Backend::new())], std::slice::from_ref(&lib));
    for_each_user(|machine| {
        let outcome = run(machine, "wheel", &server, &["-w", "house", "demo"]).ok();
        assert_eq!(names(machine, "house"), [DEMO, LIB]);
        assert_eq!(bytes(machine, &format!("house/{LIB}")), lib.bytes);
        for word in ["built from demo-1.0.tar.gz (", "without network)"] {
            assert!(outcome.out.contains(word), "{}", outcome.out);
        }
        // What was made is taken as any wheel.
        let args = [
            "install",
            "--venv",
            "env",
            "--no-index",
            "-f",
            "house",
            "demo",
        ];
        machine.assay(&args).ok();
        assert_eq!(machine.frozen(), ["demo==1.0", "lib==1.0"]);
    });
}

#[test]
fn without_dependencies_there_is_one() {
    let server = index(&[&demo(&Backend::new())], &[]);
    for_me(|machine| {
        let args = ["-w", "house", "--no-deps", "--json", "demo"];
        let report = run(machine, "wheel", &server, &args).ok().json();
        assert_eq!(names(machine, "house"), [DEMO]);
        assert_eq!(report[0]["built"]["from"], "demo-1.0.tar.gz");
        assert_eq!(report[0]["built"]["network"], serde_json::json!([]));
        assert_eq!(report[0]["sha256"].as_str().unwrap().len(), 64);
    });
}

#[test]
fn the_same_source_makes_the_same_bytes_whatever_was_built_before() {
    // Without the account of what was seen, in which folders of the run have names of their own.
    let backend = Backend::new().instead("build_wheel", "return write_wheel(folder, files())");
    let server = index(&[&demo(&backend)], &[]);
    for_me(|machine| {
        let args = |folder| ["-w", folder, "--no-deps", "demo"];
        run(machine, "wheel", &server, &args("one")).ok();
        // Now the cache has it, unpacked.
        run(machine, "wheel", &server, &args("two")).ok();
        assert_eq!(
            bytes(machine, &format!("one/{DEMO}")),
            bytes(machine, &format!("two/{DEMO}"))
        );
        let again = run(machine, "wheel", &server, &args("two")).ok();
        assert!(again.out.contains("Already there:"), "{}", again.out);
    });
}

#[test]
fn a_folder_of_the_users_is_built_whether_editable_or_not() {
    let server = index(&[], &[]);
    for_each_user(|machine| {
        let backend = Backend::new().instead("build_wheel", "return write_wheel(folder, files())");
        let tree = SdistBuilder::simple("demo", "1.0").in_tree(&backend);
        tree.project("").write_tree(&machine.path("tree")).unwrap();
        machine.give(&machine.path("tree"));
        let before = machine.snapshot();
        for (option, folder) in [("--no-deps", "plain"), ("-e", "editable")] {
            run(machine, "wheel", &server, &["-w", folder, option, "./tree"]).ok();
            assert_eq!(names(machine, folder), [DEMO]);
        }
        assert_eq!(
            bytes(machine, &format!("plain/{DEMO}")),
            bytes(machine, &format!("editable/{DEMO}"))
        );
        let changes = machine.changes_since(&before);
        let is_ours = |it: &PathBuf| {
            it.starts_with(machine.path("plain")) || it.starts_with(machine.path("editable"))
        };
        assert!(changes.iter().all(is_ours), "{changes:?}");
    });
}

#[test]
fn a_failed_build_leaves_no_folder() {
    let code = "raise RuntimeError('the reason')";
    let server = index(
        &[&demo(&Backend::new().building(code))],
        &[simple("lib", "1.0", &[])],
    );
    for_me(|machine| {
        let outcome = run(machine, "wheel", &server, &["-w", "house", "demo"]);
        outcome.fails(1, &["the reason"]);
        assert!(!machine.path(&format!("house/{DEMO}")).exists());
    });
}

#[test]
fn what_decided_the_resolution_is_what_the_wheel_says() {
    let backend = Backend::new().instead(
        "build_wheel",
        "return write_wheel(folder, files(), header=metadata() + 'Requires-Dist: evil\\n')",
    );
    let server = index(&[&demo(&backend)], &[simple("lib", "1.0", &[])]);
    for_me(|machine| {
        let outcome = run(machine, "wheel", &server, &["-w", "house", "demo"]);
        outcome.fails(4, &["PEP 643", "evil"]);
        assert!(!machine.path(&format!("house/{DEMO}")).exists());
    });
}

#[test]
fn only_a_file_takes_a_files_place() {
    let server = index(&[&demo(&Backend::new())], &[]);
    for_me(|machine| {
        let args = ["-w", "house", "--no-deps", "demo"];
        machine.write(&format!("house/{DEMO}/kept.txt"), "kept");
        run(machine, "wheel", &server, &args).fails(1, &[DEMO, "no file"]);
        assert_eq!(bytes(machine, &format!("house/{DEMO}/kept.txt")), b"kept");
        std::fs::remove_dir_all(machine.path("house")).unwrap();
        machine.write(&format!("house/{DEMO}"), "of yesterday");
        run(machine, "wheel", &server, &args).ok();
        assert!(bytes(machine, &format!("house/{DEMO}")).starts_with(b"PK"));
    });
}

#[test]
fn a_source_distribution_is_downloaded_as_it_is() {
    let demo = demo(&Backend::new().building("raise RuntimeError('built')"));
    let server = index(&[&demo], &[simple("lib", "1.0", &[])]);
    for_each_user(|machine| {
        let outcome = run(machine, "download", &server, &["-d", "house", "demo"]).ok();
        assert_eq!(names(machine, "house"), ["demo-1.0.tar.gz", LIB]);
        assert_eq!(bytes(machine, "house/demo-1.0.tar.gz"), demo.bytes);
        assert!(!outcome.out.contains("Building"), "{}", outcome.out);
        assert_eq!(fetched(&server, "demo-1.0.tar.gz"), 1);
        server.clear_requests();
    });
}

#[test]
fn what_a_source_needs_may_have_to_be_asked_of_its_backend() {
    let demo =
        SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new().adds("Requires-Dist: lib"));
    let demo = demo.dynamic("Requires-Dist").build();
    let server = index(&[&demo], &[simple("lib", "1.0", &[])]);
    for_me(|machine| {
        run(machine, "download", &server, &["-d", "house", "demo"]).ok();
        assert_eq!(names(machine, "house"), ["demo-1.0.tar.gz", LIB]);
    });
}

#[test]
fn options_say_which_kind_is_downloaded() {
    let lib = SdistBuilder::simple("lib", "1.0").in_tree(&Backend::new());
    let server = index(&[&lib.build()], &[simple("lib", "1.0", &[])]);
    for_me(|machine| {
        for (option, folder, expected) in [
            ("--no-binary=:all:", "sources", "lib-1.0.tar.gz"),
            ("--only-binary=:all:", "wheels", LIB),
        ] {
            run(machine, "download", &server, &["-d", folder, option, "lib"]).ok();
            assert_eq!(names(machine, folder), [expected]);
        }
        let args = ["-w", "built", "--no-binary", ":all:", "lib"];
        let outcome = run(machine, "wheel", &server, &args).ok();
        assert!(
            outcome.out.contains("built from lib-1.0.tar.gz"),
            "{}",
            outcome.out
        );
    });
}

#[test]
fn a_tree_is_no_file_that_could_be_downloaded() {
    let server = index(&[], &[]);
    for_me(|machine| {
        let tree = SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new());
        tree.project("").write_tree(&machine.path("tree")).unwrap();
        for args in [&["./tree"][..], &["-e", "./tree"]] {
            let outcome = run(machine, "download", &server, args);
            outcome.fails(2, &["source tree", "assay wheel"]);
        }
    });
}

#[test]
fn pip_makes_the_same_wheels() {
    let is_it = "import pip; assert int(pip.__version__.split('.')[0]) >= 23";
    let Some(python) = peers::python_with(is_it, "pip") else {
        return;
    };
    let (demo, lib) = (demo(&Backend::new()), simple("lib", "1.0", &[]));
    let server = index(&[&demo], &[lib]);
    for_me(|machine| {
        run(machine, "wheel", &server, &["-w", "ours", "demo"]).ok();
        let url = server.index_url();
        let args = [
            "-m", "pip", "wheel", "-q", "-i", &url, "-w", "theirs", "demo",
        ];
        machine.run(&python, &args).ok();
        assert_eq!(names(machine, "ours"), names(machine, "theirs"));
        assert_eq!(
            bytes(machine, &format!("ours/{LIB}")),
            bytes(machine, &format!("theirs/{LIB}"))
        );
    });
}
