//! An environment whose own folder the killed run would have made: afterwards it is looked at from
//! another root.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use assay_trust::{Cooldown, Policy};

use super::{
    super::note::Note,
    new,
    world::{Picture, addition, python, walk},
};
use crate::{
    CommitOptions, Environment, Leftover, LinkMode, Plan, Store, hash,
    sys::{
        Dir,
        fault::{Fault, during},
    },
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

/// Its run is known to the state, and it names the environment.
#[test]
fn a_journal_above_the_environment_moves_nothing_outside_of_it() {
    let Some((python, _)) = python() else { return };
    let digest = |path: &Path| hash::bytes(path.as_os_str().as_encoded_bytes()).to_string();
    for (folder, is_own) in [("", false), ("precious", false), ("target", true)] {
        let home = tempfile::tempdir().unwrap();
        let above = home.path().canonicalize().unwrap().join("above");
        let target = above.join("target");
        let file = above.join(folder).join("file");
        for place in [&target, &above.join("precious")] {
            fs::create_dir_all(place).unwrap();
        }
        fs::write(&file, "").unwrap();
        let lead = above.join(".assay-moving-0123456789abcdef");
        fs::create_dir_all(lead.join("old")).unwrap();
        fs::set_permissions(&lead, PermissionsExt::from_mode(0o700)).unwrap();
        let dir = Dir::open(file.parent().unwrap()).unwrap();
        let body = serde_json::json!({
            "work": {"changes": []},
            "site": digest(&target),
            "roots": [digest(&above)],
            "ledger": hash::bytes(b"").to_string(),
            "groups": [{"way": "out", "root": 0, "folder": folder, "staging": "old", "things": [
                {"name": "file", "staged": "0", "facts": dir.facts("file").unwrap().unwrap()},
            ]}],
        });
        let body = body.to_string();
        let text = format!("assay-journal 1 {}\n{body}", hash::bytes(body.as_bytes()));
        fs::write(lead.join("journal"), &text).unwrap();
        let state = home.path().join("state");
        let note = Note::of(&state, "0123456789abcdef");
        note.write(hash::bytes(text.as_bytes())).unwrap();
        let env = Environment::target(python.clone(), &target).unwrap();
        let lock = env.lock(&state, || ()).unwrap();
        assert_eq!(lock.leftovers().is_empty(), !is_own, "{folder}");
        assert_eq!(file.exists(), !is_own, "{folder}");
        assert_eq!(lead.exists(), !is_own, "{folder}");
    }
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
