//! `--venv DIR` where DIR is not an environment yet: what was there before stays.

use std::{fs, os::unix::fs::symlink};

use crate::machine::{Machine, index, simple};

/// The request cannot be met, and neither can one for a wheel that is refused at the end.
#[test]
fn a_folder_that_is_no_environment_is_refused_before_anything_is_fetched_and_stays() {
    let server = index(&[simple("app", "1.0", &[])]);
    let url = server.index_url();
    let machine = Machine::new();
    machine.write("proj/src.py", "years");
    machine.write("proj/.git/HEAD", "ref");
    machine.write("conda/conda-meta/history", "no Python");
    machine.write("file", "no folder");
    symlink("proj", machine.path("link")).unwrap();
    let before = machine.snapshot();
    for folder in ["proj", "link", "conda", "file", "proj/.git"] {
        let refused = machine.assay(&["install", "--venv", folder, "-i", &url, "app"]);
        refused.fails(1, &["is there already"]);
        machine.assert_unchanged(&before);
    }
    let requests = server.requests();
    assert!(requests.is_empty(), "{requests:?}");
    // Its neighbours: an empty folder, and a link to one.
    fs::create_dir(machine.path("empty")).unwrap();
    symlink("empty", machine.path("to-empty")).unwrap();
    for folder in ["to-empty", "new/env"] {
        let line = ["install", "--venv", folder, "-i", &url, "app"];
        machine.assay(&line).ok();
    }
    assert!(machine.path("empty/pyvenv.cfg").is_file());
}

/// The install fails when the environment is there already: its commands cannot be made.
#[test]
fn an_install_that_fails_takes_away_what_it_made_and_nothing_else() {
    let app = assay_testkit::wheel::WheelBuilder::new("app", "1.0")
        .file("app.py", b"")
        .entry_point("python", "app:main")
        .build();
    let server = index(&[app]);
    let url = server.index_url();
    let machine = Machine::new();
    fs::create_dir(machine.path("empty")).unwrap();
    machine.write("begun/.assay-pyvenv.cfg", "");
    machine.write("begun/theirs/data", "years");
    machine.write("begun/.gitignore", "theirs");
    let before = machine.snapshot();
    for folder in ["empty", "new/env"] {
        let line = ["install", "--venv", folder, "-i", &url, "app"];
        assert_ne!(machine.assay(&line).code, 0);
        machine.assert_unchanged(&before);
    }
    // One that was begun is completed, with what lies beside.
    let line = ["install", "--venv", "begun", "-i", &url, "app"];
    assert_ne!(machine.assay(&line).code, 0);
    let text = |name: &str| fs::read_to_string(machine.path(name)).unwrap();
    assert_eq!(text("begun/theirs/data"), "years");
    assert_eq!(text("begun/.gitignore"), "theirs");
}
