//! The first day of a set.

use super::{Reviewer, app};
use crate::machine::simple;

/// What `vouch init` prints for a policy file.
fn printed(out: &str) -> String {
    let (_, lines) = out.split_once("[keys.alice]").unwrap();
    format!("[keys.alice]{lines}")
}

#[test]
fn what_is_installed_passes_and_what_comes_is_looked_at() {
    let team = Reviewer::new(&[app("1.0"), simple("lib", "1.0", &[])]);
    team.install(&["app", "lib"]).ok();
    let init = ["init", "--venv", "env"];
    let dry = team.vouch(&[&init[..], &["--dry-run"]].concat()).ok();
    assert!(
        dry.out.contains("2 files would be exempted in vouches"),
        "{}",
        dry.out
    );
    assert!(!team.machine.path("vouches").exists());
    let said = team.vouch(&init).ok();
    assert!(
        said.out.contains("2 files exempted in vouches"),
        "{}",
        said.out
    );
    let again = team.vouch(&init).ok();
    assert!(
        again
            .out
            .contains("0 files exempted in vouches, and 2 known before"),
        "{}",
        again.out
    );
    let list = team.assay(&["vouch", "list", "--set", "vouches"]);
    list.fails(2, &["no key is known"]);

    // The lines as they are printed.
    team.machine.write("assay.toml", printed(&said.out));
    team.install(&["--force-reinstall", "app"])
        .fails(2, &["assay policy approve"]);
    team.machine.assay(&["policy", "approve"]).ok();
    team.install(&["--force-reinstall", "app", "lib"]).ok();
    let team = Reviewer {
        server: crate::machine::index(&[app("1.0"), app("1.1"), simple("lib", "1.0", &[])]),
        ..team
    };
    team.install(&["app==1.1"])
        .fails(4, &["vouch:team", "vouch:exempt"]);

    // Without the exemptions only what somebody looked at is left.
    let text = printed(&said.out);
    let (start, rest) = text.split_once("[statements.exempt]").unwrap();
    let (_, end) = rest.split_once("[policy]").unwrap();
    let text = format!("{start}[policy]{end}").replace(", \"vouch:exempt\"", "");
    team.machine.write("assay.toml", text);
    team.machine.assay(&["policy", "approve"]).ok();
    team.vouch(&["app==1.0"]).ok();
    team.install(&["--force-reinstall", "app==1.0"]).ok();
    team.install(&["--force-reinstall", "lib"])
        .fails(4, &["vouch:team"]);
}

#[test]
fn what_nobody_knows_the_file_of_is_told_and_not_exempted() {
    let [lib, other] = ["lib", "other"].map(|it| simple(it, "1.0", &[]));
    let team = Reviewer::new(&[app("1.0"), lib, other]);
    team.install(&["app", "lib", "other"]).ok();
    let site = team.machine.site();
    for name in ["lib", "other"] {
        let receipt = format!("{name}-1.0.dist-info/assay.json");
        std::fs::remove_file(site.join(receipt)).unwrap();
    }
    let said = team.vouch(&["init", "--venv", "env"]).ok();
    assert!(
        said.err
            .contains("lib 1.0, other 1.0 were not exempted: there is no receipt"),
        "{}",
        said.err
    );
    assert!(said.out.contains("1 file exempted"), "{}", said.out);
    // A receipt that somebody wrote since says nothing.
    let receipt = site.join("app-1.0.dist-info/assay.json");
    let text = std::fs::read_to_string(&receipt).unwrap();
    let digest = text.find("\"sha256\": \"").unwrap() + 11;
    let forged = format!(
        "{}{}{}",
        &text[..digest],
        "0".repeat(64),
        &text[digest + 64..]
    );
    std::fs::remove_file(&receipt).unwrap();
    std::fs::write(&receipt, forged).unwrap();
    let said = team.vouch(&["init", "--venv", "env"]).ok();
    assert!(
        said.err.contains("app 1.0 was not exempted: changed since"),
        "{}",
        said.err
    );
}

#[test]
fn a_requirements_file_is_exempted_without_an_environment() {
    let team = Reviewer::new(&[app("1.0"), simple("lib", "1.0", &["app"])]);
    team.machine.write("wanted.txt", "lib\n");
    let said = team
        .vouch(&["init", "-r", "wanted.txt", "--json"])
        .ok()
        .json();
    let files = ["app-1.0-py3-none-any.whl", "lib-1.0-py3-none-any.whl"];
    assert_eq!(said["exempted"], serde_json::json!(files));
    assert_eq!(said["written"].as_array().unwrap().len(), 2);
}
