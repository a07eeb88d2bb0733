//! What a build wanted of the network and did not get, in words.

use std::{fmt, net::SocketAddr};

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
                write!(
                    f,
                    "tried to reach {host}, which led to {address}: no public address"
                )
            }
            Self::Connections(most) => write!(f, "tried to have more than {most} connections"),
            Self::Bytes(most) => write!(f, "tried to move more than {} MiB", most >> 20),
            Self::Socket => f.write_str("tried to open a network socket"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_with_their_port() {
        let address = "192.0.2.7:443".parse().unwrap();
        assert_eq!(
            Denied::Connection(address).to_string(),
            "tried to connect to 192.0.2.7:443"
        );
    }
}
