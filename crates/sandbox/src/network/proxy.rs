//! The only way out of a build that was given one: who says `CONNECT` and a host that is allowed is
//! connected to it; anybody else is told that nothing leads there.

use std::{
    io::{self, Write},
    net::{SocketAddr, TcpStream, ToSocketAddrs},
    sync::Arc,
    thread,
    time::Duration,
};

use super::{
    address::is_public,
    denied::Denied,
    host::{Host, Name},
    open::{Open, Place},
    request::{self, Request},
    tunnel,
    witness::{Witness, shown},
};

/// How much may pass.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// Connections at once.
    pub connections: usize,
    /// Bytes in both directions, of all connections together.
    pub bytes: u64,
    /// How long a connection may be silent.
    pub idle: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 64,
            bytes: 4 << 30,
            idle: Duration::from_secs(60),
        }
    }
}

/// How long a host may take to be connected to, and how many of its addresses are tried.
const PATIENCE: Duration = Duration::from_secs(10);
const ADDRESSES: usize = 4;

/// The way out of one build.
#[derive(Debug)]
pub struct Proxy {
    allowed: Vec<Host>,
    bounds: Bounds,
    witness: Witness,
    open: Arc<Open>,
}

impl Proxy {
    /// Leads to these hosts and to no others.
    pub fn new(allowed: &[Host], bounds: Bounds, witness: Witness) -> Self {
        Self {
            allowed: allowed.to_owned(),
            open: Open::new(bounds.connections, bounds.bytes),
            bounds,
            witness,
        }
    }

    /// Serves one connection, in threads of its own.
    pub fn serve(self: &Arc<Self>, client: TcpStream) {
        let Some(place) = self.open.enter(&client) else {
            if !self.open.is_closed() {
                let most = self.bounds.connections;
                self.witness.denied(Denied::Connections(most));
            }
            return;
        };
        let proxy = Arc::clone(self);
        let serve = move || {
            // Whichever side is gone, the other learns it by its connection's end.
            let _ended = proxy.lead(client, &place);
        };
        // Without a thread the connection ends here.
        let _started = thread::Builder::new().spawn(serve);
    }

    /// Ends every connection; there is no way out any more.
    pub fn close(&self) {
        self.open.close();
    }

    fn lead(&self, mut client: TcpStream, place: &Place) -> io::Result<()> {
        client.set_write_timeout(Some(self.bounds.idle))?;
        let (host, rest) = match request::read(&mut client)? {
            Request::Connect(host, rest) if self.allowed.contains(&host) => (host, rest),
            Request::Connect(host, _) => {
                self.witness
                    .denied(Denied::Host(shown(host.to_string().as_bytes())));
                return answer(&mut client, "403 Forbidden", NOT_ALLOWED);
            }
            Request::Other(what) => {
                self.witness.denied(Denied::Host(shown(&what)));
                return answer(&mut client, "403 Forbidden", NOT_ALLOWED);
            }
        };
        let server = match self.connect(&host) {
            Ok(server) => server,
            Err(NotConnected::Special(denied)) => {
                self.witness.denied(denied);
                return answer(&mut client, "403 Forbidden", NOT_ALLOWED);
            }
            Err(NotConnected::Failed(error)) => {
                return answer(
                    &mut client,
                    "502 Bad Gateway",
                    &format!("{host}: {error}\n"),
                );
            }
        };
        if !place.also(&server) {
            return Ok(());
        }
        self.witness.reached(host.to_string());
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
        let ended = tunnel::join(client, server, rest, &self.bounds, &self.open);
        if self.open.is_used_up() {
            self.witness.denied(Denied::Bytes(self.bounds.bytes));
        }
        ended
    }

    /// To the very address that was judged: the name is asked for once.
    fn connect(&self, host: &Host) -> Result<TcpStream, NotConnected> {
        let found: Vec<SocketAddr> = match host.name() {
            // Whoever writes an address knows where it leads.
            Name::Address(address) => vec![SocketAddr::new(*address, host.port())],
            Name::Domain(name) => judged(host, (name.as_str(), host.port()).to_socket_addrs()?)?,
        };
        let mut failed = io::Error::from(io::ErrorKind::NotFound);
        for address in found.iter().take(ADDRESSES) {
            match TcpStream::connect_timeout(address, PATIENCE) {
                Ok(server) => return Ok(server),
                Err(error) => failed = error,
            }
        }
        Err(failed.into())
    }
}

const NOT_ALLOWED: &str = "the build may not reach this\n";

/// Why there is no connection.
#[derive(Debug)]
enum NotConnected {
    Failed(io::Error),
    Special(Denied),
}

impl From<io::Error> for NotConnected {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

/// Those of a name's addresses that are public.
fn judged(
    host: &Host,
    found: impl Iterator<Item = SocketAddr>,
) -> Result<Vec<SocketAddr>, NotConnected> {
    let (public, special): (Vec<_>, Vec<_>) = found.partition(|it| is_public(it.ip()));
    match special.first() {
        Some(address) if public.is_empty() => Err(NotConnected::Special(Denied::Address {
            host: host.to_string(),
            address: *address,
        })),
        _ => Ok(public),
    }
}

fn answer(client: &mut TcpStream, status: &str, text: &str) -> io::Result<()> {
    let length = text.len();
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    client.write_all((head + text).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_names_addresses_only_the_public_ones_are_used() {
        let host: Host = "files.example".parse().unwrap();
        let address = |it: &str| it.parse::<SocketAddr>().unwrap();
        let [public, private] = [address("8.8.8.8:443"), address("10.0.0.1:443")];
        let used = |found: &[SocketAddr]| judged(&host, found.iter().copied());
        assert_eq!(used(&[private, public]).unwrap(), [public]);
        let Err(NotConnected::Special(denied)) = used(&[private, private]) else {
            panic!("a private address was taken");
        };
        assert_eq!(
            denied.to_string(),
            "tried to reach files.example:443, which led to 10.0.0.1:443: no public address"
        );
    }
}
