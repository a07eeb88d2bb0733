//! A ZIP writer that knows every byte it writes and may lie about each of them.
//!
//! Left alone it writes a plain, well-formed archive. Each header can be patched on its own, bytes
//! can be put anywhere, and the end records can say what one likes. Nothing is checked.

mod ends;
mod entry;
mod fields;
mod write;

pub use ends::{End, End64};
pub use entry::{Entry, Header};
pub use fields::{deflate, descriptor, extra_field};
use write::{write_central, write_end, write_end64, write_local};

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
        write_end(&mut out, count, central, self.end.as_ref());
        out.extend(&self.suffix);
        out
    }
}
