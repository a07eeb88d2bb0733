//! A tar writer that can lie, and gzip around it.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

const BLOCK: usize = 512;

/// One header with what follows it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// At most 100 bytes; longer ones need [`Entry::long_name`] or [`Entry::extended`] before them.
    pub name: Vec<u8>,
    /// `b'0'` for a file, `b'5'` for a folder, and so on.
    pub kind: u8,
    /// The twelve permission bits.
    pub mode: u32,
    /// The link's target.
    pub link: Vec<u8>,
    /// What follows the header.
    pub content: Vec<u8>,
    /// The size that the header has, where it is another than the content's.
    pub size: Option<u64>,
    /// `ustar\0` `00`, or GNU's.
    pub magic: [u8; 8],
    /// Stands before the name and a slash, where the magic is POSIX's.
    pub prefix: Vec<u8>,
    /// What fills the last block of the content.
    pub padding: u8,
}

/// POSIX's.
pub const POSIX: [u8; 8] = *b"ustar\x0000";
/// GNU tar's.
pub const GNU: [u8; 8] = *b"ustar  \0";

impl Entry {
    /// Of a type.
    pub fn new(name: &str, kind: u8, content: &[u8]) -> Self {
        Self {
            name: name.as_bytes().to_vec(),
            kind,
            mode: 0o644,
            link: Vec::new(),
            content: content.to_vec(),
            size: None,
            magic: POSIX,
            prefix: Vec::new(),
            padding: 0,
        }
    }

    /// A regular file.
    pub fn file(name: &str, content: &[u8]) -> Self {
        Self::new(name, b'0', content)
    }

    /// A folder.
    pub fn folder(name: &str) -> Self {
        Self::new(name, b'5', b"")
    }

    /// A link of a type (`b'1'` hard, `b'2'` symbolic).
    pub fn link(name: &str, kind: u8, target: &str) -> Self {
        Self {
            link: target.as_bytes().to_vec(),
            ..Self::new(name, kind, b"")
        }
    }

    /// PAX records for the next entry.
    pub fn extended(records: &[(&str, &str)]) -> Self {
        let records: String = records.iter().map(|it| record(it.0, it.1)).collect();
        Self::new("PaxHeaders/x", b'x', records.as_bytes())
    }

    /// GNU's long name for the next entry.
    pub fn long_name(name: &str) -> Self {
        let content = [name.as_bytes(), &[0]].concat();
        let magic = GNU;
        Self {
            magic,
            ..Self::new("././@LongLink", b'L', &content)
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + BLOCK, 0);
        let size = self.size.unwrap_or(self.content.len() as u64);
        let mut put = |at: usize, bytes: &[u8]| {
            out[start + at..start + at + bytes.len()].copy_from_slice(bytes);
        };
        put(0, &self.name);
        put(100, format!("{:07o}\0", self.mode).as_bytes());
        put(108, b"0000000\x000000000\0");
        put(124, format!("{size:011o}\0").as_bytes());
        put(136, b"00000000000\0");
        put(148, b"        ");
        put(156, &[self.kind]);
        put(157, &self.link);
        put(257, &self.magic);
        put(345, &self.prefix);
        let sum: u32 = out[start..].iter().map(|it| u32::from(*it)).sum();
        out[start + 148..start + 156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(&self.content);
        let rest = (BLOCK - self.content.len() % BLOCK) % BLOCK;
        out.resize(out.len() + rest, self.padding);
    }
}

/// One PAX record; its length counts its own digits.
pub fn record(key: &str, value: &str) -> String {
    let rest = key.len() + value.len() + 3;
    let length = (rest..).find(|it| it.to_string().len() + rest == *it);
    format!("{} {key}={value}\n", length.unwrap())
}

/// The archive, with the two empty blocks at its end.
pub fn write(entries: &[Entry]) -> Vec<u8> {
    let mut out = unended(entries);
    out.resize(out.len() + 2 * BLOCK, 0);
    out
}

/// The archive without its end.
pub fn unended(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    entries.iter().for_each(|it| it.write(&mut out));
    out
}

/// One gzip member.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
