//! Denials: by whom, of what; they stand beside whatever else was said, and `admit` lets them win.

use assay_trust::{
    sha256,
    statement::{Denial, Statement, Subject},
};

use crate::world::{file, named, only, person, published, recently, source, until, vouched, world};

fn denial(project: &str, versions: &[&str]) -> Denial {
    Denial {
        project: project.parse().unwrap(),
        versions: versions.iter().map(|it| it.parse().unwrap()).collect(),
        reason: "it sends your keys away".to_owned(),
    }
}

fn denied(subjects: Vec<Subject>, versions: &[&str]) -> Statement {
    Statement::denies(subjects, denial("demo", versions), recently()).unwrap()
}

#[test]
fn a_denial_is_of_bytes_or_of_versions() {
    let judge = |statement: Statement| {
        let set = world().set("team", [person("alice").sign(&statement)]);
        let words = set.words().unwrap();
        match words.as_slice() {
            [] => false,
            [one] => one == "no: it sends your keys away (key:alice)",
            _ => panic!("{words:?}"),
        }
    };
    let other = || named("demo-0.9.tar.gz", sha256(b"other"));
    assert!(judge(denied(vec![file()], &[])));
    assert!(judge(denied(vec![other(), file()], &[])));
    assert!(judge(denied(
        vec![named("as-something-else.whl", file().sha256)],
        &[]
    )));
    assert!(judge(denied(vec![], &["1.0"])));
    assert!(judge(denied(vec![other()], &["0.9", "1.0.0"])));
    assert!(!judge(denied(vec![other()], &[])));
    assert!(!judge(denied(
        vec![other()],
        &["0.9", "1.0.1", "1.0+local"]
    )));
    let project =
        |it: &str, subjects| Statement::denies(subjects, denial(it, &["1.0"]), recently()).unwrap();
    assert!(!judge(project("demo-two", vec![])));
    assert!(judge(project("demo-two", vec![file()])));
}

#[test]
fn a_denial_that_two_sources_hear_is_one_of_the_key() {
    let line = person("carol").sign(&denied(vec![file()], &[]));
    let mut world = world();
    world.policy.sources.push(source("again", &["carol"]));
    let world = world.set("others", [line.clone()]).set("again", [line]);
    let heard = world.hear().unwrap();
    let said: Vec<_> = heard.testimonies.iter().map(|it| it.said()).collect();
    let told = "denied by a statement of 2026-11-19T00:00:00Z by key:carol in the set";
    assert_eq!(said, [told]);
}

#[test]
fn whoever_is_listened_to_may_deny() {
    let judge = |who: &str| {
        let line = person(who).sign(&denied(vec![file()], &[]));
        (
            world().beside([line.clone()]).words().unwrap(),
            world().set("others", [line]).words().unwrap(),
        )
    };
    let no = |by: &str| vec![format!("no: it sends your keys away ({by})")];
    let none = Vec::new;
    // No rule asks for a word of these sources.
    assert_eq!(judge("alice"), (no("key:alice"), none()));
    assert_eq!(judge("carol"), (no("key:carol"), no("key:carol")));
    // Whoever publishes may take it back, beside the file.
    assert_eq!(judge("release"), (no("key:release"), none()));
    assert_eq!(judge("mallory"), (none(), none()));
}

#[test]
fn nothing_takes_a_denial_away_but_its_end_and_its_scope() {
    let for_it = || ["alice", "bob"].map(|it| person(it).sign(&vouched()));
    let against = |times| {
        let said = Statement::denies(vec![file()], denial("demo", &[]), times).unwrap();
        person("carol").sign(&said)
    };
    let judge = |line: String| {
        let mut world = world().beside([person("release").sign(&published())]);
        world = world.set("team", for_it()).set("others", [line]);
        world
    };
    let has_denial = |words: Vec<String>| words.iter().any(|it| it.starts_with("no:"));
    assert!(has_denial(judge(against(recently())).words().unwrap()));
    let later = until("2026-12-01T00:00:00Z");
    assert!(has_denial(judge(against(later)).words().unwrap()));
    let over = judge(against(until("2026-11-20T00:00:00Z")));
    assert_eq!(over.words().unwrap(), ["key:release", "vouch:team"]);
    assert!(over.hear().unwrap().trouble[0].contains("expired on"));
    let mut elsewhere = judge(against(recently()));
    elsewhere.policy.sources[1].projects = only(&["other"]);
    assert_eq!(elsewhere.words().unwrap(), ["key:release", "vouch:team"]);
}

fn kept(all: &[(&str, &String)]) -> assay_trust::statement::Denials {
    let by = |(who, line): &(&str, &String)| (person(who).raw(), [(*line).clone()].into());
    all.iter().map(by).collect()
}

#[test]
fn denials_can_be_kept_and_are_then_read_again() {
    let line = person("carol").sign(&denied(vec![], &["1.0"]));
    let lines = [
        person("carol").sign(&vouched()),
        line.clone(),
        person("mallory").sign(&denied(vec![], &["1.1"])),
    ];
    let set = assay_trust::statement::Bundle::parse(lines.join("\n").as_bytes()).unwrap();
    let carol = crate::world::trusted("carol");
    assert_eq!(set.denials(&[&carol]).unwrap(), kept(&[("carol", &line)]));
    // The set that is served today leaves it out.
    let today = world().set("others", [person("carol").sign(&vouched())]);
    assert_eq!(today.words().unwrap(), ["vouch:others"]);
    let kept = today.set("others", [line]);
    assert_eq!(
        kept.words().unwrap(),
        ["no: it sends your keys away (key:carol)", "vouch:others"]
    );
}

#[test]
fn a_denial_is_kept_in_one_form_and_in_the_name_of_who_signed_it() {
    let (carol, bob) = (crate::world::trusted("carol"), crate::world::trusted("bob"));
    let line = person("carol").sign(&denied(vec![], &["1.0"]));
    let with = |key_id: &str| {
        let mut envelope: serde_json::Value = serde_json::from_str(&line).unwrap();
        let other = serde_json::json!({"keyid": key_id, "sig": "AAAA"});
        envelope["signatures"].as_array_mut().unwrap().push(other);
        envelope.to_string()
    };
    let bobs = assay_trust::statement::key_id(&bob.key.raw().unwrap());
    let lines = [with("1"), line.clone(), with(&bobs), with("")].join("\n");
    let set = assay_trust::statement::Bundle::parse(lines.as_bytes()).unwrap();
    assert_eq!(set.denials(&[&carol]).unwrap(), kept(&[("carol", &line)]));
    // Who both signed it are kept one by one.
    let mut both: serde_json::Value = serde_json::from_str(&line).unwrap();
    let bobs_line = person("bob").sign(&denied(vec![], &["1.0"]));
    let other: serde_json::Value = serde_json::from_str(&bobs_line).unwrap();
    let signature = other["signatures"][0].clone();
    both["signatures"].as_array_mut().unwrap().push(signature);
    let set = assay_trust::statement::Bundle::parse(both.to_string().as_bytes()).unwrap();
    assert_eq!(
        set.denials(&[&carol, &bob]).unwrap(),
        kept(&[("carol", &line), ("bob", &bobs_line)])
    );
}
