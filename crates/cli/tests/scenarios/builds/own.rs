//! `assay build`: a project of the user's own.

use std::path::Path;

use assay_testkit::{
    sdist::{Backend, SdistBuilder},
    server::IndexServer,
};

use super::{for_each_user, for_me, index};
use crate::machine::{Machine, Outcome, simple};

const SDIST: &str = "demo-1.0.tar.gz";
const WHEEL: &str = "demo-1.0-py3-none-any.whl";

/// One that makes the same bytes twice: what it saw is left out.
fn quiet() -> Backend {
    Backend::new().instead("build_wheel", "return write_wheel(folder, files())")
}

fn tree(machine: &Machine, backend: &Backend) {
    let described = SdistBuilder::simple("demo", "1.0").in_tree(backend);
    let described = described.project("");
    described.write_tree(&machine.path("tree")).unwrap();
    machine.give(&machine.path("tree"));
}

fn build(machine: &Machine, server: &IndexServer, args: &[&str]) -> Outcome {
    let url = server.index_url();
    let mut all = vec!["build", "-i", &url, "./tree"];
    all.extend(args);
    machine.assay(&all)
}

fn names(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let name = |it: std::io::Result<std::fs::DirEntry>| it.unwrap().file_name();
    let mut names: Vec<_> = entries.map(|it| name(it).into_string().unwrap()).collect();
    names.sort();
    names
}

fn dist(machine: &Machine) -> Vec<String> {
    names(&machine.path("tree/dist"))
}

#[test]
fn an_sdist_is_made_and_a_wheel_from_that_and_nothing_else_is_written() {
    let server = index(&[], &[]);
    let code = "open('left.txt', 'w').write('x')\nopen('demo/left.txt', 'w').write('x')";
    for_each_user(|machine| {
        tree(machine, &quiet().during("build_sdist", code).building(code));
        let before = machine.snapshot();
        let outcome = build(machine, &server, &[]).ok();
        assert_eq!(dist(machine), [WHEEL, SDIST]);
        let changes = machine.changes_since(&before);
        let folder = machine.path("tree/dist");
        assert!(
            changes.iter().all(|it| it.starts_with(&folder)),
            "{changes:?}"
        );
        for word in [
            "built from demo-1.0.tar.gz (",
            "  sha256:",
            "Successfully built demo-1.0.tar.gz and demo-1.0-py3-none-any.whl",
        ] {
            assert!(outcome.out.contains(word), "{word}: {}", outcome.out);
        }
        let wheel = folder.join(WHEEL);
        let args = [
            "install",
            "--venv",
            "env",
            "--no-index",
            wheel.to_str().unwrap(),
        ];
        machine.assay(&args).ok();
        assert!(machine.site().join("demo/__init__.py").exists());
    });
}

#[test]
fn one_of_the_two_may_be_wanted() {
    let server = index(&[], &[]);
    for_me(|machine| {
        tree(machine, &quiet());
        for (option, folder, expected) in [("--sdist", "s", SDIST), ("--wheel", "w", WHEEL)] {
            build(machine, &server, &[option, "-o", folder]).ok();
            assert_eq!(names(&machine.path(folder)), [expected]);
        }
        build(machine, &server, &["-s", "-w", "-o", "both"]).ok();
        assert_eq!(names(&machine.path("both")), [WHEEL, SDIST]);
        assert_eq!(dist(machine), Vec::<String>::new());
    });
}

#[test]
fn the_same_tree_makes_the_same_bytes_whatever_was_made_before() {
    let server = index(&[], &[]);
    for_me(|machine| {
        let code = "paths = sorted(os.path.join(at, it) for at, _, its in os.walk('.') for it in its)\n\
                    return write_wheel(folder, {**files(), 'demo/tree.txt': '\\n'.join(paths).encode()})";
        tree(machine, &Backend::new().instead("build_wheel", code));
        let digest = |folder: &str| {
            let report = build(machine, &server, &["--wheel", "--json", "-o", folder]).ok();
            let made = report.json()[0].clone();
            assert_eq!(made["built"]["from"], "demo-1.0");
            made["sha256"].clone()
        };
        let first = digest("tree/dist");
        assert_eq!(first, digest("tree/dist"));
        assert_eq!(first, digest("elsewhere"));
    });
}

#[test]
fn the_time_is_the_users_where_it_is_set() {
    let server = index(&[], &[]);
    let url = server.index_url();
    for_me(|machine| {
        tree(machine, &Backend::new());
        let args = ["build", "-i", &url, "./tree", "--wheel"];
        let seen = |variables: &[(&str, &str)]| {
            machine.assay_with(&args, variables).ok();
            let wheel = machine.path("tree/dist").join(WHEEL);
            let args = [
                "install",
                "--venv",
                "env",
                "--force-reinstall",
                "--no-index",
            ];
            machine
                .assay(&[&args[..], &[wheel.to_str().unwrap()]].concat())
                .ok();
            super::seen(machine, "demo")["environ"]["SOURCE_DATE_EPOCH"].clone()
        };
        assert_eq!(seen(&[]), "315532800");
        assert_eq!(seen(&[("SOURCE_DATE_EPOCH", "1700000000")]), "1700000000");
        let wrong = [("SOURCE_DATE_EPOCH", "yesterday")];
        machine
            .assay_with(&args, &wrong)
            .fails(2, &["SOURCE_DATE_EPOCH"]);
    });
}

#[test]
fn settings_are_for_the_project() {
    let server = index(&[], &[]);
    for_me(|machine| {
        let code = "assert config_settings == {'level': '2'}, config_settings";
        tree(machine, &quiet().during("build_sdist", code).building(code));
        build(machine, &server, &["-C", "level=2"]).ok();
        build(machine, &server, &["-C", "level=3"]).fails(1, &["AssertionError"]);
    });
}

#[test]
fn what_the_build_requires_is_resolved_to_wheels() {
    let tool = simple("tool", "1.0", &[]);
    let server = index(&[], &[tool, simple("tool", "2.0", &[])]);
    for_me(|machine| {
        let code = "import tool\nassert tool.__version__ == '1.0', tool.__version__";
        tree(machine, &quiet().requires("tool").building(code));
        build(machine, &server, &["--wheel"]).fails(1, &["AssertionError"]);
        assert_eq!(dist(machine), Vec::<String>::new());
        machine.write("limits.txt", "tool<2\n");
        build(machine, &server, &["--build-constraint", "limits.txt"]).ok();
    });
}

#[test]
fn an_sdist_that_nobody_could_take_is_not_written() {
    let server = index(&[], &[]);
    for (code, words) in [
        (
            "import io, tarfile\n\
             name = stem() + '.tar.gz'\n\
             with tarfile.open(os.path.join(folder, name), 'w:gz') as archive:\n\
             \x20   entry = tarfile.TarInfo(stem() + '/../evil')\n\
             \x20   archive.addfile(entry, io.BytesIO(b''))\n\
             return name",
            &["demo-1.0.tar.gz", "rule:"][..],
        ),
        (
            "import tarfile\n\
             name = 'other-1.0.tar.gz'\n\
             tarfile.open(os.path.join(folder, name), 'w:gz').close()\n\
             return name",
            &["other", "rule: a build makes what its source says"],
        ),
    ] {
        for_me(|machine| {
            tree(machine, &quiet().instead("build_sdist", code));
            build(machine, &server, &[]).fails(4, words);
            assert_eq!(dist(machine), Vec::<String>::new());
        });
    }
}

#[test]
fn a_wheel_that_cannot_be_built_from_the_sdist_leaves_nothing() {
    let server = index(&[], &[]);
    for_me(|machine| {
        tree(
            machine,
            &quiet().building("raise RuntimeError('the reason')"),
        );
        build(machine, &server, &[]).fails(1, &["the reason"]);
        assert_eq!(dist(machine), Vec::<String>::new());
        build(machine, &server, &["--sdist"]).ok();
        assert_eq!(dist(machine), [SDIST]);
    });
}

#[test]
fn only_a_file_takes_a_files_place_and_no_link_leads_out() {
    let server = index(&[], &[]);
    for_me(|machine| {
        tree(machine, &quiet());
        let victim = machine.write("victim", "kept");
        std::fs::create_dir(machine.path("tree/dist")).unwrap();
        let link = machine.path("tree/dist").join(WHEEL);
        std::os::unix::fs::symlink(&victim, &link).unwrap();
        build(machine, &server, &[]).fails(1, &[WHEEL, "no file"]);
        assert_eq!(dist(machine), [WHEEL]);
        std::fs::remove_file(&link).unwrap();
        machine.write(&format!("tree/dist/{WHEEL}"), "of yesterday");
        build(machine, &server, &[]).ok();
        assert_eq!(dist(machine), [WHEEL, SDIST]);
        std::fs::remove_dir_all(machine.path("tree/dist")).unwrap();
        std::fs::create_dir(machine.path("elsewhere")).unwrap();
        std::os::unix::fs::symlink("../elsewhere", machine.path("tree/dist")).unwrap();
        build(machine, &server, &[]).fails(1, &["--outdir"]);
        assert_eq!(names(&machine.path("elsewhere")), Vec::<String>::new());
        assert_eq!(std::fs::read(&victim).unwrap(), b"kept");
    });
}

#[test]
fn a_rule_against_builds_is_one_against_these_too() {
    let server = index(&[], &[]);
    for_me(|machine| {
        tree(machine, &quiet());
        let rules = "[policy]\nsource-builds = \"named\"\n";
        machine.write_at_home(".config/assay/policy.toml", rules);
        build(machine, &server, &[]).fails(4, &["source-builds", "--allow-build demo"]);
        assert_eq!(dist(machine), Vec::<String>::new());
        build(machine, &server, &["--allow-build", "demo"]).ok();
    });
}

#[test]
fn what_is_no_project_is_told() {
    let server = index(&[], &[]);
    for_me(|machine| {
        let url = server.index_url();
        machine.write("empty/x.txt", "");
        machine.write(SDIST, "");
        let run = |path: &str| machine.assay(&["build", "-i", &url, path]);
        run("./gone").fails(2, &["gone"]);
        run(SDIST).fails(2, &["assay wheel"]);
        run("./empty").fails(2, &["no project (pyproject.toml or setup.py)"]);
        assert!(!machine.path("empty/dist").exists());
    });
}
