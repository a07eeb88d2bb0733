use std::{
    fs::Permissions,
    os::unix::fs::{PermissionsExt as _, chown, symlink},
    path::PathBuf,
    time::Duration,
};

use tempfile::TempDir;

use super::*;

struct Tree(TempDir);

impl Tree {
    fn new() -> Self {
        let tree = Self(tempfile::tempdir().unwrap());
        fs::create_dir(tree.path("bin")).unwrap();
        for name in ["bin/check", "bin/script"] {
            fs::write(tree.path(name), "#!/bin/sh\n").unwrap();
            tree.mode(name, 0o755);
        }
        tree
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).unwrap();
    }

    fn check(&self, words: &[&str]) -> Result<()> {
        let path = |it: &&str| self.path(it).to_str().unwrap().to_owned();
        let hook = Hook {
            label: "scan".parse().unwrap(),
            command: words.iter().map(path).collect(),
            timeout: Duration::from_secs(1),
            place: "policy.toml:3:1".to_owned(),
        };
        hook.check()
    }

    #[track_caller]
    fn refuses(&self, words: &[&str], fact: &str) {
        let failure = self.check(words).unwrap_err();
        assert_eq!(failure.exit_code(), 4);
        let text = failure.render(false);
        assert!(
            text.contains("hook:scan (policy.toml:3:1)") && text.contains(fact),
            "{text}"
        );
    }
}

#[test]
fn a_program_must_be_one() {
    let tree = Tree::new();
    tree.check(&["bin/check"]).unwrap();
    tree.refuses(&[], "names no program");
    tree.refuses(&["bin/missing"], "bin/missing: No such file");
    tree.refuses(&["bin"], "is not a program that can be run");
    tree.mode("bin/check", 0o644);
    tree.refuses(&["bin/check"], "is not a program that can be run");
}

#[test]
fn nobody_else_may_change_it_or_what_it_runs() {
    let tree = Tree::new();
    let words = ["bin/check", "bin/script", "bin/missing"];
    for name in ["bin/check", "bin/script", "bin"] {
        tree.check(&words).unwrap();
        tree.mode(name, 0o777);
        tree.refuses(
            &words,
            &format!("{name} can be written to by other users (mode 0777)"),
        );
        tree.mode(name, 0o755);
    }
    // Nobody replaces what lies in a folder such as /tmp, but anybody adds to it what a script reads.
    tree.mode("bin", 0o1777);
    tree.refuses(&words, "bin can be written to by other users (mode 1777)");
    tree.mode("bin", 0o755);
    tree.mode("", 0o1777);
    tree.check(&words).unwrap();
}

#[test]
fn nobody_else_may_lead_it_elsewhere() {
    let tree = Tree::new();
    symlink(tree.path("bin"), tree.path("link")).unwrap();
    tree.check(&["link/check"]).unwrap();
    if std::os::unix::fs::lchown(tree.path("link"), Some(12345), None).is_err() {
        println!("skipped: only root can give a file away");
        return;
    }
    tree.refuses(&["link/check"], "link belongs to user 12345");
    for name in ["bin/check", "bin"] {
        tree.check(&["bin/check"]).unwrap();
        chown(tree.path(name), Some(12345), None).unwrap();
        tree.refuses(&["bin/check"], "belongs to user 12345");
        chown(tree.path(name), Some(0), None).unwrap();
    }
}
