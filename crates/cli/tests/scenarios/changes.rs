//! Upgrades, downgrades, reinstalls, removals.

use assay_testkit::wheel::WheelBuilder;

use crate::machine::{Machine, files_with, index, simple};

#[test]
fn upgrades_follow_pips_strategies() {
    let old = index(&[simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[])]);
    let new = index(&[
        simple("app", "2.0", &["lib"]),
        simple("lib", "1.0", &[]),
        simple("lib", "2.0", &[]),
    ]);
    let machine = Machine::new();
    machine.install(&old, &["app"]).ok();
    machine.install(&new, &["app"]).ok();
    assert_eq!(machine.frozen(), ["app==1.0", "lib==1.0"]);
    let report = machine.install(&old, &["-U", "--json", "app"]).ok().json();
    assert_eq!(report["outcome"], "nothing to do");
    let outcome = machine.install(&new, &["-U", "app"]).ok();
    assert!(outcome.out.contains("1.0 -> 2.0"), "{}", outcome.out);
    assert_eq!(machine.frozen(), ["app==2.0", "lib==1.0"]);
    machine
        .install(&new, &["-U", "--upgrade-strategy", "eager", "app"])
        .ok();
    assert_eq!(machine.frozen(), ["app==2.0", "lib==2.0"]);
    machine.install(&old, &["app==1.0"]).ok();
    assert_eq!(machine.frozen(), ["app==1.0", "lib==2.0"]);
}

#[test]
fn an_upgrade_takes_the_old_files_away() {
    let old = WheelBuilder::new("app", "1.0")
        .file("app/old.py", b"")
        .file("app/__init__.py", b"v = 1\n")
        .entry_point("old-tool", "app:v")
        .build();
    let new = WheelBuilder::new("app", "2.0")
        .file("app/new.py", b"")
        .file("app/__init__.py", b"v = 2\n")
        .build();
    let server = index(&[old, new]);
    let machine = Machine::new();
    machine.install(&server, &["app==1.0"]).ok();
    machine.python("import app.old");
    machine.install(&server, &["-U", "app"]).ok();
    assert_eq!(machine.python("import app; print(app.v)").out, "2\n");
    assert!(!machine.site().join("app/old.py").exists());
    assert!(files_with(&machine.site(), "app-1.0").is_empty());
    assert!(!machine.venv().join("bin/old-tool").exists());
}

#[test]
fn uninstall_removes_what_is_ours_and_keeps_what_was_changed() {
    let wheel = WheelBuilder::new("app", "1.0")
        .file("app/__init__.py", b"x = 1\n")
        .file("app/config.py", b"y = 1\n")
        .entry_point("tool", "app:main")
        .build();
    let server = index(&[wheel]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    machine.python("import app, app.config");
    let config = machine.site().join("app/config.py");
    std::fs::remove_file(&config).unwrap();
    std::fs::write(&config, "y = 'mine'\n").unwrap();
    let outcome = machine
        .assay(&["uninstall", "-y", "--venv", "env", "app"])
        .ok();
    assert!(
        format!("{}{}", outcome.out, outcome.err).contains("config.py"),
        "{outcome:?}"
    );
    assert_eq!(std::fs::read_to_string(&config).unwrap(), "y = 'mine'\n");
    assert!(!machine.site().join("app/__init__.py").exists());
    assert!(!machine.venv().join("bin/tool").exists());
    assert!(machine.frozen().is_empty());
}

#[test]
fn uninstalling_what_is_not_there_is_said_and_no_error_for_the_rest() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
    let outcome = machine
        .assay(&["uninstall", "-y", "--venv", "env", "missing", "app"])
        .ok();
    assert!(outcome.err.contains("missing"), "{}", outcome.err);
    assert!(machine.frozen().is_empty());
}

#[test]
fn a_reinstall_mends_a_changed_file_and_the_store_is_never_the_way_to_spread_an_edit() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine
        .install(&server, &["--link-mode", "hardlink", "app"])
        .ok();
    let module = machine.site().join("app/__init__.py");
    // An editor that ignores the mode edits the shared inode in place.
    std::fs::set_permissions(&module, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    std::fs::write(&module, "poisoned = True\n").unwrap();
    let url = server.index_url();
    let outcome = machine
        .assay(&["install", "--venv", "two", "-i", &url, "app"])
        .ok();
    let second = files_with(&machine.path("two"), "app/__init__.py");
    assert_eq!(
        std::fs::read_to_string(&second[0]).unwrap(),
        "__version__ = \"1.0\"\n",
        "{outcome:?}"
    );
    machine.install(&server, &["--force-reinstall", "app"]).ok();
    assert_eq!(
        machine.python("import app; print(app.__version__)").out,
        "1.0\n"
    );
}

#[test]
fn a_symlink_in_the_environment_leads_nowhere() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let outside = machine.path("outside");
    std::fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, machine.site().join("app")).unwrap();
    let outcome = machine.install(&server, &["app"]);
    assert_ne!(outcome.code, 0, "{outcome:?}");
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
}
