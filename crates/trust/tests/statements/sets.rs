//! Whole sets: what somebody signed in them.

use assay_trust::{
    Label,
    signature::{Key, KeyKind, Rule},
    statement::{Bundle, Denial, Predicate, Statement},
};

use crate::world::{person, published, recently, trusted, vouched, world};

#[test]
fn what_is_signed_by_whom() {
    let lines = [
        person("alice").sign(&vouched()),
        person("mallory").sign(&vouched()),
        person("bob").sign(&published()),
    ];
    let bundle = Bundle::parse(lines.join("\n").as_bytes()).unwrap();
    let (alice, bob) = (trusted("alice"), trusted("bob"));
    let all = bundle.statements(&[&alice, &bob]).unwrap();
    let said: Vec<_> = all
        .iter()
        .map(|it| (it.signers(), it.statement()))
        .collect();
    let label = |it: &str| it.parse::<Label>().unwrap();
    assert_eq!(
        said,
        [
            (&[&label("alice")][..], &vouched()),
            (&[&label("bob")], &published())
        ]
    );
    assert!(matches!(
        all[0].statement().predicate(),
        Predicate::Vouches(_)
    ));
    assert_eq!(bundle.statements(&[&bob]).unwrap().len(), 1);
    assert!(bundle.statements(&[]).unwrap().is_empty());
}

#[test]
fn a_set_in_which_a_key_is_made_to_speak_is_none() {
    let line = person("alice").sign(&vouched());
    let mut forged: serde_json::Value = serde_json::from_str(&line).unwrap();
    forged["signatures"][0]["sig"] = "AAAA".into();
    let bundle = Bundle::parse(forged.to_string().as_bytes()).unwrap();
    let (alice, bob) = (trusted("alice"), trusted("bob"));
    assert!(bundle.statements(&[&bob]).unwrap().is_empty());
    let fails = bundle.statements(&[&alice]).unwrap_err();
    assert_eq!(fails.rule, Rule::Signature);
    assert_eq!(
        fails.fact,
        "line 1 has a signature in the name of key:alice that does not hold"
    );
    let set = world().set("team", [forged.to_string()]);
    assert_eq!(set.words(), Err(Rule::Signature));
    let elsewhere = world().set("others", [forged.to_string()]);
    assert!(elsewhere.words().unwrap().is_empty());
}

#[test]
fn the_rest_of_a_set_is_not_asked_about() {
    let mut world = world().set("team", [person("alice").sign(&vouched())]);
    world.artifact.project = "other".parse().unwrap();
    world.sha256 = assay_trust::sha256(b"other bytes");
    assert_eq!(world.silence(), "");
}

#[test]
fn a_key_that_signs_no_statements_says_nothing() {
    let mut world = world().set("team", [person("alice").sign(&vouched())]);
    assert_eq!(world.words().unwrap(), ["vouch:team"]);
    let minisign = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";
    world.key("alice").key = Key::parse(KeyKind::Minisign, minisign.as_bytes()).unwrap();
    assert!(world.words().unwrap().is_empty());
}

#[test]
fn what_lists_more_than_anybody_means_is_refused_before_it_is_kept() {
    let denial = |versions: usize| {
        let all: Vec<_> = (0..versions).map(|it| it.to_string()).collect();
        let versions = all.iter().map(|it| it.parse().unwrap()).collect();
        let said = Denial {
            project: "demo".parse().unwrap(),
            versions,
            reason: "a reason".to_owned(),
        };
        person("alice").sign(&Statement::denies(vec![], said, recently()).unwrap())
    };
    let set = |more: usize| {
        let full = denial(1000);
        let lines = std::iter::repeat_n(full, 500).chain((more > 0).then(|| denial(more)));
        let text = lines.collect::<Vec<_>>().join("\n");
        Bundle::parse(text.as_bytes()).map_err(|it| it.rule)
    };
    assert!(set(0).is_ok());
    assert_eq!(set(1).unwrap_err(), Rule::Size);
}
