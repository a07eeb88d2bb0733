//! The way out by itself, to servers on this machine.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use super::{Bounds, Denied, Host, Proxy, Witness};

/// A proxy to one server of this machine.
struct Rig {
    server: TcpListener,
    proxy: Arc<Proxy>,
    entrance: TcpListener,
    witness: Witness,
}

impl Rig {
    fn new(bounds: Bounds) -> Self {
        let server = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let host: Host = server.local_addr().unwrap().to_string().parse().unwrap();
        let witness = Witness::default();
        Self {
            server,
            proxy: Arc::new(Proxy::new(&[host], bounds, witness.clone())),
            entrance: TcpListener::bind(("127.0.0.1", 0)).unwrap(),
            witness,
        }
    }

    /// A connection to the proxy.
    fn enter(&self) -> TcpStream {
        let client = TcpStream::connect(self.entrance.local_addr().unwrap()).unwrap();
        self.proxy.serve(self.entrance.accept().unwrap().0);
        client
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        client
    }

    /// A connection through the proxy: the client's end and the server's.
    fn connect(&self) -> (TcpStream, TcpStream) {
        let mut client = self.enter();
        let host = self.server.local_addr().unwrap();
        let answer = ask(&mut client, host);
        assert_eq!(answer, "HTTP/1.1 200 Connection established");
        let server = self.server.accept().unwrap().0;
        server
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        (client, server)
    }

    fn denied(&self) -> Vec<Denied> {
        self.witness.told().0
    }
}

/// The first line of the answer.
fn ask(client: &mut TcpStream, host: impl std::fmt::Display) -> String {
    write!(client, "CONNECT {host} HTTP/1.1\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        answer.extend(byte);
    }
    let answer = String::from_utf8(answer).unwrap();
    answer.lines().next().unwrap().to_owned()
}

/// Nothing comes any more; how the end came does not matter.
fn is_over(mut stream: TcpStream) -> bool {
    matches!(stream.read(&mut [0]), Ok(0) | Err(_))
}

#[test]
fn much_passes_in_both_directions_at_once() {
    const MUCH: usize = 8 << 20;
    let rig = Rig::new(Bounds::default());
    let (client, server) = rig.connect();
    thread::scope(|scope| {
        for (stream, byte, other) in [(&client, b'c', b's'), (&server, b's', b'c')] {
            scope.spawn(move || {
                let mut stream = stream;
                stream.write_all(&vec![byte; MUCH]).unwrap();
                stream.shutdown(std::net::Shutdown::Write).unwrap();
            });
            scope.spawn(move || {
                let mut heard = Vec::new();
                let mut stream = stream;
                stream.read_to_end(&mut heard).unwrap();
                assert!(heard.len() == MUCH && heard.iter().all(|it| *it == other));
            });
        }
    });
    assert_eq!(rig.denied(), []);
}

#[test]
fn a_server_that_is_not_there_is_told_and_was_not_reached() {
    let mut rig = Rig::new(Bounds::default());
    let gone = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let host: Host = gone.local_addr().unwrap().to_string().parse().unwrap();
    drop(gone);
    rig.proxy = Arc::new(Proxy::new(
        std::slice::from_ref(&host),
        Bounds::default(),
        rig.witness.clone(),
    ));
    let mut client = rig.enter();
    assert_eq!(ask(&mut client, &host), "HTTP/1.1 502 Bad Gateway");
    assert_eq!(rig.witness.told(), (Vec::new(), Vec::new()));
}

#[test]
fn so_many_connections_at_once_and_no_more() {
    let rig = Rig::new(Bounds {
        connections: 1,
        ..Bounds::default()
    });
    let (client, server) = rig.connect();
    assert!(is_over(rig.enter()));
    assert_eq!(rig.denied(), [Denied::Connections(1)]);
    drop(client);
    assert!(is_over(server));
    // The place is free as soon as the thread is gone.
    let deadline = Instant::now() + Duration::from_secs(20);
    let host = rig.server.local_addr().unwrap();
    let served = || {
        let mut client = rig.enter();
        let asked = write!(client, "CONNECT {host} HTTP/1.1\r\n\r\n");
        asked.is_ok() && client.read_exact(&mut [0]).is_ok()
    };
    while !served() {
        assert!(Instant::now() < deadline);
    }
}

#[test]
fn so_many_bytes_and_no_more() {
    let rig = Rig::new(Bounds {
        bytes: 10,
        ..Bounds::default()
    });
    let (mut client, mut server) = rig.connect();
    client.write_all(b"01234").unwrap();
    server.read_exact(&mut [0; 5]).unwrap();
    server.write_all(b"01234").unwrap();
    client.read_exact(&mut [0; 5]).unwrap();
    assert_eq!(rig.denied(), []);
    client.write_all(b"5").unwrap();
    assert!(is_over(server) && is_over(client));
    assert_eq!(rig.witness.told().1.len(), 1);
    let deadline = Instant::now() + Duration::from_secs(20);
    while rig.denied().is_empty() {
        assert!(Instant::now() < deadline);
        thread::sleep(Duration::from_millis(1));
    }
    assert_eq!(rig.denied(), [Denied::Bytes(10)]);
}

#[test]
fn who_is_silent_for_too_long_is_cut_off_and_who_waits_for_the_other_is_not() {
    const IDLE: Duration = Duration::from_millis(200);
    let rig = Rig::new(Bounds {
        idle: IDLE,
        ..Bounds::default()
    });
    let (mut client, mut server) = rig.connect();
    let started = Instant::now();
    while started.elapsed() < IDLE * 4 {
        server.write_all(b"x").unwrap();
        client.read_exact(&mut [0]).unwrap();
        thread::sleep(IDLE / 10);
    }
    assert!(is_over(client) && is_over(server));
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[test]
fn at_the_end_nothing_stays_open_and_nothing_is_opened() {
    let rig = Rig::new(Bounds::default());
    let (client, server) = rig.connect();
    rig.proxy.close();
    assert!(is_over(client) && is_over(server) && is_over(rig.enter()));
    assert_eq!(rig.denied(), []);
}
