//! Requirements and constraints files as users write them.

mod endless;

use crate::machine::{Machine, index, simple};

#[test]
fn files_constraints_and_continuations_work_together() {
    let server = index(&[
        simple("app", "1.0", &["lib"]),
        simple("lib", "1.0", &[]),
        simple("lib", "2.0", &[]),
    ]);
    let machine = Machine::new();
    machine.write(
        "requirements.txt",
        "# what we need\napp \\\n  >=1  # inline\n",
    );
    machine.write("limits.txt", "lib<2\n");
    machine
        .install(&server, &["-r", "requirements.txt", "-c", "limits.txt"])
        .ok();
    assert_eq!(machine.frozen(), ["app==1.0", "lib==1.0"]);
}

#[test]
fn a_file_may_set_the_index_and_the_command_line_goes_before_it() {
    let one = index(&[simple("app", "1.0", &[])]);
    let two = index(&[simple("app", "2.0", &[])]);
    let machine = Machine::new();
    machine.write("requirements.txt", format!("-i {}\napp\n", one.index_url()));
    machine
        .assay(&["install", "--venv", "a", "-r", "requirements.txt"])
        .ok();
    machine
        .assay(&[
            "install",
            "--venv",
            "b",
            "-i",
            &two.index_url(),
            "-r",
            "requirements.txt",
        ])
        .ok();
    let frozen = |venv| machine.assay(&["freeze", "--venv", venv]).ok().out;
    assert_eq!(
        (frozen("a").as_str(), frozen("b").as_str()),
        ("app==1.0\n", "app==2.0\n")
    );
}

#[test]
fn evidence_for_a_path_says_who_named_it() {
    let machine = Machine::new();
    for wheel in ["one", "two", "three", "four"].map(|it| simple(it, "1.0", &[])) {
        machine.write(&format!("more/house/{}", wheel.file_name), &wheel.bytes);
    }
    machine.write(
        "more/requirements.txt",
        "# ours\n./house/one-1.0-py3-none-any.whl\n-f house\ntwo\n",
    );
    let install = |args: &[&str]| {
        let always = ["install", "--venv", "env", "--no-index"];
        machine.assay(&[&always, args].concat()).ok();
    };
    install(&["-r", "more/requirements.txt"]);
    install(&["./more/house/three-1.0-py3-none-any.whl"]);
    install(&["-f", "more/house", "four"]);
    for (project, by) in [
        ("one", "requirements.txt:2"),
        ("two", "--find-links house in requirements.txt:3"),
        ("three", "the command line"),
        ("four", "--find-links more/house"),
    ] {
        let shown = machine.assay(&["show", "--venv", "env", project]).ok().out;
        let line = format!("Evidence: named by {by}\n");
        assert!(shown.contains(&line), "{shown}");
    }
}

#[test]
fn mistakes_show_file_line_and_caret() {
    let machine = Machine::new();
    machine.write("requirements.txt", "flask\nflask >=\n");
    machine
        .assay(&["install", "--venv", "env", "-r", "requirements.txt"])
        .fails(2, &["requirements.txt:2:", "^"]);
    machine.write("unknown.txt", "--frobnicate\n");
    machine
        .assay(&["install", "--venv", "env", "-r", "unknown.txt"])
        .fails(2, &["unknown.txt:1:", "--frobnicate"]);
    machine
        .assay(&["install", "--venv", "env", "-r", "gone.txt"])
        .fails(1, &["gone.txt"]);
}

#[test]
fn a_conflict_is_explained_by_who_asked_for_what() {
    let server = index(&[
        simple("app", "1.0", &["lib<2"]),
        simple("lib", "1.0", &[]),
        simple("lib", "2.0", &[]),
    ]);
    let machine = Machine::new();
    machine.write("requirements.txt", "lib>=2\n");
    machine
        .install(&server, &["app", "-r", "requirements.txt"])
        .fails(1, &["app", "lib<2", "requirements.txt:1"]);
}

#[test]
fn what_is_not_offered_yet_says_so() {
    let machine = Machine::new();
    machine
        .assay(&["install", "--venv", "env", "-e", "."])
        .fails(2, &["is no project"]);
    machine
        .assay(&["install", "--venv", "env", "hg+https://host.example/x"])
        .fails(2, &["hg is not offered"]);
    machine
        .assay(&["install", "--venv", "env"])
        .fails(2, &["at least one requirement"]);
}

#[test]
fn lines_for_another_python_give_no_digest_and_name_no_file() {
    let (one, two) = (simple("app", "1.0", &[]), simple("app", "2.0", &[]));
    let (lib, user) = (simple("lib", "1.0", &[]), simple("user", "1.0", &["lib"]));
    let server = index(&[one.clone(), two.clone(), lib, user]);
    let machine = Machine::new();
    // As exporters of lock files write them: one project twice, for two Pythons.
    let old = format!(
        "app==1.0 ; python_version < \"3\" --hash=sha256:{}\n",
        one.sha256
    );
    let new = format!(
        "app==2.0 ; python_version >= \"3\" --hash=sha256:{}\n",
        two.sha256
    );
    machine.write("locked.txt", old + &new);
    machine.install(&server, &["-r", "locked.txt"]).ok();
    let elsewhere = format!(
        "https://files.example/lib-9.0-py3-none-any.whl#sha256={}",
        "ab".repeat(32)
    );
    machine.write(
        "direct.txt",
        format!("user\nlib @ {elsewhere} ; python_version < \"3\"\n"),
    );
    machine.install(&server, &["-r", "direct.txt"]).ok();
    assert_eq!(machine.frozen(), ["app==2.0", "lib==1.0", "user==1.0"]);
}

#[test]
fn one_project_from_two_places_is_refused_where_it_is_needed() {
    let machine = Machine::new();
    let wheel = simple("app", "1.0", &[]);
    for folder in ["one", "two"] {
        machine.write(&format!("{folder}/{}", wheel.file_name), &wheel.bytes);
    }
    let [one, two] = ["one", "two"].map(|it| format!("./{it}/{}", wheel.file_name));
    let install = |what: &[&str]| {
        let mut args = vec!["install", "--venv", "env", "--no-index", "--dry-run"];
        args.extend(what);
        machine.assay(&args)
    };
    let heading = "Cannot install app 1.0 because these package versions have conflicting";
    install(&[&one, &two]).fails(1, &[heading, "/one/", "/two/"]);
    install(&[&one, &one]).ok();
    let url = |it: &str| format!("app @ file://{}\n", machine.path(it).display());
    machine.write("c.txt", url(&one[2..]) + &url(&two[2..]));
    install(&["-c", "c.txt", "app"]).fails(1, &["c.txt:1", "c.txt:2"]);
    let other = simple("other", "1.0", &[]);
    machine.write(&other.file_name, &other.bytes);
    install(&["-c", "c.txt", &format!("./{}", other.file_name)]).ok();
}
