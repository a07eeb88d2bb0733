//! The walk along the headers, contents between them.

use assay_trust::ReadAt;
use assay_types::SafePath;

use super::{
    extended::{self, Records},
    gzip::Gzip,
    header::{self, BLOCK, Header, Type},
};
use crate::{
    ArchiveError, Kind, Limits, Names,
    error::{refused, require},
};

/// Zeros behind the two empty blocks that end an archive: writers fill the last record, whose size
/// they choose.
const MOST_PADDING: u64 = 1 << 20;
/// GNU's long names, in bytes, with the NUL behind them.
const LONGEST_NAME: u64 = 4097;
const PIECE: usize = 64 * 1024;

/// One entry of an archive that keeps all rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) path: SafePath,
    pub(crate) kind: Kind,
    /// Bytes of content.
    pub(crate) size: u64,
}

/// Walks the archive to its end and gives its entries in the order in which they lie there. `sink` gets
/// the content of files piece by piece, with the entry that it belongs to: it has seen contents of a
/// broken archive when this fails.
pub(crate) fn walk(
    body: &impl ReadAt,
    limits: &Limits,
    mut sink: impl FnMut(&Entry, &[u8]) -> Result<(), ArchiveError>,
) -> Result<Vec<Entry>, ArchiveError> {
    let mut tar = Tar {
        content: Gzip::new(body, limits)?,
        buffer: vec![0; PIECE],
    };
    let mut names = Names::new(limits.names);
    let mut entries = Vec::new();
    while let Some(entry) = tar.entry(limits)? {
        require(
            (entries.len() as u64) < limits.entries,
            "entry limit",
            || format!("more than {}", limits.entries),
        )?;
        names.add(&entry.path, entry.kind == Kind::Directory)?;
        tar.content(entry.size, |piece| sink(&entry, piece))?;
        entries.push(entry);
    }
    tar.end()?;
    Ok(entries)
}

struct Tar<'a, B> {
    content: Gzip<'a, B>,
    buffer: Vec<u8>,
}

impl<B: ReadAt> Tar<'_, B> {
    /// The next entry, with all that earlier headers say of it; `None` at the first empty block.
    fn entry(&mut self, limits: &Limits) -> Result<Option<Entry>, ArchiveError> {
        let mut records: Option<Records> = None;
        let mut long_name: Option<String> = None;
        loop {
            let block = self.block()?;
            if block == [0; BLOCK] {
                let is_whole = records.is_none() && long_name.is_none();
                require(is_whole, "tar header", || "records without their entry")?;
                return Ok(None);
            }
            let header = header::parse(&block)?;
            match header.kind {
                Type::File | Type::Directory => {
                    return entry(&header, records, long_name, limits).map(Some);
                }
                Type::Global => extended::check_global(&self.records(&header)?)?,
                Type::Extended => {
                    let more = extended::of_entry(&self.records(&header)?)?;
                    let before = records.replace(more);
                    require(before.is_none(), "PAX record", || "twice for one entry")?;
                }
                Type::LongName => {
                    let before = long_name.replace(self.long_name(&header)?);
                    require(before.is_none(), "long name", || "twice for one entry")?;
                }
            }
        }
    }

    /// Content of an entry, and the zeros that fill its last block.
    fn content(
        &mut self,
        size: u64,
        mut sink: impl FnMut(&[u8]) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let mut left = size;
        while left > 0 {
            // Not longer than the buffer.
            let length = left.min(PIECE as u64) as usize;
            let count = self.content.read(&mut self.buffer[..length])?;
            require(count > 0, "tar", || "it is cut short")?;
            sink(&self.buffer[..count])?;
            left -= count as u64;
        }
        let mut padding = [0; BLOCK];
        let length = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
        self.fill(&mut padding[..length as usize])?;
        require(
            padding == [0; BLOCK],
            "tar",
            || "something hides behind a file's content",
        )
    }

    /// The other empty block, and zeros to the end.
    fn end(&mut self) -> Result<(), ArchiveError> {
        require(
            self.block()? == [0; BLOCK],
            "tar",
            || "one empty block between entries",
        )?;
        let mut padding = 0;
        loop {
            let count = self.content.read(&mut self.buffer)?;
            if count == 0 {
                return require(
                    padding % BLOCK as u64 == 0,
                    "tar",
                    || "its last block is cut short",
                );
            }
            padding += count as u64;
            let is_empty = self.buffer[..count].iter().all(|it| *it == 0);
            require(
                is_empty && padding <= MOST_PADDING,
                "tar",
                || "something follows its end",
            )?;
        }
    }

    fn records(&mut self, header: &Header) -> Result<Vec<u8>, ArchiveError> {
        self.small(header, "PAX record", extended::LARGEST)
    }

    fn long_name(&mut self, header: &Header) -> Result<String, ArchiveError> {
        let bytes = self.small(header, "long name", LONGEST_NAME)?;
        // GNU tar counts the NUL, others leave it out; one in between would end the name for some.
        let bytes = bytes.strip_suffix(&[0]).unwrap_or(&bytes);
        let name = std::str::from_utf8(bytes).ok();
        let name = name.filter(|it| !it.contains('\0') && !it.is_empty());
        name.map(str::to_owned)
            .ok_or_else(|| refused("long name", bytes.escape_ascii()))
    }

    fn small(
        &mut self,
        header: &Header,
        rule: &'static str,
        most: u64,
    ) -> Result<Vec<u8>, ArchiveError> {
        require(header.size <= most, rule, || {
            format!("{} bytes, at most {most} are read", header.size)
        })?;
        let mut bytes = Vec::new();
        self.content(header.size, |piece| {
            bytes.extend(piece);
            Ok(())
        })?;
        Ok(bytes)
    }

    fn block(&mut self) -> Result<[u8; BLOCK], ArchiveError> {
        let mut block = [0; BLOCK];
        self.fill(&mut block)?;
        Ok(block)
    }

    fn fill(&mut self, mut to: &mut [u8]) -> Result<(), ArchiveError> {
        while !to.is_empty() {
            let count = self.content.read(to)?;
            require(count > 0, "tar", || "it is cut short")?;
            to = &mut to[count..];
        }
        Ok(())
    }
}

fn entry(
    header: &Header,
    records: Option<Records>,
    long_name: Option<String>,
    limits: &Limits,
) -> Result<Entry, ArchiveError> {
    let records = records.unwrap_or_default();
    let written = match (&records.path, &long_name) {
        (Some(_), Some(_)) => return Err(refused("entry path", "two long names for one entry")),
        (Some(name), None) | (None, Some(name)) => name,
        (None, None) => std::str::from_utf8(&header.name)
            .map_err(|_| refused("name encoding", header.name.escape_ascii()))?,
    };
    let is_directory = header.kind == Type::Directory;
    let bare = written.strip_prefix("./").unwrap_or(written);
    let bare = match is_directory {
        true => bare.strip_suffix('/').unwrap_or(bare),
        false => bare,
    };
    let path =
        SafePath::parse(bare).map_err(|it| refused("entry path", format!("{written}: {it}")))?;
    let same = records.size.is_none_or(|it| it == header.size);
    require(same, "PAX record", || {
        format!("{path}: another size than its header's")
    })?;
    require(header.size <= limits.entry, "size limit", || {
        format!("{path}: {} bytes", header.size)
    })?;
    let is_empty = !is_directory || header.size == 0;
    require(is_empty, "directory with data", || &path)?;
    Ok(Entry {
        kind: match is_directory {
            true => Kind::Directory,
            false => Kind::File {
                executable: header.executable,
            },
        },
        size: header.size,
        path,
    })
}
