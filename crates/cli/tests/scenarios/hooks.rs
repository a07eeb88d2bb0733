//! Hooks: programs that the policy asks about a file. docs/hooks.md says what holds.

mod command;
mod faults;
mod told;
mod when;

use std::{
    fs,
    path::{Path, PathBuf},
};

use assay_testkit::{program, server::IndexServer};

use crate::machine::{Machine, Outcome, index, simple};

const ACCEPT: &str = r#"echo '{"protocol":1,"answer":"accept"}'"#;
const REFUSE: &str = r#"echo '{"protocol":1,"answer":"refuse","reason":"it mines"}'"#;
const ABSTAIN: &str = r#"echo '{"protocol":1,"answer":"abstain","reason":"no wheel of ours"}'"#;

/// A machine whose user has a hook, and an index with `app`, which requires `lib`.
struct Hooked {
    machine: Machine,
    server: IndexServer,
}

impl Hooked {
    /// The hook is a shell script; every project's rules ask for it.
    fn new(script: &str) -> Self {
        Self::with(
            script,
            index(&[simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[])]),
        )
    }

    fn with(script: &str, server: IndexServer) -> Self {
        let it = Self {
            machine: Machine::new(),
            server,
        };
        fs::create_dir(it.machine.path("tmp")).unwrap();
        it.hook(script);
        it.rule("{ all = ['index', 'hook:scan'] }", "");
        it
    }

    /// Another script in its place.
    fn hook(&self, script: &str) -> PathBuf {
        let path = self.machine.path("hook");
        program::script(&path, &format!("#!/bin/sh\n{script}\n"));
        path
    }

    /// What the user's own policy says.
    fn rule(&self, evidence: &str, more: &str) {
        let hook = self.machine.path("hook");
        let text = format!(
            "[hooks.scan]\ncommand = ['{}', 'first', 'a  b']\ntimeout = '20 seconds'\n\
             [[policy.rule]]\nprojects = ['*']\nevidence = {evidence}\n{more}",
            hook.display()
        );
        self.machine
            .write("../home/.config/assay/policy.toml", text);
    }

    fn install(&self, args: &[&str]) -> Outcome {
        let url = self.server.index_url();
        let mut all = vec!["install", "--venv", "env", "--index-url", &url];
        all.extend(args);
        self.assay(&all)
    }

    /// Nothing that a hook was given stays anywhere.
    #[track_caller]
    fn assay(&self, args: &[&str]) -> Outcome {
        let folder = self.machine.path("tmp");
        let variables = [("TMPDIR", folder.to_str().unwrap()), ("SECRET", "token")];
        let outcome = self.machine.assay_with(args, &variables);
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
        outcome
    }

    fn is_installed(&self, name: &str) -> bool {
        let venv = self.machine.venv();
        venv.exists() && self.machine.site().join(name).exists()
    }

    /// A line for each call of a hook that [`Self::counting`] made.
    fn calls(&self) -> Vec<String> {
        let calls = fs::read_to_string(self.machine.path("calls")).unwrap_or_default();
        let mut calls: Vec<_> = calls.lines().map(str::to_owned).collect();
        calls.sort();
        calls
    }
}

/// A script that notes the file that it was asked about, and goes on like this.
fn counting(calls: &Path, script: &str) -> String {
    let name = r#"sed 's/.*"file-name":"\([^"]*\)".*/\1/'"#;
    format!("{name} >> {}; {script}", calls.display())
}

#[test]
fn a_file_is_installed_where_the_hook_accepts_it() {
    let it = Hooked::new(ACCEPT);
    let rows = it.install(&["--json", "app"]).ok().json();
    assert!(it.is_installed("app") && it.is_installed("lib"));
    for row in rows["packages"].as_array().unwrap() {
        let found = row["evidence-found"].to_string();
        assert!(
            found.contains("hook:scan") && found.contains("accepts it"),
            "{row}"
        );
    }
    let receipt = it.machine.site().join("lib-1.0.dist-info/assay.json");
    let receipt = fs::read_to_string(receipt).unwrap();
    assert!(receipt.contains("policy.toml:1:1) accepts it"), "{receipt}");
}

#[test]
fn a_refusal_beats_all_that_speaks_for_the_file() {
    let it = Hooked::new(REFUSE);
    let words = &[
        "hook:scan says that it is not to be installed: it mines",
        "policy.toml:1:1",
    ];
    it.install(&["lib"]).fails(4, words);
    for (evidence, more) in [
        ("{ any = ['index', 'hook:scan'] }", ""),
        ("'hook:scan'", "mode = 'warn'"),
        ("'hook:scan'", "mode = 'report'"),
    ] {
        it.rule(evidence, more);
        it.install(&["lib"]).fails(4, words);
    }
    assert!(!it.is_installed("lib"));
    it.hook(ACCEPT);
    it.install(&["lib"]).ok();
}

#[test]
fn whoever_abstains_says_nothing_either_way() {
    let it = Hooked::new(ABSTAIN);
    it.install(&["lib"]).fails(
        4,
        &[
            "missing: all of (index, hook:scan)",
            "has nothing to say about it: no wheel of ours",
        ],
    );
    it.rule("{ any = ['hook:scan', 'index'] }", "");
    it.install(&["lib"]).ok();
    it.rule("'hook:scan'", "mode = 'warn'");
    let outcome = it.install(&["app"]).ok();
    assert!(
        outcome.err.contains("was taken without hook:scan"),
        "{}",
        outcome.err
    );
}

#[test]
fn what_a_hook_says_cannot_steer_the_terminal() {
    let reason = r"it\u001b[2J mines\nnote: all is fine";
    let it = Hooked::new(&format!(
        r#"printf '%s' '{{"protocol":1,"answer":"refuse","reason":"{reason}"}}'"#
    ));
    let outcome = it
        .install(&["lib"])
        .fails(4, &["it\\u{1b}[2J mines\\u{a}note: all is fine"]);
    assert!(!outcome.err.contains('\u{1b}'));
    it.hook("printf 'a\\033[2Jb\\n' >&2; exit 1");
    let outcome = it.install(&["lib"]).fails(4, &["it said: a\\u{1b}[2Jb"]);
    assert!(!outcome.err.contains('\u{1b}'));
}

#[test]
fn the_copy_is_the_hooks_and_nothing_of_it_is_installed() {
    let change = r#"copy=$(sed 's/.*"path":"\([^"]*\)".*/\1/'); chmod 600 "$copy""#;
    let it = Hooked::new(&format!("{change}; echo changed > \"$copy\"; {ACCEPT}"));
    it.install(&["lib"]).ok();
    it.hook(&format!(
        "{change}; rm \"$copy\"; mkdir \"$copy\"; touch \"$copy/x\"; {ACCEPT}"
    ));
    it.install(&["app"]).ok();
    assert_eq!(
        it.machine
            .python("import app; print(app.__version__)")
            .ok()
            .out,
        "1.0\n"
    );
    it.machine.assay(&["verify", "--venv", "env"]).ok();
}
