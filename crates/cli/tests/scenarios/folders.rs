//! Cache and state: whose they are, and what is believed of them.

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
};

use crate::machine::{Machine, builder, files_with, index, simple};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_folder_that_others_can_write_to_is_refused_until_it_is_closed() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let install = || machine.install(&server, &["--cache-dir", "cache", "app"]);
    let cache = machine.path("cache");
    fs::create_dir(&cache).unwrap();
    set_mode(&cache, 0o775);
    let command = format!("chmod go-w {}", cache.display());
    install().fails(4, &["mode 0775", &command]);
    set_mode(&cache, 0o755);
    install().ok();

    let state = machine.path("../home/.local/state/assay");
    set_mode(&state, 0o777);
    install().fails(4, &["mode 0777", ".local/state/assay"]);
    machine
        .assay(&["list", "--venv", "env"])
        .fails(4, &["mode 0777"]);
    machine.assay(&["cache", "clean"]).fails(4, &["mode 0777"]);
    set_mode(&state, 0o700);
    install().ok();
}

#[test]
fn where_the_folder_of_the_cache_lies_is_nobodys_business() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let shared = machine.path("shared");
    fs::create_dir(&shared).unwrap();
    set_mode(&shared, 0o777);
    let url = server.index_url();
    let install = ["install", "--venv", "env", "--index-url", &url, "app"];
    let variables = [("XDG_CACHE_HOME", shared.to_str().unwrap())];
    machine.assay_with(&install, &variables).ok();
    let mode = fs::metadata(shared.join("assay")).unwrap().permissions();
    assert_eq!(mode.mode() & 0o777, 0o700);
}

#[test]
fn an_edited_page_of_the_cache_speaks_for_nothing() {
    let server = builder(&[simple("app", "1.0", &[])]).max_age(600).start();
    let machine = Machine::new();
    let url = server.index_url();
    let download = |folder: &str| machine.assay(&["download", "-d", folder, "-i", &url, "app"]);
    let asked = || {
        let requests = server.requests();
        requests
            .iter()
            .filter(|it| it.path == "/simple/app/")
            .count()
    };
    download("one").ok();
    download("two").ok();
    assert_eq!(asked(), 1, "an untouched page is used while it is fresh");

    let kept = files_with(&machine.path("../home/.cache/assay/pages-v1"), "");
    let text = fs::read_to_string(&kept[0]).unwrap();
    fs::write(&kept[0], text.replace("1.0", "6.6")).unwrap();
    download("three").ok();
    assert_eq!(asked(), 2);
    assert!(machine.path("three/app-1.0-py3-none-any.whl").exists());

    machine.assay(&["cache", "clean"]).ok();
    assert!(
        !machine
            .path("../home/.local/state/assay/page-memo")
            .exists()
    );
    download("four").ok();
    assert_eq!(asked(), 3);

    let nothing_kept = machine.assay(&[
        "--no-cache-dir",
        "download",
        "-d",
        "five",
        "-i",
        &url,
        "app",
    ]);
    nothing_kept.ok();
    assert_eq!(asked(), 4);
}

#[test]
fn umasks_decide_the_modes_of_copies_for_others_and_of_cache_and_state_for_nobody() {
    let server = index(&[simple("app", "1.0", &[])]);
    let (url, assay) = (server.index_url(), env!("CARGO_BIN_EXE_assay"));
    for (umask, file) in [
        ("000", 0o666),
        ("027", 0o640),
        ("077", 0o600),
        ("0777", 0o600),
    ] {
        let machine = Machine::new();
        for mode in ["auto", "copy"] {
            let options = format!("--force-reinstall --link-mode {mode}");
            let install = format!("{assay} install --venv env -i {url} {options} app");
            let line = format!("umask {umask}; exec {install}");
            machine.run(Path::new("/bin/sh"), &["-c", &line]).ok();
            check_private(&machine);
        }
        let folder = fs::metadata(machine.site().join("app")).unwrap().mode();
        assert_eq!(folder & 0o700, 0o700, "{umask}");
        let mode = |path: &str| fs::metadata(machine.site().join(path)).unwrap().mode() & 0o777;
        assert_eq!(mode("app/__init__.py"), file, "{umask}");
        machine.assay(&["cache", "verify"]).ok();
    }
}

/// Folders of cache and state are 0700, their files nobody else's to write.
fn check_private(machine: &Machine) {
    for root in ["../home/.cache/assay", "../home/.local/state/assay"] {
        let root = machine.path(root);
        for path in files_with(&root, "").into_iter().chain([root]) {
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode();
            let allowed: &[u32] = if path.is_dir() {
                &[0o700]
            } else {
                &[0o600, 0o444, 0o555]
            };
            assert!(allowed.contains(&(mode & 0o777)), "{path:?} {mode:o}");
        }
    }
}
