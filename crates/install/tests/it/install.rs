//! Installing: what is written, that it runs, and what is recorded.

use std::{fs, os::unix::fs::PermissionsExt as _};

use assay_install::{CommitOptions, Environment, LinkMode, Notice, Plan, Reference};
use assay_testkit::wheel::WheelBuilder;
use assay_types::Url;

use crate::common::{Home, policy, project, rule, run, site, stdout};

pub fn demo(version: &str) -> WheelBuilder {
    let code = format!("def main():\n    print('hello {version}')\n");
    WheelBuilder::new("demo", version)
        .file("demo/__init__.py", code.as_bytes())
        .file("demo/data.txt", b"data")
        .entry_point("demo", "demo:main")
}

#[test]
fn a_wheel_is_installed_and_runs() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let done = home.install(&env, &[demo("1.0")]).unwrap();
    assert!(done.notices.is_empty());
    assert_eq!(stdout(&run(&env, "demo", &[])), "hello 1.0");
    let info = site(&env).join("demo-1.0.dist-info");
    assert_eq!(
        fs::read_to_string(info.join("INSTALLER")).unwrap(),
        "assay\n"
    );
    assert!(!info.join("REQUESTED").exists());
    let inventory = env.installed().unwrap();
    let installed = inventory.get(&project("demo")).unwrap();
    assert_eq!(installed.version().to_string(), "1.0");
    assert_eq!(installed.metadata().unwrap().display_name, "demo");
    assert!(!home.path().join("env").read_dir().unwrap().any(|it| {
        it.unwrap()
            .file_name()
            .to_string_lossy()
            .starts_with(".assay-stage")
    }));
}

#[test]
fn record_lists_every_file_with_its_digest_and_itself_without() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let wheel = demo("1.0")
        .data("data", "share/a,b.txt", b"comma")
        .data("headers", "h.h", b"h");
    home.install(&env, &[wheel]).unwrap();
    let inventory = env.installed().unwrap();
    let rows = inventory.get(&project("demo")).unwrap().record().unwrap();
    let (mut paths, mut plain) = (Vec::new(), 0);
    for row in &rows {
        let bytes = fs::read(site(&env).join(&row.path)).unwrap();
        match &row.digest {
            Some(digest) => {
                use sha2::Digest as _;
                assert_eq!(
                    digest.bytes(),
                    sha2::Sha256::digest(&bytes).as_slice(),
                    "{}",
                    row.path
                );
                assert_eq!(row.size, Some(bytes.len() as u64));
            }
            None => plain += 1,
        }
        paths.push(row.path.as_str());
    }
    assert_eq!(plain, 1);
    for path in [
        "../../../bin/demo",
        "../../../share/a,b.txt",
        "demo/__init__.py",
        "demo-1.0.dist-info/INSTALLER",
        "demo-1.0.dist-info/RECORD",
        "demo-1.0.dist-info/assay.json",
    ] {
        assert!(paths.contains(&path), "{path} of {paths:?}");
    }
    let version = env.interpreter().short_version();
    let header = format!("../../../include/site/python{version}/demo/h.h");
    assert!(paths.contains(&header.as_str()), "{paths:?}");
    let record = fs::read_to_string(site(&env).join("demo-1.0.dist-info/RECORD")).unwrap();
    assert!(record.lines().is_sorted(), "{record}");
}

#[test]
fn headers_lie_in_a_folder_of_the_projects_normalised_name() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let wheel = WheelBuilder::new("My.Headers_x", "1.0")
        .data("headers", "h.h", b"h")
        .data("headers", "in/n.h", b"n");
    home.install(&env, &[wheel]).unwrap();
    let version = env.interpreter().short_version();
    let include = home
        .path()
        .join(format!("env/include/site/python{version}"));
    for header in ["my-headers-x/h.h", "my-headers-x/in/n.h"] {
        assert!(include.join(header).is_file(), "{header}");
    }
    assert_eq!(fs::read_dir(&include).unwrap().count(), 1);
    home.uninstall(&env, "my-headers-x").unwrap();
    assert!(!include.exists());
}

#[test]
fn a_request_and_a_url_are_recorded_without_credentials() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let mut addition = home.addition(&demo("1.0"));
    addition.requested = true;
    let url = Url::parse("https://user:secret@files.example/demo-1.0-py3-none-any.whl").unwrap();
    addition.reference = Some(Reference::Archive(url));
    let inventory = env.installed().unwrap();
    let plan = Plan::build(&env, &inventory, &[], vec![addition], &policy()).unwrap();
    home.finish(&plan).unwrap();
    let inventory = env.installed().unwrap();
    let installed = inventory.get(&project("demo")).unwrap();
    assert!(installed.path().join("REQUESTED").is_file());
    let json = installed.direct_url().unwrap().unwrap();
    assert_eq!(
        json["url"],
        "https://files.example/demo-1.0-py3-none-any.whl"
    );
    assert!(json["archive_info"]["hashes"]["sha256"].is_string());
    let receipt = installed.receipt().unwrap().unwrap();
    assert_eq!(receipt["words"][0], "local");
    assert_eq!(receipt["project"], "demo");
}

#[test]
fn shipped_scripts_get_the_environments_python_and_other_files_keep_theirs() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("a folder with spaces");
    let wheel = WheelBuilder::new("tools", "1.0")
        .data(
            "scripts",
            "in-python",
            b"#!python -X dev\nimport sys; print(sys.prefix)\n",
        )
        .data("scripts", "in-sh", b"#!/bin/sh\necho from sh\n")
        .executable("tools/helper", b"#!/bin/sh\n")
        .file("tools/__init__.py", b"def f(): print('launched')\n")
        .entry_point("launch", "tools:f")
        .gui_entry_point("launch-gui", "tools:f");
    home.install(&env, &[wheel]).unwrap();
    let prefix = env.folder().display().to_string();
    assert_eq!(stdout(&run(&env, "in-python", &[])), prefix);
    assert_eq!(stdout(&run(&env, "in-sh", &[])), "from sh");
    assert_eq!(stdout(&run(&env, "launch", &[])), "launched");
    assert_eq!(stdout(&run(&env, "launch-gui", &[])), "launched");
    let mode = |path: &str| {
        fs::metadata(site(&env).join(path))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_ne!(mode("tools/helper") & 0o111, 0);
    assert_eq!(mode("tools/__init__.py") & 0o111, 0);
}

#[test]
fn an_upgrade_leaves_nothing_of_the_old_version() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let old = demo("1.0").file("demo/old/gone.py", b"x = 1\n");
    home.install(&env, &[old]).unwrap();
    assert_eq!(
        stdout(&run(
            &env,
            "python",
            &["-c", "import demo.old.gone as m; print(m.x)"]
        )),
        "1"
    );
    let done = home.install(&env, &[demo("2.0")]).unwrap();
    assert!(done.notices.is_empty(), "{:?}", done.notices);
    assert_eq!(stdout(&run(&env, "demo", &[])), "hello 2.0");
    // The bytecode that running it made went, too.
    assert!(!site(&env).join("demo/old").exists());
    assert!(!site(&env).join("demo-1.0.dist-info").exists());
    let versions: Vec<_> = env.installed().unwrap().distributions;
    assert_eq!(versions.len(), 1);
}

#[test]
fn a_folder_may_become_a_file_and_a_file_a_folder() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let as_folder = || {
        WheelBuilder::new("a", "1.0")
            .file("a/b/c/d.py", b"")
            .file("a/b/e.py", b"")
    };
    let as_file = || WheelBuilder::new("a", "2.0").file("a/b", b"data");
    for _ in 0..2 {
        home.install(&env, &[as_folder()]).unwrap();
        assert!(site(&env).join("a/b/c/d.py").is_file());
        home.install(&env, &[as_file()]).unwrap();
        assert!(site(&env).join("a/b").is_file());
    }
    // Not where something of somebody else's lies in the folder.
    home.install(&env, &[as_folder()]).unwrap();
    fs::write(site(&env).join("a/b/c/own.txt"), "mine").unwrap();
    assert_eq!(rule(home.install(&env, &[as_file()])), "collision");
    assert!(site(&env).join("a/b/c/d.py").is_file());
}

#[test]
fn reinstalling_and_downgrading_work_and_changes_say_so() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    for version in ["2.0", "2.0", "1.0"] {
        home.install(&env, &[demo(version)]).unwrap();
        assert_eq!(stdout(&run(&env, "demo", &[])), format!("hello {version}"));
    }
    let inventory = env.installed().unwrap();
    let additions = vec![home.addition(&demo("3.0"))];
    let plan = Plan::build(&env, &inventory, &[], additions, &policy()).unwrap();
    let [change] = &plan.changes()[..] else {
        panic!()
    };
    assert_eq!(change.from.as_ref().unwrap().to_string(), "1.0");
    assert_eq!(change.to.as_ref().unwrap().to_string(), "3.0");
}

#[test]
fn every_link_mode_gives_the_same_files() {
    let Some(home) = Home::new() else { return };
    for (name, link_mode) in [
        ("auto", LinkMode::Auto),
        ("hard", LinkMode::HardLink),
        ("copy", LinkMode::Copy),
    ] {
        let env = home.venv(name);
        let additions = vec![home.addition(&demo("1.0"))];
        let inventory = env.installed().unwrap();
        let plan = Plan::build(&env, &inventory, &[], additions, &policy()).unwrap();
        plan.commit(CommitOptions {
            link_mode,
            threads: 1,
            state_dir: &home.state(),
        })
        .unwrap();
        let file = fs::metadata(site(&env).join("demo/__init__.py"));
        let links = std::os::unix::fs::MetadataExt::nlink(&file.unwrap());
        match link_mode {
            LinkMode::HardLink => assert!(links > 1),
            LinkMode::Copy => assert_eq!(links, 1),
            LinkMode::Auto | LinkMode::Reflink => {}
        }
        assert_eq!(stdout(&run(&env, "demo", &[])), "hello 1.0");
    }
}

#[test]
fn a_target_folder_is_made_and_gets_everything() {
    let Some(home) = Home::new() else { return };
    let folder = home.path().join("not/yet/there");
    let env = Environment::target(home.python.clone(), &folder).unwrap();
    assert!(!folder.exists());
    let wheel = demo("1.0").data("data", "share/x", b"x");
    home.install(&env, &[wheel]).unwrap();
    for path in [
        "demo/__init__.py",
        "bin/demo",
        "share/x",
        "demo-1.0.dist-info/RECORD",
    ] {
        assert!(folder.join(path).is_file(), "{path}");
    }
    let env = Environment::target(home.python.clone(), &folder).unwrap();
    home.uninstall(&env, "demo").unwrap();
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn names_that_shadow_are_installed_with_a_warning() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let wheel = WheelBuilder::new("shadow", "1.0")
        .file("json/__init__.py", b"")
        .file("os.py", b"")
        .file("shadow/fine.py", b"def f(): pass\n")
        .file("shadow/only.pyc", b"")
        .entry_point("sudo", "shadow.fine:f")
        .entry_point("shadow-sudo", "shadow.fine:f");
    let done = home.install(&env, &[wheel]).unwrap();
    let said: Vec<_> = done.notices.iter().map(ToString::to_string).collect();
    assert_eq!(said.len(), 4, "{said:?}");
    let modules = |it: &&Notice| matches!(it, Notice::ShadowsModule { .. });
    assert_eq!(done.notices.iter().filter(modules).count(), 2);
    assert!(said.iter().any(|it| it.contains("a command called sudo")));
    assert!(said.iter().any(|it| it.contains("shadow/only.pyc")));
}
