//! Paths inside archives and environments that cannot lead out.

use std::fmt;

use unicode_normalization::UnicodeNormalization as _;

use crate::text::is_steering;

/// `PATH_MAX` of Linux, in bytes.
const MAX_PATH: usize = 4096;
/// `NAME_MAX` of the usual file systems, in bytes.
const MAX_PART: usize = 255;

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
        if path.len() > MAX_PATH {
            return Err(PathError("a path over 4096 bytes"));
        }
        path.split('/').try_for_each(check_part)?;
        Ok(Self(path.to_owned()))
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
    /// The rest after a leading directory, compared part by part (never per character).
    pub fn strip_prefix(&self, directory: &str) -> Option<SafePath> {
        self.0
            .strip_prefix(directory)?
            .strip_prefix('/')
            .map(|rest| SafePath(rest.to_owned()))
    }
    /// A key under which two paths collide on a case-insensitive or normalising file system
    /// (NFC after full case folding of the decomposed text).
    pub fn collision_key(&self) -> String {
        collision_key(&self.0)
    }
}

/// [`SafePath::collision_key`] of a text: a path or one of its parts.
pub fn collision_key(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Through upper case, so that ß and ss, ſ and s, ﬁ and fi, ς and σ meet, as on APFS.
    let upper = text.nfd().flat_map(char::to_uppercase);
    let folded: String = upper.flat_map(char::to_lowercase).collect();
    folded.nfc().collect()
}

impl fmt::Display for SafePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn check_part(part: &str) -> Result<(), PathError> {
    let refuse = |why| Err(PathError(why));
    match part {
        "" => return refuse("an absolute path, or an empty part"),
        "." | ".." => return refuse("a part that is . or .."),
        _ if part.len() > MAX_PART => return refuse("a part over 255 bytes"),
        _ if part.ends_with(['.', ' ']) => return refuse("a part that ends in a dot or space"),
        _ => {}
    }
    for c in part.chars() {
        match c {
            '\\' => return refuse("a backslash"),
            ':' => return refuse("a colon (a drive or a stream on Windows)"),
            _ if is_steering(c) => return refuse("a control or bidirectional character"),
            // HFS+ leaves these out when it compares names (CVE-2014-9390).
            '\u{200b}'..='\u{200d}'
            | '\u{2060}'..='\u{2064}'
            | '\u{206a}'..='\u{206f}'
            | '\u{feff}' => {
                return refuse("an invisible character");
            }
            _ => {}
        }
    }
    if is_device(part) {
        return refuse("a device name of Windows");
    }
    Ok(())
}

/// Windows opens the device for `NUL`, `nul.py` and `nul .py` alike: what stands before the first
/// dot counts, without trailing spaces.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ');
    if ["con", "prn", "aux", "nul", "conin$", "conout$"]
        .iter()
        .any(|device| stem.eq_ignore_ascii_case(device))
    {
        return true;
    }
    let numbered = stem
        .get(..3)
        .filter(|it| it.eq_ignore_ascii_case("com") || it.eq_ignore_ascii_case("lpt"))
        .map(|_| stem[3..].chars());
    let Some(mut number) = numbered else {
        return false;
    };
    matches!(number.next(), Some('0'..='9' | '¹' | '²' | '³')) && number.next().is_none()
}
