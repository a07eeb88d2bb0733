//! The `pip.conf` of an environment, which a clone can bring.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
};

use super::{Set, conf};
use crate::machine::{builder, simple};

/// A dry run of an install that asks an index which is closed.
const INSTALL: [&str; 8] = [
    "install",
    "--venv",
    ".venv",
    "--dry-run",
    "--retries",
    "0",
    "app",
    "--timeout=5",
];

#[test]
fn a_folder_that_is_no_environment_decides_nothing() {
    let set = Set::new();
    set.write("user/pip/pip.conf", &conf("global", 2));
    set.write(
        ".venv/pip.conf",
        &format!("{}log = stolen.log\n", conf("global", 3)),
    );
    let said = set.run(&INSTALL, &[]).err;
    assert!(
        said.contains(".venv/pip.conf is not read: its folder is no environment"),
        "{said}"
    );
    for words in [&["--venv", ".venv"][..], &["--python", "./.venv"]] {
        let all = [&["list"], words].concat();
        let outcome = set.run(&all, &[]);
        assert!(outcome.err.contains("is not read"), "{}", outcome.err);
    }
    let active = set.machine.path(".venv").display().to_string();
    let outcome = set.run(&["list"], &[("VIRTUAL_ENV", &active)]);
    assert!(outcome.err.contains("is not read"), "{}", outcome.err);
    assert!(!set.machine.path("stolen.log").exists());
    fs::remove_dir_all(set.machine.path(".venv")).unwrap();
    set.machine.assay(&["venv", ".venv"]).ok();
    set.write(".venv/pip.conf", &conf("global", 3));
    assert_eq!(set.asked(&["--venv", ".venv"], &[]), "3");
}

#[test]
fn an_environment_that_may_have_come_with_a_clone_counts_where_it_is_active() {
    let set = Set::new();
    set.machine.assay(&["venv", ".venv"]).ok();
    set.write("user/pip/pip.conf", &conf("global", 2));
    set.write(".venv/pip.conf", &conf("global", 3));
    let venv = &["--venv", ".venv"][..];
    assert_eq!(set.asked(venv, &[]), "3");
    // As a clone would have it: an interpreter that is a link relative to it.
    let bin = set.machine.path(".venv/bin");
    let python = fs::read_link(bin.join("python")).unwrap();
    let python = bin.join(python).canonicalize().unwrap();
    fs::remove_file(bin.join("python")).unwrap();
    let up = "../".repeat(bin.canonicalize().unwrap().components().count() - 1);
    symlink(
        format!(
            "{up}{}",
            python.display().to_string().trim_start_matches('/')
        ),
        bin.join("python"),
    )
    .unwrap();
    assert_eq!(set.asked(venv, &[]), "2");
    let said = set.run(&INSTALL, &[]).err;
    assert!(
        said.contains("may have come with a clone") && said.contains("activate"),
        "{said}"
    );
    let active = set.machine.path(".venv").display().to_string();
    assert_eq!(set.asked(venv, &[("VIRTUAL_ENV", &active)]), "3");
}

#[test]
fn what_could_harm_is_not_taken_and_the_rest_is_told_in_one_note() {
    let set = Set::new();
    set.machine.assay(&["venv", ".venv"]).ok();
    set.write("user/pip/pip.conf", "[global]\nlog = own.log\n");
    set.write(
        ".venv/pip.conf",
        "[global]\nlog-file = stolen.log\nproxy = http://127.0.0.1:1\ncert = ca.pem\n\
         client-cert = c.pem\nkeyring-provider = subprocess\ncache-dir = c\npython = other\n\
         quiet = 3\nverbose = 1\nindex-url = https://127.0.0.1:1/3/\n\
         [install]\nreport = r.json\ntarget = t\nroot = r\nprefix = p\nuser = yes\n\
         constraint = https://127.0.0.1:1/limits.txt\npre = yes\n",
    );
    let said = set.run(&INSTALL, &[]).err;
    for kept_out in [
        "log-file",
        "proxy",
        "cert",
        "client-cert",
        "keyring-provider",
        "cache-dir",
        "python",
        "quiet",
        "report",
        "target",
        "root",
        "prefix",
        "user",
        "constraint",
    ] {
        let told = said.lines().any(|it| {
            it.contains(&format!("note: {kept_out} in "))
                && it.contains("is not taken")
                && it.contains("config --user set")
        });
        assert!(told, "{kept_out}: {said}");
    }
    let note = said.lines().find(|it| it.contains("are in force")).unwrap();
    for setting in ["verbose in ", "index-url in ", "pre in "] {
        assert!(note.contains(setting), "{note}");
    }
    assert!(said.contains("https://127.0.0.1:1/3/"), "{said}");
    for path in ["stolen.log", "r.json", "t", "r", "p", "c"] {
        assert!(!set.machine.path(path).exists(), "{path}");
    }
    // It does not take the place of the user's own either.
    assert!(set.machine.path("own.log").exists());
    // The neighbour: the same in the user's own file.
    set.write("user/pip/pip.conf", "[global]\nlog = mine.log\n");
    fs::remove_file(set.machine.path(".venv/pip.conf")).unwrap();
    set.run(&["list", "--venv", ".venv"], &[]).ok();
    assert!(set.machine.path("mine.log").exists());
}

#[test]
fn an_index_that_an_environment_names_gets_no_secret_that_is_for_others() {
    let server = builder(&[simple("app", "1.0", &[])])
        .auth("alice", "secret")
        .start();
    let set = Set::new();
    set.machine.assay(&["venv", ".venv"]).ok();
    let netrc = set.write("netrc", "default login alice password secret");
    let program = set.write(
        "bin/keyring",
        "#!/bin/sh\ntouch asked\necho '{\"username\": \"alice\", \"password\": \"secret\"}'\n",
    );
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let text = format!("[global]\nindex-url = {}\n", server.index_url());
    let path = format!("{}:/usr/bin:/bin", set.machine.path("bin").display());
    let netrc = [("NETRC", netrc.to_str().unwrap())];
    let keyring = [
        ("PATH", path.as_str()),
        ("PIP_KEYRING_PROVIDER", "subprocess"),
    ];
    let install = ["install", "--venv", ".venv", "--dry-run", "app"];
    set.write(".venv/pip.conf", &text);
    set.run(&install, &netrc).fails(1, &["401"]);
    set.run(&install, &keyring).fails(1, &["401"]);
    // The neighbour: the user's own file.
    fs::rename(
        set.machine.path(".venv/pip.conf"),
        set.write("user/pip/pip.conf", ""),
    )
    .unwrap();
    set.run(&install, &netrc).ok();
    set.run(&install, &keyring).ok();
}
