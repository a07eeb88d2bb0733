//! What of pip is not here is answered, and never passed over in silence.

use crate::machine::{Machine, index, simple};

#[test]
fn sources_that_are_not_offered_are_named_each_time() {
    let machine = Machine::new();
    machine.write("app-1.0.tar.bz2", "");
    machine.write("vcs.txt", "hg+https://example.com/app\n");
    machine.write("named.txt", "app @ svn+https://example.com/app@7\n");
    for (args, said) in [
        (&["hg+https://example.com/app"][..], "hg is not offered"),
        (&["-r", "vcs.txt"], "vcs.txt:1"),
        (&["-r", "named.txt"], "svn is not offered"),
        (&["git+http://example.com/app.git"], "full id of the commit"),
        (
            &["-e", "git+https://example.com/app.git#egg=app"],
            "nothing is checked out",
        ),
        (&["./app-1.0.tar.bz2"], "neither .tar.gz nor .zip"),
        (&["https://example.com/main.zip"], "main.zip"),
    ] {
        for command in ["install", "download"] {
            let mut all = vec![command, "--no-index"];
            if command == "install" {
                all.extend(["--venv", "env"]);
            } else if args[0] == "-e" {
                continue;
            }
            all.extend(args);
            let outcome = machine.assay(&all).fails(2, &[said, "hint:"]);
            assert!(!outcome.err.contains("panicked"), "{}", outcome.err);
        }
    }
}

#[test]
fn commands_and_options_that_are_not_offered_end_with_the_reason() {
    let machine = Machine::new();
    for (args, words) in [
        (
            &["lock", "-r", "x.txt"][..],
            &["lock is not offered", "assay freeze"][..],
        ),
        (
            &["search", "app"],
            &["search is not offered", "index versions"],
        ),
        (
            &["install", "--no-require-hashes", "app"],
            &["--no-require-hashes is not offered", "--hash"],
        ),
        // Before the command, and shortened, as with pip.
        (
            &["install", "--no-require-h", "app"],
            &["--no-require-hashes is not offered"],
        ),
    ] {
        machine.assay(args).fails(2, words);
    }
    // What pip does not know either is the parser's to answer.
    machine
        .assay(&["install", "--no-such-thing"])
        .fails(2, &["unexpected argument"]);
    machine
        .assay(&["no-such-thing"])
        .fails(2, &["unrecognized subcommand"]);
    machine
        .assay(&["list", "--no-require-hashes"])
        .fails(2, &["unexpected argument"]);
    let report = machine.assay(&["--json", "search", "app"]).json();
    assert_eq!(report["error"]["exit-code"], 2);
}

#[test]
fn options_without_a_use_are_accepted_with_a_note_each() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let options = [
        "--use-pep517",
        "--check-build-dependencies",
        "--no-clean",
        "--src=src",
        "--exists-action=w",
        "--use-feature=fast-deps",
        "--resume-retries=3",
        "--compile",
    ];
    let outcome = machine
        .install(&server, &[&options[..], &["app"]].concat())
        .ok();
    let notes = outcome.err.lines().filter(|it| it.contains("has no use: "));
    assert_eq!(notes.count(), options.len(), "{}", outcome.err);
    assert_eq!(machine.frozen(), ["app==1.0"]);
    let quiet = machine.install(&server, &["-q", "--no-clean", "app"]).ok();
    assert!(!quiet.err.contains("no use"), "{}", quiet.err);
}
