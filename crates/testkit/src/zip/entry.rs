//! One entry, with its two headers.

use super::{DEFLATED, S_IFDIR, S_IFREG, STORED, UTF8, deflate, write::low};

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
