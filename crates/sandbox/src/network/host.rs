//! A host that a build may reach, as the user writes it.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

/// A host and a port of it: `NAME` or `NAME:PORT`. The port is 443 where it is not said.
///
/// The name is one of the DNS, in full (no wildcard), or an address, which for IPv6 is written in
/// brackets. A name is reached only where it leads to a public address; an address is meant as it is
/// written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host {
    name: Name,
    port: u16,
}

/// How a host is found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// By the DNS; in lower case.
    Domain(String),
    /// Directly.
    Address(IpAddr),
}

/// A text that names no host.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} names no host to reach (NAME or NAME:PORT): {reason}")]
pub struct InvalidHost {
    text: String,
    reason: &'static str,
}

/// Where the port is not said: HTTPS.
const PORT: u16 = 443;
/// The longest name of the DNS (RFC 1035, 2.3.4), in the form that people write.
const LONGEST: usize = 253;

impl Host {
    /// How it is found.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no proxy there"))]
    pub(crate) fn name(&self) -> &Name {
        &self.name
    }

    /// Its TCP port.
    #[cfg_attr(not(target_os = "linux"), expect(dead_code, reason = "no proxy there"))]
    pub(crate) fn port(&self) -> u16 {
        self.port
    }
}

impl FromStr for Host {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        parse(text).map_err(|reason| InvalidHost {
            text: text.to_owned(),
            reason,
        })
    }
}

fn parse(text: &str) -> Result<Host, &'static str> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (address, after) = rest.split_once(']').ok_or("a bracket is not closed")?;
            let address: Ipv6Addr = address
                .parse()
                .map_err(|_| "no IPv6 address is in brackets")?;
            let port = match after.strip_prefix(':') {
                None if !after.is_empty() => return Err("something follows the bracket"),
                port => port,
            };
            (Name::Address(address.into()), port)
        }
        None => {
            let (name, port) = match text.split_once(':') {
                Some((name, port)) => (name, Some(port)),
                None => (text, None),
            };
            (named(name)?, port)
        }
    };
    let port = port.map_or(Ok(PORT), number)?;
    Ok(Host { name, port })
}

fn named(name: &str) -> Result<Name, &'static str> {
    if let Ok(address) = name.parse::<Ipv4Addr>() {
        return Ok(Name::Address(address.into()));
    }
    if name.len() > LONGEST {
        return Err("the name is too long");
    }
    if !name.split('.').all(is_label) {
        return Err("a name is letters, digits and hyphens between dots");
    }
    // What resolvers take for an address in some older notation, such as 127.1 or 0x7f000001.
    let last = name.rsplit('.').next().unwrap_or(name);
    let in_hexadecimal = last.starts_with("0x") || last.starts_with("0X");
    if in_hexadecimal || last.bytes().all(|it| it.is_ascii_digit()) {
        return Err("a name does not end in a number");
    }
    Ok(Name::Domain(name.to_ascii_lowercase()))
}

fn is_label(label: &str) -> bool {
    let fits = (1..=63).contains(&label.len());
    let edges = label.starts_with('-') || label.ends_with('-');
    let known = |it: u8| it.is_ascii_alphanumeric() || it == b'-';
    fits && !edges && label.bytes().all(known)
}

fn number(port: &str) -> Result<u16, &'static str> {
    let plain = !port.starts_with('0') && port.bytes().all(|it| it.is_ascii_digit());
    let number = port.parse().ok().filter(|_| plain);
    number.ok_or("a port is a number from 1 to 65535")
}

/// With its port, whichever it is.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.name {
            Name::Domain(name) => write!(f, "{name}:{}", self.port),
            Name::Address(IpAddr::V4(address)) => write!(f, "{address}:{}", self.port),
            Name::Address(IpAddr::V6(address)) => write!(f, "[{address}]:{}", self.port),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        text.parse::<Host>().ok().map(|it| it.to_string())
    }

    #[test]
    fn names_and_addresses_with_and_without_a_port() {
        for (text, expected) in [
            ("files.example", "files.example:443"),
            ("Files.Example:8443", "files.example:8443"),
            ("intranet", "intranet:443"),
            ("a-1.b--c.example:65535", "a-1.b--c.example:65535"),
            ("192.0.2.7", "192.0.2.7:443"),
            ("192.0.2.7:80", "192.0.2.7:80"),
            ("[2001:DB8::1]", "[2001:db8::1]:443"),
            ("[2001:db8::1]:80", "[2001:db8::1]:80"),
            ("1.example", "1.example:443"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_nearly_a_host_is_none() {
        for text in [
            "",
            ".",
            "*.example",
            "files.example.",
            ".example",
            "files..example",
            "-a.example",
            "a-.example",
            "a_b.example",
            "files.example:",
            "files.example:0",
            "files.example:0443",
            "files.example:+443",
            "files.example:65536",
            "files.example:443:443",
            "https://files.example",
            "files.example/simple",
            "user@files.example",
            "files example",
            "f\u{fc}r.example",
            "2001:db8::1",
            "[2001:db8::1",
            "[2001:db8::1]443",
            "[192.0.2.7]",
            "[::1%lo]",
            "127.1",
            "0x7f000001",
            "2130706433",
            "a.0X7f",
            "192.0.2.07",
            "192.0.2.256",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("{}.example", "a".repeat(64))), None);
        assert!(read(&format!("{}.example", "a".repeat(63))).is_some());
        assert_eq!(read(&format!("{}a", "a.".repeat(127))), None);
        assert!(read(&format!("{}a", "a.".repeat(126))).is_some());
    }
}
