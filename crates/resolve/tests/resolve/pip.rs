//! The same worlds given to pip: same pins, or no solution for either.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use assay_testkit::peers;
use serde_json::json;

use crate::world::{World, ask_within};

/// A world, what is wanted of it, and within which constraints. Every requirement of Python is
/// clear of the versions that pip may run on.
const CASES: [(&str, &[&str], &[&str]); 14] = [
    ("a 1.0\n - b<2\na 2.0\n - b>=2\nb 1.0", &["a"], &[]),
    ("a 1.0\na 2.0\n - b\nb 1.0\n - a<2", &["a"], &[]),
    (PRERELEASES, &["a"], &[]),
    (PRERELEASES, &["a>1.0"], &[]),
    (PRERELEASES, &["a", "b"], &[]),
    (PRERELEASES, &["b", "c"], &["a<2"]),
    (PRERELEASES, &["c"], &["a>=1.0b1"]),
    (PRERELEASES, &["d"], &[]),
    (YANKED, &["a"], &[]),
    (YANKED, &["a==2.0"], &[]),
    (YANKED, &["a>=2.0"], &[]),
    (YANKED, &["b"], &[]),
    (EXTRAS, &["a[x]", "c"], &[]),
    (EXTRAS, &["a[y,nothing]"], &["b<2"]),
];

const PRERELEASES: &str = "
    a 1.0
    a 2.0rc1
    b 1.0
      - a>=1.0b1
    c 1.0
      - a
    d 1.0
      - missing
    d 2.0a1
";

const YANKED: &str = "
    a 1.0 python=>=3
    a 2.0 yanked=broken
    a 3.0 python=<3
    b 1.0
      - a==2.0
      - a>=1
";

const EXTRAS: &str = "
    a 2.0 provides=x
      - b
    a 1.0 provides=x,y
      - b>=1 ; extra == 'x'
      - a[x] ; extra == 'y'
    b 1.0
    b 2.0
    c 1.0
      - a<2
";

#[test]
fn pip_gives_the_same_pins() {
    let Some(python) = python_with_pip() else {
        return;
    };
    let cases = CASES.map(|(world, roots, constraints)| {
        json!({ "world": world, "roots": roots, "constraints": constraints })
    });
    let answers = answers(&python, &json!(cases).to_string());
    for ((world, roots, constraints), expected) in CASES.into_iter().zip(answers) {
        let mut found = World::new(world)
            .solve(&ask_within(roots, constraints))
            .ok();
        found.iter_mut().for_each(|pins| pins.sort());
        assert_eq!(
            found, expected,
            "{roots:?} within {constraints:?} of\n{world}"
        );
    }
}

fn answers(python: &std::path::Path, cases: &str) -> Vec<Option<Vec<String>>> {
    let mut child = Command::new(python)
        .args(["-I", "-c", include_str!("pip.py")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(cases.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A Python with a pip whose rules are those of 26.
fn python_with_pip() -> Option<std::path::PathBuf> {
    let program = "import pip; assert int(pip.__version__.split('.')[0]) >= 26";
    peers::python_with(program, "pip 26 or later")
}
