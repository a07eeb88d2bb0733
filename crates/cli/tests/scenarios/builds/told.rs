//! What a build is told, and what of it the user is told.

use assay_testkit::sdist::{Backend, SdistBuilder};

use super::{for_each_user, for_me, index, nothing_installed, receipt, seen};
use crate::machine::Machine;

fn demo(code: &str) -> SdistBuilder {
    SdistBuilder::simple("demo", "1.0").in_tree(&Backend::new().building(code))
}

#[test]
fn settings_arrive() {
    let server = index(&[&demo("").build()], &[]);
    for_me(|machine| {
        let args = [
            "-C",
            "level=2",
            "--config-settings",
            "--opt=-a",
            "-C--opt=-b",
            "-C",
            "empty=",
            "demo",
        ];
        machine.install(&server, &args).ok();
        let expected = serde_json::json!({"level": "2", "--opt": ["-a", "-b"], "empty": ""});
        assert_eq!(seen(machine, "demo")["settings"], expected);
    });
}

#[test]
fn settings_are_for_what_was_named() {
    let app = SdistBuilder::simple("app", "1.0").in_tree(&Backend::new());
    let app = app.requires("demo").build();
    let server = index(&[&app, &demo("").build()], &[]);
    for_me(|machine| {
        machine.install(&server, &["-C", "level=2", "app"]).ok();
        assert_eq!(seen(machine, "app")["settings"]["level"], "2");
        let others = seen(machine, "demo")["settings"].clone();
        assert!(others["level"].is_null(), "{others}");
    });
}

#[test]
fn what_is_no_setting_is_a_mistake_of_the_user() {
    let server = index(&[&demo("").build()], &[]);
    for_me(|machine| {
        for text in ["level", "", "=x"] {
            machine
                .install(&server, &["-C", text, "demo"])
                .fails(2, &[]);
        }
    });
}

#[test]
fn variables_arrive_that_were_named_and_no_others() {
    let server = index(&[&demo("").build()], &[]);
    let url = server.index_url();
    for_each_user(|machine| {
        let variables = [
            ("LEVEL", "2"),
            ("AWS_SECRET_ACCESS_KEY", "s3cr3t"),
            ("PIP_INDEX_URL", "http://user:s3cr3t@127.0.0.1:9/"),
            ("LD_PRELOAD", ""),
            ("PYTHONPATH", "/tmp"),
            ("CFLAGS", "-O3"),
        ];
        let args = [
            "install",
            "--venv",
            "env",
            "-i",
            &url,
            "--build-env",
            "LEVEL",
            "demo",
        ];
        machine.assay_with(&args, &variables).ok();
        let environ = seen(machine, "demo")["environ"].clone();
        assert_eq!(environ["LEVEL"], "2");
        assert!(!environ.to_string().contains("s3cr3t"), "{environ}");
        for name in [
            "PYTHONPATH",
            "CFLAGS",
            "PIP_CONFIG_FILE",
            "ALL_PROXY",
            "LD_PRELOAD",
        ] {
            assert!(environ[name].is_null(), "{name} in {environ}");
        }
        let home = environ["HOME"].as_str().unwrap();
        assert!(
            !home.starts_with(machine.home().to_str().unwrap()),
            "{home}"
        );
    });
}

#[test]
fn a_variable_that_is_a_secret_is_not_given() {
    let server = index(&[&demo("").build()], &[]);
    let url = server.index_url();
    for_me(|machine| {
        for (name, value) in [
            ("UV_INDEX_PASSWORD", "x"),
            ("PIP_INDEX_URL", "http://u:p@h/"),
        ] {
            let args = [
                "install",
                "--venv",
                "env",
                "-i",
                &url,
                "--build-env",
                name,
                "demo",
            ];
            let outcome = machine.assay_with(&args, &[(name, value)]);
            nothing_installed(machine, &outcome);
            assert!([2, 4].contains(&outcome.code), "{name}: {outcome:?}");
        }
    });
}

#[test]
fn what_changes_from_build_to_build_is_fixed() {
    let server = index(&[&demo("").build()], &[]);
    for_each_user(|machine| {
        machine.install(&server, &["demo"]).ok();
        let environ = seen(machine, "demo")["environ"].clone();
        assert_eq!(environ["SOURCE_DATE_EPOCH"], "315532800");
        assert_eq!(environ["PYTHONHASHSEED"], "0");
        assert_eq!(environ["LC_ALL"], "C.UTF-8");
        assert_eq!(environ["TZ"], "UTC");
    });
}

#[test]
fn the_same_build_on_another_machine_is_the_same_wheel() {
    // The backend tells in its wheel what it sees: folders, variables, its environment.
    let demo = SdistBuilder::simple("demo", "1.0")
        .built_with(&["mini"], "mini")
        .build();
    let server = index(&[&demo], &[Backend::new().wheel("mini", "1.0")]);
    for_each_user(|machine| {
        let digest = |machine: &Machine| {
            let report = machine.install(&server, &["--json", "demo"]).ok().json();
            report["packages"][0]["sha256"].clone()
        };
        let other = machine.user().map_or_else(Machine::new, Machine::of_user);
        assert_eq!(digest(machine), digest(&other));
        assert_eq!(seen(machine, "demo"), seen(&other, "demo"));
    });
}

#[test]
fn output_is_quiet_in_success() {
    let code = "print('chatter of the build')\nprint('more', file=sys.stderr)";
    let server = index(&[&demo(code).build()], &[]);
    for_each_user(|machine| {
        let outcome = machine.install(&server, &["demo"]).ok();
        let said = outcome.out + &outcome.err;
        assert!(!said.contains("chatter"), "{said}");
    });
}

#[test]
fn the_end_of_the_output_is_shown_in_failure_and_all_of_it_is_kept() {
    let code = "for line in range(500): print('line', line)\nsys.stdout.flush()\nraise RuntimeError('the reason')";
    let server = index(&[&demo(code).build()], &[]);
    for_each_user(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        let outcome = outcome.fails(1, &["demo 1.0", "RuntimeError: the reason"]);
        assert!(!outcome.err.contains("line 3\n"), "{}", outcome.err);
        let words = outcome.err.split_whitespace();
        let logs = words.filter(|it| it.ends_with(".log")).collect::<Vec<_>>();
        let [log] = logs[..] else {
            panic!("which log? {}", outcome.err);
        };
        let log = std::fs::read_to_string(log).unwrap();
        assert!(
            log.contains("line 3\n") && log.contains("the reason"),
            "{log}"
        );
    });
}

#[test]
fn escapes_of_the_output_do_nothing() {
    let code = "print('\\x1b]0;title\\x07\\x1b[2J\\x9b31m\\u202egnp.exe\\rhidden\\x08\\x08', flush=True)\nraise RuntimeError('\\x1b[31mred')";
    let server = index(&[&demo(code).build()], &[]);
    for_me(|machine| {
        for args in [&["demo"][..], &["-v", "demo"], &["--json", "demo"]] {
            let outcome = machine.install(&server, args).fails(1, &[]);
            let said = outcome.out + &outcome.err;
            for control in ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\r', '\u{8}'] {
                assert!(!said.contains(control), "{control:?} in {said:?}");
            }
            assert!(said.contains("red"), "{said}");
        }
    });
}

#[test]
fn an_attempt_at_the_network_is_told() {
    let code = "import socket\nsocket.create_connection(('192.0.2.7', 443), 5)";
    let server = index(&[&demo(code).build()], &[]);
    for_each_user(|machine| {
        let outcome = machine.install(&server, &["demo"]);
        nothing_installed(machine, &outcome);
        outcome.fails(
            1,
            &[
                "the build tried to connect to 192.0.2.7:443",
                "--allow-build-network",
            ],
        );
    });
}

#[test]
fn reports_as_data_say_what_was_built() {
    let server = index(&[&demo("").build()], &[]);
    for_me(|machine| {
        let report = machine.install(&server, &["--json", "demo"]).ok().json();
        let package = &report["packages"][0];
        assert_eq!(package["name"], "demo");
        let built = receipt(machine, "demo-1.0")["built"].clone();
        assert_eq!(package["built"], built, "{report}");
    });
}

#[test]
fn a_failure_as_data_is_data() {
    let server = index(&[&demo("raise RuntimeError('the reason')").build()], &[]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["--json", "demo"]).fails(1, &[]);
        let said = outcome.out.clone() + &outcome.err;
        assert!(said.contains("the reason"), "{said}");
        if !outcome.out.is_empty() {
            outcome.json();
        }
    });
}

#[test]
fn a_build_can_be_asked_what_it_would_be() {
    let server = index(&[&demo("").build()], &[]);
    for_me(|machine| {
        let before = machine.snapshot();
        let outcome = machine.install(&server, &["--dry-run", "demo"]).ok();
        assert!(
            outcome.out.contains("Would install demo-1.0\n"),
            "{}",
            outcome.out
        );
        machine.assert_unchanged(&before);
    });
}

#[test]
fn an_ordinary_project_needs_no_sandbox() {
    let server = crate::machine::index(&[crate::machine::simple("app", "1.0", &[])]);
    let machine = Machine::new();
    machine.install(&server, &["app"]).ok();
}
