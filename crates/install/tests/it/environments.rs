//! Making environments, and what is in them.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
};

use assay_install::{Error, Interpreter, Leftover, venv};

use crate::common::{Home, picture, project, run, site, stdout};

#[test]
fn an_environment_works_as_one_of_the_venv_module() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let program = "import sys, sysconfig, site; print(sys.prefix); print(sys.prefix != sys.base_prefix); print(sysconfig.get_path('purelib')); print(site.getsitepackages()[0])";
    let said = stdout(&run(&env, "python", &["-c", program]));
    let lines: Vec<_> = said.lines().collect();
    let folder = env.folder().display().to_string();
    let purelib = site(&env).display().to_string();
    assert_eq!(lines, [folder.as_str(), "True", &purelib, &purelib]);
    let numbered = format!("python{}", env.interpreter().short_version());
    for name in ["python", "python3", &numbered] {
        assert_eq!(stdout(&run(&env, name, &["-c", "print(1)"])), "1", "{name}");
    }
    assert_eq!(
        fs::read_to_string(env.folder().join(".gitignore")).unwrap(),
        "*\n"
    );
    let config = fs::read_to_string(env.folder().join("pyvenv.cfg")).unwrap();
    assert!(config.contains("include-system-site-packages = false\n"));
}

#[test]
fn an_environment_is_not_made_over_through_a_symlink_that_leads_out() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let (bin, elsewhere) = (env.folder().join("bin"), home.path().join("elsewhere"));
    fs::rename(&bin, &elsewhere).unwrap();
    fs::write(elsewhere.join("activate"), "mine").unwrap();
    symlink(&elsewhere, &bin).unwrap();
    let make = || {
        let keep = venv::Options::default();
        venv::create(env.folder(), &home.python, &keep, &home.cache())
    };
    assert!(matches!(make(), Err(Error::Environment { path, .. }) if path == bin));
    let text = fs::read_to_string(elsewhere.join("activate")).unwrap();
    assert_eq!(text, "mine");

    // A link that stays inside, as lib64 is, may be there.
    fs::remove_file(&bin).unwrap();
    fs::rename(&elsewhere, env.folder().join("commands")).unwrap();
    symlink("commands", &bin).unwrap();
    make().unwrap();
}

#[test]
fn a_folder_with_anything_else_in_it_is_refused_and_an_environment_is_kept() {
    let Some(home) = Home::new() else { return };
    let folder = home.path().join("work");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("thesis.txt"), "years").unwrap();
    let before = picture(&folder);
    for clear in [false, true] {
        let options = venv::Options {
            clear,
            ..venv::Options::default()
        };
        let refused = venv::create(&folder, &home.python, &options, &home.cache());
        assert!(matches!(refused, Err(Error::Environment { .. })));
    }
    assert_eq!(picture(&folder), before);

    let empty = home.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let keep = venv::Options::default();
    venv::create(&empty, &home.python, &keep, &home.cache()).unwrap();
    fs::write(empty.join("kept"), "").unwrap();
    venv::create(&empty, &home.python, &keep, &home.cache()).unwrap();
    assert!(empty.join("kept").exists());
    let clear = venv::Options {
        clear: true,
        ..keep
    };
    venv::create(&empty, &home.python, &clear, &home.cache()).unwrap();
    assert!(!empty.join("kept").exists());
}

#[test]
fn an_environment_of_an_environment_rests_on_the_installation() {
    let Some(home) = Home::new() else { return };
    let first = home.venv("first");
    let options = venv::Options {
        system_site_packages: true,
        prompt: Some("it's mine".to_owned()),
        ..venv::Options::default()
    };
    let folder = home.path().join("second");
    let second = venv::create(&folder, first.interpreter(), &options, &home.cache()).unwrap();
    let config = fs::read_to_string(folder.join("pyvenv.cfg")).unwrap();
    assert!(config.contains("include-system-site-packages = true\n"));
    assert!(config.contains("prompt = it's mine\n"));
    assert!(!config.contains("first"), "{config}");
    assert_eq!(
        second.base_executable(),
        first.interpreter().base_executable()
    );
}

#[test]
fn folders_that_name_nothing_are_reported_apart() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    for name in [
        "~emo-1.0.dist-info",
        "nameless.dist-info",
        "real-1.0.dist-info",
    ] {
        fs::create_dir(site(&env).join(name)).unwrap();
    }
    let inventory = env.installed().unwrap();
    assert_eq!(inventory.distributions.len(), 1);
    assert_eq!(inventory.unreadable.len(), 2);
    assert!(inventory.get(&project("real")).unwrap().metadata().is_err());
}

#[test]
fn a_prompt_that_would_write_another_line_is_refused_and_nothing_stays() {
    let Some(home) = Home::new() else { return };
    let folder = home.path().join("env");
    let prompt = Some("x\nhome = /evil".to_owned());
    let options = venv::Options {
        prompt,
        ..venv::Options::default()
    };
    let made: Result<Interpreter, _> = venv::create(&folder, &home.python, &options, &home.cache());
    assert!(matches!(made, Err(Error::Environment { .. })));
    assert!(!folder.exists());
}

#[test]
fn a_lock_is_held_until_it_is_dropped() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let waited = std::sync::atomic::AtomicBool::new(false);
    let first = env
        .lock(&home.state(), || panic!("nobody holds it"))
        .unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let again = home.venv("env");
            drop(
                again
                    .lock(&home.state(), || {
                        waited.store(true, std::sync::atomic::Ordering::SeqCst)
                    })
                    .unwrap(),
            );
        });
        while !waited.load(std::sync::atomic::Ordering::SeqCst) {
            std::thread::yield_now();
        }
        drop(first);
    });
}

#[test]
fn the_next_lock_says_what_a_killed_run_left() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let folder = env.folder().canonicalize().unwrap();
    let staged = folder.join(".assay-stage-0123456789abcdef");
    let moving = folder.join(".assay-moving-fedcba9876543210");
    for leftover in [&staged, &moving] {
        fs::create_dir_all(leftover.join("old")).unwrap();
        fs::write(leftover.join("old/0"), "the only copy").unwrap();
    }
    fs::set_permissions(&moving, PermissionsExt::from_mode(0o700)).unwrap();
    let notes = home.state().join("runs");
    fs::create_dir_all(&notes).unwrap();
    fs::write(notes.join("fedcba9876543210"), "0".repeat(64)).unwrap();
    assert_eq!(env.unfinished(&home.state()).unwrap().len(), 1);
    let said = || {
        let lock = env.lock(&home.state(), || ()).unwrap();
        let mut said = lock.leftovers().to_vec();
        said.sort_by_key(|it| matches!(it, Leftover::GivenUp { .. }));
        said
    };
    let stopped = folder.join(".assay-stopped-fedcba9876543210");
    let given_up = |why: Option<&str>| Leftover::GivenUp {
        folders: vec![stopped.clone()],
        why: why.map(str::to_owned),
    };
    let first = [
        Leftover::Removed(vec![staged.clone()]),
        given_up(Some("it has no journal")),
    ];
    assert_eq!(said(), first);
    assert!(!staged.exists() && stopped.join("old/0").is_file());
    // It is never tried again, and said as long as it is there.
    assert_eq!(said(), [given_up(None)]);
    assert!(first[1].to_string().contains(stopped.to_str().unwrap()));
    fs::remove_dir_all(stopped).unwrap();
    assert_eq!(said(), []);
    assert_eq!(env.unfinished(&home.state()).unwrap(), []);
}

#[test]
fn an_environment_whose_making_was_cut_short_is_completed() {
    let Some(home) = Home::new() else { return };
    let make = |name: &str, options: &venv::Options| {
        venv::create(
            &home.path().join(name),
            &home.python,
            options,
            &home.cache(),
        )
    };
    let cut_short = |name: &str, marker: &str| {
        let folder = home.path().join(name);
        fs::create_dir_all(folder.join("bin")).unwrap();
        fs::write(folder.join("bin/activate"), "half a scri").unwrap();
        fs::write(folder.join(marker), "home = /us").unwrap();
        folder
    };
    let options = venv::Options::default();
    let folder = cut_short("mine", ".assay-pyvenv.cfg");
    make("mine", &options).unwrap();
    make("whole", &options).unwrap();
    let text = |name: &str| fs::read_to_string(home.path().join(name).join("pyvenv.cfg"));
    assert_eq!(text("mine").unwrap(), text("whole").unwrap());
    assert!(!folder.join(".assay-pyvenv.cfg").exists());
    // Its neighbour is somebody's folder.
    cut_short("theirs", "pyvenv.txt");
    let refused = make("theirs", &options);
    assert!(
        matches!(refused, Err(Error::Environment { .. })),
        "{refused:?}"
    );
    // Nothing is written through a link.
    let victim = home.path().join("victim");
    fs::write(&victim, "precious").unwrap();
    let folder = home.path().join("linked");
    fs::create_dir(&folder).unwrap();
    symlink(&victim, folder.join(".assay-pyvenv.cfg")).unwrap();
    make("linked", &options).unwrap_err();
    assert_eq!(fs::read(&victim).unwrap(), b"precious");
}
