//! What a hook finds: facts, a copy, an environment.

use std::fs;

use serde_json::{Value, json};

use super::{ACCEPT, Hooked};
use crate::machine::simple;

/// A hook that writes down all that it finds.
fn curious() -> Hooked {
    let it = Hooked::new(ACCEPT);
    let folder = it.machine.path("found");
    fs::create_dir(&folder).unwrap();
    it.hook(&format!(
        "cd=$(pwd); home=$HOME; exec 9>/dev/null
         cat > {0}/facts; env > {0}/env; ls -A > {0}/here
         printf '%s\\n' \"$cd\" \"$home\" \"$@\" > {0}/words
         copy=$(sed 's/.*\"path\":\"\\([^\"]*\\)\".*/\\1/' {0}/facts)
         stat -c '%a' \"$copy\" \"$cd/..\" > {0}/modes; cat \"$copy\" > {0}/copy
         {ACCEPT}",
        folder.display()
    ));
    it
}

impl Hooked {
    fn found(&self, name: &str) -> String {
        fs::read_to_string(self.machine.path("found").join(name)).unwrap()
    }

    fn facts(&self) -> Value {
        serde_json::from_str(&self.found("facts")).unwrap()
    }
}

#[test]
fn it_is_told_what_is_known_of_the_file() {
    let it = curious();
    let wheel = simple("lib", "1.0", &[]);
    it.install(&["lib"]).ok();
    let facts = it.facts();
    let members: Vec<_> = facts.as_object().unwrap().keys().cloned().collect();
    let documented = include_str!("../../../../../docs/hooks.md");
    for member in &members {
        assert!(documented.contains(&format!("\"{member}\":")), "{member}");
    }
    assert_eq!(members.len(), 12);
    assert_eq!(facts["protocol"], 1);
    assert_eq!(facts["project"], "lib");
    assert_eq!(facts["version"], "1.0");
    assert_eq!(facts["file-name"], wheel.file_name);
    assert_eq!(facts["size"], wheel.bytes.len());
    assert_eq!(facts["evidence"]["words"], json!(["index"]));
    assert_eq!(facts["assay"], env!("CARGO_PKG_VERSION"));
    let copy = fs::read(it.machine.path("found/copy")).unwrap();
    assert_eq!(copy, wheel.bytes);
    assert!(facts["path"].as_str().unwrap().ends_with(&wheel.file_name));
    assert_eq!(it.found("modes"), "400\n700\n");
}

#[test]
fn it_is_told_no_password() {
    let it = curious();
    let url = it
        .server
        .index_url()
        .replace("http://", "http://user:hidden@");
    let args = ["install", "--venv", "env", "--index-url", &url, "lib"];
    it.assay(&args).ok();
    assert!(
        it.facts()["index"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1")
    );
    assert!(!it.found("facts").contains("hidden"));
}

#[test]
fn it_finds_nothing_of_the_environment() {
    let it = curious();
    it.install(&["lib"]).ok();
    let env = it.found("env");
    let mut names: Vec<_> = env.lines().filter_map(|it| it.split('=').next()).collect();
    names.sort_unstable();
    // The shell itself sets PWD, and some set _ and SHLVL.
    names.retain(|it| !["PWD", "OLDPWD", "SHLVL", "_"].contains(it));
    assert_eq!(names, ["HOME", "LANG", "PATH"]);
    assert!(env.contains("PATH=/usr/bin:/bin\n") && env.contains("LANG=C.UTF-8\n"));
    assert_eq!(it.found("here"), "");
    let words = it.found("words");
    let words: Vec<_> = words.lines().collect();
    // Without a shell, words stay whole.
    assert_eq!(words[2..], ["first", "a  b"]);
    assert_eq!(words[0], words[1]);
    assert!(words[0].ends_with("/work"));
}

#[test]
fn it_inherits_no_open_file() {
    let it = Hooked::new(ACCEPT);
    let fds = it.machine.path("fds");
    it.hook(&format!("ls /proc/$$/fd > {}; {ACCEPT}", fds.display()));
    // As a shell or a build tool leaves one open for whatever it starts.
    let script = "exec 7</dev/null; ls /proc/$$/fd | grep -x 7 && exec \"$@\"";
    let url = it.server.index_url();
    let mut shell = it
        .machine
        .command_under("/bin/sh".as_ref(), &["-c", script, "sh"]);
    shell.args(["install", "--venv", "env", "--index-url", &url, "lib"]);
    assert!(shell.output().unwrap().status.success());
    let fds = fs::read_to_string(fds).unwrap();
    assert!(fds.lines().all(|it| it != "7"), "{fds}");
}

#[test]
fn a_file_that_was_named_says_so() {
    let it = curious();
    let wheel = simple("lib", "1.0", &[]);
    let path = it.machine.write(&wheel.file_name, &wheel.bytes);
    it.rule("'hook:scan'", "");
    it.install(&[path.to_str().unwrap()]).ok();
    let facts = it.facts();
    assert!(facts["index"].is_null() && facts["upload-time"].is_null());
    assert_eq!(facts["evidence"]["words"], json!(["local"]));
}
