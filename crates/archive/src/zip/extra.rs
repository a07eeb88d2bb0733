//! Extra fields of local and central headers (APPNOTE 4.5).

use super::bytes::Fields;
use crate::{
    ArchiveError,
    error::{refused, require},
};

const ZIP64: u16 = 0x0001;
/// Info-ZIP Unicode comment and path: a second name, which some readers prefer.
const UNICODE_COMMENT: u16 = 0x6375;
const UNICODE_PATH: u16 = 0x7075;
/// Times, owners and access lists, which nobody here reads: NTFS, Windows NT security descriptor,
/// extended timestamp, Info-ZIP Unix old and new.
/// The Unix fields 0x000d and 0x756e are not among them: they can hold the target of a link.
const HARMLESS: [u16; 5] = [0x000a, 0x4453, 0x5455, 0x5855, 0x7875];

/// What an extra field says that matters.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extra<'a> {
    /// The value of the zip64 field.
    pub(super) zip64: Option<&'a [u8]>,
}

/// Reads the extra field of the entry `name`. Identifiers that are not known are refused: of 240
/// real wheels one has an extra field at all, and what a reader makes of one is its own affair.
pub(super) fn parse<'a>(bytes: &'a [u8], name: &[u8]) -> Result<Extra<'a>, ArchiveError> {
    let entry = || String::from_utf8_lossy(name);
    let mut fields = Fields(bytes);
    let mut extra = Extra::default();
    let mut seen = Vec::new();
    while !fields.is_empty() {
        let mut next = || -> Option<_> {
            let id = fields.u16()?;
            let length = fields.u16()?;
            Some((id, fields.take(length.into())?))
        };
        let (id, value) = next()
            .ok_or_else(|| refused("extra field", format!("{}: it is malformed", entry())))?;
        require(!seen.contains(&id), "extra field", || {
            format!("{}: {id:#06x} occurs twice", entry())
        })?;
        seen.push(id);
        match id {
            ZIP64 => extra.zip64 = Some(value),
            UNICODE_PATH => check_unicode_path(value, name)?,
            UNICODE_COMMENT => check_unicode_comment(value, name)?,
            _ => require(HARMLESS.contains(&id), "extra field", || {
                format!("{}: {id:#06x} is not accepted", entry())
            })?,
        }
    }
    Ok(extra)
}

/// Version 1, CRC-32 of the header's name, and the same name once more.
fn check_unicode_path(value: &[u8], name: &[u8]) -> Result<(), ArchiveError> {
    let mut fields = Fields(value);
    let head = (fields.array(), fields.u32());
    let same = head == (Some([1]), Some(crc32fast::hash(name))) && fields.0 == name;
    require(same, "Unicode path field", || {
        format!(
            "{}: it gives another name, {}",
            String::from_utf8_lossy(name),
            String::from_utf8_lossy(fields.0)
        )
    })
}

/// Comments are refused, so the field must repeat an empty one.
fn check_unicode_comment(value: &[u8], name: &[u8]) -> Result<(), ArchiveError> {
    require(value == [1, 0, 0, 0, 0], "Unicode comment field", || {
        format!("{}: it gives a comment", String::from_utf8_lossy(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(id: u16, value: &[u8]) -> Vec<u8> {
        let length = value.len() as u16;
        [&id.to_le_bytes(), &length.to_le_bytes(), value].concat()
    }

    fn path(version: u8, of: &[u8], name: &[u8]) -> Vec<u8> {
        let value = [&[version][..], &crc32fast::hash(of).to_le_bytes(), name].concat();
        field(UNICODE_PATH, &value)
    }

    #[test]
    fn times_pass_and_unknown_fields_do_not() {
        assert!(parse(&field(0x5455, &[1, 0, 0, 0, 0]), b"a").is_ok());
        assert!(parse(&field(0x756e, b"link target"), b"a").is_err());
        assert!(parse(&field(0xcafe, b""), b"a").is_err());
    }

    #[test]
    fn fields_fill_the_extra_exactly_and_occur_once() {
        let one = field(0x5455, b"");
        assert!(parse(&one, b"a").is_ok());
        assert!(parse(&[&one[..], &[0]].concat(), b"a").is_err());
        assert!(parse(&one[..3], b"a").is_err());
        assert!(parse(&[&one[..], &one].concat(), b"a").is_err());
    }

    #[test]
    fn a_second_name_must_be_the_same() {
        assert!(parse(&path(1, b"a", b"a"), b"a").is_ok());
        assert!(parse(&path(1, b"a", b"b"), b"a").is_err());
        assert!(parse(&path(1, b"b", b"a"), b"a").is_err());
        assert!(parse(&path(2, b"a", b"a"), b"a").is_err());
        assert!(parse(&field(UNICODE_PATH, b""), b"a").is_err());
    }
}
