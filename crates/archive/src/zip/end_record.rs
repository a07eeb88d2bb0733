//! The end of central directory record (APPNOTE 4.3.14 to 4.3.16).

use assay_trust::ReadAt;

use super::bytes::Fields;
use crate::{
    ArchiveError, Limits,
    error::{refused, require},
};

const END: u64 = 22;
const END_SIGNATURE: [u8; 4] = *b"PK\x05\x06";
const LOCATOR: u64 = 20;
const LOCATOR_SIGNATURE: [u8; 4] = *b"PK\x06\x07";
const END64: u64 = 56;
const END64_SIGNATURE: [u8; 4] = *b"PK\x06\x06";
/// Above this, writers switch to zip64: CPython does so for signed 32-bit, others for unsigned.
const NEEDS_64: u64 = 0x7fff_ffff;

/// Where the central directory lies, and how many entries it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Directory {
    pub(super) offset: u64,
    pub(super) size: u64,
    pub(super) entries: u64,
}

/// Reads the one end record, which is the last 22 bytes of the file: real wheels have no comment,
/// and without comments nobody has to search for the record.
pub(super) fn read(body: &impl ReadAt, limits: &Limits) -> Result<Directory, ArchiveError> {
    let at = body
        .size()
        .checked_sub(END)
        .ok_or_else(|| refused("end record", "the file is too short to be a ZIP archive"))?;
    let mut buffer = [0; END as usize];
    body.read_exact_at(&mut buffer, at)?;
    let end = parse(&buffer)?;
    let (directory, ends_at) = match locate64(body, at)? {
        None => (end, at),
        Some(at64) => (read64(body, at64, end)?, at64),
    };
    check(directory, ends_at, limits)?;
    Ok(directory)
}

fn parse(buffer: &[u8; END as usize]) -> Result<Directory, ArchiveError> {
    let missing = || {
        refused(
            "end record",
            "the last 22 bytes are not an end of central directory record without a comment",
        )
    };
    let mut fields = Fields(buffer);
    require(
        fields.array() == Some(END_SIGNATURE),
        "end record",
        || "the last 22 bytes are not an end of central directory record without a comment",
    )?;
    let mut read = || -> Option<_> {
        let disks = (fields.u16()?, fields.u16()?);
        let entries = (fields.u16()?, fields.u16()?);
        let (size, offset) = (fields.u32()?, fields.u32()?);
        Some((disks, entries, size, offset, fields.u16()?))
    };
    let (disks, entries, size, offset, comment) = read().ok_or_else(missing)?;
    require(comment == 0, "end record", || "it announces a comment")?;
    require(disks == (0, 0), "disk numbers", || "the archive is split")?;
    require(
        entries.0 == entries.1,
        "entry count",
        || "the end record gives two entry counts",
    )?;
    Ok(Directory {
        offset: offset.into(),
        size: size.into(),
        entries: entries.0.into(),
    })
}

/// Where the zip64 end record begins, if the locator's signature stands before the end record.
/// CPython looks there whatever the end record says, so we do too.
fn locate64(body: &impl ReadAt, end: u64) -> Result<Option<u64>, ArchiveError> {
    let Some(at) = end.checked_sub(LOCATOR) else {
        return Ok(None);
    };
    let mut buffer = [0; LOCATOR as usize];
    body.read_exact_at(&mut buffer, at)?;
    let mut fields = Fields(&buffer);
    if fields.array() != Some(LOCATOR_SIGNATURE) {
        return Ok(None);
    }
    let locator = (fields.u32(), fields.u64(), fields.u32());
    let plain = at.checked_sub(END64);
    require(
        locator == (Some(0), plain, Some(1)),
        "zip64 locator",
        || "it does not point at a plain zip64 end record right before it",
    )?;
    Ok(plain)
}

fn read64(body: &impl ReadAt, at: u64, end: Directory) -> Result<Directory, ArchiveError> {
    let mut buffer = [0; END64 as usize];
    body.read_exact_at(&mut buffer, at)?;
    let mut fields = Fields(&buffer);
    let signature = fields.array();
    let mut read = || -> Option<_> {
        let length = fields.u64()?;
        let _versions = fields.u32()?;
        let disks = (fields.u32()?, fields.u32()?);
        let entries = (fields.u64()?, fields.u64()?);
        let (size, offset) = (fields.u64()?, fields.u64()?);
        Some((length, disks, entries, size, offset))
    };
    let (length, disks, entries, size, offset) =
        read().ok_or_else(|| refused("zip64 end record", "it is cut off"))?;
    let plain = signature == Some(END64_SIGNATURE) && length == END64 - 12 && disks == (0, 0);
    require(
        plain,
        "zip64 end record",
        || "it is not in its plain form (44 bytes, one disk, no extensible data)",
    )?;
    require(
        entries.0 == entries.1,
        "entry count",
        || "the zip64 end record gives two entry counts",
    )?;
    let wide = Directory {
        offset,
        size,
        entries: entries.0,
    };
    let needed = wide.offset > NEEDS_64 || wide.size > NEEDS_64 || wide.entries >= 0xffff;
    require(needed, "zip64 end record", || "nothing in it needs 64 bits")?;
    let agrees =
        |narrow: u64, wide: u64, most: u64| narrow == wide || (narrow == most && wide > most);
    require(
        agrees(end.offset, wide.offset, 0xffff_ffff)
            && agrees(end.size, wide.size, 0xffff_ffff)
            && agrees(end.entries, wide.entries, 0xffff),
        "zip64 end record",
        || "it disagrees with the end record",
    )?;
    Ok(wide)
}

fn check(directory: Directory, ends_at: u64, limits: &Limits) -> Result<(), ArchiveError> {
    require(directory.entries <= limits.entries, "entry limit", || {
        format!(
            "{} entries, at most {} are accepted",
            directory.entries, limits.entries
        )
    })?;
    require(
        directory.size <= limits.central,
        "central directory limit",
        || {
            format!(
                "{} bytes, at most {} are accepted",
                directory.size, limits.central
            )
        },
    )?;
    require(
        directory.offset.checked_add(directory.size) == Some(ends_at),
        "central directory",
        || "it does not end where the end record begins",
    )
}
