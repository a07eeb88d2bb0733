//! The one interface of a network name space, and what listens there: a name server that refuses and,
//! where the build was given a way out, its entrance.

use std::{
    io,
    net::{Ipv4Addr, SocketAddrV4, TcpListener, UdpSocket},
    os::fd::AsFd,
};

use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketType, recv, send, socket};

use super::{
    channel::{self, Handed},
    message::{During, Fault, Request},
};

/// Where programs find their name server.
pub const NAMES: SocketAddrV4 = SocketAddrV4::new(ADDRESS, 53);
/// Where they find their way out.
pub const DOOR: SocketAddrV4 = SocketAddrV4::new(ADDRESS, 3128);
/// The variables that programs look for it in.
pub const VARIABLES: [&str; 6] = [
    "https_proxy",
    "HTTPS_PROXY",
    "http_proxy",
    "HTTP_PROXY",
    "all_proxy",
    "ALL_PROXY",
];
/// The name space's only address. It is not the usual one, so that nothing finds what it looks for there.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 53);
/// What the kernel gives to the interface by itself.
const USUAL: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 1);

/// In a new network name space, with all rights in it: opens what listens and hands it to the host.
pub fn open(request: &Request) -> Result<(), Fault> {
    let names = raise().and_then(|()| UdpSocket::bind(NAMES));
    // Without it the build is told nothing else; the host only learns less.
    if let Ok(names) = &names {
        let stdout = io::stdout();
        channel::hand(stdout.as_fd(), Handed::Names, names.as_fd()).during("handing names over")?;
    }
    match request.network {
        true => names
            .map(drop)
            .during("the loopback interface")
            .and_then(|()| door()),
        false => Ok(()),
    }
}

/// Where the interface is up: opens the way out and hands it to the host.
pub fn door() -> Result<(), Fault> {
    let listener = TcpListener::bind(DOOR).during("opening the way out")?;
    let stdout = io::stdout();
    channel::hand(stdout.as_fd(), Handed::Door, listener.as_fd()).during("handing the way out over")
}

/// Brings the interface up, with an address of our own alone.
fn raise() -> io::Result<()> {
    let route = socket(AddressFamily::NETLINK, SocketType::RAW, None)?;
    for message in [
        address(NEW_ADDRESS, CREATE, ADDRESS, 32),
        link_up(),
        address(DELETE_ADDRESS, 0, USUAL, 8),
    ] {
        send(&route, &message, SendFlags::empty())?;
        acknowledged(&route)?;
    }
    Ok(())
}

// linux/rtnetlink.h, linux/netlink.h, linux/if.h
const NEW_LINK: u16 = 16;
const NEW_ADDRESS: u16 = 20;
const DELETE_ADDRESS: u16 = 21;
const ERROR: u16 = 2;
const REQUEST_AND_ACKNOWLEDGE: u16 = 1 | 4;
const CREATE: u16 = 0x400;
const LOCAL: u16 = 2;
const UP: u32 = 1;
const SCOPE_HOST: u8 = 254;
/// In each network name space.
const INTERFACE: u32 = 1;
const IPV4: u8 = libc::AF_INET as u8;

/// `ifaddrmsg` and one attribute.
fn address(kind: u16, flags: u16, address: Ipv4Addr, prefix: u8) -> Vec<u8> {
    let mut body = vec![IPV4, prefix, 0, SCOPE_HOST];
    body.extend(INTERFACE.to_ne_bytes());
    body.extend(8_u16.to_ne_bytes());
    body.extend(LOCAL.to_ne_bytes());
    body.extend(address.octets());
    message(kind, flags, &body)
}

/// `ifinfomsg`: any family, the interface, its flags, and which of them change.
fn link_up() -> Vec<u8> {
    let mut body = vec![0; 4];
    for field in [INTERFACE, UP, UP] {
        body.extend(field.to_ne_bytes());
    }
    message(NEW_LINK, 0, &body)
}

fn message(kind: u16, flags: u16, body: &[u8]) -> Vec<u8> {
    const HEADER: u32 = 16;
    let length = HEADER + body.len() as u32;
    let mut message = length.to_ne_bytes().to_vec();
    message.extend(kind.to_ne_bytes());
    message.extend((REQUEST_AND_ACKNOWLEDGE | flags).to_ne_bytes());
    // Sequence and port.
    message.extend([0; 8]);
    message.extend(body);
    message
}

/// The answer is an error's number, which is 0 where there is none.
fn acknowledged(route: impl AsFd) -> io::Result<()> {
    let mut answer = [0; 1024];
    let (_, length) = recv(route, &mut answer, RecvFlags::empty())?;
    let field =
        |at: usize| -> Option<[u8; 4]> { answer[..length].get(at..at + 4)?.try_into().ok() };
    let kind = field(4).map(|[a, b, ..]| u16::from_ne_bytes([a, b]));
    match (kind, field(16).map(i32::from_ne_bytes)) {
        (Some(ERROR), Some(0)) => Ok(()),
        (Some(ERROR), Some(error)) => Err(io::Error::from_raw_os_error(-error)),
        _ => Err(io::ErrorKind::InvalidData.into()),
    }
}
