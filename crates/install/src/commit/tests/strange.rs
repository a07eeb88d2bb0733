//! A run that was killed, and what somebody did to the environment or the journal before the next
//! one: nothing of theirs is replaced or removed.

use std::{
    fs,
    os::unix::fs::{chown, symlink},
    path::PathBuf,
};

use rustix::io::Errno;

use super::{Call, Change, Fault, Leftover, World, during, upgrades};
use crate::hash;

/// All that goes has gone by then, and nothing has come.
const ALL_GONE: usize = 19;

fn upgrade() -> Change {
    let [upgrade, _] = upgrades();
    upgrade
}

/// The upgrade, killed after some of its renames.
fn stopped(moves: usize) -> Option<World> {
    let world = World::new(&upgrade())?;
    world.change_and_die(moves);
    Some(world)
}

fn why_given_up(world: &World) -> String {
    match &world.lock().unwrap()[..] {
        [Leftover::GivenUp { folders, why }] => {
            assert_eq!(folders[..], [world.staging()]);
            why.clone().unwrap()
        }
        other => panic!("{other:?}"),
    }
}

/// The environment's files, outside of the staging folder.
fn files(world: &World) -> Vec<PathBuf> {
    let paths = world.picture().into_keys();
    let is_there = |it: &PathBuf| {
        !["/receipts/", "/.assay-"]
            .iter()
            .any(|part| it.display().to_string().contains(part))
    };
    paths.filter(is_there).collect()
}

fn assert_finished(world: &World) {
    let said = world.lock().unwrap();
    assert!(matches!(said[..], [Leftover::Finished { .. }]), "{said:?}");
}

#[test]
fn a_file_in_the_way_is_named_and_stays() {
    let Some(world) = stopped(ALL_GONE) else {
        return;
    };
    let file = world.site("demo/new");
    fs::write(&file, "mine").unwrap();
    let before = files(&world);
    let why = why_given_up(&world);
    assert!(why.contains(file.to_str().unwrap()), "{why}");
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    // Nothing at all was moved.
    assert_eq!(files(&world), before);
    // Its neighbour: a file beside.
    let world = stopped(ALL_GONE).unwrap();
    fs::write(world.site("demo/newer"), "mine").unwrap();
    assert_finished(&world);
    fs::remove_file(world.site("demo/newer")).unwrap();
    assert!(world.assert_whole(&"beside"));
}

#[test]
fn a_file_that_should_go_and_was_changed_stays_and_one_that_is_gone_is_not_missed() {
    let Some(world) = stopped(0) else { return };
    let (changed, gone) = (world.site("demo/old/gone.py"), world.site("demo/same.txt"));
    fs::remove_file(&changed).unwrap();
    fs::write(&changed, "mine").unwrap();
    fs::remove_file(gone).unwrap();
    assert_finished(&world);
    assert_eq!(fs::read(&changed).unwrap(), b"mine");
    fs::remove_dir_all(changed.parent().unwrap()).unwrap();
    assert!(world.assert_whole(&"changed"));
}

#[test]
fn a_changed_file_whose_place_is_needed_stops_it() {
    let Some(world) = stopped(0) else { return };
    let file = world.site("demo/__init__.py");
    fs::remove_file(&file).unwrap();
    fs::write(&file, "mine").unwrap();
    assert!(why_given_up(&world).contains("__init__.py"));
    assert_eq!(fs::read(&file).unwrap(), b"mine");
}

#[test]
fn something_that_came_and_is_gone_stops_it() {
    let Some(world) = stopped(ALL_GONE + 7) else {
        return;
    };
    let came = [
        "demo/__init__.py",
        "demo/new",
        "demo-2.0.dist-info",
        "other.py",
    ];
    let came = came.map(|it| world.site(it));
    let came = came.iter().find(|it| it.exists()).unwrap();
    fs::rename(came, world.env.folder().join("elsewhere")).unwrap();
    let why = why_given_up(&world);
    assert!(why.contains(came.to_str().unwrap()), "{why}");
}

#[test]
fn a_journal_that_cannot_be_read_or_is_not_of_this_place_moves_nothing() {
    let Some(world) = stopped(ALL_GONE) else {
        return;
    };
    let journal = world.staging().join("journal");
    let whole = fs::read_to_string(&journal).unwrap();
    let before = files(&world);
    // Of another environment: left for whoever has that.
    let (_, body) = whole.split_once('\n').unwrap();
    for own in [world.env.folder(), &world.site("")] {
        let own = own.canonicalize().unwrap();
        let own = hash::bytes(own.as_os_str().as_encoded_bytes()).to_string();
        assert!(body.contains(&own));
        let body = body.replace(&own, &hash::bytes(b"/elsewhere").to_string());
        let head = format!("assay-journal 1 {}\n", hash::bytes(body.as_bytes()));
        fs::write(&journal, head + &body).unwrap();
        let said = world.lock().unwrap();
        assert!(matches!(said[..], [Leftover::Elsewhere(_)]), "{said:?}");
    }
    fs::write(&journal, &whole[..whole.len() / 2]).unwrap();
    assert!(why_given_up(&world).contains("damaged"));
    assert_eq!(files(&world), before);
}

#[test]
fn a_staged_file_that_a_power_cut_emptied_does_not_arrive() {
    let Some(world) = stopped(ALL_GONE) else {
        return;
    };
    let staged = fs::read_dir(world.staging()).unwrap();
    let staged = staged.map(|it| it.unwrap().path().join("demo2"));
    let script = staged.into_iter().find(|it| it.exists()).unwrap();
    fs::write(&script, "").unwrap();
    assert!(why_given_up(&world).contains("demo2"));
    assert!(!world.env.folder().join("bin/demo2").exists());
}

#[test]
fn a_folder_that_became_a_symlink_leads_nowhere() {
    let Some(world) = stopped(ALL_GONE) else {
        return;
    };
    let outside = world.state().with_file_name("outside");
    fs::rename(world.site("demo"), &outside).unwrap();
    symlink(&outside, world.site("demo")).unwrap();
    let count = || fs::read_dir(&outside).unwrap().count();
    let before = count();
    why_given_up(&world);
    assert_eq!(count(), before);
}

#[test]
fn a_run_of_another_user_is_not_touched() {
    let Some(world) = stopped(ALL_GONE) else {
        return;
    };
    if chown(world.staging(), Some(12345), None).is_err() {
        println!("skipped: only root can give a folder away");
        return;
    }
    let before = world.picture();
    let said = world.lock().unwrap();
    assert!(matches!(said[..], [Leftover::Foreign(_)]), "{said:?}");
    assert_eq!(world.picture(), before);
    chown(
        world.staging(),
        Some(rustix::process::geteuid().as_raw()),
        None,
    )
    .unwrap();
    assert_finished(&world);
}

#[test]
fn what_came_and_was_changed_is_not_taken_away_again() {
    let Some(world) = World::new(&upgrade()) else {
        return;
    };
    // All but the last rename succeed, and then nothing can be moved back.
    let turned = |at| Fault {
        at,
        error: Errno::IO,
        again_after: Some(1),
        spares: &[
            Call::Lock,
            Call::Make,
            Call::Write,
            Call::Remove,
            Call::Tidy,
        ],
    };
    let is_last = |at: &usize| {
        let (result, _) = during(turned(*at), || world.change());
        let has_come = world.site("demo/new/more.py").exists();
        let is_stranded = result.is_err() && has_come;
        if !is_stranded {
            world.lock().unwrap();
            world.restore();
        }
        is_stranded
    };
    (0..).find(is_last).unwrap();
    fs::write(world.site("demo/new/own.py"), "mine").unwrap();
    let why = why_given_up(&world);
    assert!(why.contains("demo/new"), "{why}");
    assert_eq!(fs::read(world.site("demo/new/own.py")).unwrap(), b"mine");
}
