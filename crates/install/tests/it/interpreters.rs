//! Asking interpreters, and not asking twice.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Command};

use assay_install::{Error, Interpreter};

use assay_testkit::peers;

use crate::common::Home;

#[test]
fn the_answer_is_the_interpreters_own() {
    let Some(home) = Home::new() else { return };
    let said = |program: &str| {
        let mut command = Command::new(home.python.executable());
        let output = command.args(["-I", "-c", program]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let python = home.python.python();
    assert_eq!(
        python.version.to_string(),
        said("import platform; print(platform.python_version())")
    );
    assert_eq!(
        python.platform,
        said("import sysconfig; print(sysconfig.get_platform())")
    );
    let purelib = said("import sysconfig; print(sysconfig.get_path('purelib'))");
    assert_eq!(home.python.paths().purelib.display().to_string(), purelib);
    assert!(home.python.is_standard_module("json"));
    assert!(!home.python.is_standard_module("flask"));
}

#[test]
fn a_known_base_is_not_run_for_a_new_environment() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let python = Interpreter::of_environment(env.folder(), &home.cache()).unwrap();
    assert_eq!(python.venv(), Some(env.folder()));
    let answers = fs::read_dir(home.cache().join("interpreters"))
        .unwrap()
        .count();
    assert_eq!(answers, 1);
}

#[test]
fn answers_that_others_could_have_written_are_refused() {
    let Some(home) = Home::new() else { return };
    let ask = || Interpreter::query(home.python.executable(), &home.cache());
    fs::create_dir_all(home.cache().join("interpreters")).unwrap();
    let set_mode = |mode| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(home.cache().join("interpreters"), permissions).unwrap();
    };
    set_mode(0o777);
    assert!(matches!(ask(), Err(Error::NotPrivate { .. })));
    set_mode(0o755);
    ask().unwrap();
}

#[test]
fn a_wrapper_is_asked_each_time() {
    let Some(home) = Home::new() else { return };
    let wrapper = home.path().join("python3");
    let real = home.python.executable().display().to_string();
    let script = |count: &str| {
        format!(
            "#!/bin/sh\necho {count} >> {}/asked\nexec '{real}' \"$@\"\n",
            home.path().display()
        )
    };
    fs::write(&wrapper, script("once")).unwrap();
    fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755)).unwrap();
    for _ in 0..2 {
        let found = Interpreter::query(&wrapper, &home.cache()).unwrap();
        assert_eq!(found.python().version, home.python.python().version);
        assert_ne!(found.executable(), wrapper);
    }
    let asked = fs::read_to_string(home.path().join("asked")).unwrap();
    assert_eq!(asked.lines().count(), 2);
}

#[test]
fn requests_are_paths_versions_names_and_folders() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let search = [env.paths().scripts.clone()];
    let version = env.interpreter().short_version();
    let folder = env.folder().display().to_string();
    let path = env.paths().scripts.join("python").display().to_string();
    for request in [
        version.as_str(),
        &format!("python{version}"),
        "python3",
        &folder,
        &path,
    ] {
        let found = Interpreter::find(request, &search, &home.cache()).unwrap();
        assert_eq!(found.venv(), Some(env.folder()), "{request}");
    }
    for request in ["2.1", "python2.1", "no-such-python"] {
        let missing = Interpreter::find(request, &search, &home.cache());
        assert!(
            matches!(missing, Err(Error::Interpreter { .. })),
            "{request}"
        );
    }
}

#[test]
fn the_active_environment_comes_before_the_one_that_lies_here() {
    let Some(home) = Home::new() else { return };
    let here = home.venv(".venv");
    let active = home.venv("active");
    let below = home.path().join("a/b");
    fs::create_dir_all(&below).unwrap();
    let find = |active| Interpreter::discover(active, &below, &[], &home.cache()).unwrap();
    assert_eq!(find(None).venv(), Some(here.folder()));
    assert_eq!(find(Some(active.folder())).venv(), Some(active.folder()));
}

#[test]
fn what_is_no_python_is_refused() {
    let Some(_) = peers::python() else { return };
    let cache = tempfile::tempdir().unwrap();
    for program in ["/bin/true", "/bin/false", "/etc/passwd", "/nonexistent"] {
        let refused = Interpreter::query(program.as_ref(), cache.path());
        assert!(
            matches!(refused, Err(Error::Interpreter { .. })),
            "{program}"
        );
    }
}

#[test]
fn marker_values_are_those_of_packaging() {
    let Some(home) = Home::new() else { return };
    let program = "import json; from packaging.markers import default_environment; print(json.dumps(default_environment()))";
    if peers::python_with(program, "packaging").is_none() {
        return;
    }
    let output = Command::new(home.python.executable())
        .args(["-I", "-c", program])
        .output()
        .unwrap();
    let expected: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let found = serde_json::to_value(&home.python.python().markers).unwrap();
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(found[name], *value, "{name}");
    }
}
