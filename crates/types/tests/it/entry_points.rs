use assay_types::SafePath;
use assay_types::entry_points::{EntryPoint, parse};
use proptest::prelude::*;

use crate::generate;

fn script(name: &str, value: &str) -> Result<Vec<EntryPoint>, String> {
    let text = format!("[console_scripts]\n{name} = {value}\n");
    parse(text.as_bytes()).map_err(|error| error.to_string())
}

#[track_caller]
fn check_refused(text: &str, line: usize, why: &str) {
    let error = parse(text.as_bytes()).unwrap_err();
    assert!(error.why.contains(why), "{text:?}: {error}");
    assert_eq!(error.line, line, "{text:?}: {error}");
}

#[test]
fn both_script_groups_are_read() {
    let text = "# comment\r\n[console_scripts]\r\na=m:f\n; other\n\nb-1.0 = m.n : C.f [x,y]\n\
                [gui_scripts]\nc = größe:main\n[pytest11]\nd: e = anything at all\n";
    let scripts = parse(text.as_bytes()).unwrap();
    let names: Vec<_> = scripts
        .iter()
        .map(|it| (it.name.as_str(), it.gui))
        .collect();
    assert_eq!(names, [("a", false), ("b-1.0", false), ("c", true)]);
    assert_eq!(
        (scripts[1].module.as_str(), scripts[1].object.as_str()),
        ("m.n", "C.f")
    );
    assert!(parse(b"").unwrap().is_empty());
}

#[test]
fn a_name_is_one_safe_part_and_never_the_interpreter() {
    for (refused, accepted) in [
        ("../x", "..x"),
        ("a/b", "a-b"),
        ("/x", "x"),
        ("a\\b", "a.b"),
        ("python3.12", "python-argcomplete-check-easy-install-script"),
        ("pypy3", "2to3-3.12"),
        ("-x", "x-"),
        ("a b", "a_b"),
        ("nul", "null"),
        ("a\u{202e}b", "ab"),
        ("a:b", "ab"),
    ] {
        assert!(script(refused, "m:f").is_err(), "{refused}");
        assert!(script(accepted, "m:f").is_ok(), "{accepted}");
    }
}

#[test]
fn a_value_is_module_object_and_extras() {
    for refused in [
        "m",
        "m:",
        ":f",
        "m:f:g",
        "m.:f",
        "m:f.",
        "m..n:f",
        "1m:f",
        "m:f()",
        "m:f;import os",
        "m:f [",
        "m:f ]",
        "m:f [x] y",
        "m:f [-]",
        "m-n:f",
        "m:f # x",
        "import os:f g",
        "m:f\u{0}",
    ] {
        assert!(script("x", refused).is_err(), "{refused}");
    }
    for accepted in [
        "m:f",
        "m : f",
        "m.n_1:C.f",
        "_m:f",
        "m:f[x]",
        "m:f [x, y]",
        "m:f []",
    ] {
        assert!(script("x", accepted).is_ok(), "{accepted}");
    }
}

#[test]
fn a_file_that_reads_in_two_ways_is_refused() {
    check_refused("a = m:f\n", 1, "before the first group");
    check_refused("[a]\nb\n", 2, "neither");
    check_refused("[a\n", 1, "without ]");
    check_refused("[]\n", 1, "without a name");
    check_refused("[a]\n[a]\n", 2, "twice");
    check_refused("[a]\nb=1\nb=2\n", 3, "twice");
    check_refused("[a]\nb=1\n c=2\n", 3, "continuation");
    check_refused("[a]\nb=1\n\n [c]\n", 4, "continuation");
    check_refused("[a]\n= 1\n", 2, "without a key");
    check_refused("\u{feff}[a]\n", 1, "neither");
    check_refused("[a]\nb=\u{1b}[31m\n", 2, "in the text");
    check_refused(
        "[console_scripts]\na=m:f\n[gui_scripts]\na=m:f\n",
        4,
        "twice",
    );
    assert!(parse(b"[a]\nb=\xff\n").is_err());
    assert!(parse(b"[a]\nb=1\n[c]\nb=2\nB=3\n").is_ok());
    assert!(parse(b"\n  [a]\n  b=1\n  c=2\n  [d]\n  b=1\n").is_ok());
}

#[test]
fn names_that_fold_to_one_file_are_refused() {
    check_refused("[console_scripts]\na=m:f\nA=m:g\n", 3, "another case");
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn accepted_scripts_are_single_parts_and_identifiers(
        text in "\\[console_scripts\\]\n[a-z./:=\\[\\] \nP-]{0,30}",
    ) {
        for script in parse(text.as_bytes()).into_iter().flatten() {
            prop_assert_eq!(SafePath::parse(&script.name).unwrap().parts().count(), 1);
            prop_assert!(!script.module.contains(['/', '-', ' ', ':']));
            prop_assert!(!script.object.contains(['/', '-', ' ', ':']));
        }
    }
}
