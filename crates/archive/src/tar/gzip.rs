//! One gzip member and nothing behind it (RFC 1952).

use assay_trust::ReadAt;
use flate2::{Decompress, FlushDecompress, Status};

use crate::{
    ArchiveError, Limits,
    error::{refused, require},
};

const PIECE: usize = 64 * 1024;
/// The fixed part of the header.
const FIXED: usize = 10;
/// CRC-32 and size of the content.
const TRAILER: usize = 8;
/// The longest file name or comment in a header: nobody needs them, some writers put them there.
const LONGEST_TEXT: usize = 4096;
/// FHCRC, FEXTRA, and the three bits that are reserved.
const REFUSED_FLAGS: u8 = 0b1110_0110;
const FNAME: u8 = 0b0000_1000;
const FCOMMENT: u8 = 0b0001_0000;

/// The content of the member, read from its beginning to its end.
pub(crate) struct Gzip<'a, B> {
    body: &'a B,
    limits: &'a Limits,
    inflate: Decompress,
    input: Vec<u8>,
    /// The part of `input` that was not used yet.
    unused: std::ops::Range<usize>,
    /// Where the next bytes of the body lie.
    at: u64,
    crc: crc32fast::Hasher,
    is_over: bool,
}

impl<'a, B: ReadAt> Gzip<'a, B> {
    /// Reads the header.
    pub(crate) fn new(body: &'a B, limits: &'a Limits) -> Result<Self, ArchiveError> {
        let mut gzip = Self {
            body,
            limits,
            inflate: Decompress::new(false),
            input: vec![0; PIECE],
            unused: 0..0,
            at: 0,
            crc: crc32fast::Hasher::new(),
            is_over: false,
        };
        gzip.header()?;
        Ok(gzip)
    }

    /// Content, at most as much as `output` holds. Nothing is given only at the end, when CRC-32 and
    /// size were compared and no byte follows.
    pub(crate) fn read(&mut self, output: &mut [u8]) -> Result<usize, ArchiveError> {
        while !self.is_over && !output.is_empty() {
            self.fill()?;
            let before = (self.inflate.total_in(), self.inflate.total_out());
            let piece = &self.input[self.unused.clone()];
            let status = self
                .inflate
                .decompress(piece, output, FlushDecompress::None);
            let status = status.map_err(|_| refused("gzip", "its data is broken"))?;
            // Both steps are at most the lengths of the slices passed in.
            let read = (self.inflate.total_in() - before.0) as usize;
            let written = (self.inflate.total_out() - before.1) as usize;
            self.unused.start += read;
            self.crc.update(&output[..written]);
            self.check_size()?;
            if status == Status::StreamEnd {
                self.end()?;
            }
            if written > 0 {
                return Ok(written);
            }
            let is_stuck = read == 0 && !self.is_over;
            require(!is_stuck, "gzip", || "its data does not end")?;
        }
        Ok(0)
    }

    fn check_size(&self) -> Result<(), ArchiveError> {
        let size = self.inflate.total_out();
        require(size <= self.limits.total, "total size limit", || {
            format!("it unpacks to more than {} bytes", self.limits.total)
        })?;
        let compressed = self.inflate.total_in();
        require(
            !self.limits.is_bomb(size, compressed),
            "compression ratio",
            || format!("{size} bytes out of {compressed}"),
        )
    }

    fn header(&mut self) -> Result<(), ArchiveError> {
        let mut fixed = [0; FIXED];
        self.take(&mut fixed)?;
        require(
            fixed[..3] == [0x1f, 0x8b, 8],
            "gzip",
            || "it is no gzip file",
        )?;
        let flags = fixed[3];
        require(flags & REFUSED_FLAGS == 0, "gzip", || {
            format!("its header has flags that nobody needs: {flags:#010b}")
        })?;
        for text in [FNAME, FCOMMENT] {
            if flags & text != 0 {
                self.skip_text()?;
            }
        }
        Ok(())
    }

    fn skip_text(&mut self) -> Result<(), ArchiveError> {
        for _ in 0..LONGEST_TEXT {
            let mut byte = [0];
            self.take(&mut byte)?;
            if byte == [0] {
                return Ok(());
            }
        }
        Err(refused("gzip", "a text in its header does not end"))
    }

    fn end(&mut self) -> Result<(), ArchiveError> {
        let mut trailer = [0; TRAILER];
        self.take(&mut trailer)?;
        let [a, b, c, d, size @ ..] = trailer;
        let crc = std::mem::take(&mut self.crc).finalize();
        require(
            u32::from_le_bytes([a, b, c, d]) == crc,
            "gzip",
            || "its content has another CRC-32",
        )?;
        // The format keeps the size modulo 2^32.
        let is_size = u32::from_le_bytes(size) == self.inflate.total_out() as u32;
        require(is_size, "gzip", || "its content has another size")?;
        let is_last = self.unused.is_empty() && self.at == self.body.size();
        require(is_last, "gzip", || "something follows its one member")?;
        self.is_over = true;
        Ok(())
    }

    /// Exactly as many bytes as `to` holds.
    fn take(&mut self, to: &mut [u8]) -> Result<(), ArchiveError> {
        let mut filled = 0;
        while filled < to.len() {
            self.fill()?;
            let piece = &self.input[self.unused.clone()];
            require(!piece.is_empty(), "gzip", || "it is cut short")?;
            let count = piece.len().min(to.len() - filled);
            to[filled..filled + count].copy_from_slice(&piece[..count]);
            self.unused.start += count;
            filled += count;
        }
        Ok(())
    }

    /// More input, where all was used and there is more.
    fn fill(&mut self) -> Result<(), ArchiveError> {
        if !self.unused.is_empty() {
            return Ok(());
        }
        let left = self.body.size() - self.at;
        let length = left.min(PIECE as u64) as usize;
        self.body
            .read_exact_at(&mut self.input[..length], self.at)?;
        self.at += length as u64;
        self.unused = 0..length;
        Ok(())
    }
}
