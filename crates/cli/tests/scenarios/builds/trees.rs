//! Folders that the user names: a copy is built, and what lies there stays as it is.

use std::os::unix::fs::symlink;

use assay_testkit::{
    sdist::{Backend, SdistBuilder},
    server::IndexServer,
};

use super::{for_each_user, for_me, index, nothing_installed, receipt, seen};
use crate::machine::{Machine, simple};

fn demo(backend: &Backend) -> SdistBuilder {
    SdistBuilder::simple("demo", "1.0")
        .in_tree(backend)
        .project("")
}

/// The tree, in the user's own folder.
fn tree(machine: &Machine, described: &SdistBuilder) {
    described.write_tree(&machine.path("tree")).unwrap();
    machine.give(&machine.path("tree"));
}

fn nobody() -> IndexServer {
    index(&[], &[])
}

#[test]
fn a_project_is_built_from_a_copy() {
    let code = "for at in '.', 'demo': open(os.path.join(at, 'left.txt'), 'w').write('x')";
    for_each_user(|machine| {
        tree(machine, &demo(&Backend::new().building(code)));
        let before = machine.snapshot();
        machine.install(&nobody(), &["--dry-run", "./tree"]).ok();
        machine.assert_unchanged(&before);
        machine.install(&nobody(), &["./tree"]).ok();
        let changes = machine.changes_since(&before);
        assert!(
            changes.iter().all(|it| it.starts_with(machine.venv())),
            "{changes:?}"
        );
        assert_eq!(seen(machine, "demo")["folder"], "/build/src");
        assert!(machine.site().join("demo/left.txt").exists());
        let reference = super::json(&machine.site().join("demo-1.0.dist-info/direct_url.json"));
        assert!(
            reference["url"].as_str().unwrap().ends_with("/tree"),
            "{reference}"
        );
        assert_eq!(receipt(machine, "demo-1.0")["built"]["editable"], false);
    });
}

#[test]
fn an_editable_leads_to_the_users_own_folder_which_stays_as_it_is() {
    let code = "open('left.txt', 'w').write('x')\nopen('/build/src/left-too.txt', 'w').write('x')";
    for_each_user(|machine| {
        tree(
            machine,
            &demo(&Backend::new().during("build_editable", code)),
        );
        let before = machine.snapshot();
        machine.install(&nobody(), &["-e", "./tree"]).ok();
        let changes = machine.changes_since(&before);
        assert!(
            changes.iter().all(|it| it.starts_with(machine.venv())),
            "{changes:?}"
        );
        let told = "import demo; print(demo.__file__, demo.__version__)";
        let path = machine.path("tree/demo/__init__.py");
        assert_eq!(
            machine.python(told).out,
            format!("{} 1.0\n", path.display())
        );
        // Of another length: bytecode of the same second may pass for it.
        machine.write("tree/demo/__init__.py", "__version__ = '1.10'\n");
        assert_eq!(
            machine.python(told).out,
            format!("{} 1.10\n", path.display())
        );
        let reference = super::json(&machine.site().join("demo-1.0.dist-info/direct_url.json"));
        assert_eq!(reference["dir_info"]["editable"], true);
        assert_eq!(receipt(machine, "demo-1.0")["built"]["editable"], true);
    });
}

#[test]
fn an_editable_may_lie_below_the_tree_that_it_is_a_part_of() {
    for_me(|machine| {
        let described = demo(&Backend::new());
        described.write_tree(&machine.path("repo/python")).unwrap();
        machine.write("repo/shared.txt", "");
        let url = format!(
            "file://{}#subdirectory=python",
            machine.path("repo").display()
        );
        machine.install(&nobody(), &["-e", &url]).ok();
        let path = machine.path("repo/python/demo/__init__.py");
        let told = machine.python("import demo; print(demo.__file__)").out;
        assert_eq!(told, format!("{}\n", path.display()));
    });
}

#[test]
fn what_lies_beside_the_tree_is_out_of_reach() {
    let code = "
for path in '../secret.txt', os.path.join(os.path.dirname(os.getcwd()), 'secret.txt'), 'demo/link', 'demo/folder/secret.txt':
    try: open(path).read()
    except OSError: continue
    raise SystemExit('read ' + path)
found['parent'] = os.listdir('..')
";
    for_each_user(|machine| {
        let secret = machine.write("secret.txt", "of the host");
        let backend = Backend::new().building(code).during("build_editable", code);
        tree(machine, &demo(&backend));
        symlink(&secret, machine.path("tree/demo/link")).unwrap();
        symlink(machine.path(""), machine.path("tree/demo/folder")).unwrap();
        for args in [&["-e", "./tree"][..], &["./tree"]] {
            let outcome = machine.install(&nobody(), args);
            // The backend of the tests packs what links lead to, and finds nothing there.
            assert!(!outcome.err.contains("read "), "{}", outcome.err);
            let packed = machine.venv().join("lib");
            let files = crate::machine::files_with(&packed, "demo/");
            for file in files.iter().filter(|it| it.is_file()) {
                let text = std::fs::read(file).unwrap();
                assert!(
                    !String::from_utf8_lossy(&text).contains("of the host"),
                    "{file:?}"
                );
            }
        }
    });
}

#[test]
fn a_backend_without_editables_says_so() {
    for_me(|machine| {
        tree(machine, &demo(&Backend::new().without("build_editable")));
        let outcome = machine.install(&nobody(), &["-e", "./tree"]);
        nothing_installed(machine, &outcome);
        outcome.fails(1, &["demo", "PEP 660"]);
        machine.install(&nobody(), &["./tree"]).ok();
    });
}

#[test]
fn what_changed_in_the_tree_is_built_anew() {
    let backend = Backend::new().building("found['build'] = os.urandom(8).hex()");
    for_me(|machine| {
        tree(machine, &demo(&backend));
        let build = || {
            std::fs::remove_dir_all(machine.venv()).ok();
            machine.install(&nobody(), &["./tree"]).ok();
            seen(machine, "demo")["found"]["build"].clone()
        };
        let first = build();
        assert_eq!(build(), first);
        machine.write("tree/demo/more.py", "");
        assert_ne!(build(), first);
    });
}

#[test]
fn what_a_tree_requires_is_installed_with_it() {
    let described = SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new());
    let described = described.project("dependencies = [\"lib\"]");
    let server = index(&[], &[simple("lib", "1.0", &[])]);
    for_me(|machine| {
        tree(machine, &described);
        machine.install(&server, &["./tree"]).ok();
        assert_eq!(machine.frozen().len(), 2);
    });
}

#[test]
fn pipes_and_sockets_in_a_tree_stop_nobody() {
    for_me(|machine| {
        tree(machine, &demo(&Backend::new()));
        let pipe = machine.path("tree/pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        let _socket = std::os::unix::net::UnixListener::bind(machine.path("tree/socket")).unwrap();
        machine.install(&nobody(), &["./tree"]).ok();
    });
}

#[test]
fn git_in_a_tree_runs_nothing_on_the_host() {
    let Some(git) = assay_testkit::peers::program("git") else {
        return;
    };
    for_me(|machine| {
        tree(machine, &demo(&Backend::new()));
        let run = |args: &[&str]| {
            let all = [&["-C", "tree"], args].concat();
            machine.run(&git, &all).ok()
        };
        run(&["init", "-q"]);
        let mark = machine.home().join("ran");
        let touch = format!("touch {}", mark.display());
        run(&["config", "core.fsmonitor", &touch]);
        run(&["config", "core.sshCommand", &touch]);
        run(&["config", "filter.x.clean", &touch]);
        machine.write("tree/.gitattributes", "* filter=x\n");
        machine.install(&nobody(), &["./tree"]).ok();
        assert!(!mark.exists());
    });
}
