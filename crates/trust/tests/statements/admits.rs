//! What was said, at the door: enough admits, a denial refuses whatever else there is.

use std::io::Write as _;

use assay_trust::{
    Author, Evidence, Expression, Label, Measuring, Mode, RefusalKind, Required, Rule, Stated,
    Word, admit,
    statement::{Denial, Statement},
};

use crate::world::{BYTES, World, file, person, published, recently, vouched, world};

/// A file that its index lists, of which a rule wants a publisher and somebody of the team.
fn strict(world: World) -> World {
    let label = |it: &str| it.parse::<Label>().unwrap();
    let words = [Word::Key(label("release")), Word::Vouch(label("team"))];
    let mut rule = Rule::new(Author::User, None);
    rule.evidence = Some(Stated {
        value: Required {
            expression: Expression::All(words.map(Expression::Word).to_vec()),
            mode: Mode::Require,
        },
        place: "assay.toml:12:1".to_owned(),
    });
    let mut world = world;
    world.policy.add(rule).unwrap();
    world
}

/// The verdict: what refuses, and why.
fn verdict(world: &World) -> Result<(), (RefusalKind, String)> {
    let digest = assay_types::Digest::new(assay_types::Algorithm::Sha256, world.sha256.0.to_vec());
    let evidence = [
        Evidence::Index {
            origin: world.artifact.origin.clone(),
            digests: digest.into_iter().collect(),
        },
        Evidence::Heard(Box::new(world.hear().unwrap())),
    ];
    let mut measuring = Measuring::new(Vec::new(), []);
    measuring.write_all(BYTES).unwrap();
    let staged = measuring.finish();
    let verdict = admit(
        staged,
        &world.artifact,
        &evidence,
        &world.policy,
        world.moment.now(),
    );
    verdict.map(drop).map_err(|it| (it.kind, it.fact))
}

#[test]
fn enough_is_said_or_it_is_refused() {
    let release = || person("release").sign(&published());
    let alice = || person("alice").sign(&vouched());
    let whole = strict(world()).beside([release()]).set("team", [alice()]);
    assert_eq!(verdict(&whole), Ok(()));
    for less in [
        strict(world()).beside([release()]),
        strict(world()).set("team", [alice()]),
        strict(world()).beside([release()]).set("others", [alice()]),
        strict(world()).set("team", [release(), alice()]),
    ] {
        assert_eq!(verdict(&less).unwrap_err().0, RefusalKind::Unattested);
    }
}

#[test]
fn a_denial_outweighs_all_that_is_said_for_the_file() {
    let lines = |who: &str, subjects: Vec<_>, version: &str| {
        let denial = Denial {
            project: "demo".parse().unwrap(),
            versions: vec![version.parse().unwrap()],
            reason: "it sends your keys away".to_owned(),
        };
        person(who).sign(&Statement::denies(subjects, denial, recently()).unwrap())
    };
    let judge = |against: String| {
        let world = strict(world()).beside([person("release").sign(&published())]);
        let world = world.set("team", [person("alice").sign(&vouched())]);
        verdict(&world.set("others", [against]))
    };
    for denied in [
        lines("carol", vec![file()], "0.9"),
        lines("carol", vec![], "1.0"),
    ] {
        let fact = "key:carol says that it is not to be installed: it sends your keys away";
        assert_eq!(judge(denied), Err((RefusalKind::Denied, fact.to_owned())));
    }
    for other in [
        lines("carol", vec![], "0.9"),
        lines("mallory", vec![file()], "1.0"),
    ] {
        assert_eq!(judge(other), Ok(()));
    }
}
