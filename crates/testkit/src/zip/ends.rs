//! The records at the end of an archive.

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
