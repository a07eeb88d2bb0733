//! The bytes of headers and records.

use super::{Change, End, End64, Entry, Header};

pub(super) fn write_local(out: &mut Vec<u8>, entry: &Entry) -> usize {
    out.extend(&entry.before);
    let offset = out.len();
    if let Some(header) = &entry.local {
        out.extend(b"PK\x03\x04");
        put_common(out, header);
        out.extend(&header.name);
        out.extend(&header.extra);
        out.extend(&entry.data);
        out.extend(&entry.after);
    }
    offset
}

pub(super) fn write_central(out: &mut Vec<u8>, header: &Header, offset: usize) {
    out.extend(b"PK\x01\x02");
    out.extend([header.made_by, header.system]);
    put_common(out, header);
    put16(out, &[low16(header.comment.len()), header.disk, 0]);
    put32(
        out,
        &[header.external, header.offset.unwrap_or(low(offset))],
    );
    out.extend(&header.name);
    out.extend(&header.extra);
    out.extend(&header.comment);
}

/// The run of fields that both kinds of header share, from "version needed" to the two lengths.
fn put_common(out: &mut Vec<u8>, header: &Header) {
    put16(
        out,
        &[
            header.needed,
            header.flags,
            header.method,
            header.time,
            header.date,
        ],
    );
    put32(out, &[header.crc, header.compressed, header.size]);
    put16(out, &[low16(header.name.len()), low16(header.extra.len())]);
}

pub(super) fn write_end64(
    out: &mut Vec<u8>,
    count: usize,
    (offset, size): (usize, usize),
    change: &Change<End64>,
) {
    let mut end = End64 {
        record_size: 44,
        made_by: 45,
        needed: 45,
        disk: 0,
        central_disk: 0,
        entries_here: count as u64,
        entries: count as u64,
        central_size: size as u64,
        central_offset: offset as u64,
        extensible: Vec::new(),
        gap: Vec::new(),
        locator_disk: 0,
        locator_offset: out.len() as u64,
        locator_disks: 1,
    };
    change(&mut end);
    out.extend(b"PK\x06\x06");
    put64(out, &[end.record_size]);
    put16(out, &[end.made_by, end.needed]);
    put32(out, &[end.disk, end.central_disk]);
    put64(
        out,
        &[
            end.entries_here,
            end.entries,
            end.central_size,
            end.central_offset,
        ],
    );
    out.extend(&end.extensible);
    out.extend(&end.gap);
    out.extend(b"PK\x06\x07");
    put32(out, &[end.locator_disk]);
    put64(out, &[end.locator_offset]);
    put32(out, &[end.locator_disks]);
}

pub(super) fn write_end(
    out: &mut Vec<u8>,
    count: usize,
    (offset, size): (usize, usize),
    change: Option<&Change<End>>,
) {
    let mut end = End {
        disk: 0,
        central_disk: 0,
        entries_here: u16::try_from(count).unwrap_or(u16::MAX),
        entries: u16::try_from(count).unwrap_or(u16::MAX),
        central_size: low(size),
        central_offset: low(offset),
        comment: Vec::new(),
        comment_length: None,
    };
    if let Some(change) = change {
        change(&mut end);
    }
    let length = end.comment_length.unwrap_or(low16(end.comment.len()));
    out.extend(b"PK\x05\x06");
    put16(
        out,
        &[end.disk, end.central_disk, end.entries_here, end.entries],
    );
    put32(out, &[end.central_size, end.central_offset]);
    put16(out, &[length]);
    out.extend(&end.comment);
}

pub(super) fn put16(out: &mut Vec<u8>, values: &[u16]) {
    values.iter().for_each(|it| out.extend(it.to_le_bytes()));
}

pub(super) fn put32(out: &mut Vec<u8>, values: &[u32]) {
    values.iter().for_each(|it| out.extend(it.to_le_bytes()));
}

pub(super) fn put64(out: &mut Vec<u8>, values: &[u64]) {
    values.iter().for_each(|it| out.extend(it.to_le_bytes()));
}

pub(super) fn low(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

pub(super) fn low16(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}
