//! Looking at an environment: pip is the peer wherever it has the command.

use serde_json::{Value, json};

use crate::{
    beside_pip::Pip,
    machine::{Machine, builder, index, simple, upload},
};

/// An environment with an ordinary distribution, a modern editable one and one of an egg-link.
fn furnished() -> Machine {
    let machine = Machine::new();
    machine
        .assay(&["venv", "env", "--system-site-packages"])
        .ok();
    let project = machine.write("proj/pyproject.toml", "");
    let project = project.parent().unwrap().display().to_string();
    let site = machine.site();
    let file = |path: &str, text: &str| {
        let path = site.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    let head = |name: &str| format!("Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n");
    file("Ed.Proj-1.2.dist-info/METADATA", &head("Ed.Proj"));
    file(
        "Ed.Proj-1.2.dist-info/direct_url.json",
        &format!("{{\"url\": \"file://{project}\", \"dir_info\": {{\"editable\": true}}}}"),
    );
    file("Ed.Proj-1.2.dist-info/INSTALLER", "\npip\n");
    file("Ed.Proj-1.2.dist-info/REQUESTED", "");
    file(
        "built-1.2.dist-info/METADATA",
        &(head("built") + "Keywords: a b\n\nText\n"),
    );
    file(
        "built-1.2.dist-info/WHEEL",
        "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nBuild: 7\nTag: py3-none-any\n",
    );
    file(
        "built-1.2.dist-info/direct_url.json",
        r#"{"url": "https://a.example/b.whl", "archive_info": {"hashes": {"sha256": "00"}}}"#,
    );
    machine.write("old/Old.egg-info/PKG-INFO", head("Old"));
    machine.write(
        "old/Old.egg-info/requires.txt",
        "built>1\n\n[X_y:os_name=='nt']\nb\n",
    );
    file(
        "Old.egg-link",
        &format!("{}\n.\n", machine.path("old").display()),
    );
    machine
}

#[test]
fn list_and_freeze_print_what_pip_prints() {
    let machine = furnished();
    let Some(pip) = Pip::of(&machine) else { return };
    let site = machine.site().display().to_string();
    for args in [
        &["list"][..],
        &["list", "-l", "-v"],
        &["list", "-l", "--exclude-editable"],
        &["list", "-l", "--not-required"],
        &["list", "-l", "--format", "freeze", "-v"],
        &["list", "--user"],
        &["list", "--path", &site],
        &["list", "--exclude", "ED-proj", "-l"],
        &["freeze"],
        &["freeze", "-l", "--exclude-editable"],
        &["freeze", "--path", &site],
    ] {
        let (ours, theirs) = pip.both(args);
        assert_eq!(ours, theirs, "{args:?}");
    }
    for args in [
        &["list", "-l", "--format=json"][..],
        &["list", "-l", "--format=json", "-v"],
    ] {
        let (ours, theirs) = pip.both_json(args);
        assert_eq!(ours, theirs, "{args:?}");
    }
}

#[test]
fn local_leaves_out_what_the_base_has_and_an_environment_of_its_own_sees_nothing_of_it() {
    let machine = furnished();
    let names = |args: &[&str]| -> Vec<String> {
        let all = [&["list", "--venv", "env", "--json"], args].concat();
        let rows = machine.assay(&all).ok().json();
        let rows = rows.as_array().unwrap().iter();
        rows.map(|it| it["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(names(&["-l"]), ["built", "Ed.Proj", "Old"]);
    let config = machine.venv().join("pyvenv.cfg");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("= true", "= false")).unwrap();
    assert_eq!(names(&[]), ["built", "Ed.Proj", "Old"]);
    assert!(names(&["--user"]).is_empty());
    assert_eq!(
        machine
            .assay(&["list", "--venv", "env", "--path", ".", "-l"])
            .code,
        2
    );
}

#[test]
fn the_users_own_packages_are_seen_unless_they_are_turned_off() {
    let machine = furnished();
    let python = machine.python("import sys; print('%d.%d' % sys.version_info[:2])");
    let folder = format!("base/lib/python{}/site-packages", python.out.trim());
    let metadata = "Metadata-Version: 2.1\nName: mine\nVersion: 3\n";
    machine.write(&format!("{folder}/mine-3.dist-info/METADATA"), metadata);
    let base = machine.path("base").display().to_string();
    let list = |variables: &[(&str, &str)]| {
        let args = ["list", "--user", "--format", "freeze", "--venv", "env"];
        machine.assay_with(&args, variables).ok().out
    };
    assert_eq!(list(&[("PYTHONUSERBASE", &base)]), "mine==3\n");
    assert_eq!(
        list(&[("PYTHONUSERBASE", &base), ("PYTHONNOUSERSITE", "1")]),
        ""
    );
    assert_eq!(list(&[]), "");
}

#[test]
fn freeze_keeps_order_and_comments_of_a_file_as_pip_does() {
    let machine = furnished();
    let Some(pip) = Pip::of(&machine) else { return };
    machine.write(
        "a.txt",
        "# first\n--pre\n\nold  # why\nmissing>1\nBUILT==1\n# first\n\n",
    );
    machine.write("b.txt", "old\n--pre\n# second\n");
    machine.write("d.txt", "# d\n./unclear/folder.zip\n");
    for files in [&["-r", "a.txt"][..], &["-r", "a.txt", "-r", "b.txt"]] {
        let args = [&["freeze", "-l"], files].concat();
        let (ours, theirs) = pip.both(&args);
        assert_eq!(ours, theirs, "{files:?}");
    }
    let files = ["-r", "a.txt", "-r", "b.txt", "-r", "d.txt"];
    let said = machine.assay(&[&["freeze", "--venv", "env"][..], &files].concat());
    for words in [
        "names missing, which is not installed",
        "d.txt:2: it is not clear",
        "old stands",
    ] {
        assert!(said.err.contains(words), "{words}: {}", said.err);
    }
    // Decoded as `install -r` decodes it.
    machine.write("e.txt", "\u{feff}built==1\n");
    let outcome = machine.assay(&["freeze", "--venv", "env", "-r", "e.txt"]);
    let lines: Vec<_> = outcome.ok().out.lines().map(str::to_owned).collect();
    assert!(lines[0].starts_with("built @ "), "{lines:?}");
    machine.write("c.txt", "built==\n");
    machine
        .assay(&["freeze", "--venv", "env", "-r", "c.txt"])
        .fails(2, &["c.txt:1", "is no requirement"]);
}

#[test]
fn inspect_reports_what_pip_reports() {
    let machine = furnished();
    machine
        .install(
            &index(&[
                simple("app", "1.0", &["built", "lib"]),
                simple("lib", "1.0", &[]),
            ]),
            &["app"],
        )
        .ok();
    let Some(pip) = Pip::of(&machine) else { return };
    let (mut ours, theirs) = pip.both_json(&["inspect"]);
    let own = ours.as_object_mut().unwrap().remove("assay_version");
    assert_eq!(own, Some(json!(env!("CARGO_PKG_VERSION"))));
    let rows = |report: &Value| {
        let mut rows = report["installed"].as_array().unwrap().clone();
        rows.sort_by_key(|it| it["metadata"]["name"].as_str().unwrap().to_lowercase());
        rows
    };
    let (own_rows, their_rows) = (rows(&ours), rows(&theirs));
    assert_eq!(own_rows.len(), their_rows.len());
    for (own, their) in own_rows.iter().zip(&their_rows) {
        assert_eq!(own, their);
    }
    for key in ["version", "pip_version", "environment"] {
        assert_eq!(ours[key], theirs[key]);
    }
    let installed = |name: &str| {
        own_rows
            .iter()
            .find(|it| it["metadata"]["name"] == name)
            .unwrap()
    };
    assert_eq!(installed("app")["installer"], "assay");
    assert_eq!(installed("app")["requested"], true);
    assert_eq!(installed("lib")["requested"], false);
}

#[test]
fn outdated_and_uptodate_are_those_of_pip() {
    let server = builder(&[
        simple("old", "1.0", &[]),
        simple("old", "2.0", &[]),
        simple("old", "3.0rc1", &[]),
        simple("new", "1.0", &[]),
    ])
    .upload(upload(&simple("old", "4.0", &[])).yanked("broken"))
    .upload(upload(&simple("old", "5.0", &[])).requires_python("<3"))
    .upload(assay_testkit::server::Upload::new(
        "source-2.0.tar.gz",
        *b"x",
    ))
    .upload(upload(&simple("source", "1.0", &[])))
    .start();
    let machine = Machine::new();
    machine
        .install(&server, &["old==1.0", "new", "source==1.0"])
        .ok();
    let metadata = "Metadata-Version: 2.1\nName: elsewhere\nVersion: 3\n";
    let folder = machine.site().join("elsewhere-3.dist-info");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("METADATA"), metadata).unwrap();
    let Some(pip) = Pip::of(&machine) else { return };
    let url = server.index_url();
    for options in [
        &["-o"][..],
        &["-u"],
        &["-o", "--pre"],
        &["-o", "--only-binary", ":all:"],
        &["-o", "--no-binary", "old"],
        &["-o", "--prefer-binary"],
        &["-u", "--prefer-binary"],
    ] {
        let args = [&["list", "-i", &url], options].concat();
        let (ours, theirs) = pip.both(&args);
        assert_eq!(ours, theirs, "{options:?}");
        let (ours, theirs) = pip.both_json(&[&args[..], &["--format", "json"]].concat());
        assert_eq!(ours, theirs, "{options:?}");
    }
    let freeze = ["list", "--venv", "env", "-i", &url, "--format", "freeze"];
    machine.assay(&[&freeze[..], &["-u"]].concat()).ok();
    machine
        .assay(&[&freeze[..], &["-o"]].concat())
        .fails(2, &["--format freeze cannot be used with --outdated"]);
}

#[test]
fn what_the_cooldown_holds_back_is_not_the_latest_and_is_told() {
    let server = builder(&[])
        .upload(upload(&simple("app", "1.0", &[])).upload_time("2020-01-01T00:00:00Z"))
        .upload(upload(&simple("app", "2.0", &[])).upload_time("2021-01-01T00:00:00Z"))
        .upload(upload(&simple("app", "3.0", &[])).upload_time("2022-01-01T00:00:00Z"))
        .start();
    let machine = Machine::new();
    machine.install(&server, &["app==1.0"]).ok();
    let url = server.index_url();
    let list = |until: &str| {
        let args = [
            "list", "--venv", "env", "-i", &url, "-o", "--format", "json",
        ];
        machine
            .assay(&[&args[..], &["--uploaded-prior-to", until]].concat())
            .ok()
    };
    let all = list("2023-01-01");
    assert_eq!(all.json()[0]["latest_version"], "3.0");
    assert_eq!(all.json()[0]["held_back"], Value::Null);
    let held = list("2021-06-01");
    assert_eq!(held.json()[0]["latest_version"], "2.0");
    for said in [held.json()[0]["held_back"].as_str().unwrap(), &held.err] {
        assert!(
            said.contains("app-3.0-py3-none-any.whl was held back"),
            "{said}"
        );
    }
    let versions = |until: &str| {
        let args = ["index", "versions", "app", "-i", &url, "--json"];
        machine.assay(&[&args[..], &["--uploaded-prior-to", until]].concat())
    };
    assert_eq!(
        versions("2021-06-01").ok().json()["versions"],
        json!(["2.0", "1.0"])
    );
    versions("2019-01-01").fails(1, &["No matching distribution found for app", "held back"]);
}

#[test]
fn index_versions_prints_what_pip_prints() {
    let server = builder(&[
        simple("some-app", "1.0", &[]),
        simple("some-app", "1.10", &[]),
    ])
    .upload(upload(&simple("some-app", "1.9", &[])))
    .upload(upload(&simple("some-app", "2.0b1", &[])))
    .upload(upload(&simple("some-app", "3.0", &[])).yanked("bad"))
    .upload(upload(&simple("some-app", "4.0", &[])).requires_python("<3"))
    .start();
    let machine = Machine::new();
    machine.install(&server, &["some-app==1.0"]).ok();
    let Some(pip) = Pip::of(&machine) else { return };
    let url = server.index_url();
    let python = machine.venv().join("bin/python").display().to_string();
    for options in [
        &[][..],
        &["--json"],
        &["--ignore-requires-python"],
        &["--python-version", "3.9", "--json"],
    ] {
        let args = [&["index", "versions", "Some_App", "-i", &url], options].concat();
        let ours = machine
            .assay(&[&args[..], &["--python", &python]].concat())
            .ok();
        let theirs = pip.run(&args).ok();
        if options.contains(&"--json") {
            assert_eq!(ours.json(), theirs.json(), "{options:?}");
        } else {
            assert_eq!(ours.out, theirs.out, "{options:?}");
        }
    }
    let early = machine.assay(&[
        "index", "versions", "some-app", "-i", &url, "--pre", "--python", &python,
    ]);
    assert!(
        early
            .ok()
            .out
            .contains("LATEST:    2.0b1 (pre-release; install with `assay")
    );
    machine
        .assay(&["index", "versions", "nobody", "-i", &url])
        .fails(1, &["No matching distribution found for nobody"]);
}

#[test]
fn debug_names_settings_and_hides_their_values() {
    let machine = Machine::new();
    let debug = |args: &[&str]| {
        let variables = [("PIP_INDEX_URL", "https://user:secret@a.example/simple")];
        machine
            .assay_with(&[&["debug"], args].concat(), &variables)
            .ok()
    };
    let said = debug(&[]);
    for words in [
        "assay version: ",
        "sys.executable: ",
        "cache: ",
        "  PIP_INDEX_URL\n",
        "First 10 tags",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    assert!(!said.out.contains("secret") && !said.err.contains("secret"));
    assert!(!debug(&["-v"]).out.contains("First 10 tags"));
    let target = [
        "--python-version",
        "39",
        "--platform",
        "a",
        "--platform",
        "b",
    ];
    let target = debug(&target).out;
    assert!(
        target.contains("(target: platforms=[\"a\", \"b\"] version_info='3.9')"),
        "{target}"
    );
    let tags = debug(&["--json"]).json()["tags"].as_array().unwrap().len();
    assert!(
        said.out.contains(&format!("Compatible tags: {tags}\n")),
        "{}",
        said.out
    );
}
