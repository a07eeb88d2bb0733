//! One connection: requests in, answers out, until somebody hangs up.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpStream},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use rustls::{ServerConnection, StreamOwned};

use super::{Behaviour, Shared, response::Response, site::Page};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET`, `HEAD` or `CONNECT`.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// The value of a header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// `Range: bytes=N-`.
    fn offset(&self) -> Option<u64> {
        let range = self.header("range")?.strip_prefix("bytes=")?;
        range.strip_suffix('-')?.parse().ok()
    }
}

/// Serves a connection to its end; a client that misbehaves or leaves only ends it.
pub(super) fn serve(stream: TcpStream, shared: &Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(60)));
    let closing = stream.try_clone();
    let _ = serve_stream(stream, shared);
    if let Ok(stream) = closing {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn serve_stream(mut stream: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    let Some(config) = &shared.tls else {
        return answer_all(stream, shared);
    };
    if shared.behind_proxy {
        // The client sends nothing beyond the head before it has the answer.
        let Some(request) = read_request(&mut BufReader::new(&stream))? else {
            return Ok(());
        };
        log(shared, &request);
        stream.write_all(b"HTTP/1.1 200 connected\r\n\r\n")?;
    }
    let tls = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    answer_all(StreamOwned::new(tls, stream), shared)
}

fn log(shared: &Shared, request: &Request) {
    let mut log = shared.log.lock().expect("a connection panicked");
    log.push(request.clone());
}

fn answer_all(stream: impl Read + Write, shared: &Shared) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    while let Some(request) = read_request(&mut stream)? {
        if shared.stop.load(Ordering::Relaxed) {
            break;
        }
        log(shared, &request);
        let response = answer(&request, shared);
        let with_body = request.method != "HEAD";
        if !response.send(stream.get_mut(), with_body, &shared.stop)? {
            break;
        }
    }
    Ok(())
}

fn read_request(stream: &mut impl BufRead) -> io::Result<Option<Request>> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let mut words = line.split_ascii_whitespace();
    let (Some(method), Some(path)) = (words.next(), words.next()) else {
        return Ok(None);
    };
    let (method, path) = (method.to_owned(), path.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            return Ok(Some(Request {
                method,
                path,
                headers,
            }));
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
}

fn answer(request: &Request, shared: &Shared) -> Response {
    let site = &shared.site;
    let path = request
        .path
        .split('?')
        .next()
        .unwrap_or_default()
        .replace("%2B", "+");
    let own = site
        .behaviours
        .get(&path)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let behaviours = || own.iter().chain(&site.everywhere);
    let mut response = match site.find(&path, request.header("accept").unwrap_or_default()) {
        None => Response::empty(404),
        Some(page) => honest(request, page, behaviours),
    };
    if let Some(seconds) = site.max_age {
        response.set("Cache-Control", &format!("max-age={seconds}, public"));
    }
    for behaviour in behaviours() {
        behaviour.apply(&mut response, request, &shared.base);
    }
    response
}

/// 304, 206 or 200, as the request's conditions say.
fn honest<'a, I>(request: &Request, page: &Page, behaviours: impl Fn() -> I) -> Response
where
    I: Iterator<Item = &'a Behaviour>,
{
    if request.header("if-none-match") == Some(&page.etag) {
        let mut response = Response::empty(304);
        response.set("ETag", &page.etag);
        return response;
    }
    let unchanged = request.header("if-range").is_none_or(|it| it == page.etag);
    match request.offset() {
        Some(offset) if unchanged && !behaviours().any(Behaviour::ignores_ranges) => {
            let shift: u64 = behaviours().map(Behaviour::shift).sum();
            Response::from_offset(page, offset.saturating_sub(shift))
        }
        _ => Response::of(page),
    }
}
