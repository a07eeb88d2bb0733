//! A cache that is shared, elsewhere, closed, or taken away.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use assay_testkit::server::{Behaviour, Builder, IndexServer};

use crate::machine::{Machine, Outcome, Snapshot, builder, files_with, index, simple};

const ASSAY: &str = env!("CARGO_BIN_EXE_assay");
const AT_ONCE: usize = 16;

/// `app` needs `left` and `right`; the files take a moment, so that everybody wants them at once.
fn slow_site() -> Builder {
    let wheels = [
        simple("app", "1.0", &["left", "right"]),
        simple("left", "1.0", &["right"]),
        simple("right", "1.0", &[]),
    ];
    let drip = Duration::from_micros(200);
    let behave = |builder: Builder, name: &str| {
        let path = format!("/files/{name}-1.0-py3-none-any.whl");
        builder.behave(&path, Behaviour::Drip(drip))
    };
    ["left", "right"].into_iter().fold(builder(&wheels), behave)
}

fn store(machine: &Machine) -> PathBuf {
    machine.path("../home/.cache/assay/store/v1")
}

fn downloads(server: &IndexServer) -> Vec<String> {
    let requests = server.requests().into_iter().map(|it| it.path);
    let mut wheels: Vec<_> = requests.filter(|it| it.ends_with(".whl")).collect();
    wheels.sort();
    wheels
}

/// Installs `app` into sixteen environments at the same time.
fn sixteen(machine: &Machine, server: &IndexServer) -> Vec<Outcome> {
    let url = server.index_url();
    thread::scope(|scope| {
        let runs: Vec<_> = (0..AT_ONCE)
            .map(|number| {
                let env = format!("env{number}");
                let url = &url;
                scope.spawn(move || machine.assay(&["install", "--venv", &env, "-i", url, "app"]))
            })
            .collect();
        runs.into_iter().map(|it| it.join().unwrap()).collect()
    })
}

/// Every environment has all three, and the store holds them whole.
fn check_sixteen(machine: &Machine) {
    for number in 0..AT_ONCE {
        let env = machine.path(&format!("env{number}"));
        for name in ["app", "left", "right"] {
            let found = files_with(&env, &format!("site-packages/{name}/__init__.py"));
            assert_eq!(found.len(), 1, "{number} {name}");
        }
    }
    let verified = machine.assay(&["cache", "verify"]).ok();
    assert!(verified.out.contains("3 wheels"), "{}", verified.out);
    assert_eq!(fs::read_dir(store(machine)).unwrap().count(), 3);
}

#[test]
fn sixteen_at_once_fetch_each_wheel_once() {
    let server = slow_site().start();
    let machine = Machine::new();
    for outcome in sixteen(&machine, &server) {
        let outcome = outcome.ok();
        assert!(!outcome.err.contains("warning"), "{}", outcome.err);
    }
    check_sixteen(&machine);
    assert_eq!(downloads(&server).len(), 3, "{:?}", downloads(&server));
    let locks = machine.path("../home/.cache/assay/locks");
    assert_eq!(fs::read_dir(locks).unwrap().count(), 0);
}

#[test]
fn sixteen_at_once_without_locks_fetch_more_and_damage_nothing() {
    let server = slow_site().start();
    let machine = Machine::new();
    let cache = machine.path("../home/.cache/assay");
    fs::create_dir_all(&cache).unwrap();
    fs::set_permissions(&cache, Permissions::from_mode(0o700)).unwrap();
    // What lies in the place of the locks' folder stands for a file system that keeps none.
    fs::write(cache.join("locks"), "").unwrap();
    let mut said = 0;
    for outcome in sixteen(&machine, &server) {
        let outcome = outcome.ok();
        assert!(!outcome.err.contains("damaged"), "{}", outcome.err);
        let warnings = outcome.err.matches("keeps no locks").count();
        assert!(warnings <= 1, "{}", outcome.err);
        said += warnings;
    }
    assert!(said > 0);
    check_sixteen(&machine);
}

#[test]
fn whoever_waits_for_a_killed_assay_fetches_the_wheel_itself() {
    let drip = Behaviour::Drip(Duration::from_millis(2));
    let path = "/files/app-1.0-py3-none-any.whl";
    let server = builder(&[simple("app", "1.0", &[])])
        .behave(path, drip)
        .start();
    let machine = Machine::new();
    let url = server.index_url();
    let mut first = machine.command();
    first.args(["install", "--venv", "one", "-i", &url, "app"]);
    let mut first = first.stderr(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    while downloads(&server).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(60));
        thread::sleep(Duration::from_millis(5));
    }
    let second = thread::scope(|scope| {
        let second = scope.spawn(|| machine.install(&server, &["app"]));
        thread::sleep(Duration::from_millis(300));
        assert_eq!(downloads(&server).len(), 1, "the second one waits");
        first.kill().unwrap();
        first.wait().unwrap();
        second.join().unwrap()
    });
    second.ok();
    assert_eq!(downloads(&server).len(), 2);
    machine.assay(&["cache", "verify"]).ok();
}

#[test]
fn a_cache_on_another_file_system_is_copied_from() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let Some(elsewhere) = other_file_system(&machine) else {
        println!("skipped: no other file system is at hand");
        return;
    };
    let cache = elsewhere.path().join("cache");
    let cache = cache.to_str().unwrap();
    machine
        .install(&server, &["--cache-dir", cache, "app"])
        .ok();
    let module = machine.site().join("app/__init__.py");
    let metadata = fs::metadata(&module).unwrap();
    assert_eq!((metadata.nlink(), metadata.mode() & 0o200), (1, 0o200));
    assert_eq!(fs::read(&module).unwrap(), b"__version__ = \"1.0\"\n");
    assert!(files_with(&machine.venv(), "/.assay-").is_empty());

    let before = machine.snapshot();
    let again = ["--cache-dir", cache, "--force-reinstall", "app"];
    let hard = [&again[..], &["--link-mode", "hardlink"]].concat();
    machine.install(&server, &hard).fails(1, &["linking"]);
    machine.assert_unchanged(&before);
}

fn other_file_system(machine: &Machine) -> Option<tempfile::TempDir> {
    let elsewhere = tempfile::tempdir_in("/dev/shm").ok()?;
    let device = |path: &Path| fs::metadata(path).map(|it| it.dev()).ok();
    (device(elsewhere.path())? != device(&machine.path("."))?).then_some(elsewhere)
}

/// Runs assay as a user whom permissions stop; `None` where there is nobody else to be.
fn as_ordinary_user(machine: &Machine) -> Option<impl Fn(&[&str]) -> Outcome> {
    const NOBODY: u32 = 65534;
    let is_root = fs::metadata("/proc/self").is_ok_and(|it| it.uid() == 0);
    let setpriv = Path::new("/usr/bin/setpriv");
    if is_root {
        fs::set_permissions(machine.path("../"), Permissions::from_mode(0o755)).unwrap();
        for folder in ["../home", "."] {
            std::os::unix::fs::chown(machine.path(folder), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    let run = move |args: &[&str]| {
        if !is_root {
            return machine.assay(args);
        }
        let user = [
            "--reuid",
            "65534",
            "--regid",
            "65534",
            "--clear-groups",
            ASSAY,
        ];
        machine.run(setpriv, &[&user, args].concat())
    };
    let can = (!is_root || setpriv.exists()) && run(&["venv", "probe"]).code == 0;
    if !can {
        println!("skipped: assay cannot be run as an ordinary user here");
    }
    can.then_some(run)
}

/// Gives a folder and all below it a mode.
fn set_modes(folder: &Path, mode: u32) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            set_modes(&entry.path(), mode);
        }
    }
    fs::set_permissions(folder, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_cache_that_cannot_be_written_to_is_left_alone() {
    let server = index(&[simple("app", "1.0", &[]), simple("other", "1.0", &[])]);
    let machine = Machine::new();
    let Some(assay) = as_ordinary_user(&machine) else {
        return;
    };
    let url = server.index_url();
    let install =
        |env: &str, more: &[&str]| assay(&[&["install", "--venv", env, "-i", &url], more].concat());
    install("one", &["app"]).ok();
    install("one", &["--cache-dir", "named", "app"]).ok();
    for (cache, more) in [
        (machine.path("../home/.cache/assay"), &[][..]),
        (machine.path("named"), &["--cache-dir", "named"]),
    ] {
        set_modes(&cache, 0o500);
        let before = Snapshot::of(&cache);
        for name in ["app", "other"] {
            let outcome = install(&format!("{name}{}", more.len()), &[more, &[name]].concat()).ok();
            assert_eq!(outcome.err.matches("warning").count(), 1, "{}", outcome.err);
            assert!(outcome.err.contains("no cache is used"), "{}", outcome.err);
        }
        let look = assay(&[&["cache", "info"], more].concat());
        look.fails(1, &["no cache is used", "--cache-dir"]);
        assert!(before.changes_to(&Snapshot::of(&cache)).is_empty());
        set_modes(&cache, 0o700);
    }
    // The state was kept all the while.
    let outcome = install("app0", &["other"]).ok();
    assert!(!outcome.err.contains("missing"), "{}", outcome.err);
}

#[test]
fn a_state_that_cannot_be_written_to_is_said_once_and_nothing_is_half_done() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let Some(assay) = as_ordinary_user(&machine) else {
        return;
    };
    let url = server.index_url();
    assay(&["install", "--venv", "one", "-i", &url, "app"]).ok();
    let home = machine.path("../home");
    let state = home.join(".local/state/assay");
    set_modes(&state, 0o500);
    let before = Snapshot::of(&home);
    for env in ["one", "two"] {
        let args = [
            "install",
            "--venv",
            env,
            "-i",
            &url,
            "--force-reinstall",
            "app",
        ];
        let outcome = assay(&args).ok();
        assert_eq!(outcome.err.matches("warning").count(), 1, "{}", outcome.err);
        assert!(!outcome.err.contains("missing"), "{}", outcome.err);
    }
    assert!(before.changes_to(&Snapshot::of(&home)).is_empty());
    set_modes(&state, 0o700);
    machine.assay(&["cache", "verify"]);
}

#[test]
fn what_went_from_the_cache_is_fetched_again() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let install = || {
        machine.install(
            &server,
            &["--force-reinstall", "--link-mode", "copy", "app"],
        )
    };
    install().ok();
    let entry = fs::read_dir(store(&machine)).unwrap().next();
    let entry = entry.unwrap().unwrap().path();
    let metadata = fs::read_dir(&entry).unwrap().find_map(|it| {
        let path = it.unwrap().path();
        let is_metadata = fs::read(&path).unwrap().starts_with(b"Metadata-Version");
        is_metadata.then_some(path)
    });
    let metadata = metadata.unwrap();
    let spoil: [&dyn Fn(); 9] = [
        &|| fs::remove_file(entry.join("0")).unwrap(),
        &|| replace(&entry.join("0"), b""),
        &|| fs::remove_file(&metadata).unwrap(),
        &|| replace(&metadata, b"Metadata-Version"),
        &|| replace(&entry.join("manifest"), b"{"),
        &|| fs::remove_file(entry.join("manifest")).unwrap(),
        &|| {
            fs::remove_file(entry.join("manifest")).unwrap();
            fs::create_dir(entry.join("manifest")).unwrap();
        },
        &|| {
            fs::remove_dir_all(&entry).unwrap();
            fs::write(&entry, "").unwrap();
        },
        &|| fs::remove_dir_all(machine.path("../home/.cache/assay")).unwrap(),
    ];
    for (number, spoil) in spoil.into_iter().enumerate() {
        spoil();
        server.clear_requests();
        let outcome = install().ok();
        assert_eq!(downloads(&server).len(), 1, "{number}: {}", outcome.err);
        let module = fs::read(machine.site().join("app/__init__.py")).unwrap();
        assert_eq!(module, b"__version__ = \"1.0\"\n", "{number}");
        machine.assay(&["cache", "verify"]).ok();
    }
}

fn replace(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_cache_that_is_taken_away_meanwhile_breaks_no_environment() {
    let drip = Behaviour::Drip(Duration::from_millis(1));
    let path = "/files/app-1.0-py3-none-any.whl";
    let server = builder(&[simple("app", "1.0", &[])])
        .behave(path, drip)
        .start();
    let machine = Machine::new();
    let cache = machine.path("../home/.cache/assay");
    let outcome = thread::scope(|scope| {
        let run = scope.spawn(|| machine.install(&server, &["app"]));
        while downloads(&server).is_empty() && !run.is_finished() {
            thread::sleep(Duration::from_millis(5));
        }
        fs::remove_dir_all(&cache).unwrap();
        run.join().unwrap()
    });
    outcome.ok();
    assert_eq!(machine.frozen(), ["app==1.0"]);
    machine.assay(&["cache", "verify"]).ok();
}

#[test]
fn a_cache_behind_a_symlink_of_ones_own_is_a_cache() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let (cache, moved) = (
        machine.path("../home/.cache/assay"),
        machine.path("../moved"),
    );
    fs::rename(&cache, &moved).unwrap();
    symlink(&moved, &cache).unwrap();
    server.clear_requests();
    machine.install(&server, &["--force-reinstall", "app"]).ok();
    assert_eq!(downloads(&server), Vec::<String>::new());

    // One that leads nowhere is no cache.
    fs::remove_dir_all(&moved).unwrap();
    let outcome = machine.install(&server, &["--force-reinstall", "app"]).ok();
    assert!(outcome.err.contains("no cache is used"), "{}", outcome.err);
}
