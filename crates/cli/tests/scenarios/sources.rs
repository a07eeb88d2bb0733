//! Repositories, folders and sdists that the user names, and what is told of them afterwards.

use std::process::Command;

use assay_testkit::{
    sdist::{Backend, SdistBuilder},
    server::IndexServer,
};

use crate::{
    builds::{for_me, index, receipt},
    machine::{Machine, simple},
};

fn demo(version: &str) -> SdistBuilder {
    SdistBuilder::simple("demo", version)
        .in_tree(&Backend::new())
        .project("")
}

fn nobody() -> IndexServer {
    index(&[], &[])
}

/// What git says in a folder of the machine's.
fn git(machine: &Machine, folder: &str, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=u", "-c", "user.email=u@u.example"])
        .args(arguments)
        .current_dir(machine.path(folder))
        .env("HOME", machine.home())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// A repository with the project in two commits, of which the first is tagged; their ids.
fn repository(machine: &Machine) -> [String; 2] {
    let commit = |version: &str| {
        demo(version)
            .write_tree(&machine.path("repository"))
            .unwrap();
        git(machine, "repository", &["add", "--all"]);
        git(machine, "repository", &["commit", "--quiet", "-m", version]);
        git(machine, "repository", &["rev-parse", "HEAD"])
    };
    std::fs::create_dir_all(machine.path("repository")).unwrap();
    git(
        machine,
        "repository",
        &["init", "--quiet", "--initial-branch=main"],
    );
    let first = commit("1.0");
    git(machine, "repository", &["tag", "v1"]);
    [first, commit("2.0")]
}

fn url(machine: &Machine) -> String {
    format!("git+file://{}", machine.path("repository").display())
}

#[test]
fn a_commit_is_installed_pinned_frozen_and_left_alone() {
    for_me(|machine| {
        let [first, second] = repository(machine);
        let url = url(machine);
        let outcome = machine.install(&nobody(), &[&format!("{url}@main")]).ok();
        assert!(outcome.err.contains(&format!("main is {second} today")));
        assert_eq!(machine.frozen(), [format!("demo @ {url}@{second}")]);
        let pinned = format!("demo @ {url}@{first}");
        machine.install(&nobody(), &[&pinned]).ok();
        assert_eq!(machine.frozen(), std::slice::from_ref(&pinned));
        let recorded = machine.site().join("demo-1.0.dist-info/direct_url.json");
        let recorded = std::fs::read_to_string(recorded).unwrap();
        assert!(
            recorded.contains(&first) && recorded.contains("vcs_info"),
            "{recorded}"
        );
        assert!(receipt(machine, "demo-1.0").to_string().contains(&first));
        // The very same commit stays, and where its name and id are written nobody is asked.
        let before = machine.snapshot();
        std::fs::rename(machine.path("repository"), machine.path("gone")).unwrap();
        machine.install(&nobody(), &[&pinned]).ok();
        std::fs::rename(machine.path("gone"), machine.path("repository")).unwrap();
        machine.install(&nobody(), &[&format!("{url}@v1")]).ok();
        machine.assert_unchanged(&before);
        machine.install(&nobody(), &[&format!("{url}@main")]).ok();
        assert_eq!(machine.frozen(), [format!("demo @ {url}@{second}")]);
    });
}

#[test]
fn a_commit_is_built_once_and_another_version_of_it_anew() {
    for_me(|machine| {
        repository(machine);
        let url = url(machine);
        let install = |what: &str| {
            std::fs::remove_dir_all(machine.venv()).ok();
            let outcome = machine.install(&nobody(), &[what]).ok();
            assert!(!outcome.out.contains("/assay-run-"), "{}", outcome.out);
            let built = &receipt(machine, "demo-2.0")["built"];
            let digest = built["sha256"].as_str().unwrap().to_owned();
            (outcome.out.contains("Building demo"), digest)
        };
        let (was_built, digest) = install(&url);
        assert!(was_built);
        assert_eq!(install(&url), (false, digest.clone()));
        git(
            machine,
            "repository",
            &["commit", "--quiet", "--allow-empty", "-m", "more"],
        );
        let (was_built, another) = install(&url);
        assert!(was_built && another != digest);
    });
}

#[test]
fn a_report_says_which_commit_and_which_folder() {
    for_me(|machine| {
        let [first, _] = repository(machine);
        demo("1.0").write_tree(&machine.path("tree")).unwrap();
        let report = |what: &[&str]| {
            let report = machine.path("report.json");
            let report = report.to_str().unwrap();
            let arguments = [what, &["--dry-run", "--report", report]].concat();
            machine.install(&nobody(), &arguments).ok();
            let text = std::fs::read_to_string(report).unwrap();
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            value["install"][0]["download_info"].clone()
        };
        let found = report(&[&format!("{}@v1", url(machine))]);
        assert_eq!(found["vcs_info"]["commit_id"], first);
        assert_eq!(found["vcs_info"]["requested_revision"], "v1");
        let found = report(&["./tree"]);
        assert!(found["dir_info"].is_object(), "{found}");
        assert!(found["url"].as_str().unwrap().ends_with("/tree"), "{found}");
        let found = report(&["-e", "./tree"]);
        assert_eq!(found["dir_info"]["editable"], true, "{found}");
    });
}

#[test]
fn a_folder_is_built_again_each_time_it_is_named() {
    for_me(|machine| {
        demo("1.0").write_tree(&machine.path("tree")).unwrap();
        machine.install(&nobody(), &["./tree"]).ok();
        demo("2.0").write_tree(&machine.path("tree")).unwrap();
        machine.install(&nobody(), &["demo"]).ok();
        assert!(machine.site().join("demo-1.0.dist-info").exists());
        machine.install(&nobody(), &["./tree"]).ok();
        assert!(machine.site().join("demo-2.0.dist-info").exists());
        let tree = machine.path("tree");
        assert_eq!(
            machine.frozen(),
            [format!("demo @ file://{}", tree.display())]
        );
    });
}

#[test]
fn editables_of_a_requirements_file_are_listed_and_frozen_as_such() {
    for_me(|machine| {
        demo("1.0").write_tree(&machine.path("tree")).unwrap();
        machine.write("r.txt", "-e ./tree\n");
        machine.install(&nobody(), &["-r", "r.txt"]).ok();
        let tree = machine.path("tree").display().to_string();
        let frozen = machine.frozen();
        assert!(frozen.contains(&format!("-e {tree}")), "{frozen:?}");
        let listed = machine.assay(&["list", "--venv", "env", "--editable"]).ok();
        assert!(listed.out.contains(&tree), "{listed:?}");
        machine.install(&nobody(), &["./tree"]).ok();
        assert_eq!(machine.frozen(), [format!("demo @ file://{tree}")]);
    });
}

#[test]
fn an_sdist_is_named_by_path_and_its_hash_is_compared() {
    for_me(|machine| {
        let sdist = demo("1.0").build();
        machine.write(&sdist.file_name, &sdist.bytes);
        let line = |hash: &str| format!("./{} --hash=sha256:{hash}\n", sdist.file_name);
        machine.write("wrong.txt", line(&"0".repeat(64)));
        machine.write("right.txt", line(&sdist.sha256.to_string()));
        machine
            .install(&nobody(), &["-r", "wrong.txt"])
            .fails(4, &["sha256"]);
        machine.install(&nobody(), &["-r", "right.txt"]).ok();
        let path = machine.path(&sdist.file_name);
        let frozen = machine.frozen().concat();
        assert!(
            frozen.contains(&format!("demo @ file://{}#sha256=", path.display())),
            "{frozen}"
        );
    });
}

#[test]
fn what_two_trees_cannot_both_be_is_told() {
    for_me(|machine| {
        demo("1.0").write_tree(&machine.path("one")).unwrap();
        demo("2.0").write_tree(&machine.path("two")).unwrap();
        let outcome = machine.install(&nobody(), &["./one", "./two"]);
        outcome.fails(1, &["demo", "/one", "/two", "conflicting"]);
        let backend = Backend::new().adds("Requires-Dist: demo>=2");
        let needs = SdistBuilder::simple("other", "1.0")
            .in_tree(&backend)
            .project("dependencies = ['demo>=2']");
        needs.write_tree(&machine.path("other")).unwrap();
        machine
            .install(&nobody(), &["./other", "./one"])
            .fails(1, &["demo"]);
        machine.install(&nobody(), &["./other", "./two"]).ok();
    });
}

#[test]
fn a_name_that_was_written_must_be_the_trees_own() {
    for_me(|machine| {
        demo("1.0").write_tree(&machine.path("tree")).unwrap();
        let named = |name: &str| format!("{name} @ file://{}", machine.path("tree").display());
        let server = index(&[], &[simple("dem0", "1.0", &[])]);
        let outcome = machine.install(&server, &[&named("dem0")]);
        outcome.fails(2, &["is the project demo, not dem0"]);
        machine.install(&server, &[&named("demo")]).ok();
    });
}
