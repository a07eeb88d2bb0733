//! A passphrase that is typed.

use assay_testkit::peers;

use super::kept;
use crate::machine::{Machine, Outcome};

/// Types each line once a prompt ends with `: `, in a terminal of its own, and prints what that shows.
const TYPIST: &str = r#"
import os, pty, sys, time
lines, words = sys.argv[1].split("|"), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(words[0], words)
shown, typed = b"", 0
while True:
    try:
        piece = os.read(terminal, 1024)
    except OSError:
        break
    if not piece:
        break
    shown += piece
    if shown.endswith(b": ") and typed < len(lines):
        os.write(terminal, lines[typed].encode().decode("unicode_escape").encode())
        typed += 1
sys.stdout.write(shown.decode())
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status))
"#;

fn typing(machine: &Machine, lines: &str, args: &[&str]) -> Option<Outcome> {
    let python = peers::python()?;
    let words = ["-I", "-c", TYPIST, lines, env!("CARGO_BIN_EXE_assay")];
    Some(machine.run(&python, &[&words[..], args].concat()))
}

#[test]
fn a_passphrase_is_typed_twice_and_never_shown() {
    let machine = Machine::new();
    let args = ["key", "generate", "release"];
    let Some(differ) = typing(&machine, r"hunter2\n|hunter3\n", &args) else {
        return;
    };
    assert_eq!(differ.code, 2, "{differ:?}");
    assert!(differ.out.contains("differ"), "{differ:?}");
    assert!(!kept(&machine, "release").exists());
    let made = typing(&machine, r"hunter2\n|hunter2\n", &args)
        .unwrap()
        .ok();
    assert!(!made.out.contains("hunter2"), "{made:?}");
    assert!(
        made.out.contains("New passphrase for release: "),
        "{made:?}"
    );

    let wheel = crate::machine::simple("demo", "1.0", &[]);
    machine.write(&wheel.file_name, &wheel.bytes);
    let sign = ["sign", &wheel.file_name, "--with", "release"];
    let wrong = typing(&machine, r"hunter3\n", &sign).unwrap();
    assert_eq!(wrong.code, 1, "{wrong:?}");
    // What was deleted while typing is no part of it.
    let signed = typing(&machine, r"hunterX\x7f2\n", &sign).unwrap().ok();
    assert!(!signed.out.contains("hunter"), "{signed:?}");
}

#[test]
fn ctrl_c_at_the_prompt_ends_it() {
    let machine = Machine::new();
    let Some(ended) = typing(&machine, r"hun\x03", &["key", "generate", "release"]) else {
        return;
    };
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.out.contains("no passphrase was given"), "{ended:?}");
    assert!(!kept(&machine, "release").exists());
}

#[test]
fn the_path_of_a_key_does_nothing_to_the_terminal() {
    const NAME: &str = "./k\u{1b}]0;pwned\u{7}ey";
    let machine = Machine::new();
    let generate = ["key", "generate", "release"];
    let Some(made) = typing(&machine, r"hunter2\n|hunter2\n", &generate) else {
        return;
    };
    made.ok();
    std::fs::copy(kept(&machine, "release"), machine.path(NAME)).unwrap();
    let wheel = crate::machine::simple("demo", "1.0", &[]);
    machine.write(&wheel.file_name, &wheel.bytes);
    let sign = ["sign", &wheel.file_name, "--with", NAME];
    for (passphrase, code) in [(r"hunter3\n", 1), (r"hunter2\n", 0)] {
        let said = typing(&machine, passphrase, &sign).unwrap();
        assert_eq!(said.code, code, "{said:?}");
        assert!(said.out.contains(r"k\u{1b}]0;pwned\u{7}ey: "), "{said:?}");
        // The colours are our own.
        assert!(!said.out.contains("\u{1b}]"), "{said:?}");
        assert!(!said.out.contains('\u{7}'), "{said:?}");
    }
}
