//! The end of what a program wrote to standard error.

use std::collections::VecDeque;

/// Most bytes that are kept.
const MOST: usize = 4 << 10;
/// Most lines that are shown.
const LINES: usize = 10;

/// The last bytes of a stream.
#[derive(Debug, Default)]
pub struct Tail(VecDeque<u8>);

impl Tail {
    /// Takes more of the stream.
    pub fn push(&mut self, bytes: &[u8]) {
        let new = &bytes[bytes.len().saturating_sub(MOST)..];
        let too_many = (self.0.len() + new.len()).saturating_sub(MOST);
        self.0.drain(..too_many);
        self.0.extend(new);
    }

    /// The last lines that are not empty; unescaped.
    pub fn lines(&self) -> Vec<String> {
        let bytes: Vec<_> = self.0.iter().copied().collect();
        let text = String::from_utf8_lossy(&bytes);
        let lines = text.lines().map(str::trim_end);
        let all: Vec<_> = lines.filter(|it| !it.is_empty()).collect();
        let last = &all[all.len().saturating_sub(LINES)..];
        last.iter().map(|it| (*it).to_owned()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_kept_whatever_came_before() {
        let mut tail = Tail::default();
        assert!(tail.lines().is_empty());
        tail.push(b"one\n\n  \ntwo\r\nthr");
        tail.push(b"ee\n");
        assert_eq!(tail.lines(), ["one", "two", "three"]);
        tail.push(&vec![b'x'; 3 * MOST]);
        assert_eq!(tail.lines(), ["x".repeat(MOST)]);
        for number in 0..20 {
            tail.push(format!("{number}\n").as_bytes());
        }
        let lines = tail.lines();
        assert_eq!((lines.len(), &*lines[0], &*lines[9]), (LINES, "10", "19"));
    }
}
