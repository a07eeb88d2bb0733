//! The central directory (APPNOTE 4.3.12).

use assay_types::SafePath;

use super::{
    bytes::Fields,
    extra::{self, Extra},
};
use crate::{
    ArchiveError,
    error::{refused, require},
};

/// The fields that local and central header share, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Common {
    pub(super) needed: u16,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) modified: u32,
    pub(super) crc: u32,
    pub(super) compressed: u32,
    pub(super) size: u32,
    pub(super) name_length: u16,
    pub(super) extra_length: u16,
}

impl Common {
    pub(super) fn read(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            needed: fields.u16()?,
            flags: fields.u16()?,
            method: fields.u16()?,
            modified: fields.u32()?,
            crc: fields.u32()?,
            compressed: fields.u32()?,
            size: fields.u32()?,
            name_length: fields.u16()?,
            extra_length: fields.u16()?,
        })
    }
}

/// One central header that keeps every rule that can be seen in it alone.
#[derive(Debug, Clone)]
pub(super) struct Header<'a> {
    pub(super) common: Common,
    pub(super) name: &'a [u8],
    pub(super) path: SafePath,
    pub(super) is_directory: bool,
    /// Sizes with zip64 applied.
    pub(super) compressed: u64,
    pub(super) size: u64,
    pub(super) offset: u64,
    pub(super) mode: u32,
}

const SIGNATURE: [u8; 4] = *b"PK\x01\x02";
/// Two bits of deflate level, data descriptor, UTF-8.
const ACCEPTED_FLAGS: u16 = 0b110 | DESCRIPTOR | UTF8;
pub(super) const DESCRIPTOR: u16 = 1 << 3;
const UTF8: u16 = 1 << 11;
pub(super) const STORED: u16 = 0;
pub(super) const DEFLATED: u16 = 8;
/// 4.5 is zip64; later versions add what is refused here.
const NEWEST: u16 = 45;
const MS_DOS: u8 = 0;
const UNIX: u8 = 3;
const DOS_DIRECTORY: u32 = 0x10;
/// Volume label, device, reparse point: not one in 113,000 real entries has them.
const DOS_SPECIAL: u32 = 0x08 | 0x40 | 0x400;

/// Parses the whole directory: `entries` headers and nothing else.
pub(super) fn parse(bytes: &[u8], entries: u64) -> Result<Vec<Header<'_>>, ArchiveError> {
    let mut fields = Fields(bytes);
    let mut headers = Vec::new();
    // One more than announced is enough to know.
    while !fields.is_empty() && headers.len() as u64 <= entries {
        headers.push(header(&mut fields)?);
    }
    require(headers.len() as u64 == entries, "entry count", || {
        format!("the end record says {entries}, the central directory has another number")
    })?;
    Ok(headers)
}

struct Raw<'a> {
    system: u8,
    common: Common,
    comment_length: u16,
    disk: u16,
    external: u32,
    offset: u32,
    name: &'a [u8],
    extra: &'a [u8],
}

fn header<'a>(fields: &mut Fields<'a>) -> Result<Header<'a>, ArchiveError> {
    let raw = read(fields)
        .ok_or_else(|| refused("central directory", "a header is malformed or cut off"))?;
    let entry = || String::from_utf8_lossy(raw.name);
    require(raw.comment_length == 0, "entry comment", entry)?;
    require(raw.disk == 0, "disk numbers", entry)?;
    check_features(&raw)?;
    let (path, is_directory) = path(&raw)?;
    check_kind(&raw, is_directory)?;
    let (compressed, size, offset) = sizes(&raw, extra::parse(raw.extra, raw.name)?)?;
    Ok(Header {
        common: raw.common,
        name: raw.name,
        path,
        is_directory,
        compressed,
        size,
        offset,
        mode: raw.external >> 16,
    })
}

fn read<'a>(fields: &mut Fields<'a>) -> Option<Raw<'a>> {
    if fields.array()? != SIGNATURE {
        return None;
    }
    let [_version, system] = fields.array()?;
    let common = Common::read(fields)?;
    let (comment_length, disk, _internal) = (fields.u16()?, fields.u16()?, fields.u16()?);
    let (external, offset) = (fields.u32()?, fields.u32()?);
    Some(Raw {
        system,
        common,
        comment_length,
        disk,
        external,
        offset,
        name: fields.take(common.name_length.into())?,
        extra: fields.take(common.extra_length.into())?,
    })
}

fn check_features(raw: &Raw<'_>) -> Result<(), ArchiveError> {
    let entry = || String::from_utf8_lossy(raw.name);
    let Common {
        flags,
        method,
        needed,
        ..
    } = raw.common;
    require(flags & 1 == 0, "encryption", entry)?;
    require(flags & !ACCEPTED_FLAGS == 0, "flags", || {
        format!("{}: {flags:#06x}", entry())
    })?;
    require(
        [STORED, DEFLATED].contains(&method),
        "compression method",
        || {
            format!(
                "{}: {method}; only stored and deflated are accepted",
                entry()
            )
        },
    )?;
    require(needed <= NEWEST, "version needed", || {
        format!("{}: {needed}", entry())
    })?;
    require([MS_DOS, UNIX].contains(&raw.system), "made by", || {
        format!("{}: system {} is not accepted", entry(), raw.system)
    })
}

fn path(raw: &Raw<'_>) -> Result<(SafePath, bool), ArchiveError> {
    let entry = || String::from_utf8_lossy(raw.name);
    let text = std::str::from_utf8(raw.name)
        .map_err(|_| refused("name encoding", format!("{} is not UTF-8", entry())))?;
    // CPython takes a name without this flag for code page 437.
    let one_reading = text.is_ascii() || raw.common.flags & UTF8 != 0;
    require(one_reading, "name encoding", || {
        format!("{text} is not marked as UTF-8")
    })?;
    let (bare, is_directory) = match text.strip_suffix('/') {
        Some(bare) => (bare, true),
        None => (text, false),
    };
    let path =
        SafePath::parse(bare).map_err(|why| refused("entry path", format!("{text}: {why}")))?;
    Ok((path, is_directory))
}

/// Only regular files and directories, and each header says the same of them. Writers that give no
/// type at all are common (CPython's `writestr`); other permission bits are never applied.
fn check_kind(raw: &Raw<'_>, is_directory: bool) -> Result<(), ArchiveError> {
    let entry = || String::from_utf8_lossy(raw.name);
    let own_type = if is_directory { 0o040_000 } else { 0o100_000 };
    let file_type = (raw.external >> 16) & 0o170_000;
    require([0, own_type].contains(&file_type), "file type", || {
        format!(
            "{}: mode {:o} is not that of a regular file or directory of this name",
            entry(),
            raw.external >> 16
        )
    })?;
    require(raw.external & DOS_SPECIAL == 0, "file type", || {
        format!("{}: MS-DOS attributes of a special file", entry())
    })?;
    let contradicts = raw.external & DOS_DIRECTORY != 0 && !is_directory;
    require(!contradicts, "file type", || {
        format!("{}: marked as a directory, named as a file", entry())
    })
}

/// Applies zip64 (APPNOTE 4.5.3): the field holds exactly those values that do not fit, in order.
fn sizes(raw: &Raw<'_>, extra: Extra<'_>) -> Result<(u64, u64, u64), ArchiveError> {
    let Common {
        compressed, size, ..
    } = raw.common;
    let Some(value) = extra.zip64 else {
        return Ok((compressed.into(), size.into(), raw.offset.into()));
    };
    let mut wide = Fields(value);
    let mut widen = |narrow: u32| match narrow {
        u32::MAX => wide.u64().filter(|it| *it >= u32::MAX.into()),
        _ => Some(narrow.into()),
    };
    let read = (widen(size), widen(compressed), widen(raw.offset));
    match read {
        (Some(size), Some(compressed), Some(offset)) if wide.is_empty() && !value.is_empty() => {
            Ok((compressed, size, offset))
        }
        _ => Err(refused(
            "zip64 field",
            format!(
                "{}: it must hold the values that need 64 bits and nothing else",
                String::from_utf8_lossy(raw.name)
            ),
        )),
    }
}
