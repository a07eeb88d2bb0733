//! What is said of builds, where it is wrong and where it is right; whether and how anything is built
//! is shown elsewhere.

use assay_testkit::{
    server::{IndexServer, Upload},
    wheel::WheelBuilder,
};

use crate::machine::{Machine, Outcome, simple, upload};

/// `app` 2.0 as a source that nobody can open, 1.0 as a wheel as well; `win` as a wheel for another
/// platform and such a source.
fn server() -> IndexServer {
    let source = |name: &str| Upload::new(name, b"no archive".to_vec());
    let other = WheelBuilder::new("win", "1.0").tag("py3-none-win_amd64");
    IndexServer::builder()
        .upload(source("app-2.0.tar.gz"))
        .upload(source("app-1.0.tar.gz"))
        .upload(upload(&simple("app", "1.0", &[])))
        .upload(source("win-1.0.tar.gz"))
        .upload(upload(&other.build()))
        .start()
}

fn install(machine: &Machine, server: &IndexServer, args: &[&str]) -> Outcome {
    machine.install(server, args)
}

#[test]
fn only_wheels_and_preferred_wheels_leave_sources_alone() {
    let (machine, server) = (Machine::new(), server());
    for args in [
        &["--only-binary", ":all:"][..],
        &["--only-binary", "other,App"],
        &["--prefer-binary"],
        &["-r", "wheels.txt"],
        &["-r", "prefer.txt"],
    ] {
        machine.write("wheels.txt", "--only-binary app\n");
        machine.write("prefer.txt", "--prefer-binary\n");
        let mut all = vec!["app", "--dry-run"];
        all.extend(args);
        let outcome = install(&machine, &server, &all).ok();
        assert!(outcome.out.contains("app-1.0"), "{args:?}: {outcome:?}");
    }
    // Without them the newest version is the source, which is none.
    for args in [&["app"][..], &["app", "--only-binary", "other"]] {
        let outcome = install(&machine, &server, args);
        assert_ne!(outcome.code, 0, "{outcome:?}");
        assert!(outcome.err.contains("app-2.0.tar.gz"), "{outcome:?}");
    }
    let only = ["app==2.0", "--only-binary", "app"];
    let said = install(&machine, &server, &only).fails(1, &["only a source distribution"]);
    assert!(said.err.contains("--only-binary forbids"), "{said:?}");
    let other = ["win", "--only-binary", ":all:"];
    let said = install(&machine, &server, &other).fails(1, &["no wheel for this platform"]);
    assert!(said.err.contains("--only-binary forbids"), "{said:?}");
}

#[test]
fn without_wheels_there_are_sources_alone() {
    let (machine, server) = (Machine::new(), server());
    for args in [
        &["app==1.0", "--no-binary", "app"][..],
        &["app==1.0", "--no-binary", ":all:", "--only-binary", "other"],
        &["-r", "r.txt"],
    ] {
        machine.write("r.txt", "--no-binary :all:\napp==1.0\n");
        let outcome = install(&machine, &server, args);
        assert_ne!(outcome.code, 0, "{outcome:?}");
        assert!(outcome.err.contains("app-1.0.tar.gz"), "{outcome:?}");
    }
    for args in [
        &["app==1.0", "--no-binary", ":none:"][..],
        &["app==1.0", "--no-binary", ":all:", "--only-binary", "app"],
        &["-r", "r.txt", "--only-binary", "app"],
    ] {
        let mut all = vec!["--dry-run"];
        all.extend(args);
        install(&machine, &server, &all).ok();
    }
    let twice = ["app", "--no-binary", "app", "--only-binary", "App"];
    install(&machine, &server, &twice).fails(2, &["both name app"]);
}

#[test]
fn nothing_is_built_for_another_python() {
    let (machine, server) = (Machine::new(), server());
    let url = server.index_url();
    let other = |args: &[&str]| {
        let mut all = vec!["download", "--index-url", &url, "--python-version", "3.9"];
        all.extend(args);
        machine.assay(&all)
    };
    other(&["app==1.0"]).ok();
    let said = other(&["app==2.0"]).fails(1, &["only a source distribution"]);
    assert!(said.err.contains("another Python"), "{said:?}");
}

#[test]
fn a_mistake_in_what_builds_are_told_is_told_before_anybody_is_asked() {
    let (machine, server) = (Machine::new(), server());
    machine.write("options.txt", "--pre\n");
    machine.write("good.txt", "setuptools<70\n");
    for (args, words) in [
        (&["-C", "key"][..], "KEY=VALUE"),
        (&["--config-settings", "=value"], "key"),
        (&["--build-constraint", "options.txt"], "only constraints"),
        (&["--build-constraint", "absent.txt"], "absent.txt"),
        (&["--build-env", "A=B"], "no variable's name"),
        (&["--build-env", "NOT_THERE"], "no such variable"),
        (&["--allow-build-network", "files.example"], "NAME=HOST"),
        (&["--allow-build-network", "app=*"], "--allow-build-network"),
        (&["--allow-build", "no name"], "--allow-build"),
        (&["--no-build-isolation"], "--build-constraint"),
    ] {
        let mut all = vec!["app==1.0"];
        all.extend(args);
        let outcome = install(&machine, &server, &all);
        assert!([1, 2].contains(&outcome.code), "{args:?}: {outcome:?}");
        assert!(outcome.err.contains(words), "{args:?}: {outcome:?}");
    }
    for name in ["PIP_INDEX_URL", "MY_TOKEN", "PYTHONPATH", "https_proxy"] {
        let secret = ["app==1.0", "--build-env", name];
        install(&machine, &server, &secret).fails(4, &[name]);
    }
    assert!(server.requests().is_empty());
    for args in [
        &["-C", "key=value", "-Ckey=other"][..],
        &["--build-constraint", "good.txt"],
        &["--build-env", "PLAIN"],
        &[
            "--allow-build-network",
            "app=files.example,other.example:8080",
        ],
        &["--allow-build", "app,other"],
        &["--allow-restricted-sandbox"],
        &["--use-pep517", "--check-build-dependencies", "--no-clean"],
    ] {
        let mut all = vec!["install", "--dry-run", "--venv", "env", "app==1.0"];
        let url = server.index_url();
        all.extend(["--index-url", &url]);
        all.extend(args);
        machine.assay_with(&all, &[("PLAIN", "value")]).ok();
    }
}

#[test]
fn a_file_says_how_its_own_lines_are_built_and_loosens_nothing() {
    let (machine, server) = (Machine::new(), server());
    machine.write("r.txt", "app==1.0 -C key=value --config-settings other=1\n");
    install(&machine, &server, &["-r", "r.txt"]).ok();
    for (line, words) in [
        ("app==1.0 -C key", "KEY=VALUE"),
        ("-C key=value", "needs a requirement before it"),
        ("--allow-build app", "may only tighten"),
        (
            "--allow-build-network app=files.example",
            "may only tighten",
        ),
        ("--build-env PLAIN", "may only tighten"),
    ] {
        machine.write("r.txt", format!("{line}\n"));
        install(&machine, &server, &["-r", "r.txt"]).fails(2, &["r.txt:1", words]);
    }
}

#[test]
fn what_pip_is_told_of_builds_by_settings_counts() {
    let (machine, server) = (Machine::new(), server());
    let url = server.index_url();
    let said = |variable: (&str, &str), args: &[&str]| {
        let mut all = vec!["install", "--dry-run", "--venv", "env", "--index-url", &url];
        all.extend(args);
        machine.assay_with(&all, &[variable])
    };
    let newest = said(("PIP_ONLY_BINARY", ":all:"), &["app"]).ok();
    assert!(newest.out.contains("app-1.0"), "{newest:?}");
    let preferred = said(("PIP_PREFER_BINARY", "1"), &["app"]).ok();
    assert!(preferred.out.contains("app-1.0"), "{preferred:?}");
    let built = said(("PIP_NO_BINARY", "app"), &["app==1.0"]);
    assert!(
        built.code != 0 && built.err.contains("app-1.0.tar.gz"),
        "{built:?}"
    );
    said(("PIP_CONFIG_SETTINGS", "a=b"), &["app==1.0"]).ok();
    said(("PIP_CONFIG_SETTINGS", "a"), &["app==1.0"]).fails(2, &["KEY=VALUE"]);
    said(("PIP_BUILD_CONSTRAINT", "absent.txt"), &["app==1.0"]).fails(1, &["absent.txt"]);
    let isolated = said(("PIP_NO_BUILD_ISOLATION", "0"), &["app==1.0"]).ok();
    assert!(
        isolated.err.contains("PIP_NO_BUILD_ISOLATION"),
        "{isolated:?}"
    );
}
