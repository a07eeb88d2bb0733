//! A ZIP writer that knows every byte it writes and may lie about each of them.
//!
//! Left alone it writes a plain, well-formed archive. Each header can be patched on its own, bytes
//! can be put anywhere, and the end records can say what one likes. Nothing is checked.

use std::io::Write as _;

use flate2::{Compression, write::DeflateEncoder};

/// Compression method "stored".
pub const STORED: u16 = 0;
/// Compression method "deflated".
pub const DEFLATED: u16 = 8;
/// Unix mode of a regular file, without permissions.
pub const S_IFREG: u32 = 0o100_000;
/// Unix mode of a directory, without permissions.
pub const S_IFDIR: u32 = 0o040_000;
/// Unix mode of a symbolic link, without permissions.
pub const S_IFLNK: u32 = 0o120_000;
/// Flag: a data descriptor follows the data.
pub const DESCRIPTOR: u16 = 1 << 3;
/// Flag: the name is UTF-8.
pub const UTF8: u16 = 1 << 11;

/// The fields of a local or a central header (APPNOTE 4.3.7 and 4.3.12). A local header leaves out
/// those that only the central one has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// "Version made by", low byte; central only.
    pub made_by: u8,
    /// "Version made by", high byte: 3 is Unix; central only.
    pub system: u8,
    /// Version needed to extract.
    pub needed: u16,
    /// General purpose flags.
    pub flags: u16,
    /// Compression method.
    pub method: u16,
    /// MS-DOS time.
    pub time: u16,
    /// MS-DOS date.
    pub date: u16,
    /// CRC-32 of the uncompressed bytes.
    pub crc: u32,
    /// Compressed size.
    pub compressed: u32,
    /// Uncompressed size.
    pub size: u32,
    /// File name, any bytes.
    pub name: Vec<u8>,
    /// Extra field, any bytes.
    pub extra: Vec<u8>,
    /// Comment; central only.
    pub comment: Vec<u8>,
    /// Disk number; central only.
    pub disk: u16,
    /// External attributes; central only.
    pub external: u32,
    /// Offset of the local header; the true one if `None`. Central only.
    pub offset: Option<u32>,
}

/// One entry: what surrounds the data, and the data as it lies in the archive.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Bytes before the local header that belong to no entry.
    pub before: Vec<u8>,
    /// The local header; `None` leaves it and the data out.
    pub local: Option<Header>,
    /// The data as it lies there.
    pub data: Vec<u8>,
    /// Bytes right after the data: a data descriptor, or anything.
    pub after: Vec<u8>,
    /// The central header; `None` leaves it out.
    pub central: Option<Header>,
}

impl Entry {
    /// A regular file. `mode` holds the permissions, such as `0o644`.
    pub fn file(name: &str, content: &[u8], method: u16, mode: u32) -> Self {
        let data = match method {
            DEFLATED => deflate(content),
            _ => content.to_vec(),
        };
        Self::new(name, content, data, method, S_IFREG | mode)
    }

    /// A directory; the name should end in `/`.
    pub fn directory(name: &str) -> Self {
        Self::new(name, b"", Vec::new(), STORED, S_IFDIR | 0o755)
    }

    /// An entry from its parts; `mode` with the file type.
    pub fn new(name: &str, content: &[u8], data: Vec<u8>, method: u16, mode: u32) -> Self {
        let header = Header {
            made_by: 20,
            system: 3,
            needed: 20,
            flags: if name.is_ascii() { 0 } else { UTF8 },
            method,
            time: 0,
            date: (2020 - 1980) << 9 | 1 << 5 | 1,
            crc: crc32fast::hash(content),
            compressed: low(data.len()),
            size: low(content.len()),
            name: name.as_bytes().to_vec(),
            extra: Vec::new(),
            comment: Vec::new(),
            disk: 0,
            external: mode << 16,
            offset: None,
        };
        Self {
            before: Vec::new(),
            local: Some(header.clone()),
            data,
            after: Vec::new(),
            central: Some(header),
        }
    }

    /// Changes both headers alike.
    pub fn both(mut self, change: impl Fn(&mut Header)) -> Self {
        self.local.iter_mut().for_each(&change);
        self.central.iter_mut().for_each(&change);
        self
    }

    /// Changes the local header only.
    pub fn local(mut self, change: impl Fn(&mut Header)) -> Self {
        self.local.iter_mut().for_each(change);
        self
    }

    /// Changes the central header only.
    pub fn central(mut self, change: impl Fn(&mut Header)) -> Self {
        self.central.iter_mut().for_each(change);
        self
    }

    /// Whether this entry has that name.
    pub fn is(&self, name: &str) -> bool {
        let header = self.central.as_ref().or(self.local.as_ref());
        header.is_some_and(|it| it.name == name.as_bytes())
    }
}

/// The end of central directory record (APPNOTE 4.3.16), without its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Number of this disk.
    pub disk: u16,
    /// Disk on which the central directory starts.
    pub central_disk: u16,
    /// Entries on this disk.
    pub entries_here: u16,
    /// Entries in all.
    pub entries: u16,
    /// Size of the central directory.
    pub central_size: u32,
    /// Offset of the central directory.
    pub central_offset: u32,
    /// Comment.
    pub comment: Vec<u8>,
    /// Comment length; the true one if `None`.
    pub comment_length: Option<u16>,
}

/// The zip64 end record and its locator (APPNOTE 4.3.14 and 4.3.15), without signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End64 {
    /// "Size of this record": 44 in its plain form.
    pub record_size: u64,
    /// Version made by.
    pub made_by: u16,
    /// Version needed.
    pub needed: u16,
    /// Number of this disk.
    pub disk: u32,
    /// Disk of the central directory.
    pub central_disk: u32,
    /// Entries on this disk.
    pub entries_here: u64,
    /// Entries in all.
    pub entries: u64,
    /// Size of the central directory.
    pub central_size: u64,
    /// Offset of the central directory.
    pub central_offset: u64,
    /// Extensible data sector.
    pub extensible: Vec<u8>,
    /// Bytes between the record and its locator.
    pub gap: Vec<u8>,
    /// Locator: disk of the zip64 end record.
    pub locator_disk: u32,
    /// Locator: offset of the zip64 end record.
    pub locator_offset: u64,
    /// Locator: number of disks.
    pub locator_disks: u32,
}

type Change<T> = Box<dyn Fn(&mut T)>;

/// A whole archive.
#[derive(Default)]
pub struct Archive {
    /// The entries, in the order of their local headers.
    pub entries: Vec<Entry>,
    /// Order of the central headers, as indices into `entries`; theirs if `None`.
    pub central_order: Option<Vec<usize>>,
    /// Bytes between the last entry and the central directory.
    pub before_central: Vec<u8>,
    /// Bytes between the central directory and the end records.
    pub after_central: Vec<u8>,
    /// Writes the zip64 end records, after this change.
    pub end64: Option<Change<End64>>,
    /// Change to the end record.
    pub end: Option<Change<End>>,
    /// Bytes after the end record.
    pub suffix: Vec<u8>,
}

impl Archive {
    /// A well-formed archive of these entries.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self {
            entries,
            ..Self::default()
        }
    }

    /// Replaces the entry of that name by a changed copy.
    pub fn change(&mut self, name: &str, change: impl Fn(Entry) -> Entry) {
        for entry in self.entries.iter_mut().filter(|it| it.is(name)) {
            *entry = change(entry.clone());
        }
    }

    /// Writes it.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let offsets: Vec<usize> = self
            .entries
            .iter()
            .map(|entry| write_local(&mut out, entry))
            .collect();
        out.extend(&self.before_central);
        let central_offset = out.len();
        let order = match &self.central_order {
            Some(order) => order.clone(),
            None => (0..self.entries.len()).collect(),
        };
        let mut count = 0;
        for index in order {
            if let Some(header) = &self.entries[index].central {
                write_central(&mut out, header, offsets[index]);
                count += 1;
            }
        }
        let central = (central_offset, out.len() - central_offset);
        out.extend(&self.after_central);
        if let Some(change) = &self.end64 {
            write_end64(&mut out, count, central, change);
        }
        self.write_end(&mut out, count, central);
        out.extend(&self.suffix);
        out
    }

    fn write_end(&self, out: &mut Vec<u8>, count: usize, (offset, size): (usize, usize)) {
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
        if let Some(change) = &self.end {
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
}

/// Raw deflate at the default level.
pub fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .expect("a vector takes everything")
}

/// One extra field: identifier, length, value.
pub fn extra_field(id: u16, value: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put16(&mut out, &[id, low16(value.len())]);
    out.extend(value);
    out
}

/// A data descriptor (APPNOTE 4.3.9), with or without its signature, in 32 or 64 bits.
pub fn descriptor(crc: u32, compressed: u64, size: u64, signature: bool, wide: bool) -> Vec<u8> {
    let mut out = Vec::new();
    if signature {
        out.extend(b"PK\x07\x08");
    }
    put32(&mut out, &[crc]);
    if wide {
        put64(&mut out, &[compressed, size]);
    } else {
        put32(&mut out, &[compressed as u32, size as u32]);
    }
    out
}

fn write_local(out: &mut Vec<u8>, entry: &Entry) -> usize {
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

fn write_central(out: &mut Vec<u8>, header: &Header, offset: usize) {
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

fn write_end64(
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

fn put16(out: &mut Vec<u8>, values: &[u16]) {
    values.iter().for_each(|it| out.extend(it.to_le_bytes()));
}

fn put32(out: &mut Vec<u8>, values: &[u32]) {
    values.iter().for_each(|it| out.extend(it.to_le_bytes()));
}

fn put64(out: &mut Vec<u8>, values: &[u64]) {
    values.iter().for_each(|it| out.extend(it.to_le_bytes()));
}

fn low(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn low16(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}
