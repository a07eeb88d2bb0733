//! Trees whose repository lies elsewhere: work trees and submodules.

use std::{fs, path::Path, process::Command};

use assay_build::{LaidOut, Workshop};

use crate::rig::{folder, workshop};

/// What git says in a folder; nothing of the user's settings counts.
fn git(at: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    let own = ["-c", "protocol.file.allow=always", "-c", "safe.directory=*"];
    command.current_dir(at).args(own).args(arguments);
    for (name, value) in [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "a"),
        ("GIT_AUTHOR_EMAIL", "a"),
        ("GIT_COMMITTER_NAME", "a"),
        ("GIT_COMMITTER_EMAIL", "a"),
    ] {
        command.env(name, value);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Two repositories, `lib` with a tag; `None` where there is no git.
fn repositories() -> Option<tempfile::TempDir> {
    assay_testkit::peers::program("git")?;
    let home = folder();
    for name in ["lib", "app"] {
        let at = home.path().join(name);
        fs::create_dir(&at).unwrap();
        git(&at, &["init", "-q", "."]);
        fs::write(at.join("file"), name).unwrap();
        git(&at, &["add", "file"]);
        git(&at, &["commit", "-q", "-m", "first"]);
        git(&at, &["tag", "-a", "-m", "one", "v1"]);
    }
    Some(home)
}

fn laid_out(tree: &Path) -> (LaidOut, Workshop, tempfile::TempDir) {
    let home = folder();
    let mut workshop = workshop(&home);
    let laid_out = workshop.lay_out_tree(tree, None).unwrap();
    (laid_out, workshop, home)
}

/// The version tools see what the user sees, and the listing knows one state from another.
fn is_seen_as_it_is(tree: &Path) {
    let describe = ["describe", "--tags", "--dirty"];
    let (before, workshop, _home) = laid_out(tree);
    assert_eq!(before.no_repository, None);
    assert_eq!(git(&workshop.project(), &describe), git(tree, &describe));
    assert_eq!(git(&workshop.project(), &["status", "--short"]), "");
    git(tree, &["commit", "-q", "--allow-empty", "-m", "more"]);
    let (after, workshop, _home) = laid_out(tree);
    let said = git(&workshop.project(), &describe);
    assert!(
        said.starts_with("v1-1-g") && said == git(tree, &describe),
        "{said}"
    );
    assert_ne!(before.listing, after.listing);
}

#[test]
fn a_work_tree_is_seen_as_it_is() {
    let Some(home) = repositories() else { return };
    git(
        &home.path().join("lib"),
        &["worktree", "add", "-q", "../tree"],
    );
    assert!(home.path().join("tree/.git").is_file());
    is_seen_as_it_is(&home.path().join("tree"));
}

#[test]
fn a_submodule_is_seen_as_it_is() {
    let Some(home) = repositories() else { return };
    let app = home.path().join("app");
    git(&app, &["submodule", "--quiet", "add", "../lib", "lib"]);
    assert!(app.join("lib/.git").is_file());
    is_seen_as_it_is(&app.join("lib"));
}

#[test]
fn a_repository_of_somebody_elses_is_not_copied() {
    let Some(home) = repositories() else { return };
    let (lib, tree) = (home.path().join("lib"), home.path().join("tree"));
    git(&lib, &["worktree", "add", "-q", "../own"]);
    let own = lib.join(".git/worktrees/own");
    fs::create_dir_all(tree.join("fake")).unwrap();
    fs::write(
        tree.join("fake/commondir"),
        lib.join(".git").to_str().unwrap(),
    )
    .unwrap();
    fs::write(
        tree.join("fake/gitdir"),
        tree.join(".git").to_str().unwrap(),
    )
    .unwrap();
    for leads_to in [
        &lib.join(".git"),
        &own,
        &tree.join("fake"),
        &home.path().join("none"),
    ] {
        fs::write(
            tree.join(".git"),
            format!("gitdir: {}\n", leads_to.display()),
        )
        .unwrap();
        let (laid_out, workshop, _home) = laid_out(&tree);
        assert!(laid_out.no_repository.is_some(), "{leads_to:?}");
        assert!(workshop.project().join(".git").is_file());
    }
    is_seen_as_it_is(&home.path().join("own"));
}

#[test]
fn a_build_sees_the_repository_and_no_token_of_its_remotes() {
    let Some(home) = repositories() else { return };
    let tree = home.path().join("app");
    let remote = "https://user:tok3n@git.example/app.git";
    git(&tree, &["remote", "add", "origin", remote]);
    git(
        &tree,
        &["config", "http.extraheader", "AUTHORIZATION: basic tok3n"],
    );
    fs::write(tree.join(".git/FETCH_HEAD"), remote).unwrap();
    fs::write(tree.join(".git/hooks/pre-commit"), "tok3n").unwrap();
    is_seen_as_it_is(&tree);
    let (_, workshop, _home) = laid_out(&tree);
    let copied = workshop.project().join(".git");
    let mut folders = vec![copied.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => {
                    let text = fs::read(&path).unwrap();
                    assert!(!text.windows(5).any(|it| it == b"tok3n"), "{path:?}");
                }
            }
        }
    }
    assert!(copied.join("config").is_file() && !copied.join("hooks").exists());
}
