//! A team from the first vouch to a denial.

use super::{RULE, Reviewer, TEAM, app};

#[test]
fn a_new_version_waits_until_somebody_looked_at_what_changed() {
    let team = Reviewer::new(&[app("1.0")]).with_policy(&format!("{TEAM}{RULE}"));
    std::fs::create_dir(team.machine.path("vouches")).unwrap();
    let ways_out = ["vouch:team", "assay vouch app==1.0", "assay vouch suggest"];
    team.install(&["app"]).fails(4, &ways_out);
    team.vouch(&["app==1.0"]).ok();
    team.install(&["app"]).ok();

    // 1.1 comes.
    let team = Reviewer {
        server: crate::machine::index(&[app("1.0"), app("1.1")]),
        ..team
    };
    let upgrade = ["--upgrade", "app"];
    let kept = team.install(&upgrade).ok();
    assert!(
        kept.err.contains("app-1.1-py3-none-any.whl was left out"),
        "{}",
        kept.err
    );
    assert_eq!(team.machine.frozen(), ["app==1.0"]);

    let wanted = team.machine.write("wanted.txt", "app==1.1\n");
    let wanted = ["-r", wanted.to_str().unwrap()];
    let suggest = [&["vouch", "suggest"][..], &wanted].concat();
    let said = team.assay(&suggest).ok().out;
    for line in [
        "app 1.0 -> 1.1: ",
        "assay diff app 1.0 1.1",
        "assay vouch app==1.1 --from 1.0 --set ",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let diff = team.assay(&["diff", "app", "1.0", "1.1"]).ok().out;
    assert!(
        diff.contains("-version = \"1.0\"\n+version = \"1.1\""),
        "{diff}"
    );
    team.vouch(&["app==1.1", "--from", "1.0"]).ok();
    team.install(&upgrade).ok();
    assert_eq!(team.machine.frozen(), ["app==1.1"]);

    // It was not that harmless.
    let bob = ["--set", "vouches", "--with", "bob"];
    let deny = ["vouch", "deny", "app==1.1", "--reason", "it mines coins"];
    team.assay(&[&deny[..], &bob].concat()).ok();
    let before = team.machine.snapshot();
    let again = ["--force-reinstall", "app"];
    team.install(&again).fails(4, &["it mines coins", "denial"]);
    team.machine.assert_unchanged(&before);
    team.install(&["--force-reinstall", "app==1.0"]).ok();
}
