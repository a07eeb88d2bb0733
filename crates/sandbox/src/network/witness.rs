//! What is seen of a build's network, kept within bounds and fit to be read.

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::denied::Denied;

/// How many are told; a build can try what it likes.
const MOST: usize = 20;
/// How much of a text is told, in characters.
const LONGEST: usize = 100;

/// A text from the build, for people to read: what is no visible character of ASCII is escaped.
pub fn shown(text: &[u8]) -> String {
    let mut shown = String::new();
    for byte in text {
        let piece = byte.escape_ascii().to_string();
        if shown.len() + piece.len() > LONGEST {
            shown.push('\u{2026}');
            break;
        }
        shown.push_str(&piece);
    }
    shown
}

/// What was seen so far, for all that watch a build.
#[derive(Clone, Debug, Default)]
pub struct Witness(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    denied: Vec<Denied>,
    reached: BTreeSet<String>,
}

impl Witness {
    /// What was refused just now.
    pub fn denied(&self, denied: Denied) {
        let mut seen = self.seen();
        if seen.denied.len() < MOST && !seen.denied.contains(&denied) {
            seen.denied.push(denied);
        }
    }

    /// What let something pass. Only what was allowed is ever given, so that it cannot become much.
    pub fn reached(&self, host: String) {
        self.seen().reached.insert(host);
    }

    /// Everything, in the order in which it happened, and by name.
    pub fn told(&self) -> (Vec<Denied>, Vec<String>) {
        let seen = self.seen();
        (seen.denied.clone(), seen.reached.iter().cloned().collect())
    }

    /// No state in between is ever left: what panicked did not.
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_once_and_not_endlessly() {
        let witness = Witness::default();
        for number in 0..100_u8 {
            witness.denied(Denied::Lookup(Some(number.to_string())));
            witness.denied(Denied::Lookup(Some("0".to_owned())));
        }
        let (denied, _) = witness.told();
        assert_eq!(denied.len(), MOST);
        assert_eq!(denied[0].to_string(), "tried to look up 0");
        assert_eq!(denied[1].to_string(), "tried to look up 1");
    }

    #[test]
    fn texts_are_escaped_and_short() {
        assert_eq!(shown(b"files.example"), "files.example");
        assert_eq!(shown(b"\x1b[31m\n\xff"), "\\x1b[31m\\n\\xff");
        assert_eq!(shown(&[b'a'; 100]), "a".repeat(100));
        assert_eq!(shown(&[b'a'; 101]), "a".repeat(100) + "\u{2026}");
    }
}
