//! What a build requires comes through the same door as everything else.

use assay_testkit::{
    sdist::{Backend, SdistBuilder},
    server::Upload,
    wheel::WheelBuilder,
};

use super::{builder, fetched, for_each_user, for_me, index, nothing_installed, receipt, seen};
use crate::machine::{simple, upload};

fn demo() -> SdistBuilder {
    SdistBuilder::simple("demo", "1.0").built_with(&["mini"], "mini")
}

#[test]
fn they_are_installed_for_the_build_alone() {
    let mini = Backend::new().requires("extra>=2").wheel("mini", "1.0");
    let wheels = [
        mini,
        simple("extra", "1.0", &[]),
        simple("extra", "2.0", &[]),
    ];
    let server = index(&[&demo().build()], &wheels);
    for_each_user(|machine| {
        machine.install(&server, &["demo"]).ok();
        assert_eq!(machine.frozen(), ["demo==1.0"]);
        let with = receipt(machine, "demo-1.0")["built"]["with"].to_string();
        assert!(with.contains("extra 2.0 (sha256:"), "{with}");
        assert!(with.contains("mini 1.0 (sha256:"), "{with}");
        let prefix = seen(machine, "demo")["prefix"].clone();
        assert!(!std::path::Path::new(prefix.as_str().unwrap()).exists());
    });
}

#[test]
fn what_is_not_required_is_not_there() {
    let backend = Backend::new().building("import pip");
    let alone = SdistBuilder::simple("demo", "1.0")
        .in_tree(&backend)
        .build();
    let server = index(&[&alone], &[]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        outcome.fails(1, &["No module named 'pip'"]);
    });
}

#[test]
fn nothing_is_built_for_a_build() {
    let mini = SdistBuilder::simple("mini", "1.0").in_tree(&Backend::new());
    let server = index(&[&demo().build(), &mini.build()], &[]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        assert_ne!(outcome.code, 0);
        assert!(outcome.err.contains("mini"), "{}", outcome.err);
        assert!(
            outcome.err.contains("source distribution"),
            "{}",
            outcome.err
        );
    });
}

#[test]
fn their_digests_are_those_that_the_index_lists() {
    let mini = Backend::new().wheel("mini", "1.0");
    let lying = Upload::new(&mini.file_name, mini.bytes.clone()).hash("sha256", &"0".repeat(64));
    let server = builder(&[&demo().build()], &[]).upload(lying).start();
    for_me(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        outcome.fails(4, &["mini"]);
    });
}

#[test]
fn their_cooldown_holds() {
    let old = upload(&Backend::new().wheel("mini", "1.0")).upload_time("2020-01-01T00:00:00Z");
    let new = Backend::new()
        .at_import("raise SystemExit('too new')")
        .wheel("mini", "2.0");
    let new = upload(&new).upload_time("2026-11-22T00:00:00Z");
    let source = demo().build();
    let source = Upload::new(&source.file_name, source.bytes).upload_time("2020-01-01T00:00:00Z");
    let server = builder(&[], &[]).upload(old).upload(new).upload(source);
    let server = server.start();
    for_me(|machine| {
        let outcome = machine.install(&server, &["--min-age", "9999 days", "demo"]);
        nothing_installed(machine, &outcome);
        machine
            .install(&server, &["--uploaded-prior-to", "2026-01-01", "demo"])
            .ok();
        let with = receipt(machine, "demo-1.0")["built"]["with"].to_string();
        assert!(with.contains("mini 1.0"), "{with}");
    });
}

#[test]
fn a_constraint_for_builds_chooses_theirs_and_nothing_else() {
    let wheels = ["1.0", "2.0"].map(|it| Backend::new().wheel("mini", it));
    let both = demo().requires("mini").build();
    let server = index(&[&both], &wheels);
    for_me(|machine| {
        machine.write("build.txt", "mini<2\n");
        machine
            .install(&server, &["--build-constraint", "build.txt", "demo"])
            .ok();
        assert_eq!(machine.frozen(), ["demo==1.0", "mini==2.0"]);
        let with = receipt(machine, "demo-1.0")["built"]["with"].to_string();
        assert!(with.contains("mini 1.0"), "{with}");
    });
}

#[test]
fn a_constraint_is_none_for_builds() {
    let wheels = ["1.0", "2.0"].map(|it| Backend::new().wheel("mini", it));
    let server = index(&[&demo().build()], &wheels);
    for_me(|machine| {
        machine.write("run.txt", "mini<2\n");
        machine
            .install(&server, &["--constraint", "run.txt", "demo"])
            .ok();
        let with = receipt(machine, "demo-1.0")["built"]["with"].to_string();
        assert!(with.contains("mini 2.0"), "{with}");
    });
}

#[test]
fn what_cannot_be_had_is_named_with_whose_build_wants_it() {
    for requires in [&["mini>=3"][..], &["mini", "nobody"], &["nobody"]] {
        let source = SdistBuilder::simple("demo", "1.0").built_with(requires, "mini");
        let server = index(&[&source.build()], &[Backend::new().wheel("mini", "1.0")]);
        for_me(|machine| {
            let outcome = machine.install(&server, &["demo"]);
            nothing_installed(machine, &outcome);
            let missing = requires.last().unwrap().split('>').next().unwrap();
            outcome.fails(1, &["demo", missing, "build"]);
        });
    }
}

#[test]
fn an_address_is_no_requirement_of_a_build() {
    let mini = Backend::new().wheel("mini", "1.0");
    let server = index(&[], std::slice::from_ref(&mini));
    let address = server.url(&format!("/files/{}", mini.file_name));
    let by_address = format!("mini @ {address}");
    let from_pyproject = SdistBuilder::simple("demo", "1.0").built_with(&[&by_address], "mini");
    let asked = Backend::new().requires(&by_address);
    let from_hook = SdistBuilder::simple("demo", "1.0").in_tree(&asked);
    for source in [from_pyproject, from_hook] {
        let sources = index(&[&source.build()], &[]);
        for_me(|machine| {
            let outcome = machine.install(&sources, &["demo"]);
            nothing_installed(machine, &outcome);
            outcome.fails(4, &["demo", "mini"]);
            assert_eq!(fetched(&server, &mini.file_name), 0);
        });
    }
}

#[test]
fn what_a_hook_asks_for_is_a_list_of_requirements() {
    for code in [
        "return ['-r /etc/passwd']",
        "return ['--index-url=http://127.0.0.1:9/']",
        "return 'mini'",
        "return [1]",
        "return {'mini': 1}",
        "return ['mini\\nother']",
        "return ['mini'] * 100_000",
        "return ['x' * 40_000_000]",
        "deep = []\nfor _ in range(900): deep = [deep]\nreturn deep",
        "return ['./folder']",
    ] {
        let backend = Backend::new().instead("get_requires_for_build_wheel", code);
        let source = SdistBuilder::simple("demo", "1.0").in_tree(&backend);
        let server = index(&[&source.build()], &[]);
        for_me(|machine| {
            let outcome = machine.install(&server, &["demo"]);
            nothing_installed(machine, &outcome);
            assert!([1, 4].contains(&outcome.code), "{code}: {outcome:?}");
            assert!(outcome.err.len() < 20_000, "{code}");
        });
    }
}

#[test]
fn start_up_code_of_theirs_is_refused_as_anywhere() {
    let harmful = WheelBuilder::new("mini", "1.0")
        .file("mini.py", Backend::new().source().as_bytes())
        .file("mini.pth", b"import os; os.environ['STARTED'] = 'yes'\n");
    let server = index(&[&demo().build()], &[harmful.build()]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        outcome.fails(4, &["mini.pth"]);
        machine
            .install(&server, &["--allow-startup", "mini", "demo"])
            .ok();
    });
}

#[test]
fn a_backend_lies_in_the_tree() {
    for (path, holds) in [
        ("backend", true),
        ("../..", false),
        ("/tmp", false),
        (".", true),
        ("a/../..", false),
    ] {
        let source = Backend::new().source();
        let table = format!(
            "[build-system]\nrequires = []\nbuild-backend = \"in_tree\"\nbackend-path = [{path:?}, \"backend\"]\n"
        );
        let demo = SdistBuilder::simple("demo", "1.0").table(&table);
        let demo = demo.file("backend/in_tree.py", source.as_bytes());
        let server = index(&[&demo.build()], &[]);
        for_me(|machine| {
            let outcome = machine.install(&server, &["demo"]);
            if holds {
                outcome.ok();
            } else {
                nothing_installed(machine, &outcome);
                outcome.fails(4, &["backend-path"]);
            }
        });
    }
}

#[test]
fn a_table_that_says_nothing_is_no_backend() {
    for (table, words) in [
        ("[build-system]\nbuild-backend = \"in_tree\"\n", "requires"),
        ("[build-system]\nrequires = \"mini\"\n", "requires"),
        (
            "[build-system]\nrequires = []\nbuild-backend = \"os; import sys\"\n",
            "build-backend",
        ),
        ("[build-system\n", "pyproject.toml"),
        ("[build-system]\nrequires = [\"-r x\"]\n", "requires"),
    ] {
        let demo = SdistBuilder::simple("demo", "1.0").table(table);
        let server = index(&[&demo.build()], &[]);
        for_me(|machine| {
            let outcome = machine.install(&server, &["demo"]);
            nothing_installed(machine, &outcome);
            assert!([1, 4].contains(&outcome.code), "{table}: {outcome:?}");
            assert!(outcome.err.contains(words), "{table}: {outcome:?}");
        });
    }
}

#[test]
fn a_backend_that_asks_for_more_each_time_comes_to_an_end() {
    let code = "return ['extra%d' % len(text_of(MEMORY).split())]";
    let backend = Backend::new().instead("get_requires_for_build_wheel", code);
    let source = SdistBuilder::simple("demo", "1.0")
        .in_tree(&backend)
        .build();
    let extras: Vec<_> = (0..20)
        .map(|it| simple(&format!("extra{it}"), "1.0", &[]))
        .collect();
    let server = index(&[&source], &extras);
    for_me(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        outcome.fails(1, &["demo", "asks for more each time"]);
    });
}

#[test]
fn a_project_that_is_built_by_itself_needs_a_wheel_of_itself() {
    let source = SdistBuilder::simple("demo", "2.0")
        .built_with(&["demo"], "demo")
        .build();
    let alone = index(&[&source], &[]);
    let with_wheel = index(&[&source], &[Backend::new().wheel("demo", "1.0")]);
    for_me(|machine| {
        let outcome = machine.install(&alone, &["demo"]);
        nothing_installed(machine, &outcome);
        assert_eq!(outcome.code, 1, "{outcome:?}");
        machine.install(&with_wheel, &["demo"]).ok();
        assert_eq!(machine.frozen(), ["demo==2.0"]);
    });
}

#[test]
fn where_hashes_are_asked_for_they_are_asked_for_builds_too() {
    let mini = Backend::new().wheel("mini", "1.0");
    let source = demo().build();
    let server = index(&[&source], std::slice::from_ref(&mini));
    for_me(|machine| {
        let line = |name: &str, digest: &str| format!("{name}==1.0 --hash=sha256:{digest}\n");
        machine.write("all.txt", line("demo", &source.sha256));
        let outcome = machine.install(&server, &["-r", "all.txt"]);
        nothing_installed(machine, &outcome);
        assert!([1, 4].contains(&outcome.code), "{outcome:?}");
        assert!(outcome.err.contains("mini"), "{}", outcome.err);
        machine.write("build.txt", line("mini", &"0".repeat(64)));
        let args = ["--build-constraint", "build.txt", "-r", "all.txt"];
        let outcome = machine.install(&server, &args);
        nothing_installed(machine, &outcome);
        assert!([1, 4].contains(&outcome.code), "{outcome:?}");
        machine.write("build.txt", line("mini", &mini.sha256));
        machine.install(&server, &args).ok();
    });
}

#[test]
fn rules_for_a_project_hold_where_it_builds() {
    let server = index(&[&demo().build()], &[Backend::new().wheel("mini", "1.0")]);
    for_me(|machine| {
        let rule = "[[policy.rule]]\nprojects = [\"mini\"]\nevidence = \"publisher\"\n";
        machine.write("assay.toml", rule);
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        assert!([1, 4].contains(&outcome.code), "{outcome:?}");
        assert!(outcome.err.contains("mini"), "{}", outcome.err);
        machine.write("assay.toml", rule.replace("mini", "other"));
        machine.install(&server, &["demo"]).ok();
    });
}

#[test]
fn yanked_ones_are_not_taken() {
    let broken = Backend::new()
        .at_import("raise SystemExit('yanked')")
        .wheel("mini", "2.0");
    let yanked = upload(&broken).yanked("broken");
    let server = builder(&[&demo().build()], &[Backend::new().wheel("mini", "1.0")]);
    let server = server.upload(yanked).start();
    for_me(|machine| {
        machine.install(&server, &["demo"]).ok();
    });
}
