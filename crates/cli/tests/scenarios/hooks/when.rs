//! When a hook is asked, and how often.

use assay_testkit::server::IndexServer;

use super::{ACCEPT, Hooked, counting};
use crate::machine::{index, simple};

const APP: &str = "app-1.0-py3-none-any.whl";
const LIB: &str = "lib-1.0-py3-none-any.whl";

fn counted() -> Hooked {
    counted_with(index(&[
        simple("app", "1.0", &["lib"]),
        simple("lib", "1.0", &[]),
    ]))
}

fn counted_with(server: IndexServer) -> Hooked {
    let it = Hooked::with(ACCEPT, server);
    it.hook(&counting(&it.machine.path("calls"), ACCEPT));
    it
}

#[test]
fn once_for_each_file_and_run_and_again_for_what_the_cache_has() {
    let it = counted();
    it.install(&["app"]).ok();
    assert_eq!(it.calls(), [APP, LIB]);
    it.install(&["app"]).ok();
    assert_eq!(it.calls(), [APP, LIB], "nothing was to do");
    it.install(&["--force-reinstall", "app"]).ok();
    assert_eq!(it.calls(), [APP, APP, LIB, LIB]);
    it.hook("exit 1");
    it.install(&["--force-reinstall", "app"])
        .fails(4, &["exit status 1"]);
}

#[test]
fn only_for_projects_whose_rules_name_it() {
    let it = counted();
    let policy = it.machine.path("../home/.config/assay/policy.toml");
    let text = std::fs::read_to_string(&policy).unwrap();
    std::fs::write(&policy, text.replace("['*']", "['li*']")).unwrap();
    it.install(&["app"]).ok();
    assert_eq!(it.calls(), [LIB]);
}

#[test]
fn not_for_versions_that_lose() {
    let wheels = [
        simple("app", "1.0", &["lib<2"]),
        simple("lib", "1.0", &[]),
        simple("lib", "2.0", &[]),
    ];
    let it = counted_with(index(&wheels));
    it.install(&["lib", "app"]).ok();
    assert_eq!(it.calls(), [APP, LIB]);
}

#[test]
fn not_where_the_digest_does_not_hold() {
    let it = counted();
    let line = format!("lib==1.0 --hash=sha256:{}\n", "0".repeat(64));
    it.machine.write("requirements.txt", line);
    it.install(&["-r", "requirements.txt"])
        .fails(4, &["rule: digest"]);
    assert!(it.calls().is_empty());
    it.install(&["lib"]).ok();
    assert_eq!(it.calls(), [LIB]);
}

#[test]
fn not_in_a_dry_run_which_says_so() {
    let it = counted();
    let outcome = it.install(&["--dry-run", "lib"]).ok();
    assert!(it.calls().is_empty());
    assert!(
        outcome
            .err
            .contains("hook:scan is asked when files are fetched"),
        "{}\n{}",
        outcome.out,
        outcome.err
    );
}

#[test]
fn for_a_download_and_for_a_file_to_verify() {
    let it = counted();
    let url = it.server.index_url();
    it.assay(&["download", "--dest", "wheels", "--index-url", &url, "lib"])
        .ok();
    assert_eq!(it.calls(), [LIB]);
    let path = it.machine.path("wheels").join(LIB);
    it.rule("{ all = ['local', 'hook:scan'] }", "");
    it.assay(&["verify", path.to_str().unwrap()]).ok();
    assert_eq!(it.calls(), [LIB, LIB]);
    it.hook("exit 1");
    it.assay(&["verify", path.to_str().unwrap()]);
    assert_eq!(it.assay(&["verify", path.to_str().unwrap()]).code, 4);
}

#[test]
fn a_clone_runs_nothing_before_its_rules_were_approved() {
    let it = counted();
    let policy = it.machine.path("../home/.config/assay/policy.toml");
    std::fs::rename(&policy, it.machine.path("assay.toml")).unwrap();
    let outcome = it.install(&["lib"]);
    assert_eq!(outcome.code, 2, "{}", outcome.err);
    assert!(
        outcome.err.contains("assay policy approve"),
        "{}",
        outcome.err
    );
    assert!(it.calls().is_empty());
    let shown = it.assay(&["policy", "approve"]).ok().out;
    let hook = it.machine.path("hook");
    assert!(shown.contains(hook.to_str().unwrap()), "{shown}");
    it.install(&["lib"]).ok();
    assert_eq!(it.calls(), [LIB]);
}
