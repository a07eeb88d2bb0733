//! PAX records (POSIX.1-2001): `LENGTH KEY=VALUE\n`, one after the other.

use crate::{
    ArchiveError,
    error::{refused, require},
};

/// Of one entry, in bytes.
pub(super) const LARGEST: u64 = 64 << 10;

/// What says who and when: read by nobody here, and written by most.
const WITHOUT_EFFECT: [&str; 7] = ["mtime", "atime", "ctime", "uid", "gid", "uname", "gname"];
/// What `git archive` writes for the whole archive: the commit.
const COMMENT: &str = "comment";

/// What records say of the next entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Records {
    pub(super) path: Option<String>,
    pub(super) size: Option<u64>,
}

/// Reads the records for one entry. Any that would make it something else than the file or folder
/// that its header announces is refused.
pub(super) fn of_entry(bytes: &[u8]) -> Result<Records, ArchiveError> {
    let mut found = Records::default();
    let mut seen = Vec::new();
    for record in records(bytes)? {
        let (key, value) = record;
        require(!seen.contains(&key), "PAX record", || {
            format!("{key} twice")
        })?;
        seen.push(key);
        match key {
            "path" => found.path = Some(value.to_owned()),
            "size" => {
                let size = value
                    .parse()
                    .ok()
                    .filter(|it: &u64| it.to_string() == value);
                let size = size.ok_or_else(|| refused("PAX record", format!("size={value}")))?;
                found.size = Some(size);
            }
            _ if WITHOUT_EFFECT.contains(&key) => {}
            _ => return Err(refused("PAX record", key)),
        }
    }
    Ok(found)
}

/// Checks the records for the whole archive: nothing may say there what entries are.
pub(super) fn check_global(bytes: &[u8]) -> Result<(), ArchiveError> {
    for (key, _) in records(bytes)? {
        let is_harmless = key == COMMENT || WITHOUT_EFFECT.contains(&key);
        require(is_harmless, "PAX record", || {
            format!("{key} for all entries")
        })?;
    }
    Ok(())
}

fn records(mut bytes: &[u8]) -> Result<Vec<(&str, &str)>, ArchiveError> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let (record, rest) =
            split(bytes).ok_or_else(|| refused("PAX record", "it is malformed"))?;
        found.push(record);
        bytes = rest;
    }
    Ok(found)
}

/// The first record, and what follows. Its length counts all of it, the length's own digits too.
fn split(bytes: &[u8]) -> Option<((&str, &str), &[u8])> {
    let digits = bytes.iter().position(|it| *it == b' ')?;
    let text = std::str::from_utf8(&bytes[..digits]).ok()?;
    let length: usize = text
        .parse()
        .ok()
        .filter(|it: &usize| it.to_string() == text)?;
    let (record, rest) = bytes.split_at_checked(length)?;
    let record = record.get(digits + 1..)?.strip_suffix(b"\n")?;
    let record = std::str::from_utf8(record).ok()?;
    let (key, value) = record.split_once('=')?;
    // Readers disagree on what a NUL ends, and on records without a key or value.
    let is_plain = !key.is_empty() && !value.is_empty() && !record.contains('\0');
    is_plain.then_some(((key, value), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_and_a_size_have_an_effect() {
        let read = of_entry(b"18 path=top/a long\n9 size=7\n20 mtime=1700000000.5\n");
        let records = Records {
            path: Some("top/a long".to_owned()),
            size: Some(7),
        };
        assert!(read.is_err(), "its second length is wrong");
        let read = of_entry(b"19 path=top/a long\n10 size=7\n22 mtime=1700000000.5\n");
        assert_eq!(read.unwrap(), records);
        for bad in [
            &b"18 linkpath=secret\n"[..],
            b"21 GNU.sparse.major=1\n",
            b"22 hdrcharset=BINARY.\n",
            b"10 size=7\n10 size=8\n",
            b"11 size=07\n",
            b"11 size=-7\n",
            b"9 path=a\n ",
            b"10 path=a\0\n",
            b"8 path=\n",
            b"5 =a\n",
            b"010 path=a\n",
            b"9 path=\xff\n",
            b"99 path=a\n",
            b"0 ",
        ] {
            assert!(of_entry(bad).is_err(), "{}", bad.escape_ascii());
        }
        assert!(of_entry(b"9 path=a\n").is_ok());
    }

    #[test]
    fn what_holds_for_all_entries_says_nothing_of_them() {
        assert!(check_global(b"15 comment=0123\n").is_err());
        assert!(check_global(b"16 comment=0123\n").is_ok());
        assert!(check_global(b"9 path=a\n").is_err());
        assert!(check_global(b"10 size=7\n").is_err());
    }
}
