//! A state that is lost, damaged or newer, and clocks that are wrong. None of it is an attack.

use std::{
    fs,
    path::{Path, PathBuf},
};

use assay_testkit::server::Behaviour;

use crate::machine::{Machine, Outcome, Snapshot, builder, files_with, index, simple, upload};

const OLD: &str = "2020-01-01T00:00:00Z";

fn state(machine: &Machine) -> PathBuf {
    machine.path("../home/.local/state/assay")
}

/// Warnings and notes.
fn said(outcome: &Outcome) -> Vec<&str> {
    let heads = ["warning: ", "note: "];
    let lines = outcome.err.lines();
    lines
        .filter(|line| heads.iter().any(|it| line.starts_with(it)))
        .collect()
}

#[test]
fn a_first_run_says_nothing_and_a_lost_state_is_told_from_it() {
    let server = index(&[simple("app", "1.0", &[]), simple("other", "1.0", &[])]);
    let machine = Machine::new();
    for name in ["app", "other"] {
        let outcome = machine.install(&server, &[name]).ok();
        assert!(said(&outcome).is_empty(), "{}", outcome.err);
    }
    fs::remove_dir_all(state(&machine)).unwrap();
    server.clear_requests();
    let outcome = machine.install(&server, &["--force-reinstall", "app"]).ok();
    let warning = said(&outcome)[0];
    assert!(
        warning.contains(".local/state/assay is gone") && warning.contains(" since 20"),
        "{warning}"
    );
    let fetched = server.requests();
    assert!(
        fetched.iter().any(|it| it.path.ends_with(".whl")),
        "what nobody vouches for is fetched again"
    );
    let outcome = machine.assay(&["list", "--venv", "env"]).ok();
    assert!(said(&outcome).is_empty(), "{}", outcome.err);

    // With the cache gone as well nobody knows that there was one; the environment does.
    fs::remove_dir_all(state(&machine)).unwrap();
    fs::remove_dir_all(machine.path("../home/.cache")).unwrap();
    let outcome = machine.install(&server, &["--force-reinstall", "app"]).ok();
    assert!(!outcome.err.contains("is gone"), "{}", outcome.err);
    assert!(outcome.err.contains("is missing"), "{}", outcome.err);
}

#[test]
fn every_file_of_the_state_may_be_damaged_and_no_run_takes_that_for_an_attack() {
    let server = builder(&[simple("app", "1.0", &[])]).max_age(600).start();
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let names: Vec<PathBuf> = files_with(&state(&machine), "")
        .into_iter()
        .filter(|it| it.is_file())
        .collect();
    assert!(names.len() >= 5, "{names:?}");
    for path in names {
        let whole = fs::read(&path).unwrap();
        let half = &whole[..whole.len() / 2];
        for bad in [&b""[..], half, b"garbage", b"[]", b"{}"] {
            fs::write(&path, bad).unwrap();
            let context = format!("{} {bad:?}", path.display());
            let outcome = machine.install(&server, &["--force-reinstall", "app"]);
            assert_eq!(outcome.code, 0, "{context}: {}", outcome.err);
            check_words(&path, &outcome);
            // It mended itself.
            let outcome = machine.install(&server, &["--force-reinstall", "app"]).ok();
            assert!(said(&outcome).is_empty(), "{context}: {}", outcome.err);
            assert_eq!(machine.frozen(), ["app==1.0"], "{context}");
        }
    }
}

/// What matters is said, with its path or the wheel's name; what can be asked again is not worth
/// a word.
fn check_words(path: &Path, outcome: &Outcome) {
    let asked_again = ["page-memo", "interpreters"];
    let is_asked_again = asked_again
        .iter()
        .any(|it| path.parent().unwrap().ends_with(it));
    let said = said(outcome);
    assert_eq!(
        said.len(),
        usize::from(!is_asked_again),
        "{path:?}: {said:?}"
    );
    for line in said {
        assert!(line.contains("damaged"), "{path:?}: {line}");
        for word in ["attack", "tamper", "forged"] {
            assert!(!line.contains(word), "{path:?}: {line}");
        }
    }
}

#[test]
fn a_folder_in_the_place_of_a_file_is_an_error_or_set_aside() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let names: Vec<PathBuf> = files_with(&state(&machine), "")
        .into_iter()
        .filter(|it| it.is_file())
        .collect();
    for path in names {
        let whole = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        fs::write(path.join("kept"), "").unwrap();
        let before = Snapshot::of(&machine.venv());
        let outcome = machine.install(&server, &["--force-reinstall", "app"]);
        if outcome.code != 0 {
            let name = path.file_name().unwrap().to_str().unwrap();
            let outcome = outcome.fails(1, &["could not", name]);
            assert!(!outcome.err.contains("bug"), "{}", outcome.err);
            assert!(before.changes_to(&Snapshot::of(&machine.venv())).is_empty());
        }
        if path.is_dir() {
            fs::remove_dir_all(&path).unwrap();
            fs::write(&path, whole).unwrap();
        }
    }
    machine.install(&server, &["--force-reinstall", "app"]).ok();

    fs::remove_dir_all(state(&machine)).unwrap();
    fs::write(state(&machine), "mine").unwrap();
    let outcome = machine.install(&server, &["--force-reinstall", "app"]).ok();
    assert!(
        outcome.err.contains("nothing is kept for the next run"),
        "{}",
        outcome.err
    );
    assert_eq!(fs::read(state(&machine)).unwrap(), b"mine");
}

#[test]
fn a_newer_state_is_left_alone_and_only_looking_goes_on() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let mark = state(&machine).join("format.json");
    let text = fs::read_to_string(&mark).unwrap();
    fs::write(&mark, text.replace("\"format\":3", "\"format\":4")).unwrap();
    let home = machine.path("../home");
    let (before, work) = (Snapshot::of(&home), machine.snapshot());
    let words = ["newer assay (format 4)", "left alone", "XDG_STATE_HOME"];
    let url = server.index_url();
    for command in [
        &["install", "--venv", "env", "-i", &url, "app"][..],
        &["uninstall", "--venv", "env", "-y", "app"],
        &["download", "-d", "wheels", "-i", &url, "app"],
        &["cache", "clean"],
    ] {
        machine.assay(command).fails(1, &words);
        machine
            .assay(&[&["--no-cache-dir"], command].concat())
            .fails(1, &words);
    }
    assert_eq!(machine.frozen(), ["app==1.0"]);
    let checked = machine.assay(&["check", "--venv", "env"]).ok();
    assert!(said(&checked)[0].contains("goes on without it"));
    machine.assert_unchanged(&work);
    assert!(before.changes_to(&Snapshot::of(&home)).is_empty());

    fs::write(&mark, text).unwrap();
    let outcome = machine.install(&server, &["--force-reinstall", "app"]).ok();
    assert!(said(&outcome).is_empty(), "{}", outcome.err);
}

#[test]
fn a_clock_that_was_set_back_is_said_and_believed() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let clock = state(&machine).join("clock.json");
    let again = || machine.install(&server, &["--force-reinstall", "app"]).ok();
    assert!(said(&again()).is_empty());
    let floor = r#"{"latest":"2199-01-01T00:00:00Z"}"#;
    fs::write(&clock, floor).unwrap();
    for _ in 0..2 {
        let outcome = again();
        let line = said(&outcome)[0];
        assert!(line.contains("2199-01-01T00:00:00Z"), "{line}");
        assert!(line.contains("clock.json"), "{line}");
    }
    assert_eq!(fs::read_to_string(&clock).unwrap(), floor);
    fs::remove_file(&clock).unwrap();
    assert!(said(&again()).is_empty());
    assert!(clock.exists());
}

#[test]
fn a_clock_that_disagrees_with_the_index_cannot_shorten_a_cooldown() {
    let at = |date: &str| {
        let header = Behaviour::Header("Date".to_owned(), date.to_owned());
        builder(&[])
            .upload(upload(&simple("app", "1.0", &[])).upload_time(OLD))
            .behave("/simple/app/", header)
            .start()
    };
    let machine = Machine::new();
    let waiting = ["--min-age", "3 days", "app"];
    // The index lives in 2020: our clock is ahead of it.
    let server = at("Thu, 02 Jan 2020 00:00:00 GMT");
    machine
        .install(&server, &waiting)
        .fails(1, &["2020-01-02T00:00:00Z", "clock", "--min-age 0"]);
    assert!(!machine.venv().exists());
    let outcome = machine.install(&server, &["app"]).ok();
    assert!(said(&outcome).is_empty(), "{}", outcome.err);
    // The floor is the index's time, not the one of a clock that may be ahead.
    let clock = fs::read_to_string(state(&machine).join("clock.json")).unwrap();
    assert!(clock.contains("2020-01-02"), "{clock}");

    let server = at("Wed, 02 Jan 2199 00:00:00 GMT");
    let forced = [&waiting[..], &["--force-reinstall"]].concat();
    let outcome = machine.install(&server, &forced).ok();
    assert!(
        outcome.err.contains("fresher than they are"),
        "{}",
        outcome.err
    );
}

#[test]
fn without_a_cache_the_state_is_kept() {
    let server = index(&[simple("app", "1.0", &[]), simple("other", "1.0", &[])]);
    let machine = Machine::new();
    for more in [
        &["--no-cache-dir", "app"][..],
        &["other"],
        &["--no-cache-dir", "--force-reinstall", "app"],
    ] {
        let outcome = machine.install(&server, more).ok();
        assert!(said(&outcome).is_empty(), "{more:?}: {}", outcome.err);
    }
    let memos = files_with(&state(&machine).join("store-memo"), "");
    let memos = memos.iter().filter(|it| it.is_file());
    assert_eq!(memos.count(), 1, "only what was kept is remembered");
    machine.assay(&["cache", "verify"]).ok();
    machine
        .assay(&["--no-cache-dir", "cache", "verify"])
        .fails(1, &["no cache", "--cache-dir"]);
}

#[test]
fn without_a_home_nothing_is_kept_and_that_is_said_once() {
    let server = index(&[simple("app", "1.0", &[]), simple("other", "1.0", &[])]);
    let machine = Machine::new();
    let url = server.index_url();
    let install = ["install", "--venv", "env", "-i", &url];
    for (home, name) in [("", "app"), ("", "other"), ("/proc/none", "other")] {
        let args = [&install[..], &["--force-reinstall", name]].concat();
        let outcome = machine.assay_with(&args, &[("HOME", home)]).ok();
        let said = said(&outcome);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].contains("nothing is kept for the next run"));
    }
    let outcome = machine
        .assay_with(&["list", "--venv", "env"], &[("HOME", "")])
        .ok();
    assert!(outcome.out.contains("other"));

    // Base folders must be absolute; others do not count.
    let relative = [("XDG_CACHE_HOME", "here"), ("XDG_STATE_HOME", "there")];
    let args = [&install[..], &["--force-reinstall", "app"]].concat();
    machine.assay_with(&args, &relative).ok();
    assert!(!machine.path("here").exists() && !machine.path("there").exists());
    assert!(state(&machine).join("format.json").exists());
}
