//! A run that was killed, and what somebody did to the environment or the journal before the next
//! one: nothing of theirs is replaced or removed.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
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
        world.note_journal();
        let said = world.lock().unwrap();
        assert!(matches!(said[..], [Leftover::Elsewhere(_)]), "{said:?}");
    }
    fs::write(&journal, &whole[..whole.len() / 2]).unwrap();
    assert!(why_given_up(&world).contains("damaged"));
    assert_eq!(files(&world), before);
}

#[test]
fn a_run_that_this_users_state_does_not_know_is_named_and_not_carried_out() {
    let Some(world) = stopped(ALL_GONE) else {
        return;
    };
    let notes = world.state().join("runs");
    let aside = world.state().join("aside");
    let (staging, before) = (world.staging(), world.picture());
    let assert_untouched = || {
        let said = world.lock().unwrap();
        assert_eq!(said, [Leftover::Unknown(vec![staging.clone()])]);
        assert!(said[0].to_string().contains("nothing of it was used"));
        let seen = world.unfinished();
        assert!(seen[0].to_string().contains("nothing of it was used"));
        assert_eq!(world.picture(), before);
    };
    // It came with a clone, or the state is another machine's.
    fs::rename(&notes, &aside).unwrap();
    assert_untouched();
    // Others could have changed what lies in it.
    fs::rename(&aside, &notes).unwrap();
    fs::set_permissions(&staging, PermissionsExt::from_mode(0o755)).unwrap();
    assert_untouched();
    fs::set_permissions(&staging, PermissionsExt::from_mode(0o700)).unwrap();
    assert_finished(&world);
    assert_eq!(fs::read_dir(&notes).unwrap().count(), 0);
}

#[test]
fn a_run_that_is_not_known_hinders_no_other_and_may_have_ended() {
    let Some(world) = stopped(0) else { return };
    fs::remove_dir_all(world.state().join("runs")).unwrap();
    let staging = world.staging();
    world.restore();
    assert!(staging.is_dir());
    // A folder that became empty goes at the end of a run that is known, and of no other.
    let done = staging.with_file_name(".assay-done-0123456789abcdef");
    fs::rename(staging, &done).unwrap();
    let empty = world.site("demo/empty");
    fs::create_dir(&empty).unwrap();
    assert_eq!(world.lock().unwrap(), [Leftover::Removed(vec![done])]);
    assert!(empty.is_dir());
}

#[test]
fn another_journal_than_the_one_that_was_noted_moves_nothing() {
    let Some(world) = stopped(ALL_GONE) else {
        return;
    };
    let journal = world.staging().join("journal");
    let whole = fs::read_to_string(&journal).unwrap();
    let (_, body) = whole.split_once('\n').unwrap();
    let body = body.replace("2.0", "3.0");
    let head = format!("assay-journal 1 {}\n", hash::bytes(body.as_bytes()));
    fs::write(&journal, head + &body).unwrap();
    let before = files(&world);
    let why = why_given_up(&world);
    assert!(why.contains("not the one"), "{why}");
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
    let Some(world) = turned_back() else { return };
    fs::write(world.site("demo/new/own.py"), "mine").unwrap();
    let why = why_given_up(&world);
    assert!(why.contains("demo/new"), "{why}");
    assert_eq!(fs::read(world.site("demo/new/own.py")).unwrap(), b"mine");
}

#[test]
fn what_waits_to_go_back_and_was_changed_does_not() {
    let Some(world) = turned_back() else { return };
    let old = fs::read_dir(world.staging().join("old")).unwrap();
    let mut old = old.map(|it| it.unwrap().path());
    let file = old.find(|it| it.is_file()).unwrap();
    fs::remove_file(&file).unwrap();
    fs::write(&file, "not what went").unwrap();
    let why = why_given_up(&world);
    assert!(why.contains("was changed while it waited"), "{why}");
    // Its neighbour: nothing was changed.
    let said = turned_back().unwrap().lock().unwrap();
    assert!(matches!(said[..], [Leftover::MovedBack { .. }]), "{said:?}");
}

/// All but the last rename succeed, and then nothing can be moved back.
fn turned_back() -> Option<World> {
    let world = World::new(&upgrade())?;
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
    Some(world)
}
