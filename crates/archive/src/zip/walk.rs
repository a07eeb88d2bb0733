//! The walk along local and central headers.

use assay_trust::ReadAt;
use assay_types::SafePath;

use super::{
    central::{self, DESCRIPTOR, Header, STORED},
    descriptor, end_record, local,
};
use crate::{ArchiveError, Kind, Limits, Names, error::require};

/// Nothing, deflated: one final block of fixed codes that ends at once (RFC 1951).
const EMPTY_DEFLATED: [u8; 2] = [3, 0];

/// One entry of an archive that keeps all rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) path: SafePath,
    pub(crate) kind: Kind,
    pub(crate) deflated: bool,
    pub(crate) crc: u32,
    /// Bytes in the archive, from `data_offset`.
    pub(crate) compressed: u64,
    /// Bytes of content.
    pub(crate) size: u64,
    pub(crate) data_offset: u64,
}

/// Walks the archive and gives its entries in the order in which they lie there.
///
/// Every byte of the file belongs to exactly one local header, name, extra field, data, data
/// descriptor, central header or end record when this returns; file contents are not read.
pub(crate) fn walk(body: &impl ReadAt, limits: &Limits) -> Result<Vec<Entry>, ArchiveError> {
    let directory = end_record::read(body, limits)?;
    // Bounded by `limits.central`.
    let mut bytes = vec![0; directory.size as usize];
    body.read_exact_at(&mut bytes, directory.offset)?;
    let mut headers = central::parse(&bytes, directory.entries)?;
    headers.sort_by_key(|it| it.offset);
    check_sizes(&headers, limits)?;
    let mut names = Names::new(limits.names);
    let mut entries = Vec::with_capacity(headers.len());
    let mut buffer = Vec::new();
    let mut position = 0;
    for (index, header) in headers.iter().enumerate() {
        names.add(&header.path, header.is_directory)?;
        require(header.offset == position, "layout", || {
            format!(
                "{}: its local header is at byte {}, the entry before it ends at {position}",
                header.path, header.offset
            )
        })?;
        let next = headers
            .get(index + 1)
            .map_or(directory.offset, |it| it.offset);
        let entry = entry(body, header, next, directory.offset, &mut buffer)?;
        position = next;
        entries.push(entry);
    }
    require(position == directory.offset, "layout", || {
        format!("bytes before the central directory belong to no entry, from {position}")
    })?;
    Ok(entries)
}

/// Checks the local header, and that header, data and descriptor reach exactly to `next`.
fn entry(
    body: &impl ReadAt,
    header: &Header<'_>,
    next: u64,
    limit: u64,
    buffer: &mut Vec<u8>,
) -> Result<Entry, ArchiveError> {
    let local = local::read(body, header, limit, buffer)?;
    let data_offset = header.offset + local.length;
    let end = data_offset.checked_add(header.compressed);
    require(end.is_some_and(|it| it <= next), "layout", || {
        format!("{}: its data overlaps what follows", header.path)
    })?;
    let end = data_offset + header.compressed;
    check_directory(body, header, data_offset)?;
    if header.common.flags & DESCRIPTOR == 0 {
        require(end == next, "layout", || {
            format!(
                "{}: {} bytes after it belong to no entry",
                header.path,
                next - end
            )
        })?;
    } else {
        descriptor::check(body, header, local.zip64, end, next)?;
    }
    Ok(Entry {
        path: header.path.clone(),
        kind: kind(header),
        deflated: header.common.method != STORED,
        crc: header.common.crc,
        compressed: header.compressed,
        size: header.size,
        data_offset,
    })
}

/// A directory's data, where it has any, is the one deflate stream of nothing.
fn check_directory(
    body: &impl ReadAt,
    header: &Header<'_>,
    data_offset: u64,
) -> Result<(), ArchiveError> {
    if !header.is_directory || header.compressed == 0 {
        return Ok(());
    }
    let mut data = EMPTY_DEFLATED;
    body.read_exact_at(&mut data, data_offset)?;
    require(data == EMPTY_DEFLATED, "directory with data", || {
        &header.path
    })
}

fn kind(header: &Header<'_>) -> Kind {
    if header.is_directory {
        return Kind::Directory;
    }
    let is_regular = header.mode & 0o170_000 == 0o100_000;
    Kind::File {
        executable: is_regular && header.mode & 0o111 != 0,
    }
}

fn check_sizes(headers: &[Header<'_>], limits: &Limits) -> Result<(), ArchiveError> {
    let (mut compressed, mut total) = (0u64, 0u64);
    for header in headers {
        check_size(header, limits)?;
        compressed = compressed.saturating_add(header.compressed);
        total = total.saturating_add(header.size);
    }
    require(total <= limits.total, "total size limit", || {
        format!("{total} bytes, at most {} are accepted", limits.total)
    })?;
    require(
        !limits.is_bomb(total, compressed),
        "compression ratio",
        || format!("{total} bytes out of {compressed} in all entries together"),
    )
}

fn check_size(header: &Header<'_>, limits: &Limits) -> Result<(), ArchiveError> {
    let path = &header.path;
    let stored = header.common.method == STORED;
    let nothing = match stored {
        true => 0,
        // Old tools deflate even nothing; `entry` compares the bytes.
        false => EMPTY_DEFLATED.len() as u64,
    };
    let empty = header.size == 0 && header.common.crc == 0;
    let empty = empty && (header.compressed == 0 || header.compressed == nothing);
    require(empty || !header.is_directory, "directory with data", || {
        path
    })?;
    require(
        !stored || header.compressed == header.size,
        "stored size",
        || format!("{path}: two sizes for bytes that are not compressed"),
    )?;
    require(header.size <= limits.entry, "size limit", || {
        format!(
            "{path}: {} bytes, at most {} are accepted",
            header.size, limits.entry
        )
    })?;
    let bomb = limits.is_bomb(header.size, header.compressed);
    require(!bomb, "compression ratio", || {
        format!("{path}: {} bytes out of {}", header.size, header.compressed)
    })
}
