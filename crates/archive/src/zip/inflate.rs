//! Contents: read, inflated and checked in pieces of a fixed size.

use std::cell::RefCell;

use assay_trust::ReadAt;
use flate2::{Decompress, FlushDecompress, Status};

use super::Entry;
use crate::{
    ArchiveError,
    error::{refused, require},
};

const PIECE: usize = 64 * 1024;

/// Buffers and inflate state of one thread, used again for each entry.
struct Workspace {
    inflate: Decompress,
    input: Vec<u8>,
    output: Vec<u8>,
}

thread_local! {
    static WORKSPACE: RefCell<Workspace> = RefCell::new(Workspace::new());
}

/// Hands the content of an entry to `sink`, piece by piece, and checks that it has exactly the
/// declared size and CRC-32, and that a deflate stream ends exactly where the data does.
///
/// `sink` has seen wrong bytes when this fails, and never more than the declared size.
pub(crate) fn copy(
    body: &impl ReadAt,
    entry: &Entry,
    sink: impl FnMut(&[u8]) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    WORKSPACE.with(|it| match it.try_borrow_mut() {
        Ok(mut workspace) => {
            workspace.inflate.reset(false);
            run(body, entry, &mut workspace, sink)
        }
        // A sink that itself reads an archive on this thread: rare, so it pays for its own.
        Err(_) => run(body, entry, &mut Workspace::new(), sink),
    })
}

impl Workspace {
    fn new() -> Self {
        Self {
            inflate: Decompress::new(false),
            input: vec![0; PIECE],
            output: vec![0; PIECE],
        }
    }
}

fn run(
    body: &impl ReadAt,
    entry: &Entry,
    workspace: &mut Workspace,
    mut sink: impl FnMut(&[u8]) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let mut crc = crc32fast::Hasher::new();
    let mut left = entry.size;
    let mut take = |piece: &[u8]| {
        left = left.checked_sub(piece.len() as u64).ok_or_else(|| {
            refused(
                "entry size",
                format!("{}: longer than declared", entry.path),
            )
        })?;
        crc.update(piece);
        sink(piece)
    };
    if entry.deflated {
        inflate(body, entry, workspace, &mut take)?;
    } else {
        stored(body, entry, workspace, &mut take)?;
    }
    require(left == 0, "entry size", || {
        format!("{}: {left} bytes shorter than declared", entry.path)
    })?;
    require(crc.finalize() == entry.crc, "CRC-32", || {
        format!("{}: the content has another", entry.path)
    })
}

fn stored(
    body: &impl ReadAt,
    entry: &Entry,
    workspace: &mut Workspace,
    take: &mut impl FnMut(&[u8]) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let mut source = Source::of(body, entry);
    while source.left > 0 {
        let piece = source.next(&mut workspace.input)?;
        take(piece)?;
    }
    Ok(())
}

fn inflate(
    body: &impl ReadAt,
    entry: &Entry,
    workspace: &mut Workspace,
    take: &mut impl FnMut(&[u8]) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let malformed = |what| refused("deflate stream", format!("{}: {what}", entry.path));
    let Workspace {
        inflate,
        input,
        output,
    } = workspace;
    let mut source = Source::of(body, entry);
    let mut piece: &[u8] = &[];
    loop {
        if piece.is_empty() && source.left > 0 {
            piece = source.next(input)?;
        }
        let (read, written) = (inflate.total_in(), inflate.total_out());
        let status = inflate
            .decompress(piece, output, FlushDecompress::None)
            .map_err(|_| malformed("it is broken"))?;
        // Both steps are at most the lengths of the slices passed in.
        let read = (inflate.total_in() - read) as usize;
        let written = (inflate.total_out() - written) as usize;
        piece = &piece[read..];
        take(&output[..written])?;
        match status {
            Status::StreamEnd if piece.is_empty() && source.left == 0 => return Ok(()),
            Status::StreamEnd => return Err(malformed("data follows its end")),
            // There was input, or no more is to come.
            _ if (read, written) == (0, 0) => return Err(malformed("it does not end")),
            _ => {}
        }
    }
}

/// The compressed bytes of an entry, a buffer at a time.
struct Source<'a, B> {
    body: &'a B,
    at: u64,
    left: u64,
}

impl<'a, B: ReadAt> Source<'a, B> {
    fn of(body: &'a B, entry: &Entry) -> Self {
        Self {
            body,
            at: entry.data_offset,
            left: entry.compressed,
        }
    }

    fn next<'b>(&mut self, buffer: &'b mut [u8]) -> Result<&'b [u8], ArchiveError> {
        let length = self.left.min(buffer.len() as u64);
        // Not longer than the buffer.
        let piece = &mut buffer[..length as usize];
        self.body.read_exact_at(piece, self.at)?;
        self.at += length;
        self.left -= length;
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use assay_testkit::zip::{Archive, DEFLATED, Entry, STORED};
    use proptest::prelude::*;

    use super::{PIECE, copy};
    use crate::{Limits, zip::walk};

    fn archive(content: &[u8], method: u16) -> Vec<u8> {
        Archive::new(vec![Entry::file("x", content, method, 0o644)]).write()
    }

    fn round_trip(content: &[u8], method: u16) -> Vec<u8> {
        let body = archive(content, method);
        let entries = walk(&body, &Limits::DEFAULT).unwrap();
        let mut out = Vec::new();
        copy(&body, &entries[0], |piece| {
            out.extend(piece);
            Ok(())
        })
        .unwrap();
        out
    }

    #[test]
    fn sizes_around_the_buffers_come_out_whole() {
        for size in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
            for method in [STORED, DEFLATED] {
                let content = vec![b'a'; size];
                assert!(round_trip(&content, method) == content, "{size}");
            }
        }
    }

    #[test]
    fn a_sink_may_read_another_entry() {
        let body = archive(b"content", DEFLATED);
        let entries = walk(&body, &Limits::DEFAULT).unwrap();
        let mut inner = 0;
        copy(&body, &entries[0], |_| {
            copy(&body, &entries[0], |piece| {
                inner += piece.len();
                Ok(())
            })
        })
        .unwrap();
        assert_eq!(inner, 7);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_content_comes_out_unchanged(
            content in proptest::collection::vec(any::<u8>(), 0..4096),
            repeat in 1_usize..50,
        ) {
            let content = content.repeat(repeat);
            prop_assert!(round_trip(&content, STORED) == content);
            prop_assert!(round_trip(&content, DEFLATED) == content);
        }
    }
}
