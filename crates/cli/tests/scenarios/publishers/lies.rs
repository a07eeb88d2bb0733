//! Attestations that do not hold: refused before anything is opened, and nothing is left of the file.

use std::path::PathBuf;

use assay_testkit::{
    publisher::{Attesting, Lie, Publisher, provenance},
    server::Upload,
    wheel::{BuiltWheel, WheelBuilder},
};

use super::{OWNER, World, owner, stranger};
use crate::machine::{files_with, simple, upload};

const AT: &str = "2026-02-02T03:04:05Z";

fn wheel() -> BuiltWheel {
    simple("demo", "1.0", &[])
}

fn signed<'a>(world: &'a World, by: &'a Publisher, wheel: &BuiltWheel) -> Attesting<'a> {
    let (name, sha256) = (&wheel.file_name, &wheel.sha256);
    world.sigstore.attest(by, name, sha256).at(AT)
}

/// One release with this provenance.
fn serving(world: World, document: String) -> World {
    let upload = upload(&wheel()).upload_time(AT).provenance(document);
    World {
        uploads: vec![upload],
        ..world
    }
}

/// Nothing of the file is in the environment, the store or the state; exit code 4.
#[track_caller]
fn leaves_nothing(world: &World, words: &[&str]) {
    let refused = world.refuses("demo", &["refused: demo-1.0"]);
    for word in words {
        assert!(refused.err.contains(word), "{word}: {}", refused.err);
    }
    assert_eq!(traces(world), Vec::<PathBuf>::new());
}

/// What store and state have of the file's bytes.
fn traces(world: &World) -> Vec<PathBuf> {
    let (home, sha256) = (world.machine.path("../home"), wheel().sha256);
    files_with(&home, &sha256)
}

#[test]
fn every_lie_is_refused_by_its_rule_and_the_truth_installs() {
    let mut world = World::new();
    for lie in Lie::ALL {
        let document = signed(&world, &owner(), &wheel()).lie(lie).provenance();
        world = serving(world, document);
        leaves_nothing(&world, &[&format!("rule: attestation {}\n", rule(lie))]);
    }
    let document = signed(&world, &owner(), &wheel()).provenance();
    let world = serving(world, document);
    world.install("demo").ok();
    assert_eq!(world.known(), [OWNER]);
    assert!(!traces(&world).is_empty());
}

/// What a lie is refused by.
fn rule(lie: Lie) -> &'static str {
    match lie {
        Lie::TwoSubjects | Lie::OtherName | Lie::OtherDigest => "subject",
        Lie::UnknownPredicate => "predicate",
        Lie::OtherSignature => "signature",
        Lie::NotLogged => "size",
        Lie::UnknownLog | Lie::OtherTree => "log",
        Lie::NoTime | Lie::OtherTimestamp => "time",
        Lie::LoggedLate | Lie::LoggedEarly | Lie::OtherAuthority | Lie::NoSct => "certificate",
    }
}

#[test]
fn other_forms_of_the_truth_install_as_well() {
    let world = World::new();
    let built = signed(&world, &owner(), &wheel()).slsa().provenance();
    serving(world, built).install("demo").ok();
    let world = World::new();
    let stamped = signed(&world, &owner(), &wheel())
        .timestamped()
        .provenance();
    serving(world, stamped).install("demo").ok();
    let world = World::new();
    let both = [
        signed(&world, &owner(), &wheel()).json(),
        signed(&world, &owner(), &wheel()).slsa().json(),
    ];
    let document = provenance(&[(&owner(), &both)]);
    serving(world, document).install("demo").ok();
}

#[test]
fn one_that_is_broken_speaks_against_the_others() {
    let world = World::new();
    let broken = [
        signed(&world, &owner(), &wheel()).json(),
        signed(&world, &owner(), &wheel())
            .slsa()
            .lie(Lie::OtherSignature)
            .json(),
    ];
    let document = provenance(&[(&owner(), &broken)]);
    leaves_nothing(&serving(world, document), &[]);
}

#[test]
fn an_index_that_names_another_publisher_than_the_certificate_is_refused() {
    let world = World::new();
    let attestation = [signed(&world, &stranger(), &wheel()).json()];
    let document = provenance(&[(&owner(), &attestation)]);
    leaves_nothing(&serving(world, document), &["rule: "]);
}

#[test]
fn a_second_publisher_beside_the_known_one_is_no_bonus() {
    let world = World::new().release("0.9", Some(&owner()));
    let both = [
        (owner(), signed(&world, &owner(), &wheel()).json()),
        (
            stranger(),
            signed(&world, &stranger(), &wheel()).slsa().json(),
        ),
    ];
    let bundles = both
        .each_ref()
        .map(|(who, what)| (who, std::slice::from_ref(what)));
    let document = provenance(&bundles);
    let world = world.with(upload(&wheel()).upload_time(AT).provenance(document));
    world.refuses("demo", &["another publisher", OWNER, "evil/demo"]);
    world.install("demo==0.9").ok();
}

#[test]
fn a_provenance_without_attestations_is_none() {
    let empty = provenance(&[]);
    let world = World::new().release("0.9", Some(&owner()));
    let world = world.with(upload(&wheel()).upload_time(AT).provenance(empty.clone()));
    world.refuses("demo", &["demo-1.0"]);
    let alone = serving(World::new(), empty);
    assert!(alone.known().is_empty());
    alone.own("[policy]\nevidence = 'publisher'");
    alone.refuses("demo", &["demo-1.0"]);
}

#[test]
fn what_was_signed_for_one_release_does_not_hold_for_another() {
    let world = World::new();
    let next = simple("demo", "2.0", &[]);
    let replayed = signed(&world, &owner(), &wheel()).provenance();
    let world = world.with(upload(&next).upload_time(AT).provenance(replayed));
    world.refuses("demo", &["demo-2.0", "subject"]);
    let honest = upload(&next).attested(&world.sigstore, &owner(), AT);
    World {
        uploads: vec![honest],
        ..world
    }
    .install("demo")
    .ok();
}

#[test]
fn what_was_signed_for_some_bytes_does_not_hold_for_others_of_that_name() {
    let world = World::new();
    let replayed = signed(&world, &owner(), &wheel()).provenance();
    let other = WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", b"import evil\n")
        .build();
    let swapped: Upload = upload(&other).provenance(replayed.clone());
    let world = world.with(swapped);
    world.refuses("demo", &["demo-1.0", "subject"]);
    serving(world, replayed).install("demo").ok();
}
