//! Names of projects and extras, checked.
//!
//! `pep508_rs` takes an empty text for a name; these functions do not. Nothing else in this crate
//! parses names.

use std::str::FromStr as _;

use crate::{ExtraName, ProjectName};

/// Parses and normalises a project's name (core metadata, `Name`): ASCII letters, digits, `-`,
/// `_` and `.`, starting and ending with a letter or digit. `None` for anything else.
pub fn project(text: &str) -> Option<ProjectName> {
    ProjectName::from_str(text)
        .ok()
        .filter(|_| !text.is_empty())
}

/// Parses and normalises an extra's name (PEP 685); the same rules.
pub fn extra(text: &str) -> Option<ExtraName> {
    ExtraName::from_str(text).ok().filter(|_| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{extra, project};

    #[test]
    fn names_are_normalised_and_empty_ones_refused() {
        assert_eq!(project("Foo__.Bar").unwrap().as_ref(), "foo-bar");
        assert_eq!(extra("A_b").unwrap().as_ref(), "a-b");
        for refused in ["", "-a", "a-", "a b", "é", "a\n"] {
            assert_eq!(project(refused), None, "{refused:?}");
            assert_eq!(extra(refused), None, "{refused:?}");
        }
    }
}
