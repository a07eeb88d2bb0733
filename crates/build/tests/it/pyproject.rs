//! What `pyproject.toml` may say.

use std::{fs, os::unix::fs::symlink, path::Path};

use assay_build::{BuildSystem, Error, ProjectTable};
use assay_types::{Requirement, SafePath};
use proptest::prelude::*;

/// A project's folder with that `pyproject.toml` and a folder `inside`.
fn project(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("inside")).unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    fs::write(folder.path().join("pyproject.toml"), text).unwrap();
    folder
}

fn refusal(text: &str) -> String {
    BuildSystem::read(project(text).path())
        .unwrap_err()
        .to_string()
}

#[test]
fn what_is_said_is_read() {
    let text = "[build-system]\nrequires = ['a>=1', \"b[c]; os_name == 'x'\"]\n\
                build-backend = 'a.b:c'\nbackend-path = ['.', './inside/', 'inside']\n";
    let read = BuildSystem::read(project(text).path()).unwrap();
    assert_eq!(read.backend, "a.b:c");
    let expected = ["a>=1", "b[c]; os_name == 'x'"].map(|it| Requirement::parse(it).unwrap());
    assert_eq!(read.requires, expected);
    let inside = Some(SafePath::parse("inside").unwrap());
    assert_eq!(read.backend_path, [None, inside.clone(), inside]);
}

#[test]
fn setuptools_builds_what_says_nothing() {
    let nothing = BuildSystem::read(project("[tool.x]\n").path()).unwrap();
    assert_eq!(nothing.backend, "setuptools.build_meta:__legacy__");
    let setuptools = Requirement::parse("setuptools>=40.8.0").unwrap();
    assert_eq!(nothing.requires, [setuptools]);
    let folder = tempfile::tempdir().unwrap();
    let refused = BuildSystem::read(folder.path()).unwrap_err();
    assert!(matches!(refused, Error::NoProject { .. }), "{refused}");
    fs::write(folder.path().join("setup.py"), "").unwrap();
    assert_eq!(BuildSystem::read(folder.path()).unwrap(), nothing);
    let named = BuildSystem::parse("[build-system]\nrequires = []\n").unwrap();
    assert_eq!(
        (named.backend, named.requires),
        (nothing.backend, Vec::new())
    );
}

#[test]
fn every_mistake_names_its_key_and_line() {
    for (text, expected) in [
        ("x = ", "pyproject.toml:1: no TOML: "),
        (
            "\nbuild-system = 1",
            "pyproject.toml:2: build-system is a integer and not a table",
        ),
        (
            "[build-system]",
            "pyproject.toml:1: build-system has no requires",
        ),
        (
            "[build-system]\nrequires = 'a'",
            "pyproject.toml:2: build-system.requires is a string and not a list",
        ),
        (
            "[build-system]\nrequires = ['a',\n1]",
            "pyproject.toml:3: build-system.requires[1] is a integer",
        ),
        (
            "[build-system]\nrequires = ['a b']",
            "pyproject.toml:2: build-system.requires[0] \"a b\": ",
        ),
        (
            "[build-system]\nrequires = []\nbuild-backend = 'a;b'",
            "build-system.build-backend \"a;b\": not module",
        ),
        (
            "[build-system]\nrequires = []\nbuild-backend = ['a']",
            "build-system.build-backend is a array",
        ),
        (
            "[build-system]\nrequires = []\nbackend-path = ['.']",
            "backend-path is there, but no build-backend",
        ),
        (
            "[build-system]\nrequires = []\nrequires = []",
            "pyproject.toml:3: no TOML",
        ),
    ] {
        let refused = refusal(text);
        assert!(refused.contains(expected), "{text}: {refused}");
    }
}

#[test]
fn a_backend_lies_in_the_tree() {
    let text = |path: &str| {
        format!("[build-system]\nrequires = []\nbuild-backend = 'a'\nbackend-path = ['{path}']\n")
    };
    for path in [
        "..",
        "../..",
        "inside/..",
        "/",
        "/etc",
        "",
        "./..",
        "inside//",
        "C:",
        "a\\b",
        "~/x\u{7}",
    ] {
        let shown = toml_string(path);
        let refused = refusal(&text("x").replace("'x'", &shown));
        assert!(refused.contains("backend-path[0]"), "{path:?}: {refused}");
    }
    for (path, fact) in [("absent", "No such file"), ("file", "it is no folder")] {
        assert!(refusal(&text(path)).contains(fact));
    }
    let folder = project(&text("link"));
    let link = folder.path().join("link");
    symlink("inside", &link).unwrap();
    assert!(BuildSystem::read(folder.path()).is_ok());
    for leads_to in ["/usr", "..", "inside/../.."] {
        fs::remove_file(&link).unwrap();
        symlink(leads_to, &link).unwrap();
        let refused = BuildSystem::read(folder.path()).unwrap_err().to_string();
        assert!(
            refused.contains("a link leads out of the tree"),
            "{leads_to}: {refused}"
        );
    }
}

fn toml_string(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn a_file_that_is_none_or_too_large_is_refused() {
    let folder = project("");
    let path = folder.path().join("pyproject.toml");
    let padded = |size: usize| "#".repeat(size);
    fs::write(&path, padded(1 << 20)).unwrap();
    assert!(BuildSystem::read(folder.path()).is_ok());
    fs::write(&path, padded((1 << 20) + 1)).unwrap();
    assert!(BuildSystem::read(folder.path()).is_err());
    fs::write(&path, b"x = '\xff'").unwrap();
    assert!(
        BuildSystem::read(folder.path())
            .unwrap_err()
            .to_string()
            .contains("not UTF-8")
    );
    fs::remove_file(&path).unwrap();
    symlink("/etc/hostname", &path).unwrap();
    assert!(
        BuildSystem::read(folder.path())
            .unwrap_err()
            .to_string()
            .contains("it is a link")
    );
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    assert!(BuildSystem::read(folder.path()).is_err());
    assert!(ProjectTable::read(folder.path()).is_err());
}

const STATIC: &str = "[project]\nname = 'De_mo'\nversion = '1.0'\nrequires-python = '>=3.8'\n\
                      dependencies = ['a>=1', \"b; os_name == 'x'\"]\n\
                      [project.optional-dependencies]\nE_x = ['c', \"d; python_version < '3'\"]\n";

#[test]
fn what_a_project_fixes_is_its_metadata() {
    let table = ProjectTable::parse(STATIC).unwrap().unwrap();
    let metadata = table.metadata().unwrap();
    assert_eq!(
        (metadata.name.as_ref(), metadata.display_name.as_str()),
        ("de-mo", "De_mo")
    );
    let requires: Vec<_> = metadata
        .requires_dist
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        requires,
        [
            "a>=1",
            "b ; os_name == 'x'",
            "c ; extra == 'e-x'",
            "d ; python_full_version < '3' and extra == 'e-x'",
        ]
    );
    assert_eq!(metadata.provides_extra.len(), 1);
    assert_eq!(metadata.requires_python.unwrap().to_string(), ">=3.8");
    let least = ProjectTable::parse("[project]\nname = 'a'\nversion = '1'\n")
        .unwrap()
        .unwrap();
    assert_eq!(least.metadata().unwrap().requires_dist, []);
    assert!(ProjectTable::parse("[tool.x]").unwrap().is_none());
    assert!(
        ProjectTable::read(Path::new("/nonexistent"))
            .unwrap()
            .is_none()
    );
}

#[test]
fn what_a_project_leaves_open_only_a_build_tells() {
    for field in [
        "version",
        "dependencies",
        "optional-dependencies",
        "requires-python",
    ] {
        let text = format!("[project]\nname = 'a'\ndynamic = ['{field}']\n");
        let version = if field == "version" {
            ""
        } else {
            "version = '1'\n"
        };
        let table = ProjectTable::parse(&format!("{text}{version}"))
            .unwrap()
            .unwrap();
        assert!(table.metadata().is_none(), "{field}");
        assert_eq!(table.version.is_none(), field == "version");
        assert_eq!(table.dependencies.is_none(), field == "dependencies");
        assert_eq!(
            table.optional_dependencies.is_none(),
            field == "optional-dependencies"
        );
    }
    let other = STATIC.replacen("name", "dynamic = ['readme']\nname", 1);
    assert!(
        ProjectTable::parse(&other)
            .unwrap()
            .unwrap()
            .metadata()
            .is_some()
    );
}

#[test]
fn mistakes_in_a_project_are_refused() {
    for (text, expected) in [
        ("version = '1'", "project has no name"),
        ("name = 'a b'", "project.name \"a b\": not a project's name"),
        ("name = 1", "project.name is a integer"),
        (
            "name = 'a'\nversion = 'x'",
            "project.version \"x\": not a version",
        ),
        (
            "name = 'a'\nversion = '1'\ndynamic = ['version']",
            "project.version is there, and dynamic, too",
        ),
        ("name = 'a'\ndynamic = ['name']", "dynamic name"),
        (
            "name = 'a'\ndynamic = 'version'",
            "project.dynamic is a string",
        ),
        (
            "name = 'a'\ndependencies = {}",
            "project.dependencies is a table",
        ),
        (
            "name = 'a'\nrequires-python = '3.x'",
            "project.requires-python",
        ),
        (
            "name = 'a'\noptional-dependencies = {'a b' = []}",
            "project.optional-dependencies.a b is no extra's name",
        ),
        (
            "name = 'a'\noptional-dependencies = {a-b = [], a_b = []}",
            "is there twice, in two spellings",
        ),
        (
            "name = 'a'\noptional-dependencies = {a = 'b'}",
            "project.optional-dependencies.a is a string",
        ),
    ] {
        let refused = ProjectTable::parse(&format!("[project]\n{text}\n"))
            .unwrap_err()
            .to_string();
        assert!(refused.contains(expected), "{text}: {refused}");
    }
}

/// Text that has the words of the format, in any order.
fn texts() -> impl Strategy<Value = String> {
    let words = [
        "[build-system]\n",
        "[project]\n",
        "requires",
        "build-backend",
        "backend-path",
        "name",
        "version",
        "dynamic",
        "dependencies",
        "optional-dependencies",
        " = ",
        "[",
        "]",
        "{",
        "}",
        "'a>=1'",
        "'..'",
        "'a:b'",
        "'a @ https://example.com/a.whl'",
        "1",
        "true",
        ",",
        "\n",
        "\"\\u0007\"",
        "\u{e9}",
        ".",
    ];
    let word = prop_oneof![
        9 => prop::sample::select(words.to_vec()).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    prop::collection::vec(word, 0..24).prop_map(|it| it.concat())
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_place(text in texts()) {
        match BuildSystem::parse(&text) {
            Ok(read) => prop_assert!(read.backend_path.iter().flatten().all(|it| it.parts().all(|it| it != ".."))),
            Err(error) => check(&text, &error)?,
        }
        if let Err(error) = ProjectTable::parse(&text) {
            check(&text, &error)?;
        }
    }
}

fn check(text: &str, error: &Error) -> Result<(), TestCaseError> {
    let Error::Project { place, .. } = error else {
        return Err(TestCaseError::fail(error.to_string()));
    };
    let line = place.strip_prefix("pyproject.toml").unwrap();
    let line = line
        .strip_prefix(':')
        .map(|it| it.parse::<usize>().unwrap());
    prop_assert!(line.is_none_or(|it| it >= 1 && it <= text.split('\n').count()));
    prop_assert!(!error.to_string().contains(char::is_control));
    Ok(())
}
