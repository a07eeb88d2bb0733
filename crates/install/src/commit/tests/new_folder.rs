//! An environment whose own folder the killed run would have made: afterwards it is looked at from
//! another root.

use std::path::Path;

use assay_trust::{Cooldown, Policy};

use super::{
    new,
    world::{Picture, addition, python, walk},
};
use crate::{
    CommitOptions, Environment, Leftover, LinkMode, Plan, Store,
    sys::fault::{Fault, during},
};

#[test]
fn a_run_that_makes_the_folder_is_whole_too() {
    let Some((python, _)) = python() else { return };
    let mut finished = 0;
    for at in 0.. {
        let home = tempfile::tempdir().unwrap();
        let state = home.path().join("state");
        let above = home.path().join("above");
        std::fs::create_dir(&above).unwrap();
        let open = || Environment::target(python.clone(), &above.join("not/yet")).unwrap();
        let wheel = addition(&Store::new(&home.path().join("cache"), &state), &new());
        let env = open();
        let inventory = env.installed().unwrap();
        let policy = Policy::new(Cooldown::none());
        let plan = Plan::build(&env, &inventory, &[], vec![wheel], &policy).unwrap();
        let options = CommitOptions {
            link_mode: LinkMode::Auto,
            threads: 1,
            state_dir: &state,
        };
        let (result, was_killed) = during(Fault::kill(at), || plan.commit(options));
        if !was_killed {
            result.unwrap();
            break;
        }
        let said = open().lock(&state, || ()).unwrap().leftovers().to_vec();
        let is_finished = matches!(said[..], [Leftover::Finished { is_noted: true, .. }]);
        finished += usize::from(is_finished);
        let env = open();
        let is_there = env.folder().join("demo-2.0.dist-info/RECORD").is_file();
        assert!(is_there || !above.join("not").exists(), "{at}");
        assert!(is_there || !is_finished, "{at}");
        assert_tidy(&above, &state, at);
    }
    assert_eq!(finished, 3);
}

/// No staging folder, and no list that waits for a run.
#[track_caller]
fn assert_tidy(above: &Path, state: &Path, at: usize) {
    let mut picture = Picture::new();
    walk(above, &mut picture);
    walk(&state.join("receipts"), &mut picture);
    let is_leftover = |it: &&std::path::PathBuf| {
        let text = it.display().to_string();
        text.contains("/.assay-") || text.ends_with(".next")
    };
    assert_eq!(picture.keys().find(is_leftover), None, "{at}");
}
