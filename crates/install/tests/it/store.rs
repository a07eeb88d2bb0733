//! The store: what is published is found again, and only by who published it.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    time::{Duration, Instant, SystemTime},
};

use assay_archive::Options;
use assay_install::{Addition, Approved, Error, FetchTurn, Lookup, Plan, Store};
use assay_testkit::wheel::WheelBuilder;
use assay_trust::{Evidence, Policy, Staged, admit};
use assay_types::{Digests, Sha256};

use crate::common::{Home, open, open_with, picture, policy, project, rule};
use crate::install::demo;

fn entry(home: &Home, sha256: Sha256) -> PathBuf {
    home.cache().join("store/v1").join(sha256.to_string())
}

#[test]
fn a_published_wheel_is_found_and_admitted_again() {
    let Some(home) = Home::new() else { return };
    let wheel = demo("1.0")
        .requires("other>=1 ; python_version > '3'")
        .extra("x", &["more"]);
    let built = wheel.build();
    let (admission, published) = home.publish(&built);
    let Lookup::Hit(found, memo) = home.store.find(published.sha256()).unwrap() else {
        panic!()
    };
    assert_eq!(found.metadata().unwrap(), *open(&built).metadata());
    assert_eq!(found.metadata_bytes().unwrap(), built.metadata);
    let mut digests = Digests::none();
    digests.insert("sha256", &built.sha256).unwrap();
    let evidence = [Evidence::Hash {
        digests,
        given_in: "test".to_owned(),
    }];
    let staged = Staged::remembered(found, memo);
    let admitted = admit(
        staged,
        admission.artifact(),
        &evidence,
        &policy(),
        admission.at(),
    );
    assert!(admitted.is_ok());
}

#[test]
fn files_are_flat_numbered_and_read_only() {
    let Some(home) = Home::new() else { return };
    let (_, stored) = home.publish(&demo("1.0").executable("demo/tool", b"#!/bin/sh\n").build());
    for file in fs::read_dir(entry(&home, stored.sha256())).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        assert!(name == "manifest" || name.parse::<u32>().is_ok(), "{name}");
        let mode = file.metadata().unwrap().permissions().mode() & 0o777;
        assert!(
            name == "manifest" || matches!(mode, 0o444 | 0o555),
            "{name}: {mode:o}"
        );
    }
}

#[test]
fn somebody_elses_entry_is_a_miss() {
    let Some(home) = Home::new() else { return };
    let (_, stored) = home.publish(&demo("1.0").build());
    let other = Store::new(&home.cache(), &home.path().join("another-state"));
    assert!(matches!(other.find(stored.sha256()).unwrap(), Lookup::Miss));
    // Publishing replaces it, and then it is this user's.
    let wheel = open(&demo("1.0").build());
    other.publish(&wheel, 1).unwrap();
    assert!(matches!(
        other.find(stored.sha256()).unwrap(),
        Lookup::Hit(..)
    ));
}

#[test]
fn a_changed_manifest_and_a_damaged_memo_are_no_hits() {
    let Some(home) = Home::new() else { return };
    let (_, stored) = home.publish(&demo("1.0").build());
    let memos = fs::read_dir(home.path().join("state/store-memo")).unwrap();
    let of_cache = memos.map(|it| it.unwrap().path()).next().unwrap();
    let memo = of_cache.join(stored.sha256().to_string());
    let whole = fs::read(&memo).unwrap();
    for torn in [&whole[..whole.len() / 2], b"", b"{}"] {
        fs::write(&memo, torn).unwrap();
        assert!(matches!(
            home.store.find(stored.sha256()).unwrap(),
            Lookup::Damaged(damage) if damage.why.contains("the state")
        ));
        assert!(!memo.exists(), "it was forgotten");
    }
    fs::create_dir_all(memo.join("something")).unwrap();
    assert!(matches!(
        home.store.find(stored.sha256()).unwrap(),
        Lookup::Damaged(_)
    ));
    assert!(matches!(
        home.store.find(stored.sha256()).unwrap(),
        Lookup::Miss
    ));
    fs::write(&memo, &whole).unwrap();
    assert!(matches!(
        home.store.find(stored.sha256()).unwrap(),
        Lookup::Hit(..)
    ));

    let manifest = entry(&home, stored.sha256()).join("manifest");
    let text = fs::read_to_string(&manifest).unwrap();
    fs::write(&manifest, text.replace("data.txt", "evil.txt")).unwrap();
    // Looking changes nothing.
    for _ in 0..2 {
        let info = home.store.info().unwrap();
        assert_eq!((info.wheels, info.damaged, info.unknown), (0, 1, 0));
    }
    assert!(matches!(
        home.store.find(stored.sha256()).unwrap(),
        Lookup::Damaged(_)
    ));
    // It was forgotten.
    assert!(matches!(
        home.store.find(stored.sha256()).unwrap(),
        Lookup::Miss
    ));
}

#[test]
fn an_edited_file_stops_the_install_and_leaves_nothing_behind() {
    let Some(home) = Home::new() else { return };
    let addition = home.addition(&demo("1.0"));
    let sha256 = addition.approved.stored().sha256();
    let env = home.venv("env");
    let before = picture(env.folder());
    let victim = entry(&home, sha256).join("1");
    fs::set_permissions(&victim, fs::Permissions::from_mode(0o644)).unwrap();
    fs::OpenOptions::new()
        .append(true)
        .open(&victim)
        .unwrap()
        .write_all(b"#")
        .unwrap();
    fs::set_permissions(&victim, fs::Permissions::from_mode(0o444)).unwrap();
    let inventory = env.installed().unwrap();
    let plan =
        assay_install::Plan::build(&env, &inventory, &[], vec![addition], &policy()).unwrap();
    let failed = home.finish(&plan);
    assert!(
        matches!(failed, Err(Error::Damaged { sha256: it, .. }) if it == sha256),
        "{failed:?}"
    );
    assert_eq!(picture(env.folder()), before);

    home.store.forget(sha256).unwrap();
    home.install(&env, &[demo("1.0")]).unwrap();
}

#[test]
fn an_edit_within_the_second_of_publishing_is_seen() {
    let Some(home) = Home::new() else { return };
    let (_, stored) = home.publish(&demo("1.0").build());
    let victim = entry(&home, stored.sha256()).join("1");
    let file = fs::File::open(&victim).unwrap();
    let sealed = file.metadata().unwrap().modified().unwrap();
    let damaged = || home.store.verify().unwrap().damaged.len();
    file.set_modified(sealed).unwrap();
    assert_eq!(damaged(), 0);
    file.set_modified(sealed + Duration::from_nanos(1)).unwrap();
    assert_eq!(damaged(), 1);
}

#[test]
fn what_killed_runs_left_goes_after_a_day() {
    let Some(home) = Home::new() else { return };
    let (_, stored) = home.publish(&demo("1.0").build());
    let entries = entry(&home, stored.sha256());
    let entries = entries.parent().unwrap();
    let ages = [
        (".tmp-0123", 25, false),
        (".old-0123", 25, false),
        (".tmp-4567", 23, true),
        ("other", 25, true),
    ];
    for (name, hours, _) in ages {
        let folder = entries.join(name);
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("0"), "").unwrap();
        let age = Duration::from_secs(hours * 60 * 60);
        let folder = fs::File::open(folder).unwrap();
        folder.set_modified(SystemTime::now() - age).unwrap();
    }
    let store = Store::new(&home.cache(), &home.path().join("state"));
    store.publish(&open(&demo("2.0").build()), 1).unwrap();
    for (name, _, stays) in ages {
        assert_eq!(entries.join(name).exists(), stays, "{name}");
    }
    assert_eq!(store.info().unwrap().wheels, 2);
}

#[test]
fn verify_finds_what_a_glance_does_not() {
    let Some(home) = Home::new() else { return };
    let (_, a) = home.publish(&demo("1.0").build());
    let (_, b) = home.publish(&demo("2.0").build());
    assert_eq!(home.store.verify().unwrap().intact, 2);
    // Same size, same time, same permissions.
    let victim = entry(&home, a.sha256()).join("1");
    let stat = fs::metadata(&victim).unwrap();
    let bytes: Vec<u8> = fs::read(&victim).unwrap().iter().map(|it| it ^ 1).collect();
    fs::remove_file(&victim).unwrap();
    let mut file = fs::File::create(&victim).unwrap();
    file.write_all(&bytes).unwrap();
    file.set_modified(stat.modified().unwrap()).unwrap();
    fs::set_permissions(&victim, stat.permissions()).unwrap();
    let found = home.store.verify().unwrap();
    assert_eq!((found.intact, found.damaged.len()), (1, 1));
    assert_eq!(found.damaged[0].sha256, a.sha256());
    assert!(matches!(home.store.find(a.sha256()).unwrap(), Lookup::Miss));
    let info = home.store.info().unwrap();
    assert_eq!((info.wheels, info.unknown), (1, 1));
    assert_eq!(home.store.purge().unwrap(), 2);
    assert_eq!(home.store.info().unwrap().wheels, 0);
    assert!(matches!(home.store.find(b.sha256()).unwrap(), Lookup::Miss));
}

#[test]
fn two_caches_with_one_state_do_not_take_each_other_for_damaged() {
    let Some(home) = Home::new() else { return };
    let wheel = demo("1.0").build();
    let (_, stored) = home.publish(&wheel);
    let second = Store::new(&home.path().join("second"), &home.path().join("state"));
    let found = |store: &Store| store.find(stored.sha256()).unwrap();
    assert!(matches!(found(&second), Lookup::Miss));
    second.publish(&open(&wheel), 1).unwrap();
    assert!(matches!(found(&second), Lookup::Hit(..)));
    assert!(matches!(found(&home.store), Lookup::Hit(..)));
}

#[test]
fn a_store_or_state_that_others_can_write_to_is_refused_by_every_call() {
    let Some(home) = Home::new() else { return };
    let (_, stored) = home.publish(&demo("1.0").build());
    let wheel = open(&demo("2.0").build());
    for name in ["cache", "cache/store/v1", "state", "state/store-memo"] {
        let path = home.path().join(name);
        let set_mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        set_mode(0o720);
        let refused = home.store.find(stored.sha256()).map(|_| ());
        let Err(Error::NotPrivate {
            folder, way_out, ..
        }) = refused
        else {
            panic!("{name}: {refused:?}")
        };
        assert_eq!(folder, path);
        assert!(way_out.starts_with("chmod go-w "), "{way_out}");
        let refusals = [
            home.store.publish(&wheel, 1).map(|_| ()),
            home.store.verify().map(|_| ()),
            home.store.info().map(|_| ()),
            home.store.purge().map(|_| ()),
        ];
        for refused in refusals {
            assert!(matches!(refused, Err(Error::NotPrivate { .. })), "{name}");
        }
        set_mode(0o750);
        let found = home.store.find(stored.sha256()).unwrap();
        assert!(matches!(found, Lookup::Hit(..)));
    }
    home.store.publish(&wheel, 1).unwrap();
}

#[test]
fn a_wheel_whose_file_fails_is_not_published() {
    let Some(home) = Home::new() else { return };
    let bad = demo("1.0").record(|rows| {
        let row = rows
            .iter_mut()
            .find(|it| it.path == "demo/data.txt")
            .unwrap();
        row.digest = assay_testkit::wheel::record_digest(b"else");
    });
    let wheel = open(&bad.build());
    let failed = home.store.publish(&wheel, 2);
    assert!(matches!(failed, Err(Error::Archive { .. })), "{failed:?}");
    let left = fs::read_dir(home.cache().join("store/v1")).unwrap().count();
    assert_eq!(left, 0);
    assert!(!home.path().join("state").exists());
}

#[test]
fn a_wrong_record_that_was_allowed_once_is_not_allowed_for_ever() {
    let Some(home) = Home::new() else { return };
    let bad = demo("1.0").record(|rows| rows.retain(|it| it.path != "demo/data.txt"));
    let wheel = open_with(&bad.build(), Options { bad_record: true });
    let stored = home.store.publish(&wheel, 1).unwrap();
    let addition = || Addition {
        approved: Approved::new(wheel.admission().clone(), stored.clone()).unwrap(),
        requested: false,
        reference: None,
    };
    let env = home.venv("env");
    let inventory = env.installed().unwrap();
    let plan =
        |policy: &Policy| Plan::build(&env, &inventory, &[], vec![addition()], policy).map(|_| ());
    assert_eq!(rule(plan(&policy())), "RECORD");
    let mut allowed = policy();
    allowed.bad_record.insert(project("demo"));
    plan(&allowed).unwrap();
}

#[test]
fn a_verdict_about_another_file_approves_nothing() {
    let Some(home) = Home::new() else { return };
    let (verdict, _) = home.publish(&demo("1.0").build());
    let (_, same_project) = home.publish(&demo("2.0").build());
    assert_eq!(
        rule(Approved::new(verdict.clone(), same_project)),
        "admission"
    );
    let (_, stored) = home.publish(&demo("1.0").build());
    Approved::new(verdict, stored).unwrap();
}

#[test]
fn one_wheel_may_be_published_by_many_at_once() {
    for has_locks in [true, false] {
        let Some(home) = Home::new() else { return };
        if !has_locks {
            home.spoil_locks();
        }
        let built = demo("1.0").build();
        let env = home.venv("env");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| home.publish(&built));
            }
        });
        let found = home.store.verify().unwrap();
        assert_eq!((found.intact, found.damaged.len()), (1, 0));
        let left = fs::read_dir(home.cache().join("store/v1")).unwrap().count();
        assert_eq!(left, 1);
        home.install(&env, &[demo("1.0")]).unwrap();
    }
}

#[test]
fn one_fetches_a_wheel_and_others_wait_unless_there_are_no_locks() {
    let Some(home) = Home::new() else { return };
    let (one, other) = (Sha256([1; 32]), Sha256([2; 32]));
    let turn = |sha256| home.store.turn(sha256, Some(1), || ()).unwrap();
    let ours = turn(one);
    assert!(matches!(ours, FetchTurn::Ours(_)));
    // Another wheel is another matter.
    assert!(matches!(turn(other), FetchTurn::Ours(_)));
    let waited = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| {
            let started = Instant::now();
            assert!(matches!(turn(one), FetchTurn::Ours(_)));
            started.elapsed()
        });
        std::thread::sleep(Duration::from_millis(150));
        drop(ours);
        waiting.join().unwrap()
    });
    assert!(waited >= Duration::from_millis(100), "{waited:?}");

    home.spoil_locks();
    assert!(matches!(turn(one), FetchTurn::NoLocks(_)));
}

#[test]
fn an_entry_that_went_after_it_was_found_is_damage_and_comes_again() {
    let Some(home) = Home::new() else { return };
    let addition = home.addition(&demo("1.0"));
    let sha256 = addition.approved.stored().sha256();
    let env = home.venv("env");
    let before = picture(env.folder());
    fs::remove_dir_all(home.cache()).unwrap();
    let inventory = env.installed().unwrap();
    let plan = Plan::build(&env, &inventory, &[], vec![addition], &policy());
    let failed = plan.and_then(|plan| home.finish(&plan).map(|_| ()));
    assert!(
        matches!(failed, Err(Error::Damaged { sha256: it, .. }) if it == sha256),
        "{failed:?}"
    );
    assert_eq!(picture(env.folder()), before);
    home.install(&env, &[demo("1.0")]).unwrap();
}

#[test]
fn shipped_bytecode_is_left_out() {
    let Some(home) = Home::new() else { return };
    let wheel = WheelBuilder::new("a", "1.0")
        .file("a/__init__.py", b"")
        .file("a/__pycache__/__init__.cpython-312.pyc", b"evil");
    let env = home.venv("env");
    home.install(&env, &[wheel]).unwrap();
    assert_eq!(home.store.info().unwrap().files, 3);
    assert!(!crate::common::site(&env).join("a/__pycache__").exists());
}
