//! A set is read as an install reads it: what that refuses nobody approves of here.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{PermissionsExt as _, symlink},
    },
};

use assay_testkit::voice::Voice;
use serde_json::json;

use super::{RULE, Reviewer, TEAM, app};

fn team() -> Reviewer {
    let team = Reviewer::new(&[app("1.0"), app("1.1")]).with_policy(&format!("{TEAM}{RULE}"));
    team.vouch(&["app==1.0"]).ok();
    team
}

/// The install and each command that reads the set.
#[track_caller]
fn all_refuse(team: &Reviewer, words: &str) {
    team.install(&["app==1.0"]).fails(4, &[words]);
    for command in ["check", "list"] {
        let set = ["vouch", command, "--set", "vouches"];
        team.assay(&set).fails(4, &[words]);
    }
    team.vouch(&["app==1.1"]).fails(4, &[words]);
}

#[track_caller]
fn all_take_it(team: &Reviewer) {
    team.install(&["app==1.0"]).ok();
    team.assay(&["vouch", "check", "--set", "vouches"]).ok();
    team.said();
}

#[test]
fn a_set_to_which_others_can_write_is_refused() {
    let team = team();
    for path in ["vouches", "vouches/app.assay"] {
        let path = team.machine.path(path);
        let mode = fs::metadata(&path).unwrap().permissions();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        all_refuse(&team, "chmod go-w");
        fs::set_permissions(&path, mode).unwrap();
    }
    all_take_it(&team);
}

#[test]
fn a_link_may_stay_and_not_lead_out() {
    let team = team();
    let link = team.machine.path("vouches/other.assay");
    team.machine.write("outside", "");
    symlink("../outside", &link).unwrap();
    all_refuse(&team, "is a link that leads out");
    fs::remove_file(&link).unwrap();
    team.machine.write("vouches/inside", "");
    symlink("inside", &link).unwrap();
    all_take_it(&team);
}

#[test]
fn a_set_that_is_too_long_is_refused() {
    let team = team();
    let path = team.machine.path("vouches/long.assay");
    let long = fs::File::create(&path).unwrap();
    long.set_len(64 << 20).unwrap();
    all_refuse(&team, "67108864 bytes");
    long.set_len(0).unwrap();
    all_take_it(&team);
}

#[test]
fn a_file_with_a_name_that_is_no_text_is_read_too() {
    let team = team();
    let name = OsStr::from_bytes(b"\xff.assay");
    let path = team.machine.path("vouches").join(name);
    fs::write(&path, "nonsense\n").unwrap();
    team.install(&["app==1.0"]).fails(4, &["no envelope"]);
    let check = team.assay(&["vouch", "check", "--set", "vouches"]);
    assert_eq!(check.code, 4, "{check:?}");
    assert!(check.out.contains(".assay:1"), "{check:?}");
    fs::write(&path, "").unwrap();
    all_take_it(&team);
}

#[test]
fn more_lines_without_a_statement_than_an_install_reads_are_told() {
    let team = team();
    let line = Voice::new(7).says("vouches", &[], json!({}));
    let check = |count| {
        team.machine.write("vouches/app.assay", line.repeat(count));
        let check = team.assay(&["vouch", "check", "--set", "vouches"]);
        let told = "has 17 lines that hold no statement";
        (check.code, check.out.contains(told))
    };
    assert_eq!(check(16), (4, false));
    assert_eq!(check(17), (4, true));
}
