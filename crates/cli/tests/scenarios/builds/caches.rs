//! What was built once is not built again, unless something that went into it is another.

use assay_testkit::{
    sdist::{Backend, BuiltSdist, SdistBuilder},
    server::IndexServer,
};

use super::{for_each_user, for_me, index, receipt, seen};
use crate::machine::Machine;

/// Each build of it can be told from each other.
fn distinct() -> Backend {
    Backend::new().building("found['build'] = os.urandom(8).hex()")
}

fn demo() -> BuiltSdist {
    SdistBuilder::simple("demo", "1.0")
        .in_tree(&distinct())
        .build()
}

/// Installs into an environment of its own; which build it was.
fn build_of(machine: &Machine, server: &IndexServer, args: &[&str]) -> String {
    std::fs::remove_dir_all(machine.venv()).ok();
    machine.install(server, args).ok();
    seen(machine, "demo")["found"]["build"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_second_environment_gets_the_same_wheel() {
    let server = index(&[&demo()], &[]);
    for_each_user(|machine| {
        let first = build_of(machine, &server, &["demo"]);
        let with_receipt = receipt(machine, "demo-1.0")["built"].clone();
        server.clear_requests();
        assert_eq!(build_of(machine, &server, &["demo"]), first);
        assert_eq!(receipt(machine, "demo-1.0")["built"], with_receipt);
        assert_eq!(super::fetched(&server, "demo-1.0.tar.gz"), 0);
    });
}

#[test]
fn what_is_dynamic_is_not_asked_twice() {
    let dynamic = SdistBuilder::simple("demo", "1.0").in_tree(&distinct());
    let server = index(&[&dynamic.dynamic("Requires-Dist").build()], &[]);
    for_me(|machine| {
        let first = build_of(machine, &server, &["demo"]);
        assert_eq!(build_of(machine, &server, &["demo"]), first);
    });
}

#[test]
fn an_sdist_is_fetched_once_whatever_is_built_of_it_until_the_cache_is_emptied() {
    let server = index(&[&demo()], &[]);
    for_each_user(|machine| {
        let first = build_of(machine, &server, &["demo"]);
        server.clear_requests();
        let other = build_of(machine, &server, &["-C", "x=1", "demo"]);
        assert_ne!(other, first);
        assert_eq!(super::fetched(&server, "demo-1.0.tar.gz"), 0);
        machine.assay(&["cache", "purge"]).ok();
        assert_ne!(build_of(machine, &server, &["demo"]), first);
        assert_eq!(super::fetched(&server, "demo-1.0.tar.gz"), 1);
    });
}

#[test]
fn a_kept_sdist_that_somebody_changed_is_fetched_again() {
    let server = index(&[&demo()], &[]);
    for_me(|machine| {
        build_of(machine, &server, &["demo"]);
        let cache = machine.assay(&["cache", "dir"]).ok().out;
        let folder = std::path::Path::new(cache.trim()).join("sdists");
        let kept = std::fs::read_dir(&folder).unwrap().next().unwrap().unwrap();
        std::fs::write(kept.path(), "something else").unwrap();
        server.clear_requests();
        build_of(machine, &server, &["-C", "x=1", "demo"]);
        assert_eq!(super::fetched(&server, "demo-1.0.tar.gz"), 1);
        assert_ne!(std::fs::read(kept.path()).unwrap(), b"something else");
    });
}

#[test]
fn without_a_cache_it_is_built_again() {
    let server = index(&[&demo()], &[]);
    for_me(|machine| {
        let first = build_of(machine, &server, &["demo"]);
        assert_ne!(
            build_of(machine, &server, &["--no-cache-dir", "demo"]),
            first
        );
        assert_eq!(build_of(machine, &server, &["demo"]), first);
    });
}

#[test]
fn other_settings_are_another_build() {
    let server = index(&[&demo()], &[]);
    for_me(|machine| {
        let plain = build_of(machine, &server, &["demo"]);
        let one = build_of(machine, &server, &["-C", "level=1", "demo"]);
        let two = build_of(machine, &server, &["-C", "level=2", "demo"]);
        assert!(plain != one && one != two && two != plain);
        assert_eq!(build_of(machine, &server, &["-C", "level=1", "demo"]), one);
        assert_eq!(build_of(machine, &server, &["demo"]), plain);
    });
}

#[test]
fn another_variable_is_another_build() {
    let server = index(&[&demo()], &[]);
    for_me(|machine| {
        let url = server.index_url();
        let build = |value: &str| {
            std::fs::remove_dir_all(machine.venv()).ok();
            let args = [
                "install",
                "--venv",
                "env",
                "-i",
                &url,
                "--build-env",
                "LEVEL",
                "demo",
            ];
            machine.assay_with(&args, &[("LEVEL", value)]).ok();
            seen(machine, "demo")["found"]["build"].clone()
        };
        let one = build("1");
        assert_ne!(build("2"), one);
        assert_eq!(build("1"), one);
    });
}

#[test]
fn another_backend_is_another_build() {
    let source = SdistBuilder::simple("demo", "1.0")
        .built_with(&["mini"], "mini")
        .build();
    let wheel = |version| distinct().wheel("mini", version);
    let before = index(&[&source], &[wheel("1.0")]);
    let after = index(&[&source], &[wheel("1.0"), wheel("1.1")]);
    for_me(|machine| {
        let first = build_of(machine, &before, &["demo"]);
        assert_eq!(build_of(machine, &before, &["demo"]), first);
        assert_ne!(build_of(machine, &after, &["demo"]), first);
        let with = receipt(machine, "demo-1.0")["built"]["with"].to_string();
        assert!(with.contains("mini 1.1"), "{with}");
    });
}

#[test]
fn another_source_of_the_same_name_is_another_build() {
    let other = SdistBuilder::simple("demo", "1.0").in_tree(&distinct());
    let other = other.file("demo/more.py", b"").build();
    let (before, after) = (index(&[&demo()], &[]), index(&[&other], &[]));
    for_me(|machine| {
        let first = build_of(machine, &before, &["demo"]);
        assert_ne!(build_of(machine, &after, &["demo"]), first);
    });
}

#[test]
fn a_cache_is_no_authority() {
    let server = index(&[&demo()], &[]);
    for_me(|machine| {
        let first = build_of(machine, &server, &["demo"]);
        std::fs::remove_dir_all(machine.home().join(".local/state")).unwrap();
        assert_ne!(build_of(machine, &server, &["demo"]), first);
    });
}

#[test]
fn a_rule_that_came_later_holds_for_what_was_built() {
    let server = index(&[&demo()], &[]);
    for_me(|machine| {
        build_of(machine, &server, &["demo"]);
        std::fs::remove_dir_all(machine.venv()).unwrap();
        machine.write("assay.toml", "[policy]\nsource-builds = \"never\"\n");
        let outcome = machine.install(&server, &["demo"]);
        super::nothing_installed(machine, &outcome);
        outcome.fails(1, &["source-builds"]);
    });
}
