//! Whole at every moment: each call of an install, an upgrade and an uninstall fails in turn, or
//! is the last one that the process makes.

mod new_folder;
mod strange;
mod world;

use assay_testkit::wheel::WheelBuilder;
use rustix::io::Errno;

use super::Leftover;
use crate::{
    Error,
    sys::fault::{Call, Fault, during},
};
use world::{Change, IN_TWO_ROOTS, World};

fn old() -> WheelBuilder {
    WheelBuilder::new("demo", "1.0")
        .file("demo/__init__.py", b"x = 1\n")
        .file("demo/same.txt", b"same")
        .file("demo/old/gone.py", b"")
        .file("demo/becomes/a/file.py", b"")
        .data("data", "share/demo/notes.txt", b"old notes")
        .entry_point("demo", "demo:x")
}

fn new() -> WheelBuilder {
    WheelBuilder::new("demo", "2.0")
        .file("demo/__init__.py", b"x = 2\n")
        .file("demo/same.txt", b"same")
        .file("demo/becomes", b"a file")
        .file("demo/new/more.py", b"")
        .data("data", "share/fresh/notes.txt", b"new notes")
        .entry_point("demo", "demo:x")
        .entry_point("demo2", "demo:x")
}

fn other(version: &str) -> WheelBuilder {
    WheelBuilder::new("other", version).file("other.py", version.as_bytes())
}

/// What is done at every moment of its way.
fn changes() -> [Change; 4] {
    let [upgrade, in_two_roots] = upgrades();
    [
        Change {
            name: "install",
            before: vec![other("1")],
            after: vec![other("1"), new()],
        },
        upgrade,
        in_two_roots,
        Change {
            name: "uninstall",
            before: vec![other("1"), old()],
            after: vec![],
        },
    ]
}

/// The changes with the most to do.
fn upgrades() -> [Change; 2] {
    ["upgrade", IN_TWO_ROOTS].map(|name| Change {
        name,
        before: vec![other("1"), old()],
        after: vec![other("2"), new()],
    })
}

/// Calls [`World::change`] under a fault at its first call, its second, and so on until it gets by
/// without one; `then` sees each result.
fn at_every_call(
    world: &World,
    fault: impl Fn(usize) -> Fault,
    mut then: impl FnMut(usize, crate::Result<crate::Outcome>),
) -> usize {
    for at in 0.. {
        let (result, has_struck) = during(fault(at), || world.change());
        if !has_struck {
            result.unwrap();
            assert!(world.assert_whole(&at), "nothing failed");
            world.restore();
            return at;
        }
        then(at, result);
        world.restore();
    }
    unreachable!()
}

#[test]
fn killed_at_any_call_it_is_whole_after_the_next_lock() {
    for change in changes() {
        let Some(world) = World::new(&change) else {
            return;
        };
        let (mut finished, mut never_begun) = (0, 0);
        let calls = at_every_call(&world, Fault::kill, |at, _| {
            let context = (change.name, at);
            let is_begun = !world.unfinished().is_empty();
            let said = world.lock().unwrap();
            let is_new = world.assert_whole(&context);
            match &said[..] {
                [Leftover::Finished { work, is_noted }] => {
                    assert!(is_begun && is_new && *is_noted, "{context:?}");
                    assert!(work.contains("demo"), "{work}");
                    finished += 1;
                }
                [Leftover::Removed(_)] => assert!(!is_begun, "{context:?}"),
                [] => never_begun += 1,
                other => panic!("{context:?}: {other:?}"),
            }
            assert!(world.unfinished().is_empty());
            assert_eq!(world.lock().unwrap(), []);
        });
        println!("{}: {calls} calls, {finished} finished", change.name);
        assert!(finished > 5 && never_begun > 0);
    }
}

#[test]
fn a_recovery_that_is_killed_again_and_again_comes_to_its_end() {
    for change in upgrades() {
        let Some(world) = World::new(&change) else {
            return;
        };
        at_every_call(&world, Fault::kill, |at, _| {
            for kill in 0.. {
                let (result, was_killed) = during(Fault::kill(kill), || world.lock());
                if !was_killed {
                    result.unwrap();
                    break;
                }
            }
            world.assert_whole(&(change.name, at));
        });
    }
}

#[test]
fn what_fails_once_leaves_the_old_state_and_what_fails_after_the_end_the_new() {
    for change in changes() {
        let Some(world) = World::new(&change) else {
            return;
        };
        let once = |at| Fault {
            at,
            error: Errno::NOSPC,
            again_after: None,
            spares: &[Call::Lock, Call::Tidy],
        };
        let mut failed = 0;
        at_every_call(&world, once, |at, result| {
            let context = (change.name, at, &result);
            let left = world.unfinished();
            match &result {
                Err(Error::Io { .. }) => failed += 1,
                // The fault struck while the staging folder was tidied away.
                Ok(_) => {}
                Err(_) => panic!("{context:?}"),
            }
            if left.is_empty() && world.lock().unwrap().is_empty() {
                let is_new = world.assert_whole(&context);
                assert_eq!(is_new, result.is_ok(), "{context:?}");
            }
            world.lock().unwrap();
            assert_eq!(world.assert_whole(&context), result.is_ok(), "{context:?}");
        });
        assert!(failed > 10);
    }
}

#[test]
fn a_full_disk_leaves_the_old_state_at_once() {
    for change in changes() {
        let Some(world) = World::new(&change) else {
            return;
        };
        let full = |at| Fault {
            at,
            error: Errno::NOSPC,
            again_after: Some(0),
            spares: &[Call::Lock, Call::Rename, Call::Remove, Call::Tidy],
        };
        at_every_call(&world, full, |at, result| {
            let context = (change.name, at);
            assert!(result.is_err(), "{context:?}");
            assert!(!world.assert_whole(&context), "{context:?}");
            assert_eq!(world.lock().unwrap(), []);
        });
    }
}

#[test]
fn where_nothing_can_be_moved_back_the_next_lock_tries_until_it_can() {
    for change in upgrades() {
        let Some(world) = World::new(&change) else {
            return;
        };
        // The file system becomes read-only but for what the lock needs.
        let lost = |at| Fault {
            at,
            error: Errno::ROFS,
            again_after: Some(0),
            spares: &[Call::Lock, Call::Make, Call::Write],
        };
        let mut stranded = 0;
        at_every_call(&world, lost, |at, result| {
            if !matches!(result, Err(Error::Stranded { .. })) {
                world.lock().unwrap();
                return;
            }
            stranded += 1;
            let context = (change.name, at);
            let said = world.unfinished();
            assert!(said[0].to_string().contains("mixture"), "{said:?}");
            for _ in 0..2 {
                let (again, _) = during(lost(0), || world.lock());
                let is_unfinished = matches!(&again, Err(Error::Unfinished { .. }));
                assert!(is_unfinished, "{context:?}: {again:?}");
            }
            let said = world.lock().unwrap();
            let is_new = world.assert_whole(&context);
            assert!(matches!(said[..], [Leftover::Finished { .. }]) && is_new);
        });
        assert!(stranded > 3);
    }
}

#[test]
fn what_could_not_be_moved_back_goes_back_under_the_next_lock() {
    for change in upgrades() {
        let Some(world) = World::new(&change) else {
            return;
        };
        // A rename fails, the direction is turned, and then nothing can be moved any more.
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
        let mut moved_back = 0;
        at_every_call(&world, turned, |at, result| {
            let context = (change.name, at);
            let said = world.lock().unwrap();
            let is_new = world.assert_whole(&context);
            if let [Leftover::MovedBack { work }] = &said[..] {
                assert!(work.contains("demo") && !is_new, "{context:?}");
                moved_back += usize::from(matches!(result, Err(Error::Stranded { .. })));
            }
        });
        assert!(moved_back > 3);
    }
}
