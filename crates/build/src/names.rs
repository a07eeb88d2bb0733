//! Names that strangers choose, and that stand for one thing in one folder.

use assay_types::SafePath;

/// Whether a name is one part of a path, in any spelling of a path.
pub fn is_one_part(name: &str) -> bool {
    !name.contains('/') && SafePath::parse(name).is_ok()
}

/// Whether a text is an object's name as PEP 517 has it for backends: `module(.sub)*[:object(.attr)*]`.
pub fn is_object_reference(text: &str) -> bool {
    let mut halves = text.splitn(2, ':');
    halves.all(|it| it.split('.').all(is_identifier))
}

fn is_identifier(text: &str) -> bool {
    let mut letters = text.chars();
    let begins = letters
        .next()
        .is_some_and(|it| it == '_' || it.is_alphabetic());
    begins && letters.all(|it| it == '_' || it.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_reference_is_told_from_what_python_would_run() {
        for good in [
            "a",
            "setuptools.build_meta:__legacy__",
            "a.b:c.d",
            "_x1",
            "é",
        ] {
            assert!(is_object_reference(good), "{good}");
        }
        for bad in [
            "", ".", "a.", ".a", "a:", ":a", "a:b:c", "1a", "a-b", "a b", "a;b", "a\n", "a/b",
        ] {
            assert!(!is_object_reference(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_part_is_told_from_a_path() {
        assert!(is_one_part("demo-1.0-py3-none-any.whl"));
        for bad in ["", ".", "..", "a/b", "/a", "a\\b", "a\0", "a\nb", "a:b"] {
            assert!(!is_one_part(bad), "{bad:?}");
        }
    }
}
