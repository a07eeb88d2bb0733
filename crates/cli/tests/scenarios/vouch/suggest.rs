//! What to look at next.

use assay_testkit::wheel::{BuiltWheel, WheelBuilder};

use super::{Reviewer, TEAM};
use crate::machine::index;

/// So many lines, of which the first differ from version to version.
fn lines(name: &str, version: &str, changed: usize) -> WheelBuilder {
    let own = (0..changed).map(|it| format!("v{it} = {version:?}\n"));
    let same = (0..20).map(|it| format!("x{it} = 1\n"));
    let code: String = own.chain(same).collect();
    WheelBuilder::new(name, version).file(&format!("{name}/__init__.py"), code.as_bytes())
}

fn old() -> Vec<BuiltWheel> {
    ["small", "large", "native"]
        .map(|it| lines(it, "1.0", 1).build())
        .into()
}

fn new() -> Vec<BuiltWheel> {
    vec![
        lines("small", "1.1", 1).build(),
        lines("large", "1.1", 9).build(),
        lines("native", "1.1", 1)
            .file("native/code.so", b"\x7fELF\x02\x01\x01\0")
            .file("native.pth", b"import native\n")
            .build(),
        lines("other", "1.0", 1).build(),
    ]
}

/// A team that looked at the old ones, and has the new ones before it.
fn team() -> Reviewer {
    let team = Reviewer::new(&old()).with_policy(TEAM);
    team.vouch(&["small==1.0", "large==1.0", "native==1.0"])
        .ok();
    let wheels = [old(), new()].concat();
    team.machine
        .write("wanted.txt", "small\nlarge\nnative\nother\n");
    Reviewer {
        server: index(&wheels),
        ..team
    }
}

fn suggest(team: &Reviewer, more: &[&str]) -> crate::machine::Outcome {
    let own = ["vouch", "suggest", "-r", "wanted.txt"];
    team.assay(&[&own[..], more].concat())
}

#[test]
fn the_smallest_difference_comes_first_and_what_is_dangerous_stands_out() {
    let team = team();
    let said = suggest(&team, &[]).ok().out;
    let headlines: Vec<_> = said
        .lines()
        .filter(|it| !it.starts_with(' ') && !it.ends_with('…'))
        .collect();
    let begins = [
        "small 1.0 -> 1.1: ",
        "START-UP CODE, NATIVE CODE: native 1.0 -> 1.1: ",
        "large 1.0 -> 1.1: ",
        "other 1.0: ",
    ];
    assert_eq!(headlines.len(), begins.len() + 1, "{said}");
    for (line, begin) in headlines.iter().zip(begins) {
        assert!(line.starts_with(begin), "{begin}\n{said}");
    }
    assert!(
        said.contains("  assay vouch small==1.1 --from 1.0 --set vouches --with KEY\n"),
        "{said}"
    );
    assert!(
        said.contains("  assay vouch other==1.0 --set vouches --with KEY\n"),
        "{said}"
    );
    assert_eq!(said.matches("Resolving").count(), 1, "{said}");
    assert!(
        said.contains("0 files are vouched for; 4 are to be looked at"),
        "{said}"
    );
    let report = suggest(&team, &["--json"]).ok().json();
    let one = &report["open"][1]["difference"];
    assert_eq!(
        (one["native-code"].as_u64(), one["start-up-code"].as_u64()),
        (Some(1), Some(1))
    );
    assert_eq!(report["open"][0]["from"]["version"], "1.0");
    assert_eq!(report["open"][0]["commands"][0], "assay diff small 1.0 1.1");
}

#[test]
fn no_more_wheels_are_fetched_than_the_limit_says() {
    let team = team();
    let fetched = |limit: &str| {
        team.server.clear_requests();
        let report = suggest(&team, &["--json", "--no-cache-dir", "--limit", limit])
            .ok()
            .json();
        let all = team.server.requests();
        let wheels = all.iter().filter(|it| it.path.ends_with(".whl")).count();
        let compared = report["open"].as_array().unwrap().iter();
        let compared = compared.filter(|it| it["difference"].is_object()).count();
        assert!(report["open"][3]["size"].as_u64().unwrap() > 0);
        (wheels, compared)
    };
    assert_eq!(fetched("0"), (0, 0));
    assert_eq!(fetched("3"), (2, 1));
    assert_eq!(fetched("6"), (6, 3));
}

#[test]
fn what_is_vouched_for_is_done_and_what_is_exempt_is_not() {
    let team = team();
    team.vouch(&["small==1.1", "--from", "1.0"]).ok();
    team.vouch(&["deny", "large==1.1", "--reason", "mines coins"])
        .ok();
    let report = suggest(&team, &["--json"]).ok().json();
    assert_eq!(report["vouched-for"], 1);
    assert_eq!(report["denied"][0]["name"], "large 1.1");
    team.vouch(&["init", "-r", "wanted.txt", "--json"]).ok();
    let exempt = format!("{TEAM}{}", TEAM.replace("team", "exempt"));
    team.policy(&format!("{exempt}criteria = ['exempt']\n"));
    let report = suggest(&team, &["--json"]).ok().json();
    assert_eq!(report["vouched-for"], 1);
    let open = report["open"].as_array().unwrap();
    assert!(open.iter().all(|it| it["is-exempt"] == true), "{report}");
    // The same of a set that no policy names.
    team.machine.write("../home/.config/assay/policy.toml", "");
    let none = suggest(&team, &[]);
    none.fails(2, &["[statements]", "assay vouch init"]);
    let key = team
        .machine
        .path("../home/.local/state/assay/keys/alice.pub");
    let key = ["--set", "vouches", "--key", key.to_str().unwrap(), "--json"];
    let by_set = suggest(&team, &key).ok().json();
    assert_eq!(by_set["vouched-for"], 1);
    assert_eq!(by_set["open"].as_array().unwrap().len(), open.len());
}

#[test]
fn what_is_installed_is_looked_at_where_nothing_is_named() {
    let team = Reviewer::new(&old()).with_policy(TEAM);
    team.vouch(&["small==1.0"]).ok();
    team.install(&["small", "large"]).ok();
    let said = team
        .assay(&["vouch", "suggest", "--venv", "env", "--json"])
        .ok()
        .json();
    assert_eq!(said["vouched-for"], 1);
    assert_eq!(said["open"][0]["project"], "large");
    assert!(said["open"][0]["size"].as_u64().unwrap() > 0, "{said}");
    std::fs::remove_file(team.machine.site().join("large-1.0.dist-info/assay.json")).unwrap();
    let said = team.assay(&["vouch", "suggest", "--venv", "env"]).ok();
    assert!(said.err.contains("large 1.0 is left out"), "{}", said.err);
}

#[test]
fn a_printed_command_is_the_one_that_is_meant_when_it_is_copied() {
    let team = team();
    let spaced = "a set; $(touch x)";
    std::fs::rename(team.machine.path("vouches"), team.machine.path(spaced)).unwrap();
    team.policy(&TEAM.replace("vouches", spaced));
    let said = suggest(&team, &[]).ok().out;
    let command = "  assay vouch small==1.1 --from 1.0 --set 'a set; $(touch x)' --with KEY\n";
    assert!(said.contains(command), "{said}");
    let typed = command
        .replace("KEY", "alice")
        .replace("assay", env!("CARGO_BIN_EXE_assay"));
    let url = team.server.index_url();
    let script = format!("export PIP_INDEX_URL='{url}'; {typed}");
    team.machine.run("sh".as_ref(), &["-c", &script]).ok();
    let report = suggest(&team, &["--json"]).ok().json();
    assert_eq!(report["vouched-for"], 1);
    assert!(!team.machine.path("x").exists());
}
