//! What a source distribution requires: read where it is static, asked of the backend where it is not.

use assay_testkit::sdist::{Backend, SdistBuilder};

use super::{for_each_user, for_me, index, nothing_installed, seen};
use crate::machine::simple;

/// Whoever imports this fails.
fn unusable() -> Backend {
    Backend::new().at_import("raise SystemExit('the backend was imported')")
}

#[test]
fn what_is_static_is_read_and_nothing_is_run() {
    let demo = SdistBuilder::simple("demo", "1.0").in_tree(&unusable());
    let demo = demo.requires("lib").build();
    let server = index(&[&demo], &[simple("lib", "1.0", &[])]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["--dry-run", "demo"]).ok();
        let line = "Would install demo-1.0 lib-1.0\n";
        assert!(outcome.out.contains(line), "{}", outcome.out);
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        outcome.fails(1, &["the backend was imported"]);
    });
}

#[test]
fn what_is_dynamic_is_asked_of_the_backend() {
    for dynamic in ["Requires-Dist", "requires-dist"] {
        let backend = Backend::new().adds("Requires-Dist: lib");
        let demo = SdistBuilder::simple("demo", "1.0").in_tree(&backend);
        let server = index(
            &[&demo.dynamic(dynamic).build()],
            &[simple("lib", "1.0", &[])],
        );
        for_each_user(|machine| {
            machine.install(&server, &["demo"]).ok();
            assert_eq!(machine.frozen(), ["demo==1.0", "lib==1.0"]);
        });
    }
}

#[test]
fn what_is_older_than_2_2_says_nothing() {
    for version in ["1.2", "2.1"] {
        let backend = Backend::new().adds("Requires-Dist: lib");
        let demo = SdistBuilder::simple("demo", "1.0").in_tree(&backend);
        let demo = demo.metadata_version(version).build();
        let server = index(&[&demo], &[simple("lib", "1.0", &[])]);
        for_me(|machine| {
            machine.install(&server, &["demo"]).ok();
            assert_eq!(machine.frozen(), ["demo==1.0", "lib==1.0"]);
        });
    }
}

#[test]
fn a_backend_without_the_hook_builds_the_wheel_once() {
    let backend = Backend::new().adds("Requires-Dist: lib");
    let backend = backend.without("prepare_metadata_for_build_wheel");
    let demo = SdistBuilder::simple("demo", "1.0").in_tree(&backend);
    let demo = demo.dynamic("Requires-Dist").build();
    let server = index(&[&demo], &[simple("lib", "1.0", &[])]);
    for_me(|machine| {
        machine.install(&server, &["demo"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0", "lib==1.0"]);
        let hooks = seen(machine, "demo")["hooks"].clone();
        let built = hooks.as_array().unwrap().iter();
        assert_eq!(
            built.filter(|it| *it == "build_wheel").count(),
            1,
            "{hooks}"
        );
    });
}

#[test]
fn a_wheel_that_requires_what_its_source_did_not_say_is_refused() {
    let backend = Backend::new().adds("Requires-Dist: lib");
    let demo = SdistBuilder::simple("demo", "1.0")
        .in_tree(&backend)
        .build();
    let server = index(&[&demo], &[simple("lib", "1.0", &[])]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        outcome.fails(4, &["demo", "lib"]);
    });
}

#[test]
fn requires_python_of_an_sdist_is_heard() {
    let newer = SdistBuilder::simple("demo", "2.0").in_tree(&unusable());
    let newer = newer.header("Requires-Python: >=4").build();
    let older = SdistBuilder::simple("demo", "1.0")
        .in_tree(&Backend::new())
        .build();
    let server = index(&[&newer, &older], &[]);
    for_me(|machine| {
        machine.install(&server, &["demo"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0"]);
    });
}

#[test]
fn metadata_of_another_project_is_refused() {
    for (name, version) in [("other", "1.0"), ("demo", "2.0")] {
        let code = format!(
            "info = stem() + '.dist-info'\nos.mkdir(os.path.join(folder, info))\n\
             open(os.path.join(folder, info, 'METADATA'), 'w').write('Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n')\n\
             return info"
        );
        let backend = Backend::new().instead("prepare_metadata_for_build_wheel", &code);
        let demo = SdistBuilder::simple("demo", "1.0").in_tree(&backend);
        let server = index(&[&demo.dynamic("Requires-Dist").build()], &[]);
        for_me(|machine| {
            let outcome = machine.install(&server, &["demo"]);
            nothing_installed(machine, &outcome);
            outcome.fails(4, &["demo"]);
        });
    }
}

#[test]
fn metadata_without_end_or_bottom_is_refused() {
    for code in [
        "os.mkdir(folder + '/x.dist-info')\nopen(folder + '/x.dist-info/METADATA', 'w').write(metadata() + 'Keywords: ' + 'x' * 50_000_000 + '\\n')\nreturn 'x.dist-info'",
        "os.mkdir(folder + '/x.dist-info')\nos.symlink('/etc/passwd', folder + '/x.dist-info/METADATA')\nreturn 'x.dist-info'",
        "return '../../../etc'",
        "return 'x.dist-info'",
        "return None",
        "return ['x'] * 3",
    ] {
        let backend = Backend::new().instead("prepare_metadata_for_build_wheel", code);
        let demo = SdistBuilder::simple("demo", "1.0").in_tree(&backend);
        let server = index(&[&demo.dynamic("Requires-Dist").build()], &[]);
        for_me(|machine| {
            let outcome = machine.install(&server, &["demo"]);
            nothing_installed(machine, &outcome);
            assert!([1, 4].contains(&outcome.code), "{code}: {outcome:?}");
            assert!(!outcome.err.contains("root:"), "{code}: {outcome:?}");
        });
    }
}
