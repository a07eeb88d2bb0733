//! What is known of a build once it is installed.

use assay_testkit::sdist::{Backend, SdistBuilder};

use super::{for_me, index};

#[test]
fn explain_show_and_the_table_say_from_what_it_was_built() {
    let demo = SdistBuilder::simple("demo", "1.0").built_with(&["mini"], "mini");
    let demo = demo.build();
    let server = index(&[&demo], &[Backend::new().wheel("mini", "1.0")]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["demo"]).ok();
        let source = format!("index sha256:{}…", &demo.sha256[..12]);
        for word in [
            "demo is built from demo-1.0.tar.gz (",
            "without network)",
            &source,
        ] {
            assert!(outcome.out.contains(word), "{word}: {}", outcome.out);
        }
        let explained = machine
            .assay(&["explain", "--venv", "env", "demo"])
            .ok()
            .out;
        for word in [
            "built here from",
            &format!("demo-1.0.tar.gz (sha256:{})", demo.sha256),
            "in a sandbox (",
            "with mini 1.0 (sha256:",
        ] {
            assert!(explained.contains(word), "{word}: {explained}");
        }
        let shown = machine.assay(&["show", "-v", "--venv", "env", "demo"]).ok();
        assert!(
            shown.out.contains("Built-with: mini 1.0 (sha256:"),
            "{}",
            shown.out
        );
        let short = machine.assay(&["show", "--venv", "env", "demo"]).ok();
        assert!(!short.out.contains("Built-with"), "{}", short.out);
    });
}

#[test]
fn nothing_is_said_of_a_build_where_there_was_none() {
    let server = crate::machine::index(&[crate::machine::simple("app", "1.0", &[])]);
    for_me(|machine| {
        let outcome = machine.install(&server, &["app"]).ok();
        assert!(!outcome.out.contains("Built"), "{}", outcome.out);
        let explained = machine.assay(&["explain", "--venv", "env", "app"]).ok();
        assert!(!explained.out.contains("built here"), "{}", explained.out);
        let report = machine
            .install(&server, &["--json", "--force-reinstall", "app"])
            .ok()
            .json();
        assert!(report["packages"][0]["built"].is_null(), "{report}");
    });
}
