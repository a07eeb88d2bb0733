//! What is said of what is installed and of requests for nothing: pip's words, with pip as the peer.

use crate::{
    beside_pip::Pip,
    machine::{Machine, index, simple},
};

/// An environment with distributions of every kind that pip lists, none of which is assay's.
fn furnished() -> Machine {
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    for (path, text) in [
        (
            "My.App-1.2.dist-info/METADATA",
            "Metadata-Version: 2.4\nName: My.App\nVersion: 1.2\nSummary: An app\n\
             License-Expression: MIT\nClassifier: A :: B\nClassifier: A :: C\n\
             Project-URL: Source, https://example.com/src\n\
             Project-URL: home-page, https://example.com/\n\
             Requires-Dist: zlib_ng; python_version < '3'\nRequires-Dist: Lib_One>=1\n\
             Requires-Dist: lib-One\nRequires-Dist: Adder\n\ntext\n",
        ),
        ("My.App-1.2.dist-info/INSTALLER", "pip\n"),
        (
            "My.App-1.2.dist-info/entry_points.txt",
            "[console_scripts]\nx = a:b\n\n[gui_scripts]\n",
        ),
        (
            "My.App-1.2.dist-info/RECORD",
            "my/b.py,,\nmy/a.py,md5=x,1\nMy.App-1.2.dist-info/RECORD,,\n",
        ),
        (
            "lib_one-1.0.dist-info/METADATA",
            "Metadata-Version: 2.1\nName: lib_one\nVersion: 1.0\nLicense: BSD\n",
        ),
        (
            "lib_one-1.0.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py2-none-any\nTag: py3-none-any\n",
        ),
        (
            "adder-3.dist-info/METADATA",
            "Metadata-Version: 2.3\nName: adder\nVersion: 3\n",
        ),
        (
            "old-1.0.egg-info/PKG-INFO",
            "Metadata-Version: 1.1\nName: old\nVersion: 1.0\n",
        ),
        (
            "old-1.0.egg-info/installed-files.txt",
            "../old.py\nPKG-INFO\n../../../../bin/old\n",
        ),
        (
            "plain_one-1.0-py3.11.egg-info",
            "Metadata-Version: 1.0\nName: Plain_One\nVersion: 1.0\n",
        ),
    ] {
        write(&machine, path, text);
    }
    machine
}

/// Writes a file into the environment's site-packages.
fn write(machine: &Machine, path: &str, text: &str) {
    let path = machine.site().join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn show_prints_what_pip_prints() {
    let machine = furnished();
    let Some(pip) = Pip::of(&machine) else { return };
    for args in [
        &["show", "my-app"][..],
        &["show", "--verbose", "my.app", "lib-one", "old"],
        &["show", "--files", "MY-app"],
        &["show", "-f", "lib-one", "old", "plain-one"],
        &["show", "adder", "lib-one", "adder"],
    ] {
        let (ours, theirs) = pip.both(args);
        assert_eq!(ours, theirs, "{args:?}");
    }
}

#[test]
fn what_show_does_not_find_is_told_as_it_was_typed() {
    let machine = furnished();
    let names = ["Zeta", "A-B-C", "my-app", "no name"];
    let line = "WARNING: Package(s) not found: A-B-C, Zeta, no name\n";
    let said = machine.assay(&[&["show", "--venv", "env"][..], &names].concat());
    let said = said.ok();
    assert_eq!(said.err, line);
    assert!(said.out.starts_with("Name: My.App\n"), "{}", said.out);
    let said = machine.assay(&["show", "--venv", "env", "Zeta"]);
    let said = said.fails(1, &["WARNING: Package(s) not found: Zeta\n"]);
    assert!(said.out.is_empty(), "{}", said.out);
    if let Some(pip) = Pip::of(&machine) {
        let theirs = pip.run(&[&["show"][..], &names].concat()).ok();
        assert_eq!(theirs.err, line);
    }
}

#[test]
fn check_tells_what_was_built_for_another_platform() {
    let machine = furnished();
    let check = || machine.assay(&["check", "--venv", "env"]);
    assert_eq!(check().ok().out, "No broken requirements found.\n");
    let wheel = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n";
    for tags in ["Tag: cp27-cp27m-win32\n", ""] {
        let text = format!("{wheel}{tags}");
        write(&machine, "lib_one-1.0.dist-info/WHEEL", &text);
        let said = check();
        let words = "lib_one 1.0 is not supported on this platform\n";
        assert_eq!((said.out.as_str(), said.code), (words, 1));
        if let Some(pip) = Pip::of(&machine) {
            let theirs = pip.run(&["check"]);
            assert_eq!((theirs.out.as_str(), theirs.code), (words, 1));
        }
    }
}

#[test]
fn check_tells_metadata_that_cannot_be_read_on_standard_error() {
    let machine = furnished();
    let head = "Metadata-Version: 2.1\nName: Bad.One\nVersion: 1\nRequires-Dist: ";
    let metadata = |requires: &str| {
        let path = "bad_one-1.dist-info/METADATA";
        write(&machine, path, &format!("{head}{requires}\n"));
        machine.assay(&["check", "--venv", "env"])
    };
    let said = metadata("old; python_version == '3.4';extra == 'x'");
    let said = said.fails(1, &["Error parsing dependencies of bad-one: "]);
    assert!(said.out.is_empty(), "{}", said.out);
    metadata("old; python_version == '3.4' and extra == 'x'").ok();
}

#[test]
fn metadata_that_is_a_file_is_listed_and_cannot_be_uninstalled() {
    let machine = furnished();
    let listed = "Plain_One==1.0";
    assert!(machine.frozen().iter().any(|it| it == listed));
    if let Some(pip) = Pip::of(&machine) {
        for args in [&["freeze"][..], &["list"], &["list", "-v"]] {
            let (ours, theirs) = pip.both(args);
            assert_eq!(ours, theirs, "{args:?}");
        }
    }
    let remove = |name| machine.assay(&["uninstall", "-y", "--venv", "env", name]);
    remove("plain-one").fails(1, &["Cannot uninstall Plain_One 1.0: ", "distutils"]);
    remove("old").fails(1, &["Cannot uninstall old 1.0: ", "setuptools"]);
    remove("adder").fails(1, &["Cannot uninstall adder 3: it has no RECORD"]);
    assert!(machine.frozen().iter().any(|it| it == listed));
}

#[test]
fn metadata_of_no_project_is_passed_over_and_told() {
    let machine = furnished();
    for stem in ["~App-2.0", "_Leading._-1.0-py3.11", "trailing_-1.0"] {
        write(
            &machine,
            &format!("{stem}.egg-info"),
            "Metadata-Version: 1.0\n",
        );
    }
    let said = machine.assay(&["freeze", "--venv", "env"]).ok();
    assert_eq!(said.out.lines().count(), 5, "{}", said.out);
    let lines: Vec<_> = said.err.lines().collect();
    assert_eq!(lines.len(), 3, "{}", said.err);
    for (line, name) in lines.iter().zip(["-leading-", "trailing-", "~app"]) {
        let words = format!("warning: Ignoring invalid distribution {name} (");
        assert!(line.starts_with(&words), "{line}");
    }
}

#[test]
fn who_asks_for_nothing_is_told_and_an_empty_file_is_no_mistake() {
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    machine.write("empty.txt", "\n# nothing\n");
    let run = |command: &str, args: &[&str]| {
        let with = match command {
            "download" => &["--no-index"][..],
            "uninstall" => &["--venv", "env"],
            _ => &["--venv", "env", "--no-index"],
        };
        machine.assay(&[&[command][..], with, args].concat())
    };
    let refused = |command: &str, args: &[&str]| {
        let words = format!("You must give at least one requirement to {command}\n");
        run(command, args).fails(2, &[&words]);
    };
    refused("install", &[]);
    refused("download", &[]);
    // As with pip, whoever removes must have something in mind.
    refused("uninstall", &["-r", "empty.txt"]);
    for command in ["install", "download"] {
        let said = run(command, &["-r", "empty.txt"]).ok();
        assert_eq!(said.err, "note: empty.txt contains no requirements\n");
    }
}

#[test]
fn uninstall_passes_over_what_is_no_name() {
    let machine = Machine::new();
    let server = index(&[simple("app", "1.0", &[])]);
    machine.install(&server, &["app"]).ok();
    let remove = |names: &[&str]| {
        let args = [&["uninstall", "--venv", "env"][..], names].concat();
        machine.assay(&args)
    };
    for text in ["app-1.0.tar.gz", "https://example.com/archives/"] {
        let words = format!(
            "Invalid requirement: '{text}' ignored - the uninstall command expects named \
             requirements."
        );
        remove(&[text]).fails(2, &[&words, "You must give at least one requirement"]);
    }
    assert_eq!(machine.frozen(), ["app==1.0"]);
    let said = remove(&["./app.whl", "app==7"]).ok();
    assert!(said.err.contains("'./app.whl' ignored"), "{}", said.err);
    assert!(machine.frozen().is_empty());
}
