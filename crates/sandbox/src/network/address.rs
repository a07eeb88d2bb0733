//! Which addresses are somebody else's: a name that a build may reach shall not lead it to the machine
//! it runs on, its neighbours, or what a cloud tells its machines.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one of the public network. What the registries of special addresses (RFC 6890)
/// set aside is not, nor is what this module does not know.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        // This network, the machine itself, private ones, and links.
        (0 | 127 | 10, ..)
            | (172, 16..=31, _)
            | (192, 168, _)
            | (169, 254, _)
            // Carriers' own, protocols', and the former relay to IPv6.
            | (100, 64..=127, _)
            | (192, 0, 0)
            | (192, 88, 99)
            // Benchmarks and documentation.
            | (198, 18..=19, _)
            | (192, 0, 2)
            | (198, 51, 100)
            | (203, 0, 113)
            // Multicast, reserved, broadcast.
            | (224..=255, ..)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // What a network translates to IPv4 is judged as that (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            is_public_v4(Ipv4Addr::new(a, b, c, d))
        }
        // Protocols' own with Teredo, documentation, and 6to4, which hides an IPv4 address.
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => {
            false
        }
        // All that is given out so far.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(address: &str) -> bool {
        is_public(address.parse().unwrap())
    }

    #[test]
    fn each_set_apart_network_ends_where_its_neighbour_begins() {
        for (special, neighbour) in [
            ("0.255.255.255", "1.0.0.0"),
            ("10.0.0.0", "9.255.255.255"),
            ("10.255.255.255", "11.0.0.0"),
            ("100.64.0.0", "100.63.255.255"),
            ("100.127.255.255", "100.128.0.0"),
            ("127.0.0.1", "126.255.255.255"),
            ("127.255.255.255", "128.0.0.0"),
            ("169.254.169.254", "169.253.255.255"),
            ("172.16.0.0", "172.15.255.255"),
            ("172.31.255.255", "172.32.0.0"),
            ("192.0.0.8", "192.0.1.0"),
            ("192.0.2.1", "192.0.3.0"),
            ("192.88.99.1", "192.88.98.1"),
            ("192.168.0.0", "192.167.255.255"),
            ("192.168.255.255", "192.169.0.0"),
            ("198.18.0.0", "198.17.255.255"),
            ("198.19.255.255", "198.20.0.0"),
            ("198.51.100.1", "198.51.101.1"),
            ("203.0.113.1", "203.0.114.1"),
            ("224.0.0.1", "223.255.255.255"),
            ("255.255.255.255", "8.8.8.8"),
            ("::", "2600::"),
            ("::1", "2600::1"),
            ("::ffff:127.0.0.1", "64:ff9b::8.8.8.8"),
            ("::ffff:8.8.8.8", "2a00::1"),
            ("::127.0.0.1", "2a00::1"),
            ("64:ff9b::10.0.0.1", "64:ff9b::11.0.0.1"),
            ("64:ff9b:1::8.8.8.8", "64:ff9b::8.8.8.8"),
            ("2001::1", "2001:200::1"),
            ("2001:db8::1", "2001:db9::1"),
            ("2002:7f00:1::", "2003::1"),
            ("3fff::1", "3ffe::1"),
            ("4000::1", "3fff:1000::1"),
            ("fc00::1", "2a00::1"),
            ("fd12::1", "2a00::1"),
            ("fe80::1", "2a00::1"),
            ("fec0::1", "2a00::1"),
            ("ff02::1", "2a00::1"),
        ] {
            assert!(!public(special), "{special}");
            assert!(public(neighbour), "{neighbour}");
        }
    }
}
