//! Requirements that stand in TOML: dependency groups (PEP 735) and scripts (PEP 723).

use crate::machine::{Machine, index, simple};

const PYPROJECT: &str = r#"
[dependency-groups]
test = ["app>1", {include-group = "Base_x"}]
base-x = ["lib; python_version > '3'", "never; python_version < '3'"]
wrong = ["app >"]
path = ["./app.whl"]
"#;

#[test]
fn a_group_is_installed_with_what_it_includes() {
    let server = index(&[simple("app", "2.0", &[]), simple("lib", "1.0", &[])]);
    let machine = Machine::new();
    machine.write("pyproject.toml", PYPROJECT);
    machine.write(
        "sub/pyproject.toml",
        "[dependency-groups]\nonly = ['lib']\n",
    );
    let first = machine.install(&server, &["--group", "TEST"]).ok();
    assert_eq!(machine.frozen(), ["app==2.0", "lib==1.0"]);
    assert!(
        first
            .err
            .contains("pyproject.toml:4 (group base-x) is not for this Python"),
        "{first:?}"
    );
    let again = Machine::new();
    again.write(
        "sub/pyproject.toml",
        "[dependency-groups]\nonly = ['lib']\nnone = []\n",
    );
    again
        .install(&server, &["--group", "sub/pyproject.toml:only"])
        .ok();
    assert_eq!(again.frozen(), ["lib==1.0"]);
    again
        .install(&server, &["--group", "sub/pyproject.toml:none"])
        .ok();
}

#[test]
fn a_group_that_is_wrong_is_refused_with_its_place() {
    let server = index(&[simple("app", "2.0", &[])]);
    let machine = Machine::new();
    let fails = |group: &str, code: i32, words: &[&str]| {
        machine
            .install(&server, &["--group", group])
            .fails(code, words);
    };
    fails("test", 1, &["pyproject.toml", "No such file"]);
    machine.write("pyproject.toml", PYPROJECT);
    fails(
        "missing",
        2,
        &[
            "pyproject.toml: there is no group missing",
            "it has base-x, path, test, wrong",
        ],
    );
    fails(
        "wrong",
        2,
        &["pyproject.toml:5 (group wrong): app > is no requirement"],
    );
    fails(
        "path",
        2,
        &["pyproject.toml:6 (group path): ./app.whl is no requirement"],
    );
    fails("setup.cfg:test", 2, &["setup.cfg is no pyproject.toml"]);
    assert!(!machine.venv().exists());
}

#[test]
fn a_script_brings_its_dependencies() {
    let server = index(&[simple("app", "2.0", &["lib"]), simple("lib", "1.0", &[])]);
    let machine = Machine::new();
    let script = |python: &str| {
        format!(
            "# /// script\n# requires-python = \"{python}\"\n# dependencies = [\"app\"]\n# ///\nimport app\n"
        )
    };
    machine.write("run.py", script(">=3"));
    machine.write("old.py", script("<3"));
    let install =
        |args: &[&str]| machine.install(&server, &[&["--requirements-from-script"], args].concat());
    install(&["old.py"]).fails(1, &["old.py:2: the script requires Python <3"]);
    install(&["run.py", "--requirements-from-script", "old.py"]).fails(2, &["once only"]);
    assert!(!machine.venv().exists());
    install(&["run.py"]).ok();
    assert_eq!(machine.frozen(), ["app==2.0", "lib==1.0"]);
    install(&["old.py", "--ignore-requires-python"]).ok();
    machine.write("plain.py", "import app\n");
    install(&["plain.py"]).fails(2, &["plain.py has no block of script metadata"]);
    machine.write("none.py", "# /// script\n# dependencies = []\n# ///\n");
    install(&["none.py"]).ok();
}
