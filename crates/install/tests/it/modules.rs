//! Files that differ by path and are one module to Python.

use assay_testkit::wheel::WheelBuilder;

use crate::common::{Home, picture, policy, project, rule};

fn wheel(name: &str, path: &str, content: &[u8]) -> WheelBuilder {
    WheelBuilder::new(name, "1.0").file(path, content)
}

#[test]
fn a_module_of_another_distribution_is_not_shadowed() {
    let Some(home) = Home::new() else { return };
    let pairs = [
        ("six.py", "six/__init__.py"),
        ("six/__init__.py", "six.py"),
        ("six/__init__.py", "six/__init__.abi3.so"),
        ("six.py", "six.abi3.so"),
        ("ns/six.py", "ns/six.pyc"),
        ("ns/six.so", "ns/six/__init__.pyc"),
        // Folders without `__init__`.
        ("google/cloud/storage/__init__.py", "google/cloud.py"),
        ("google/cloud.abi3.so", "google/cloud/storage/__init__.py"),
        ("ns/a.py", "ns.py"),
        ("ns.pyc", "ns/a.py"),
    ];
    for (number, (owned, shadow)) in pairs.into_iter().enumerate() {
        let victim = || wheel("victim", owned, b"");
        let evil = || wheel("evil", shadow, b"#");
        let env = home.venv(&format!("env{number}"));
        let before = picture(env.folder());
        let failed = home.install(&env, &[victim(), evil()]);
        assert_eq!(rule(failed), "collision", "{owned} {shadow}");
        assert_eq!(picture(env.folder()), before);
        home.install(&env, &[victim()]).unwrap();
        let before = picture(env.folder());
        let failed = home.install(&env, &[evil()]);
        assert_eq!(rule(failed), "collision", "{owned} {shadow}");
        assert_eq!(picture(env.folder()), before);
        let mut allowed = policy();
        allowed
            .overwrite
            .insert((project("evil"), project("victim")));
        home.install_with(&env, &[evil()], &allowed).unwrap();
    }
}

#[test]
fn folders_without_init_and_files_that_are_no_modules_are_shared() {
    let Some(home) = Home::new() else { return };
    let pairs = [
        ("ns/a.py", "ns/b.py"),
        ("six.py", "six/data.txt"),
        ("six.py", "six.pyi"),
        ("six/__init__.py", "six/x.py"),
        ("x/lib/y.so.1", "x/lib/y.so.2"),
        ("six.py", "sub/six/__init__.py"),
        ("google/cloud/storage/__init__.py", "google/clouds.py"),
        ("ns/six.py", "ns/a.py"),
        ("ns/data/x.txt", "ns.py"),
    ];
    for (number, (a, b)) in pairs.into_iter().enumerate() {
        let env = home.venv(&format!("env{number}"));
        let wheels = [wheel("a", a, b""), wheel("b", b, b"")];
        home.install(&env, &wheels).unwrap();
    }
}

#[test]
fn a_new_version_may_turn_its_own_module_into_a_package() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let version = |version: &str, path: &str| WheelBuilder::new("six", version).file(path, b"");
    for (number, path) in ["six.py", "six/__init__.py", "six.abi3.so"]
        .iter()
        .enumerate()
    {
        home.install(&env, &[version(&number.to_string(), path)])
            .unwrap();
    }
    let both = version("9", "six.py").file("six.abi3.so", b"");
    home.install(&env, &[both]).unwrap();
}

#[test]
fn modules_among_the_commands_do_not_shadow_other_distributions() {
    let Some(home) = Home::new() else { return };
    let script = || WheelBuilder::new("evil", "1.0").data("scripts", "six.py", b"#!python\n");
    let victim = || wheel("victim", "six/__init__.py", b"");
    let env = home.venv("both");
    let failed = home.install(&env, &[victim(), script()]);
    assert_eq!(rule(failed), "collision");
    for (name, first, second) in [("a", victim(), script()), ("b", script(), victim())] {
        let env = home.venv(name);
        home.install(&env, &[first]).unwrap();
        assert_eq!(rule(home.install(&env, &[second])), "collision", "{name}");
    }
    let namespace = || wheel("victim", "six/sub/x.py", b"");
    let env = home.venv("namespace");
    let failed = home.install(&env, &[namespace(), script()]);
    assert_eq!(rule(failed), "collision");
    for (name, first, second) in [("c", namespace(), script()), ("d", script(), namespace())] {
        let env = home.venv(name);
        home.install(&env, &[first]).unwrap();
        assert_eq!(rule(home.install(&env, &[second])), "collision", "{name}");
    }
    let own = script().file("six/__init__.py", b"");
    home.install(&env, &[own, wheel("victim", "seven.py", b"")])
        .unwrap();
}

#[test]
fn pip_is_pips() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    for path in ["pip/__main__.py", "pip.py"] {
        let failed = home.install(&env, &[wheel("evil", path, b"")]);
        assert_eq!(rule(failed), "collision", "{path}");
    }
    let own = wheel("pip", "pip/__main__.py", b"");
    home.install(&env, &[own, wheel("pipx", "pipx/pip.py", b"")])
        .unwrap();
}

#[test]
fn folders_that_pth_files_name_are_judged_like_site_packages() {
    let Some(home) = Home::new() else { return };
    let leads = |path: &str| wheel("evil", "evil.pth", b"evil_lib\n").file(path, b"");
    let env = home.venv("pip");
    for path in ["evil_lib/pip/__main__.py", "evil_lib/pip.py"] {
        let failed = home.install(&env, &[leads(path)]);
        assert_eq!(rule(failed), "collision", "{path}");
    }
    home.install(&env, &[leads("evil_lib/sub/pip.py")]).unwrap();
    let victim = || wheel("victim", "ns3/a.py", b"");
    let env = home.venv("between");
    for path in ["evil_lib/ns3/__init__.py", "evil_lib/ns3.py"] {
        let failed = home.install(&env, &[victim(), leads(path)]);
        assert_eq!(rule(failed), "collision", "{path}");
        for (name, first, second) in [("a", victim(), leads(path)), ("b", leads(path), victim())] {
            let env = home.venv(&format!("{name}-{}", path.len()));
            home.install(&env, &[first]).unwrap();
            let failed = home.install(&env, &[second]);
            assert_eq!(rule(failed), "collision", "{name} {path}");
        }
        let mut allowed = policy();
        allowed
            .overwrite
            .insert((project("evil"), project("victim")));
        let env = home.venv(&format!("allowed-{}", path.len()));
        home.install_with(&env, &[victim(), leads(path)], &allowed)
            .unwrap();
    }
    home.install(&env, &[victim(), leads("evil_lib/ns3/b.py")])
        .unwrap();
    home.install(&env, &[leads("evil_lib/ns3/b.py")]).unwrap();
}
