//! Several who write into one set at the same time.

use std::{
    fs::{self, File},
    process::Stdio,
    thread,
    time::Duration,
};

use super::{Reviewer, TEAM, app};

#[test]
fn a_vouch_waits_for_the_one_that_is_written() {
    let team = Reviewer::new(&[app("1.0")]).with_policy(TEAM);
    let vouch = |who| ["vouch", "app==1.0", "--set", "vouches", "--with", who];
    team.assay(&vouch("bob")).ok();
    let [set, aside] = ["vouches/app.assay", "aside"].map(|it| team.machine.path(it));
    fs::rename(&set, &aside).unwrap();
    let folder = File::open(team.machine.path("vouches")).unwrap();
    folder.lock().unwrap();
    let mut command = team.machine.command();
    command.args(vouch("alice"));
    command.env("PIP_INDEX_URL", team.server.index_url());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = command.spawn().unwrap();
    thread::sleep(Duration::from_secs(3));
    assert!(!set.exists());
    fs::rename(&aside, &set).unwrap();
    drop(folder);
    assert!(run.wait().unwrap().success());
    let said = team.said();
    let signers = said["statements"].as_array().unwrap().iter();
    let mut signers: Vec<_> = signers
        .map(|it| it["signers"][0].as_str().unwrap())
        .collect();
    signers.sort_unstable();
    assert_eq!(signers, ["alice", "bob"]);
}
