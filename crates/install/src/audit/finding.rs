//! What is not as it should be, in words.

use std::fmt;

use assay_types::{Printable, ProjectName};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Relative to the environment's folder, or absolute where it lies elsewhere. A RECORD's own
    /// words where they lead out.
    pub path: String,
    /// Whose it is, by RECORD; none where nobody lists it.
    pub projects: Vec<ProjectName>,
    /// What is the matter.
    pub fact: Fact,
}

/// What is the matter with a file. `Display` says it, escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// It has another content than RECORD says.
    Changed,
    /// It has another size than RECORD says (first), in bytes.
    Resized(u64, u64),
    /// RECORD lists it, and it is not there.
    Missing,
    /// No RECORD lists it.
    Foreign,
    /// A symlink or special file that no RECORD lists.
    ForeignLink,
    /// Bytecode whose source is not there, or is listed by nobody.
    Sourceless,
    /// Bytecode that says of itself that it is to be run whatever its source says (PEP 552).
    Unchecked,
    /// Several RECORDs list it, or one of them twice. It is not as these say.
    ListedTwice {
        /// Those whose digest it does not have.
        unlike: Vec<ProjectName>,
    },
    /// RECORD names a path that leads out of the environment. It was not followed.
    Outside,
    /// A symlink or special file lies in its place or on the way to it. It was not followed.
    Link,
    /// A folder lies in its place.
    Folder,
    /// RECORD gives no digest for it, so nobody can tell whether it was changed.
    NoDigest,
    /// It cannot be read; what the system says.
    Unreadable(String),
    /// Its name differs from another one in its folder by case or normalisation alone.
    SameName(String),
    /// This RECORD cannot be read; why. What it lists is not compared.
    BadRecord(String),
    /// This distribution has no RECORD, so nobody knows its files.
    NoRecord,
    /// One of the environment's own files is not as it should be; how.
    OwnFile(String),
}

impl Fact {
    /// One word for programs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Changed | Self::Resized(..) => "changed",
            Self::Missing => "missing",
            Self::Foreign | Self::ForeignLink => "foreign",
            Self::Sourceless | Self::Unchecked => "foreign-bytecode",
            Self::ListedTwice { .. } => "listed-twice",
            Self::Outside => "outside",
            Self::Link | Self::Folder => "not-a-file",
            Self::NoDigest => "no-digest",
            Self::Unreadable(_) => "unreadable",
            Self::SameName(_) => "same-name",
            Self::BadRecord(_) => "bad-record",
            Self::NoRecord => "no-record",
            Self::OwnFile(_) => "environment",
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => "has another content than RECORD says",
            Self::Resized(listed, found) => {
                return write!(f, "has {found} bytes, and RECORD says {listed}");
            }
            Self::Missing => "is missing",
            Self::Foreign => "is listed by no RECORD",
            Self::ForeignLink => "is a symlink or special file that no RECORD lists",
            Self::Sourceless => "is bytecode without a source that a RECORD lists",
            Self::Unchecked => "is bytecode that Python runs whatever its source says (PEP 552)",
            Self::ListedTwice { unlike } if unlike.is_empty() => "is listed more than once",
            Self::ListedTwice { unlike } => {
                let unlike: Vec<_> = unlike.iter().map(ToString::to_string).collect();
                let unlike = unlike.join(", ");
                return write!(f, "is listed more than once, and is not as {unlike} has it");
            }
            Self::Outside => "leads out of the environment and was not followed",
            Self::Link => "is, or lies behind, a symlink or special file, which was not followed",
            Self::Folder => "is a folder, and RECORD lists a file",
            Self::NoDigest => "is listed without a digest, so nobody can tell whether it changed",
            Self::Unreadable(why) => return write!(f, "cannot be read: {}", Printable(why)),
            Self::SameName(other) => {
                let other = Printable(other);
                return write!(f, "differs from {other} by case or normalisation alone");
            }
            Self::BadRecord(why) => return write!(f, "cannot be read: {}", Printable(why)),
            Self::NoRecord => "has no RECORD, so nobody knows its files",
            Self::OwnFile(how) => return write!(f, "{}", Printable(how)),
        })
    }
}

/// Something that the audit says nothing about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotCovered {
    /// As in [`Finding::path`], or the name of such files.
    pub path: String,
    /// Why.
    pub why: String,
}
