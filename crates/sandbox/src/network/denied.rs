//! What a build wanted of the network and did not get, in words.

use std::{
    collections::BTreeSet,
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Something of the network that a build did not get. What its texts say comes from the build; it is
/// escaped and short.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Denied {
    /// The address of a name.
    Lookup(Option<String>),
    /// A connection of its own, by TCP or UDP.
    Connection(SocketAddr),
    /// A connection through the way out, to what it does not lead to.
    Host(String),
    /// A host that it may reach, at an address that is not public.
    Address {
        /// The host, as it was allowed.
        host: String,
        /// The address that its name led to.
        address: SocketAddr,
    },
    /// More connections through the way out than it may have at once.
    Connections(usize),
    /// More bytes through the way out than it may move.
    Bytes(u64),
    /// A socket at all.
    Socket,
}

/// A sentence's end: `the build …`.
impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lookup(Some(name)) => write!(f, "tried to look up {name}"),
            Self::Lookup(None) => f.write_str("tried to look up a name"),
            Self::Connection(address) => write!(f, "tried to connect to {address}"),
            Self::Host(host) => write!(f, "tried to reach {host}"),
            Self::Address { host, address } => {
                write!(f, "tried to reach {host}, which led to {address}")
            }
            Self::Connections(most) => write!(f, "tried to have more than {most} connections"),
            Self::Bytes(most) => write!(f, "tried to move more than {} MiB", most >> 20),
            Self::Socket => f.write_str("tried to open a network socket"),
        }
    }
}

/// How many are told; a build can try what it likes.
const MOST: usize = 20;
/// How much of a text is told, in characters.
const LONGEST: usize = 100;

/// A text from the build, for people to read: what is no visible character of ASCII is escaped.
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no proxy there"))]
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
#[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no proxy there"))]
pub struct Witness(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
struct Seen {
    denied: Vec<Denied>,
    reached: BTreeSet<String>,
}

#[cfg(target_os = "linux")]
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

#[cfg(all(test, target_os = "linux"))]
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

    #[test]
    fn addresses_are_told_with_their_port() {
        let address = "192.0.2.7:443".parse().unwrap();
        assert_eq!(
            Denied::Connection(address).to_string(),
            "tried to connect to 192.0.2.7:443"
        );
    }
}
