//! One header block: the ustar layout (POSIX.1-1988), and the form that GNU tar gave it.

use std::ops::Range;

use crate::{
    ArchiveError,
    error::{refused, require},
};

pub(super) const BLOCK: usize = 512;

const NAME: Range<usize> = 0..100;
const MODE: Range<usize> = 100..108;
const SIZE: Range<usize> = 124..136;
const CHECKSUM: Range<usize> = 148..156;
const TYPE: usize = 156;
const LINK: Range<usize> = 157..257;
const MAGIC: Range<usize> = 257..265;
const PREFIX: Range<usize> = 345..500;

/// What a header announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// Records for the next entry (PAX).
    Extended,
    /// Records for all that follow (PAX).
    Global,
    /// The next entry's name (GNU).
    LongName,
}

/// One header, its fields read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    /// Prefix and name as they are written.
    pub(super) name: Vec<u8>,
    pub(super) kind: Type,
    pub(super) size: u64,
    /// Any execute bit; the other bits of the mode are without effect.
    pub(super) executable: bool,
}

/// Reads a header.
pub(super) fn parse(block: &[u8; BLOCK]) -> Result<Header, ArchiveError> {
    check_sum(block)?;
    let name = name(block)?;
    let shown = String::from_utf8_lossy(&name);
    let kind = match block[TYPE] {
        b'0' | 0 => Type::File,
        b'5' => Type::Directory,
        b'x' => Type::Extended,
        b'g' => Type::Global,
        b'L' => Type::LongName,
        b'1' => return Err(refused("file type", format!("{shown}: a hard link"))),
        b'2' => return Err(refused("file type", format!("{shown}: a symbolic link"))),
        other => {
            let what = char::from(other).escape_default();
            return Err(refused("file type", format!("{shown}: type {what}")));
        }
    };
    require(block[LINK].iter().all(|it| *it == 0), "file type", || {
        format!("{shown}: it names a link's target")
    })?;
    let number = |field: Range<usize>, what: &'static str| {
        octal(&block[field]).ok_or_else(|| refused("tar header", format!("{shown}: its {what}")))
    };
    let mode = number(MODE, "mode")?;
    Ok(Header {
        kind,
        size: number(SIZE, "size")?,
        executable: mode & 0o111 != 0,
        name,
    })
}

/// The sum of all bytes, its own field taken as spaces.
fn check_sum(block: &[u8; BLOCK]) -> Result<(), ArchiveError> {
    let bytes = block.iter().enumerate();
    let sum: u64 = bytes
        .map(|(at, byte)| match CHECKSUM.contains(&at) {
            true => u64::from(b' '),
            false => u64::from(*byte),
        })
        .sum();
    require(
        octal(&block[CHECKSUM]) == Some(sum),
        "tar header",
        || "a header's sum is another",
    )
}

/// GNU tar puts times where the prefix is, so that only the POSIX form has one.
fn name(block: &[u8; BLOCK]) -> Result<Vec<u8>, ArchiveError> {
    let name = text(&block[NAME]);
    match &block[MAGIC] {
        b"ustar\x0000" => match text(&block[PREFIX]) {
            [] => Ok(name.to_vec()),
            prefix => Ok([prefix, b"/", name].concat()),
        },
        b"ustar  \0" => Ok(name.to_vec()),
        _ => Err(refused(
            "tar header",
            "a header is neither POSIX's nor GNU's",
        )),
    }
}

/// Up to the first NUL.
fn text(field: &[u8]) -> &[u8] {
    let end = field.iter().position(|it| *it == 0);
    &field[..end.unwrap_or(field.len())]
}

/// Octal digits, then spaces or NULs, at least one; `None` for anything else. Older writers put spaces
/// before them.
fn octal(field: &[u8]) -> Option<u64> {
    let field = field.trim_ascii_start();
    let end = field.iter().position(|it| !it.is_ascii_digit())?;
    let (digits, rest) = field.split_at(end);
    let is_over = rest.iter().all(|it| matches!(it, b' ' | 0));
    let digits = std::str::from_utf8(digits).ok().filter(|_| is_over)?;
    u64::from_str_radix(digits, 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_and_end() {
        for (field, number) in [
            (&b"0000644\0"[..], Some(0o644)),
            (b"   644 \0", Some(0o644)),
            (b"00000001234 ", Some(0o1234)),
            (b"00000644", None),
            (b"0000648\0", None),
            (b"-000644\0", None),
            (b"\x80\0\0\0\0\0\0\x01", None),
            (b"64 4\0\0\0\0", None),
            (b"\0\0\0\0\0\0\0\0", None),
        ] {
            assert_eq!(octal(field), number, "{field:?}");
        }
    }
}
