//! Who looked at a file, and by way of which others.

use assay_trust::{
    sha256,
    signature::Rule,
    statement::{Denial, Statement, Subject, Vouch},
};
use assay_types::Sha256;

use crate::world::{
    World, compared, file, looked, named, only, person, recently, until, vouched, world,
};

/// Some other file of the project.
fn other(number: usize) -> Sha256 {
    sha256(number.to_string().as_bytes())
}

/// Signed by `who`, about a file with these bytes.
fn vouch(who: &str, bytes: Sha256, said: Vouch) -> String {
    let name = match bytes == file().sha256 {
        true => file().name,
        false => "demo.whl".to_owned(),
    };
    let statement = Statement::vouches(named(&name, bytes), said, recently());
    person(who).sign(&statement.unwrap())
}

fn team(lines: impl IntoIterator<Item = String>) -> World {
    world().set("team", lines)
}

#[test]
fn anybody_of_a_source_vouches_for_it_and_nobody_else() {
    for (who, words) in [
        ("alice", &["vouch:team"][..]),
        ("bob", &["vouch:team"]),
        ("carol", &[]),
        ("release", &[]),
        ("mallory", &[]),
    ] {
        let line = person(who).sign(&vouched());
        assert_eq!(team([line]).words().unwrap(), words, "{who}");
    }
    let heard = team([person("bob").sign(&vouched())]).hear().unwrap();
    assert_eq!(
        heard.testimonies[0].said(),
        "key:bob looked at 1.0 (vouch:team)"
    );
}

#[test]
fn a_set_speaks_for_its_own_source_alone_and_the_bundle_beside_for_all() {
    let lines = || ["alice", "carol"].map(|it| person(it).sign(&vouched()));
    assert_eq!(
        world().set("team", lines()).words().unwrap(),
        ["vouch:team"]
    );
    assert_eq!(
        world().set("others", lines()).words().unwrap(),
        ["vouch:others"]
    );
    assert_eq!(
        world().beside(lines()).words().unwrap(),
        ["vouch:team", "vouch:others"]
    );
}

#[test]
fn sources_and_keys_keep_to_their_projects() {
    let mut world = team([person("alice").sign(&vouched())]);
    world.policy.sources[0].projects = only(&["demo"]);
    assert_eq!(world.words().unwrap(), ["vouch:team"]);
    world.key("alice").projects = only(&["other"]);
    assert!(world.silence().contains("key:alice may not speak for demo"));
    world.key("alice").projects = None;
    world.policy.sources[0].projects = only(&["other"]);
    assert_eq!(
        world.silence(),
        "the set has 1 statement about it by nobody whose word counts for demo"
    );
}

#[test]
fn each_criterion_that_is_asked_for_has_to_be_named() {
    let mut world = team([person("alice").sign(&vouched())]);
    let criteria = |all: &[&str]| all.iter().map(|it| (*it).to_owned()).collect();
    world.policy.sources[0].criteria = criteria(&["looked-at", "safe-to-run"]);
    assert_eq!(
        world.silence(),
        "key:alice looked at it by the criteria looked-at, and looked-at, safe-to-run are asked for \
         (assay.toml:5:1)"
    );
    let both = Vouch {
        criteria: criteria(&["looked-at", "safe-to-run", "something-else"]),
        ..looked("1.0")
    };
    // One line for both sources, and none where one of them takes it.
    let line = || [person("alice").sign(&vouched())];
    let mut world = world.set("others", line());
    world.policy.sources[1]
        .keys
        .insert("alice".parse().unwrap());
    world.policy.sources[1].criteria = criteria(&["ran-tests"]);
    assert_eq!(
        world.silence(),
        "key:alice looked at it by the criteria looked-at, and looked-at, safe-to-run are asked for \
         (assay.toml:5:1), ran-tests are asked for (assay.toml:5:1)"
    );
    world.policy.sources[1].criteria = criteria(&["looked-at"]);
    assert_eq!(world.words().unwrap(), ["vouch:others"]);
    assert_eq!(world.hear().unwrap().trouble, [""; 0]);
    world.policy.sources[1].criteria = criteria(&["ran-tests"]);
    world.sets[0].1.push(vouch("bob", file().sha256, both));
    assert_eq!(world.words().unwrap(), ["vouch:team"]);
}

#[test]
fn a_difference_counts_where_its_base_does() {
    let difference = || vouch("alice", file().sha256, compared("1.0", "0.9", other(1)));
    let base = |who| vouch(who, other(1), looked("0.9"));
    let whole = team([difference(), base("bob")]);
    assert_eq!(whole.words().unwrap(), ["vouch:team"]);
    assert_eq!(
        whole.hear().unwrap().testimonies[0].said(),
        "key:alice looked at what differs from 0.9, key:bob looked at 0.9 (vouch:team)"
    );
    let said = team([difference()]).silence();
    assert!(
        said.contains("does not lead to a file that vouch:team looked at"),
        "{said}"
    );
    // Of another source, by a stranger, of other bytes, of another version.
    let others = world()
        .set("team", [difference()])
        .set("others", [base("carol")]);
    assert!(others.words().unwrap().is_empty());
    for wrong in [
        base("mallory"),
        vouch("bob", other(2), looked("0.9")),
        vouch("bob", other(1), looked("0.8")),
    ] {
        assert!(team([difference(), wrong]).words().unwrap().is_empty());
    }
}

#[test]
fn a_base_that_expired_or_lacks_a_criterion_carries_nothing() {
    let judge = |base: Statement| {
        let difference = vouch("alice", file().sha256, compared("1.0", "0.9", other(1)));
        team([difference, person("bob").sign(&base)])
            .words()
            .unwrap()
    };
    let base = |said, times| Statement::vouches(named("demo.whl", other(1)), said, times).unwrap();
    let later = until("2026-12-01T00:00:00Z");
    assert_eq!(judge(base(looked("0.9"), later)), ["vouch:team"]);
    let over = until("2026-11-20T00:00:00Z");
    assert!(judge(base(looked("0.9"), over)).is_empty());
    let less = Vouch {
        criteria: ["a-glance".to_owned()].into(),
        ..looked("0.9")
    };
    assert!(judge(base(less, later)).is_empty());
}

#[test]
fn a_base_that_anybody_denies_carries_nothing() {
    let judge_as = |project: &str, who: &str, subjects: Vec<Subject>, version: &str| {
        let denial = Denial {
            project: project.parse().unwrap(),
            versions: vec![version.parse().unwrap()],
            reason: "it sends your keys away".to_owned(),
        };
        let denial = Statement::denies(subjects, denial, recently()).unwrap();
        let difference = vouch("alice", file().sha256, compared("1.0", "0.9", other(1)));
        let base = vouch("bob", other(1), looked("0.9"));
        let world = team([difference, base]).set("others", [person(who).sign(&denial)]);
        world.words().unwrap()
    };
    let judge = |who: &str, subjects, version: &str| judge_as("demo", who, subjects, version);
    let bytes = |it: usize| vec![named("demo.whl", other(it))];
    assert!(judge("carol", vec![], "0.9").is_empty());
    assert!(judge("carol", bytes(1), "0.1").is_empty());
    // Whatever project somebody denies them as.
    let elsewhere = |it: usize| judge_as("elsewhere", "carol", bytes(it), "0.9");
    assert!(elsewhere(1).is_empty());
    assert_eq!(elsewhere(2), ["vouch:team"]);
    assert_eq!(judge("carol", bytes(2), "0.8"), ["vouch:team"]);
    assert_eq!(judge("mallory", bytes(1), "0.9"), ["vouch:team"]);
}

#[test]
fn a_chain_has_an_end_and_no_circle() {
    let chain = |length: usize| {
        let version = |it: usize| format!("0.{it}");
        let links = (1..length).map(|it| {
            let said = compared(&version(it), &version(it + 1), other(it + 1));
            vouch("alice", other(it), said)
        });
        let first = compared("1.0", "0.1", other(1));
        let last = looked(&version(length));
        let ends = [
            vouch("alice", file().sha256, first),
            vouch("alice", other(length), last),
        ];
        team(ends.into_iter().chain(links)).words().unwrap()
    };
    assert_eq!(chain(1), ["vouch:team"]);
    assert_eq!(chain(32), ["vouch:team"]);
    assert!(chain(33).is_empty());

    let there = vouch("alice", file().sha256, compared("1.0", "0.9", other(1)));
    let back = vouch("alice", other(1), compared("0.9", "1.0", file().sha256));
    let itself = vouch(
        "alice",
        file().sha256,
        compared("1.0", "1.0", file().sha256),
    );
    for circle in [vec![there.clone(), back.clone()], vec![itself]] {
        assert!(team(circle).words().unwrap().is_empty());
    }
    let out = vouch("bob", other(1), looked("0.9"));
    assert_eq!(team([there, back, out]).words().unwrap(), ["vouch:team"]);
}

#[test]
fn these_bytes_as_another_file_are_a_replay() {
    let judge = |name: &str, said: Vouch| {
        let subject = named(name, file().sha256);
        let statement = Statement::vouches(subject, said, recently()).unwrap();
        team([person("alice").sign(&statement)]).words()
    };
    assert_eq!(judge(&file().name, looked("1.0")).unwrap(), ["vouch:team"]);
    assert_eq!(judge(&file().name, looked("1.1")), Err(Rule::Subject));
    assert_eq!(judge("demo-0.9.tar.gz", looked("1.0")), Err(Rule::Subject));
    // Another file, whatever it is called, has nothing to do with it.
    let statement = Statement::vouches(named(&file().name, other(1)), looked("1.0"), recently());
    let elsewhere = team([person("alice").sign(&statement.unwrap())]);
    assert_eq!(elsewhere.silence(), "");
}
