//! What may be done with bytes that are the announced ones, before they are admitted: hash them for a
//! signature, and copy them for a hook. Nothing here reads what they say.

use std::io::{self, Write};

use super::{
    check_size,
    compare::{Finding, compare},
    refusals::{contradiction, unannounced},
};
use crate::{Artifact, Evidence, Found, Measured, ReadAt, Refusal, Staged, Word};

/// Bytes of which every digest that is known of them holds, and there is one.
pub struct Authenticated<'a, B> {
    staged: &'a Staged<B>,
    words: Vec<Word>,
    found: Vec<String>,
}

/// Compares staged bytes with what is known of them. Where the user named a file that is as good as a
/// digest: nobody else chose the bytes.
pub fn authenticate<'a, B>(
    staged: &'a Staged<B>,
    artifact: &Artifact,
    evidence: &[Evidence],
) -> Result<Authenticated<'a, B>, Refusal> {
    let measured = &staged.measured;
    check_size(artifact, measured)?;
    let (mut words, mut found) = (Found::default(), Vec::new());
    for piece in evidence {
        match compare(piece, artifact, measured) {
            Finding::Holds(more, lines) => {
                words.extend(more);
                found.extend(lines);
            }
            Finding::Nothing(line) => found.push(line),
            Finding::Contradicts(fact) => {
                return Err(contradiction(piece, artifact, measured, fact));
            }
        }
    }
    let is_digest = |it: &Word| matches!(it, Word::Index | Word::Local | Word::Hash);
    match words.words().iter().any(is_digest) {
        true => Ok(Authenticated {
            staged,
            words: words.words().to_vec(),
            found,
        }),
        false => Err(unannounced(artifact, measured)),
    }
}

impl<B> Authenticated<'_, B> {
    /// Their digests and size.
    pub fn measured(&self) -> &Measured {
        &self.staged.measured
    }

    /// The kinds of evidence that hold so far.
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// That evidence, and what is missing of it, one line each, unescaped.
    pub fn found(&self) -> &[String] {
        &self.found
    }
}

impl<B: ReadAt> Authenticated<'_, B> {
    /// Writes all of them.
    pub fn copy_to(&self, to: &mut dyn Write) -> io::Result<()> {
        io::copy(&mut self.reader(), to).map(drop)
    }

    /// Reads them from the beginning, for whoever hashes them.
    pub(crate) fn reader(&self) -> Bytes<'_, B> {
        Bytes {
            body: &self.staged.body,
            at: 0,
        }
    }
}

/// Reads a body from its beginning to its end.
pub(crate) struct Bytes<'a, B> {
    body: &'a B,
    at: u64,
}

impl<B: ReadAt> io::Read for Bytes<'_, B> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.body.size() - self.at;
        let count = usize::try_from(left).map_or(buffer.len(), |it| it.min(buffer.len()));
        self.body.read_exact_at(&mut buffer[..count], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}
