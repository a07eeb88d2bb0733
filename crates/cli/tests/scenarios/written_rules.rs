//! Rules as options: in requirements files, which may only tighten, and on the command line.

use crate::machine::{Machine, index, simple};

#[test]
fn evidence_is_asked_for_on_the_command_line_besides_all_other_rules() {
    let server = index(&[simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[])]);
    let machine = Machine::new();
    machine
        .install(&server, &["--evidence", "li*=hash", "app"])
        .fails(4, &["lib-1.0", "missing: hash, which --evidence asks for"]);
    machine
        .install(
            &server,
            &["--evidence", "li*={ any = ['hash', 'index'] }", "app"],
        )
        .ok();
    let wrong = ["--evidence", "hush", "app"];
    machine
        .install(&server, &wrong)
        .fails(2, &["--evidence", "\"hush\" is no evidence"]);
}

#[test]
fn a_requirements_file_only_tightens() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let install = |line: &str| {
        machine.write("requirements.txt", format!("app\n{line}\n"));
        machine.install(&server, &["-r", "requirements.txt"])
    };
    install("--evidence 'app={ all = [\"hash\", \"index\"] }'").fails(
        4,
        &["missing: all of (hash, index), which requirements.txt:2 asks for"],
    );
    // The index gives no upload times, which an age that somebody asks for needs.
    for line in [
        "--min-age '3 days'",
        "--min-age app=P3D",
        "--uploaded-prior-to 2026-01-01",
    ] {
        install(line).fails(1, &["requirements.txt:2", "no option lifts"]);
    }
    let before = server.requests().len();
    for (line, words) in [
        (
            "--min-age 0",
            &["requirements.txt:2: min-age loosens", "--min-age 0"][..],
        ),
        (
            "--min-age soon",
            &["requirements.txt:2: --min-age", "soon is no age"],
        ),
        (
            "--evidence key:x",
            &[
                "requirements.txt:2: --evidence",
                "no policy file in force has [keys.x]",
            ],
        ),
        (
            "--allow-startup app",
            &["requirements.txt:2:1", "may only tighten", "command line"],
        ),
        (
            "--allow-overwrite a:b",
            &["requirements.txt:2:1", "--allow-overwrite"],
        ),
        (
            "app --allow-bad-record app",
            &["requirements.txt:2:5", "--allow-bad-record"],
        ),
    ] {
        install(line).fails(2, words);
    }
    assert_eq!(server.requests().len(), before);
    install("--evidence index --min-age other=9days").ok();
}
