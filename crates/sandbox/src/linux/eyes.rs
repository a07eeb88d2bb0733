//! What the host sees of a program's wish for a network. It answers at once, so that nobody waits, and
//! it never grants anything by itself: what it lets go on meets the other rules.

use std::{
    fs::File,
    io,
    net::{IpAddr, SocketAddr, TcpListener, UdpSocket},
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::fs::FileExt,
    },
    sync::Arc,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::{
    Denied, Sandbox, Tier,
    network::{Bounds, Proxy, Witness, refuse},
};

use super::{
    channel::Handed,
    loopback::{DOOR, NAMES},
    raw::{self, Call},
};

/// How many questions of a kind are answered before anything else has its turn.
const AT_ONCE: usize = 32;
/// Longer questions are none (RFC 1035, 2.3.4).
const LONGEST_QUESTION: usize = 512;

/// Watches one program.
pub struct Eyes {
    tier: Tier,
    witness: Witness,
    names: Option<UdpSocket>,
    door: Option<(TcpListener, Arc<Proxy>)>,
    calls: Option<OwnedFd>,
    proxy: Option<Arc<Proxy>>,
}

impl Eyes {
    /// Sees nothing yet.
    pub fn of(sandbox: &Sandbox) -> Self {
        let witness = Witness::default();
        let proxy = (!sandbox.network.is_empty()).then(|| {
            let seen = witness.clone();
            Arc::new(Proxy::new(&sandbox.network, Bounds::default(), seen))
        });
        Self {
            tier: sandbox.tier,
            witness,
            names: None,
            door: None,
            calls: None,
            proxy,
        }
    }

    /// What the helper opened.
    pub fn take(&mut self, what: Handed, descriptor: OwnedFd) -> io::Result<()> {
        match (what, &self.proxy) {
            (Handed::Names, _) => {
                let names = UdpSocket::from(descriptor);
                names.set_nonblocking(true)?;
                self.names = Some(names);
            }
            (Handed::Door, Some(proxy)) => {
                let door = TcpListener::from(descriptor);
                door.set_nonblocking(true)?;
                self.door = Some((door, Arc::clone(proxy)));
            }
            (Handed::Calls, _) => self.calls = Some(descriptor),
            (Handed::Door, None) => {}
        }
        Ok(())
    }

    /// What wakes the host.
    pub fn watched(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        let names = self.names.as_ref().map(AsFd::as_fd);
        let door = self.door.as_ref().map(|it| it.0.as_fd());
        let calls = self.calls.as_ref().map(AsFd::as_fd);
        [names, door, calls].into_iter().flatten()
    }

    /// Answers whoever asked, and waits for nobody.
    pub fn look(&mut self) {
        if let Some(names) = &self.names {
            for _ in 0..AT_ONCE {
                if answer_name(names, &self.witness).is_err() {
                    break;
                }
            }
        }
        if let Some((door, proxy)) = &self.door {
            for (client, _) in (0..AT_ONCE).map_while(|_| door.accept().ok()) {
                // On Linux it does not inherit that it does not wait.
                proxy.serve(client);
            }
        }
        for _ in 0..AT_ONCE {
            match self.calls.as_ref().map(|it| state(it.as_fd())) {
                Some(State::Waits) => self.answer_call(),
                Some(State::Over) => self.calls = None,
                Some(State::Silent) | None => break,
            }
        }
    }

    /// What was seen; nothing leads out any more.
    pub fn close(mut self) -> (Vec<Denied>, Vec<String>) {
        // What was asked for in the program's last moment.
        self.look();
        if let Some(proxy) = &self.proxy {
            proxy.close();
        }
        self.witness.told()
    }

    fn answer_call(&self) {
        let Some(listener) = self.calls.as_ref().map(AsFd::as_fd) else {
            return;
        };
        // Who was killed meanwhile does not wait any more.
        let Ok(call) = raw::next_call(listener) else {
            return;
        };
        let denied = match self.tier {
            Tier::Restricted => socket(&call),
            _ => connection(&call)
                .filter(|_| raw::still_waits(listener, &call))
                .and_then(|it| self.judge(it)),
        };
        if let Some(denied) = denied {
            self.witness.denied(denied);
        }
        let error = (self.tier == Tier::Restricted).then_some(libc::EPERM);
        let _gone = raw::answer_call(listener, &call, error);
    }

    /// Nobody but ourselves listens in there: any other connection fails.
    fn judge(&self, to: SocketAddr) -> Option<Denied> {
        // Resolvers connect so to learn which of their own addresses they would have.
        let asks_for_a_route = to.port() == 0;
        let ours =
            to == NAMES.into() && self.names.is_some() || to == DOOR.into() && self.door.is_some();
        if asks_for_a_route || ours {
            return None;
        }
        Some(match to.port() == NAMES.port() && to.ip().is_loopback() {
            true => Denied::Lookup(None),
            false => Denied::Connection(to),
        })
    }
}

fn answer_name(names: &UdpSocket, witness: &Witness) -> io::Result<()> {
    let mut question = [0; LONGEST_QUESTION];
    let (length, from) = names.recv_from(&mut question)?;
    if let Some((name, answer)) = refuse(&question[..length]) {
        witness.denied(Denied::Lookup(Some(name)));
        // Who does not listen any more needs no answer.
        let _gone = names.send_to(&answer, from);
    }
    Ok(())
}

enum State {
    /// A call waits.
    Waits,
    /// No process is left that could make one.
    Over,
    Silent,
}

fn state(listener: BorrowedFd<'_>) -> State {
    let mut watched = [PollFd::from_borrowed_fd(listener, PollFlags::IN)];
    let found = poll(&mut watched, Some(&Timespec::default()));
    let happened = watched[0].revents();
    match found {
        Ok(1) if happened.contains(PollFlags::IN) => State::Waits,
        Ok(1) => State::Over,
        _ => State::Silent,
    }
}

/// `socket(family, …)`, of which only those that lead to a network are worth a word.
fn socket(call: &Call) -> Option<Denied> {
    let family = call.data.args[0] as i32;
    [libc::AF_INET, libc::AF_INET6]
        .contains(&family)
        .then_some(Denied::Socket)
}

/// The address of `connect(socket, address, length)`, where it is one of a network. It is read from the
/// process as it is now: what it is when the kernel reads it does not matter, since neither leads out.
fn connection(call: &Call) -> Option<SocketAddr> {
    let [_, at, length, ..] = call.data.args;
    let mut address = [0; 28];
    let length = usize::try_from(length as u32).ok()?.min(address.len());
    let memory = File::open(format!("/proc/{}/mem", call.pid)).ok()?;
    let read = memory.read_at(&mut address[..length], at).ok()?;
    parse(&address[..read])
}

/// `sockaddr_in` and `sockaddr_in6`.
fn parse(address: &[u8]) -> Option<SocketAddr> {
    let family = u16::from_ne_bytes(address.get(..2)?.try_into().ok()?);
    let port = u16::from_be_bytes(address.get(2..4)?.try_into().ok()?);
    let ip = match i32::from(family) {
        libc::AF_INET => IpAddr::from(<[u8; 4]>::try_from(address.get(4..8)?).ok()?),
        libc::AF_INET6 => IpAddr::from(<[u8; 16]>::try_from(address.get(8..24)?).ok()?),
        _ => return None,
    };
    Some(SocketAddr::new(ip.to_canonical(), port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_the_kernel_does() {
        let v4 = [&2_u16.to_ne_bytes()[..], &[1, 0xbb, 192, 0, 2, 7]].concat();
        let mut v6 = [&10_u16.to_ne_bytes()[..], &[1, 0xbb, 0, 0, 0, 0]].concat();
        v6.extend(
            "2001:db8::1"
                .parse::<std::net::Ipv6Addr>()
                .unwrap()
                .octets(),
        );
        let read = |it: &[u8]| parse(it).map(|it| it.to_string());
        assert_eq!(read(&v4).as_deref(), Some("192.0.2.7:443"));
        assert_eq!(read(&v6).as_deref(), Some("[2001:db8::1]:443"));
        assert_eq!(read(&v4[..7]), None);
        assert_eq!(read(&v6[..23]), None);
        assert_eq!(read(b"\x01\x00/run/socket"), None);
        assert_eq!(read(b""), None);
    }
}
