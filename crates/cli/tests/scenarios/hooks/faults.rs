//! What is no answer refuses.

use std::{fs, os::unix::fs::PermissionsExt as _};

use super::{ACCEPT, Hooked};

#[test]
fn whatever_is_no_answer_refuses() {
    let it = Hooked::new(ACCEPT);
    let late = it.machine.path("late");
    for (script, fact) in [
        (format!("{ACCEPT}; exit 3"), "ended with exit status 3"),
        (format!("{ACCEPT}; kill -9 $$"), "was ended by signal 9"),
        (format!("{ACCEPT}; {ACCEPT}"), "trailing characters"),
        ("true".to_owned(), "it is empty"),
        ("echo fine".to_owned(), "it is not one JSON object"),
        (
            "head -c 65537 /dev/zero".to_owned(),
            "wrote more than 65536 bytes",
        ),
        (
            format!("(sleep 30; touch {}) & {ACCEPT}", late.display()),
            "left something behind that keeps its standard output open",
        ),
        (
            r#"echo '{"protocol":1,"answer":"refuse"}'"#.to_owned(),
            "it says refuse and gives no reason",
        ),
    ] {
        it.hook(&format!("echo one >&2; echo two >&2; {script}"));
        let outcome = it.install(&["lib"]);
        let place = "policy.toml:1:1) ";
        let said = "it said: one\n  it said: two";
        outcome.fails(
            4,
            &["refused: hook:scan (", place, fact, "lib-1.0-py3", said],
        );
        assert!(!it.is_installed("lib"), "{script}");
    }
    it.hook(&format!("echo one >&2; {ACCEPT}"));
    let outcome = it.install(&["lib"]).ok();
    assert!(!outcome.err.contains("it said"), "{}", outcome.err);
}

#[test]
fn a_hook_that_takes_too_long_is_killed_and_refuses() {
    let it = Hooked::new(&format!("sleep 30 & sleep 30; {ACCEPT}"));
    let policy = it.machine.path("../home/.config/assay/policy.toml");
    let text = fs::read_to_string(&policy).unwrap();
    fs::write(&policy, text.replace("20 seconds", "500 ms")).unwrap();
    let started = std::time::Instant::now();
    it.install(&["lib"])
        .fails(4, &["did not end within 0.5 s, and was killed"]);
    assert!(started.elapsed().as_secs() < 20);
    it.hook(&format!("sleep 0.1; {ACCEPT}"));
    it.install(&["lib"]).ok();
}

#[test]
fn no_other_version_is_tried_for_a_fault() {
    use crate::machine::{index, simple};
    let wheels = ["1.0", "2.0"].map(|version| simple("lib", version, &[]));
    let it = Hooked::with(&format!("grep -q 2.0 && exit 1; {ACCEPT}"), index(&wheels));
    it.install(&["lib"])
        .fails(4, &["exit status 1", "lib-2.0-py3-none-any.whl"]);
    it.install(&["lib<2"]).ok();
}

#[test]
fn a_hook_that_cannot_be_asked_is_told_before_anybody_is() {
    let it = Hooked::new(ACCEPT);
    let hook = it.machine.path("hook");
    let refused = |mode: u32, fact: &str| {
        fs::set_permissions(&hook, fs::Permissions::from_mode(mode)).unwrap();
        it.install(&["lib"])
            .fails(4, &["refused: hook:scan (", "policy.toml:1:1)", fact]);
    };
    refused(0o644, "is not a program that can be run");
    refused(0o757, "can be written to by other users (mode 0757)");
    fs::rename(&hook, it.machine.path("other")).unwrap();
    it.install(&["lib"]).fails(4, &["hook: No such file"]);
    assert!(it.server.requests().is_empty());
    // One that no rule names is nobody's business.
    it.rule("'index'", "");
    it.install(&["lib"]).ok();
    it.hook(ACCEPT);
    it.rule("'hook:scan'", "");
    it.install(&["app"]).ok();
}
