//! Start-up code is judged by where it lands.

use std::{fs, os::unix::fs::symlink};

use assay_install::Error;
use assay_testkit::wheel::WheelBuilder;

use crate::common::{Home, picture, policy, project, rule, site};

#[test]
fn code_at_start_up_is_refused_until_it_is_allowed() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let before = picture(env.folder());
    let evil = || WheelBuilder::new("evil", "1.0").file("evil.pth", b"import os; os.getcwd()\n");
    let moved = || WheelBuilder::new("evil", "1.0").data("purelib", "evil.pth", b"import os\n");
    let custom = || WheelBuilder::new("evil", "1.0").file("sitecustomize/__init__.py", b"");
    for wheel in [evil(), moved(), custom()] {
        assert_eq!(rule(home.install(&env, &[wheel])), "start-up code");
    }
    assert_eq!(picture(env.folder()), before);
    let mut allowed = policy();
    allowed.startup.insert(project("evil"));
    home.install_with(&env, &[evil()], &allowed).unwrap();
    assert!(site(&env).join("evil.pth").is_file());
}

#[test]
fn the_same_names_elsewhere_are_plain_files() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let wheel = WheelBuilder::new("fine", "1.0")
        .file("fine/evil.pth", b"import os\n")
        .file("fine/sitecustomize.py", b"")
        .file("fine.pth", b"fine/inside\n");
    home.install(&env, &[wheel]).unwrap();
}

/// Each refused set of wheels with its nearest accepted neighbour.
fn check(name: &str, refused: &[WheelBuilder], accepted: &[WheelBuilder]) {
    let Some(home) = Home::new() else { return };
    let env = home.venv(name);
    let before = picture(env.folder());
    assert_eq!(rule(home.install(&env, refused)), "start-up code", "{name}");
    assert_eq!(picture(env.folder()), before);
    // The other way round: what was together now comes one after the other.
    if let [first, second] = refused {
        for (first, second) in [(first, second), (second, first)] {
            let env = home.venv(&format!("{name}-{}", first.build().file_name));
            home.install(&env, std::slice::from_ref(first)).unwrap();
            let failed = home.install(&env, std::slice::from_ref(second));
            assert_eq!(rule(failed), "start-up code", "{name}");
        }
    }
    home.install(&env, accepted).unwrap();
}

fn wheel(name: &str, path: &str, content: &[u8]) -> WheelBuilder {
    WheelBuilder::new(name, "1.0").file(path, content)
}

#[test]
fn what_python_imports_at_start_up_does_not_lie_where_a_pth_file_leads() {
    let path = || wheel("demo", "demo.pth", b"demo_lib/inner\n");
    check(
        "own",
        &[path().file("demo_lib/inner/sitecustomize.py", b"")],
        &[path().file("demo_lib/inner/sub/sitecustomize.py", b"")],
    );
    check(
        "other",
        &[
            path().file("demo_lib/inner/x.py", b""),
            wheel("evil", "demo_lib/inner/usercustomize/__init__.py", b""),
        ],
        &[
            path().file("demo_lib/inner/x.py", b""),
            wheel("evil", "demo_lib/usercustomize/__init__.py", b""),
        ],
    );
    check(
        "metadata",
        &[path().file("demo_lib/inner/victim-1.0.dist-info/METADATA", b"")],
        &[path().file("demo_lib/victim-1.0.dist-info/METADATA", b"")],
    );
    let egg = || wheel("demo", "demo.pth", b"victim-1.0.egg\n");
    check(
        "egg",
        &[egg().file("victim-1.0.egg/EGG-INFO/PKG-INFO", b"")],
        &[egg().file("victim-1.0.egg/inner/EGG-INFO/PKG-INFO", b"")],
    );
    check(
        "archive",
        &[
            wheel("demo", "demo.pth", b"demo.zip\n"),
            wheel("evil", "demo.zip", b"PK"),
        ],
        &[wheel("demo", "demo.pth", b"demo.zip\n").file("demo2.zip", b"PK")],
    );
}

#[test]
fn only_pth_files_that_python_reads_are_read() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let site = site(&env);
    fs::create_dir(site.join("folder.pth")).unwrap();
    symlink("folder.pth", site.join("to-folder.pth")).unwrap();
    symlink("nowhere", site.join("dangling.pth")).unwrap();
    let install = |name| {
        let path = "demo_lib/sitecustomize.py";
        home.install(&env, &[wheel(name, path, b"")])
    };
    install("fine").unwrap();
    home.uninstall(&env, "fine").unwrap();
    // A link to a file is followed, as Python does.
    let file = home.path().join("elsewhere");
    fs::write(&file, "demo_lib\n").unwrap();
    symlink(&file, site.join("to-file.pth")).unwrap();
    assert_eq!(rule(install("evil")), "start-up code");
}

#[test]
fn a_pth_file_too_long_to_be_read_to_its_end_stops_an_install() {
    const LARGEST: usize = 16 * 1024 * 1024;
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let install = |name| home.install(&env, &[wheel(name, "plain.py", b"")]);
    let fill = |size| fs::write(site(&env).join("long.pth"), "#".repeat(size)).unwrap();
    fill(LARGEST);
    install("fine").unwrap();
    home.uninstall(&env, "fine").unwrap();
    fill(LARGEST + 1);
    assert!(matches!(install("fine"), Err(Error::Io { .. })));
}

#[test]
fn permission_counts_for_those_who_bring_the_code() {
    let Some(home) = Home::new() else { return };
    let env = home.venv("env");
    let pair = || {
        [
            wheel("demo", "demo.pth", b"demo_lib\n"),
            wheel("evil", "demo_lib/sitecustomize.py", b""),
        ]
    };
    let mut allowed = policy();
    allowed.startup.insert(project("demo"));
    let failed = home.install_with(&env, &pair(), &allowed);
    assert_eq!(rule(failed), "start-up code");
    allowed.startup.insert(project("evil"));
    home.install_with(&env, &pair(), &allowed).unwrap();
}

/// setuptools' template, of the package `evil`.
const NSPKG: &str = "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('evil',));importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('evil', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('evil', [os.path.dirname(p)])));m = m or sys.modules.setdefault('evil', types.ModuleType('evil'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)\n";

#[test]
fn a_registered_namespace_package_hollows_out_no_module() {
    let line = NSPKG.replace("'evil'", "'victim'");
    let registers = || wheel("evil", "evil-nspkg.pth", line.as_bytes()).file("victim/get.py", b"");
    let victim = |path: &str| wheel("victim", path, b"");
    check(
        "package",
        &[registers(), victim("victim/__init__.py")],
        &[registers(), victim("victim/sub/__init__.py")],
    );
    let own = registers().file("victim/__init__.py", b"");
    check(
        "own-package",
        &[registers(), victim("victim/__init__.pyc")],
        &[own, victim("victim/x.py")],
    );
    let Some(home) = Home::new() else { return };
    let pair = || [registers(), victim("victim/__init__.py")];
    let mut allowed = policy();
    allowed.startup.insert(project("evil"));
    home.install_with(&home.venv("allowed"), &pair(), &allowed)
        .unwrap();
    // A module file is no folder's namesake in the first place; this rule comes first.
    let module = home.install(&home.venv("module"), &[registers(), victim("victim.py")]);
    assert_eq!(rule(module), "start-up code");
}

#[test]
fn a_registered_namespace_package_brings_no_native_code() {
    let line = NSPKG;
    let registers = || wheel("evil", "evil-nspkg.pth", line.as_bytes());
    let folder = || registers().file("evil/sub/x.py", b"");
    check(
        "beside",
        &[folder(), wheel("b", "evil.abi3.so", b"")],
        &[folder(), wheel("b", "evil2.abi3.so", b"")],
    );
    check(
        "inside",
        &[folder(), wheel("b", "evil/__init__.abi3.so", b"")],
        &[folder(), wheel("b", "evil/x.abi3.so", b"")],
    );
    check("no-folder", &[registers()], &[folder()]);
    let of = |name: &str| line.replace("'evil'", &format!("'{name}'"));
    let json = wheel("a", "a-nspkg.pth", of("json").as_bytes()).file("json/sub/x.py", b"");
    let jason = wheel("a", "a-nspkg.pth", of("jason").as_bytes()).file("jason/sub/x.py", b"");
    check("standard", &[json], &[jason]);
}

#[test]
fn modules_among_the_commands_do_not_hide_the_standard_library() {
    let script = |path: &str| WheelBuilder::new("evil", "1.0").data("scripts", path, b"#!python\n");
    check(
        "commands",
        &[script("re.py")],
        &[script("rere.py").data("scripts", "json", b"#!python\n")],
    );
    let package = |path| WheelBuilder::new("evil", "1.0").data("data", path, b"");
    check(
        "package",
        &[package("bin/json/__init__.py")],
        &[package("bin/json/x.py")],
    );
}
