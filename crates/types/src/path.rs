//! Paths inside archives and environments that cannot lead out.

use std::fmt;

/// A relative, canonical, portable path: UTF-8, `/` between parts, no empty, `.` or `..` part, no
/// backslash, no control or bidirectional character, no drive or stream (`:`), no part that is a
/// Windows device name or ends in a dot or space, at most 255 bytes a part and 4096 in all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SafePath(String);

/// Why a path is refused; `Display` gives the rule, not the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PathError(pub &'static str);

impl SafePath {
    /// Checks every rule above.
    pub fn parse(path: &str) -> Result<Self, PathError> {
        let _ = path;
        todo!()
    }
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// The parts between the slashes; at least one.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/')
    }
    /// The last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }
    /// Everything before the last part, if there is more than one.
    pub fn parent(&self) -> Option<SafePath> {
        self.0.rsplit_once('/').map(|(p, _)| SafePath(p.to_owned()))
    }
    /// `self/part`; the part must be a safe path itself.
    pub fn join(&self, part: &SafePath) -> SafePath {
        SafePath(format!("{}/{}", self.0, part.0))
    }
    /// The rest after a leading directory, compared part by part (never per character).
    pub fn strip_prefix(&self, directory: &str) -> Option<SafePath> {
        self.0
            .strip_prefix(directory)?
            .strip_prefix('/')
            .map(|rest| SafePath(rest.to_owned()))
    }
    /// A key under which two paths collide on a case-insensitive or normalising file system
    /// (NFC after full lower-casing).
    pub fn collision_key(&self) -> String {
        todo!()
    }
}

impl fmt::Display for SafePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
