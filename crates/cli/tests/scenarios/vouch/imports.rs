//! Another team's vouches: named, limited, never passed on.

use assay_testkit::server::IndexServer;

use super::{RULE, Reviewer, app};
use crate::machine::{Machine, simple, upload};

/// Others who vouched for `app` and `lib`, and what they have.
struct Others {
    machine: Machine,
    key: String,
    set: String,
}

impl Others {
    fn new() -> Self {
        let others = Reviewer::new(&[app("1.0"), simple("lib", "1.0", &[])]);
        others.vouch(&["app==1.0", "lib==1.0"]).ok();
        let read = |it: &str| {
            let path = others.machine.path("vouches").join(it);
            std::fs::read_to_string(path).unwrap()
        };
        Self {
            key: others.key("alice").replace("[keys.alice]", "[keys.theirs]"),
            set: format!("{}{}", read("app.assay"), read("lib.assay")),
            machine: others.machine,
        }
    }

    /// A source of theirs as a policy file has it, with further lines.
    fn source(&self, at: &str, more: &str) -> String {
        let key = &self.key;
        format!("{key}\n[statements.team]\nat = '{at}'\nkeys = ['theirs']\n{more}\n{RULE}")
    }
}

/// Us, whose index has what they looked at.
fn us(policy: &str) -> Reviewer {
    let wheels = [app("1.0"), simple("lib", "1.0", &[])];
    Reviewer::new(&wheels).with_policy(policy)
}

#[test]
fn a_folder_of_theirs_counts_as_far_as_it_is_limited() {
    let others = Others::new();
    let folder = others.machine.path("vouches");
    let source = |more: &str| others.source(folder.to_str().unwrap(), more);
    us(&source("")).install(&["app", "lib"]).ok();
    let limited = us(&source("projects = ['ap*']"));
    limited.install(&["app"]).ok();
    limited.install(&["lib"]).fails(4, &["vouch:team"]);
    us(&source("criteria = ['looked-at', 'ran-tests']"))
        .install(&["app"])
        .fails(4, &["vouch:team"]);
    us(&source("until = 2999-12-31")).install(&["app"]).ok();
    us(&source("until = 2020-01-01"))
        .install(&["app"])
        .fails(2, &["2020-01-01"]);
}

#[test]
fn one_file_behind_https_is_a_set_too() {
    let others = Others::new();
    let host = IndexServer::builder()
        .page("/set.assay", "application/jsonl", others.set.clone())
        .start();
    let us = us(&others.source(&host.url("/set.assay"), ""));
    us.install(&["app", "lib"]).ok();
    drop(host);
    // For some days a copy stands in.
    let again = us.install(&["--force-reinstall", "app"]).ok();
    assert!(again.err.contains("are used"), "{}", again.err);
}

#[test]
fn what_they_believe_of_others_is_not_passed_on() {
    let others = Others::new();
    let third = Reviewer::new(&[app("1.0")]);
    third.vouch(&["app==1.0"]).ok();
    // Their set holds a third one's statement beside their own.
    let set = std::fs::read_to_string(third.machine.path("vouches/app.assay")).unwrap();
    let folder = others.machine.path("vouches");
    std::fs::write(folder.join("app.assay"), &set).unwrap();
    let us = us(&others.source(folder.to_str().unwrap(), ""));
    us.install(&["lib"]).ok();
    us.install(&["app"]).fails(4, &["vouch:team"]);
}

#[test]
fn a_vouch_is_for_those_bytes() {
    let others = Others::new();
    let folder = others.machine.path("vouches");
    let us = us(&others.source(folder.to_str().unwrap(), ""));
    let server = IndexServer::builder()
        .upload(upload(&simple("app", "1.0", &[])))
        .start();
    let us = Reviewer { server, ..us };
    us.install(&["app"]).fails(4, &["vouch:team"]);
}
