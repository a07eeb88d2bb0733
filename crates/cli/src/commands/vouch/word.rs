//! What the words of the command line name.

use assay_types::{ProjectName, Version, names};

use crate::{
    commands::release,
    failure::{Failure, Result},
    inputs,
};

/// What is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// A path, as it was typed.
    File(String),
    /// A version.
    Version(ProjectName, Version),
    /// A project, whatever the version.
    Project(ProjectName),
}

impl Word {
    /// A path where an install would take the word for one, else `NAME==VERSION` or `NAME`.
    pub fn parse(word: &str) -> Result<Self> {
        if inputs::is_unnamed(word) {
            return Ok(Self::File(word.to_owned()));
        }
        if let Some(it) = release::parse(word) {
            return Ok(Self::Version(it.project, it.version));
        }
        names::project(word.trim())
            .map(Self::Project)
            .ok_or_else(|| {
                Failure::usage(format!("{word} is neither a file nor NAME==VERSION"))
                    .hint("a file in this folder is ./FILE")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_file_a_version_or_a_project() {
        let parse = |word| Word::parse(word).unwrap();
        let name = || "some-app".parse().unwrap();
        for file in ["./a.whl", "a-1.0-py3-none-any.whl", "/x/a-1.0.tar.gz"] {
            assert_eq!(parse(file), Word::File(file.to_owned()));
        }
        for version in ["Some_App==1.0", "some-app == 1.0"] {
            let expected = Word::Version(name(), "1.0".parse().unwrap());
            assert_eq!(parse(version), expected);
        }
        assert_eq!(parse("Some.App"), Word::Project(name()));
        for wrong in ["", "a b", "a==", "a==1.*", "a===1", "a>=1", "==1"] {
            assert!(Word::parse(wrong).is_err(), "{wrong}");
        }
    }
}
