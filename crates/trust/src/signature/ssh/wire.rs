//! SSH's wire format (RFC 4251, section 5), read from the front: nothing is skipped or guessed.

use super::super::{Rejection, Rule};

/// What is left of a message.
pub(super) struct Wire<'a>(pub(super) &'a [u8]);

impl<'a> Wire<'a> {
    /// The next bytes, as many.
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], Rejection> {
        let (taken, left) = self.0.split_at_checked(count).ok_or_else(truncated)?;
        self.0 = left;
        Ok(taken)
    }

    /// `uint32`.
    pub(super) fn uint32(&mut self) -> Result<u32, Rejection> {
        let bytes = self.bytes(4)?.try_into().map_err(|_| truncated())?;
        Ok(u32::from_be_bytes(bytes))
    }

    /// `string`: any bytes, after their length.
    pub(super) fn string(&mut self) -> Result<&'a [u8], Rejection> {
        let length = usize::try_from(self.uint32()?).map_err(|_| truncated())?;
        self.bytes(length)
    }

    /// `mpint`, if it is positive and in its shortest form, as so many bytes.
    pub(super) fn positive(&mut self, width: usize) -> Result<Vec<u8>, Rejection> {
        let wrong = || form("holds a number that is no part of a signature");
        let bytes = match self.string()? {
            [0, rest @ ..] if rest.first().is_some_and(|it| *it >= 0x80) => rest,
            bytes if bytes.first().is_some_and(|it| (1..0x80).contains(it)) => bytes,
            _ => return Err(wrong()),
        };
        let missing = width.checked_sub(bytes.len()).ok_or_else(wrong)?;
        Ok([vec![0; missing], bytes.to_vec()].concat())
    }

    /// Nothing may be left.
    pub(super) fn end(self) -> Result<(), Rejection> {
        match self.0 {
            [] => Ok(()),
            _ => Err(form("goes on after its end")),
        }
    }
}

/// Writes a `string`.
pub(super) fn put(to: &mut Vec<u8>, bytes: &[u8]) {
    // Namespaces, hash names and digests: far below 4 GiB.
    to.extend((bytes.len() as u32).to_be_bytes());
    to.extend(bytes);
}

pub(super) fn form(fact: &str) -> Rejection {
    Rejection::new(Rule::Form, fact)
}

fn truncated() -> Rejection {
    form("ends too early")
}
