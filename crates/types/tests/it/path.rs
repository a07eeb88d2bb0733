use assay_types::SafePath;
use proptest::prelude::*;

use crate::generate;

#[test]
fn each_rule_has_its_neighbour() {
    let long = |n: usize| "a".repeat(n);
    for (refused, accepted) in [
        ("", "a"),
        ("/a", "a"),
        ("a/", "a"),
        ("a//b", "a/b"),
        (".", ".a"),
        ("..", "..a"),
        ("a/../b", "a/..b/c"),
        ("./a", "a"),
        ("a\\b", "a-b"),
        ("C:/a", "C/a"),
        ("a:stream", "a-stream"),
        ("a\u{0}", "a0"),
        ("a\n", "a"),
        ("a\u{202e}b", "aב"),
        ("a\u{85}", "aé"),
        ("a.", "a.b"),
        ("a /b", "a b/c"),
        ("CON", "CONTROL"),
        ("aux.py", "auxiliary.py"),
        ("a/nul.tar.gz", "a/null.tar.gz"),
        ("lpt1", "lpt10"),
        ("COM¹", "COM⁴"),
        ("com0.txt", "com.txt"),
        ("prn .txt", "prn_.txt"),
        ("conin$", "conin"),
        (long(256).as_str(), long(255).as_str()),
        (
            &format!("{}a", "a/".repeat(2048)),
            &format!("{}a", "a/".repeat(2047)),
        ),
    ] {
        assert!(SafePath::parse(refused).is_err(), "{refused:?}");
        assert!(SafePath::parse(accepted).is_ok(), "{accepted:?}");
    }
}

#[test]
fn names_from_real_wheels_pass() {
    for name in [
        "numpy/_core/_multiarray_umath.cpython-312-x86_64-linux-gnu.so",
        "setuptools/_vendor/jaraco.text-3.12.1.dist-info/WHEEL",
        "babel/locale-data/az_Latn.dat",
        "pkg/data/@types/+page.svelte",
        "pkg/tests/data/ñandú (1) [x]{y} #1 & 50%.txt",
        "foo-1.0.data/data/share/jupyter/kernels/python3/kernel.json",
        "pkg/static/中文.html",
        "pkg/__init__.py",
        "pkg/con_utils/common.py",
        "pkg/\u{1f600}.txt",
    ] {
        assert!(SafePath::parse(name).is_ok(), "{name}");
    }
}

#[test]
fn characters_that_some_file_systems_leave_out_are_refused() {
    for c in ['\u{200b}', '\u{200d}', '\u{2060}', '\u{206f}', '\u{feff}'] {
        assert!(SafePath::parse(&format!("a{c}b.py")).is_err(), "{c:?}");
    }
}

#[test]
fn paths_collide_where_file_systems_fold_them() {
    let key = |it: &str| SafePath::parse(it).unwrap().collision_key();
    for (left, right) in [
        ("A/b", "a/B"),
        ("é", "e\u{301}"),
        ("É", "e\u{301}"),
        ("ﬀ/K", "ﬀ/\u{212a}"),
        ("\u{1e9b}\u{323}", "\u{1e9b}\u{323}"),
        ("straße", "STRASSE"),
        ("\u{17f}etup", "setup"),
        ("\u{fb01}le", "file"),
        ("ὀδός", "ὈΔΌΣ"),
    ] {
        assert_eq!(key(left), key(right), "{left:?} {right:?}");
    }
    assert_ne!(key("a"), key("ä"));
    assert_ne!(key("a/b"), key("a-b"));
}

#[test]
fn directories_are_compared_part_by_part() {
    let path = SafePath::parse("site/pkg/a.py").unwrap();
    assert_eq!(path.strip_prefix("site").unwrap().as_str(), "pkg/a.py");
    assert_eq!(path.strip_prefix("si"), None);
    assert_eq!(path.strip_prefix("site/pkg/a.py"), None);
    assert_eq!(path.parent().unwrap().as_str(), "site/pkg");
    assert_eq!(path.file_name(), "a.py");
    assert_eq!(path.parts().count(), 3);
}

proptest! {
    #![proptest_config(generate::config())]

    #[test]
    fn an_accepted_path_stays_beneath_its_root(text in "[a./\\\\:C ]{0,12}") {
        if let Ok(path) = SafePath::parse(&text) {
            let joined = std::path::Path::new("root").join(path.as_str());
            prop_assert!(joined.starts_with("root"));
            prop_assert!(path.parts().all(|part| !matches!(part, "" | "." | "..")));
        }
    }

    #[test]
    fn a_collision_key_is_its_own_key(text in "\\PC{1,12}") {
        if let Ok(path) = SafePath::parse(&text) {
            let key = path.collision_key();
            if let Ok(again) = SafePath::parse(&key) {
                prop_assert_eq!(again.collision_key(), key);
            }
        }
    }
}
