//! A commit of a version control repository, as a requirement names it (PEP 610).

mod address;

use std::fmt;

pub use address::{Address, Revision};

use crate::{SafePath, Url, requirement::redacted};

/// The full id of a commit: 40 hexadecimal characters, or 64 where the repository hashes by SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Commit(String);

impl Commit {
    /// Parses a full id, in lower case as git prints it. An abbreviation is none.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hex = |it: u8| it.is_ascii_digit() || (b'a'..=b'f').contains(&it);
        let is_id = matches!(text.len(), 40 | 64) && text.bytes().all(is_hex);
        is_id.then(|| Self(text.to_owned()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One commit of a git repository, and where in it the project lies.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Repository {
    /// Without `git+` and without credentials.
    pub url: Url,
    /// What was asked for: a branch, a tag, a commit; `None` for what the repository gives.
    pub requested: Option<String>,
    /// What that was.
    pub commit: Commit,
    /// The project's folder in it, where it is not the whole.
    pub subdirectory: Option<SafePath>,
}

impl Repository {
    /// The URL as it may be shown and kept: without credentials and query. The user of an `ssh:` URL is
    /// none, and the place cannot be reached without it.
    pub fn public_url(&self) -> Url {
        public(&self.url)
    }
}

fn public(url: &Url) -> Url {
    let mut clean = redacted(url);
    if url.scheme() == "ssh" {
        // An `ssh:` URL can hold a user.
        let _ = clean.set_username(url.username());
    }
    clean
}

/// As a requirement has it, with the commit in place of what was asked for.
impl fmt::Display for Repository {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "git+{}@{}", public(&self.url), self.commit)?;
        match &self.subdirectory {
            Some(folder) => write!(f, "#subdirectory={}", folder.as_str()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_a_full_id() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        assert_eq!(Commit::parse(id).unwrap().as_str(), id);
        assert!(Commit::parse(&format!("{id}{}", &id[..24])).is_some());
        for bad in [&id[..39], &id[..7], "main", "", &id.to_uppercase()] {
            assert_eq!(Commit::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_repository_is_shown_as_a_requirement_has_it() {
        let mut repository = Repository {
            url: "https://user:secret@git.example/demo.git".parse().unwrap(),
            requested: Some("main".to_owned()),
            commit: Commit::parse("0123456789abcdef0123456789abcdef01234567").unwrap(),
            subdirectory: None,
        };
        let plain = "git+https://git.example/demo.git@0123456789abcdef0123456789abcdef01234567";
        assert_eq!(repository.to_string(), plain);
        repository.url = "ssh://git:secret@git.example/demo.git".parse().unwrap();
        let url = repository.public_url();
        assert_eq!(url.as_str(), "ssh://git@git.example/demo.git");
        repository.url = "https://user:secret@git.example/demo.git".parse().unwrap();
        repository.subdirectory = Some(SafePath::parse("python/demo").unwrap());
        assert_eq!(
            repository.to_string(),
            format!("{plain}#subdirectory=python/demo")
        );
    }
}
