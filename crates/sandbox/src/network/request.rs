//! The head of a request to the way out. Only `CONNECT` is understood (RFC 9110, 9.3.6).

use std::{
    io::{self, Read},
    net::TcpStream,
    time::{Duration, Instant},
};

use super::host::Host;

/// A longer head is none.
const LONGEST: usize = 8 << 10;
/// How long one may take to say it.
const PATIENCE: Duration = Duration::from_secs(10);

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// To be connected to a host; what was sent after the head belongs to that.
    Connect(Host, Vec<u8>),
    /// Anything else: what it is for, as it was sent.
    Other(Vec<u8>),
}

/// Reads the head to its end.
pub fn read(client: &mut TcpStream) -> io::Result<Request> {
    let deadline = Instant::now() + PATIENCE;
    let mut bytes = Vec::new();
    let mut piece = [0; 1024];
    loop {
        if let Some(request) = parse(&bytes) {
            return Ok(request);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if bytes.len() > LONGEST || left.is_zero() {
            return Ok(Request::Other(first_line(&bytes).to_owned()));
        }
        client.set_read_timeout(Some(left))?;
        let length = client.read(&mut piece)?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes.extend(&piece[..length]);
    }
}

/// `None` as long as the head is not whole.
fn parse(bytes: &[u8]) -> Option<Request> {
    const END: &[u8] = b"\r\n\r\n";
    let end = bytes.windows(END.len()).position(|it| it == END)?;
    let line = first_line(bytes);
    let mut words = line.split(|it| *it == b' ');
    let (method, target) = (words.next(), words.next().unwrap_or_default());
    let version = words.next();
    let known = matches!(version, Some(b"HTTP/1.1" | b"HTTP/1.0")) && words.next().is_none();
    let host = std::str::from_utf8(target)
        .ok()
        .and_then(|it| it.parse().ok());
    Some(match (method, known, host) {
        (Some(b"CONNECT"), true, Some(host)) => {
            Request::Connect(host, bytes[end + END.len()..].to_owned())
        }
        // Such as GET and an address: that it was no CONNECT is not what anybody wants to know.
        (_, true, _) => Request::Other(target.to_owned()),
        _ => Request::Other(line.to_owned()),
    })
}

fn first_line(bytes: &[u8]) -> &[u8] {
    let line = bytes.split(|it| *it == b'\n').next().unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_asked_for_with_connect() {
        let host: Host = "files.example:443".parse().unwrap();
        let head = b"CONNECT files.example:443 HTTP/1.1\r\nHost: another.example\r\n\r\n";
        let request = |rest: &[u8]| Some(Request::Connect(host.clone(), rest.to_owned()));
        assert_eq!(parse(head), request(b""));
        assert_eq!(
            parse(&[head, b"\x16\x03".as_slice()].concat()),
            request(b"\x16\x03")
        );
        assert_eq!(parse(&head[..head.len() - 1]), None);
    }

    #[test]
    fn anything_else_is_something_else() {
        let other = |it: &[u8]| Some(Request::Other(it.to_owned()));
        for (head, what) in [
            (
                "GET http://files.example/x HTTP/1.1",
                "http://files.example/x",
            ),
            ("connect files.example:443 HTTP/1.1", "files.example:443"),
            ("CONNECT *.example:443 HTTP/1.1", "*.example:443"),
            (
                "CONNECT files.example:443 HTTP/2",
                "CONNECT files.example:443 HTTP/2",
            ),
            ("CONNECT files.example:443", "CONNECT files.example:443"),
            ("CONNECT  HTTP/1.1", "CONNECT  HTTP/1.1"),
            ("CONNECT a b HTTP/1.1", "CONNECT a b HTTP/1.1"),
            ("", ""),
        ] {
            let head = [head.as_bytes(), b"\r\n\r\n"].concat();
            if what == "CONNECT  HTTP/1.1" {
                assert_eq!(parse(&head), other(b""), "{head:?}");
            } else {
                assert_eq!(parse(&head), other(what.as_bytes()), "{head:?}");
            }
        }
    }
}
