//! `--prefix`, `--root` and `--user`.

use std::path::Path;

use super::{everything, installed_python, site_below};
use crate::machine::{Machine, files_with, index, simple};

#[test]
fn a_prefix_is_judged_by_itself_and_nothing_else_is_touched() {
    let server = index(&[
        simple("app", "1.0", &["lib"]),
        simple("app", "2.0", &[]),
        simple("lib", "1.0", &[]),
    ]);
    let machine = Machine::new();
    machine.install(&server, &["app==1.0"]).ok();
    let url = server.index_url();
    let before = machine.frozen();
    let run = |args: &[&str]| {
        let python = [
            "install", "--python", "./env", "--prefix", "there", "-i", &url,
        ];
        machine.assay(&[&python, args].concat()).ok().out
    };
    run(&["app==1.0"]);
    let site = site_below(&machine.path("there"));
    assert!(site.join("app/__init__.py").exists() && site.join("lib/__init__.py").exists());
    assert!(run(&["app"]).contains("already satisfied"));
    run(&["-U", "app"]);
    assert!(files_with(&site, "app-1.0").is_empty() && !files_with(&site, "app-2.0").is_empty());
    assert_eq!(machine.frozen(), before);
}

#[test]
fn what_lies_under_a_root_knows_nothing_of_it() {
    let wheel = everything();
    let server = index(&[wheel]);
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let url = server.index_url();
    let root = machine.path("root");
    let root = root.to_str().unwrap();
    for more in [&[][..], &["--prefix", "/usr"]] {
        let args = [
            "install", "--python", "./env", "--root", root, "-i", &url, "app",
        ];
        machine.assay(&[&args, more].concat()).ok();
    }
    let record = files_with(Path::new(root), "dist-info/RECORD");
    assert_eq!(record.len(), 2, "{record:?}");
    for record in record {
        let site = record.parent().unwrap().parent().unwrap();
        let text = std::fs::read_to_string(&record).unwrap();
        for line in text.lines() {
            let path = line.split(',').next().unwrap();
            assert!(!path.starts_with('/'), "{line}");
            assert!(site.join(path).exists(), "{line}");
        }
    }
    for tool in files_with(Path::new(root), "bin/app-") {
        let text = std::fs::read_to_string(&tool).unwrap();
        let python = machine.venv().join("bin/python");
        assert!(
            text.starts_with(&format!("#!{}\n", python.display())),
            "{text}"
        );
    }
    for file in files_with(Path::new(root), "")
        .iter()
        .filter(|it| it.is_file())
    {
        let bytes = std::fs::read(file).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(root), "{file:?}");
    }
}

#[test]
fn a_link_under_a_root_leads_nowhere() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    let outside = machine.path("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::create_dir_all(machine.path("root/real")).unwrap();
    std::os::unix::fs::symlink(&outside, machine.path("root/usr")).unwrap();
    std::os::unix::fs::symlink("real", machine.path("root/opt")).unwrap();
    let url = server.index_url();
    let run = |prefix| {
        let root = ["--root", "root", "--prefix", prefix];
        machine.assay(
            &[
                &["install", "--python", "./env", "-i", &url, "app"],
                &root[..],
            ]
            .concat(),
        )
    };
    run("/usr").fails(1, &["leads out of it"]);
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    run("/opt").ok();
    assert!(site_below(&machine.path("root/real")).join("app").is_dir());
}

#[test]
fn a_root_and_a_target_say_two_things() {
    let machine = Machine::new();
    let before = machine.snapshot();
    for args in [
        &["--root", "a", "--target", "b"][..],
        &["--prefix", "a", "--target", "b"],
        &["--prefix", "a", "--user"],
        &["--user", "--target", "b"],
    ] {
        let outcome = machine.assay(&[&["install", "--no-index", "app"], args].concat());
        outcome.fails(2, &["cannot be used"]);
    }
    machine.assert_unchanged(&before);
}

#[test]
fn a_users_own_packages_are_seen_by_whoever_can_see_them() {
    let server = index(&[simple("app", "1.0", &["lib"]), simple("lib", "1.0", &[])]);
    let url = server.index_url();
    let machine = Machine::new();
    machine.assay(&["venv", "env"]).ok();
    machine
        .assay(&["venv", "open", "--system-site-packages"])
        .ok();
    let run = |python, variables: &[(&str, &str)]| {
        let args = ["install", "--user", "--python", python, "-i", &url, "app"];
        let base = [("PYTHONUSERBASE", "user")];
        machine.assay_with(&args, &[&base, variables].concat())
    };
    run("./env", &[]).fails(1, &["user site-packages are not visible"]);
    run("./open", &[("PYTHONNOUSERSITE", "1")]).fails(1, &["are disabled"]);
    assert!(!machine.path("user").exists());
    // What the environment itself has is seen, too.
    machine
        .assay(&["install", "--python", "./open", "-i", &url, "lib"])
        .ok();
    run("./open", &[]).ok();
    let site = site_below(&machine.path("user"));
    assert!(site.join("app").is_dir() && !site.join("lib").exists());
    let python = machine.path("open/bin/python");
    let code = format!(
        "PYTHONUSERBASE={} {} -c 'import app, lib; print(app.__file__)'",
        machine.path("user").display(),
        python.display()
    );
    let said = machine.run(Path::new("/bin/sh"), &["-c", &code]).ok().out;
    assert!(said.contains("/user/lib/"), "{said}");
    assert!(run("./open", &[]).ok().out.contains("already satisfied"));
}

#[test]
fn what_a_user_would_never_see_is_not_installed() {
    let server = index(&[simple("app", "1.0", &[]), simple("app", "2.0", &[])]);
    let url = server.index_url();
    let machine = Machine::new();
    machine
        .assay(&["venv", "open", "--system-site-packages"])
        .ok();
    let run = |more: &[&str]| {
        let args = ["install", "--python", "./open", "-i", &url];
        machine.assay_with(&[&args, more].concat(), &[("PYTHONUSERBASE", "user")])
    };
    run(&["app==1.0"]).ok();
    run(&["--user", "app==2.0"]).fails(1, &["lack sys.path precedence to app in", "open/lib"]);
    assert!(!machine.path("user").exists());
    run(&["app==2.0"]).ok();
}

#[test]
fn what_a_user_has_goes_first() {
    let server = index(&[simple("app", "1.0", &[]), simple("lib", "1.0", &[])]);
    let url = server.index_url();
    let machine = Machine::new();
    let Some(python) = installed_python(&machine) else {
        return;
    };
    let run = |args: &[&str]| {
        let python = [
            "--python",
            python.to_str().unwrap(),
            "--break-system-packages",
        ];
        machine.assay_with(&[args, &python].concat(), &[("PYTHONUSERBASE", "user")])
    };
    run(&["install", "--user", "-i", &url, "app", "lib"]).ok();
    let site = site_below(&machine.path("user"));
    let said = run(&["uninstall", "-y", "app", "no-such-project"]).ok();
    assert!(
        said.out.contains("Successfully uninstalled app-1.0"),
        "{said:?}"
    );
    assert!(said.err.contains("Skipping no-such-project"), "{said:?}");
    assert!(!site.join("app").exists() && site.join("lib").exists());
    // A virtual environment leaves it alone, even where it sees it.
    machine
        .assay(&["venv", "open", "--system-site-packages"])
        .ok();
    let args = ["uninstall", "-y", "--python", "./open", "lib"];
    let said = machine
        .assay_with(&args, &[("PYTHONUSERBASE", "user")])
        .ok();
    assert!(said.err.contains("lib"), "{said:?}");
    assert!(site.join("lib").exists());
}

#[test]
fn a_users_own_packages_lie_below_the_home_folder_by_default() {
    let server = index(&[simple("app", "1.0", &[])]);
    let machine = Machine::new();
    let Some(python) = installed_python(&machine) else {
        return;
    };
    let python = python.to_str().unwrap();
    let url = server.index_url();
    let args = [
        "install",
        "--user",
        "--break-system-packages",
        "--python",
        python,
        "-i",
        &url,
    ];
    machine.assay(&[&args[..], &["app"]].concat()).ok();
    if cfg!(target_os = "linux") {
        let base = machine.path("../home/.local");
        assert!(site_below(&base).join("app").is_dir());
    }
}

/// PEP 668 is the interpreter's own; pip asks for a user's folder, too, and not for others.
#[test]
fn a_managed_interpreter_is_asked_for_the_users_folder_and_for_no_other() {
    let machine = Machine::new();
    let Some(python) = managed_python(&machine) else {
        println!("skipped: no Python here is managed by the system (PEP 668)");
        return;
    };
    let server = index(&[simple("app", "1.0", &[])]);
    let url = server.index_url();
    let run = |more: &[&str]| {
        let args = ["install", "--python", &python, "-i", &url, "app"];
        machine.assay_with(&[&args, more].concat(), &[("PYTHONUSERBASE", "user")])
    };
    run(&["--user"]).fails(1, &["PEP 668"]);
    assert!(!machine.path("user").exists());
    run(&["--user", "--break-system-packages"]).ok();
    // Nothing is changed; pip makes the same exception, for a report alone.
    run(&["--dry-run"]).fails(1, &["PEP 668"]);
    run(&["--dry-run", "--report", "report.json"]).ok();
    for more in [
        &["--prefix", "a"][..],
        &["--root", "b"],
        &["--root", "c", "--user"],
        &["-t", "d"],
    ] {
        run(more).ok();
    }
}

fn managed_python(machine: &Machine) -> Option<String> {
    let code = "import sysconfig as s; open(s.get_path('stdlib') + '/EXTERNALLY-MANAGED')";
    let found = ["/usr/bin/python3", "/usr/local/bin/python3"].into_iter();
    let mut found = found.filter(|it| Path::new(it).exists());
    found
        .find(|it| machine.run(Path::new(it), &["-I", "-c", code]).code == 0)
        .map(str::to_owned)
}
