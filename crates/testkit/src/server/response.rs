//! An answer, honest or not, on its way to the socket.

use std::{
    fmt::Write as _,
    fs,
    io::{self, Read, Seek, SeekFrom, Write},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use super::site::{Body, Page};

const CHUNK: usize = 256 << 10;

/// Status, headers and the part of the body to send.
pub(super) struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    pub(super) body: Body,
    start: u64,
    end: u64,
    pub(super) delivery: Delivery,
}

/// How the body goes out.
pub(super) enum Delivery {
    Whole,
    DropAfter(u64),
    Drip(Duration),
    Stall,
    UntilClose,
}

impl Response {
    /// A status alone.
    pub(super) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::bytes(Vec::new()),
            start: 0,
            end: 0,
            delivery: Delivery::Whole,
        }
    }

    /// The whole resource.
    pub(super) fn of(page: &Page) -> Self {
        let mut response = Self::empty(200);
        response.body = page.body.clone();
        response.end = page.body.size();
        response.set("Content-Type", &page.content_type);
        response.set("ETag", &page.etag);
        response.set("Accept-Ranges", "bytes");
        response
    }

    /// The resource from an offset on (206), or 416.
    pub(super) fn from_offset(page: &Page, offset: u64) -> Self {
        let size = page.body.size();
        if offset >= size {
            let mut response = Self::empty(416);
            response.set("Content-Range", &format!("bytes */{size}"));
            return response;
        }
        let mut response = Self::of(page);
        response.status = 206;
        response.start = offset;
        response.set(
            "Content-Range",
            &format!("bytes {offset}-{}/{size}", size - 1),
        );
        response
    }

    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.headers
            .retain(|(it, _)| !it.eq_ignore_ascii_case(name));
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    pub(super) fn replace_body(&mut self, bytes: Vec<u8>) {
        self.start = 0;
        self.end = bytes.len() as u64;
        self.body = Body::bytes(bytes);
    }

    /// Claims one byte more for the whole file.
    pub(super) fn change_total(&mut self) {
        if self.status == 206 {
            let (start, end) = (self.start, self.end);
            self.set("Content-Range", &format!("bytes {start}-{end}/{}", end + 1));
        }
    }

    /// Sends it. The result says whether the connection may be used again.
    pub(super) fn send(
        &self,
        out: &mut dyn Write,
        with_body: bool,
        stop: &AtomicBool,
    ) -> io::Result<bool> {
        if let Delivery::Stall = self.delivery {
            while !stop.load(Ordering::Relaxed) {
                thread::sleep(Duration::from_millis(20));
            }
            return Ok(false);
        }
        let mut head = self.head().into_bytes();
        if !with_body {
            out.write_all(&head)?;
            return Ok(true);
        }
        match self.delivery {
            Delivery::Drip(pause) => {
                out.write_all(&head)?;
                self.drip(out, pause, stop)?;
                Ok(false)
            }
            Delivery::DropAfter(bytes) => {
                self.send_body(out, &mut head, self.end.min(self.start + bytes))?;
                Ok(false)
            }
            Delivery::UntilClose => {
                self.send_body(out, &mut head, self.end)?;
                Ok(false)
            }
            Delivery::Whole | Delivery::Stall => {
                self.send_body(out, &mut head, self.end)?;
                Ok(true)
            }
        }
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} answer\r\n", self.status);
        let mut line = |name: &str, value: &str| {
            // Writing to a String cannot fail.
            let _ = write!(head, "{name}: {value}\r\n");
        };
        for (name, value) in &self.headers {
            line(name, value);
        }
        match self.delivery {
            Delivery::UntilClose => line("Connection", "close"),
            _ if self.status == 304 => {}
            _ => line("Content-Length", &(self.end - self.start).to_string()),
        }
        head.push_str("\r\n");
        head
    }

    /// Head and small bodies go out in one write, so that they share a packet.
    fn send_body(&self, out: &mut dyn Write, head: &mut Vec<u8>, end: u64) -> io::Result<()> {
        match &self.body {
            Body::Bytes(bytes) => {
                let part = &bytes[self.start as usize..end as usize];
                if part.len() <= CHUNK {
                    head.extend_from_slice(part);
                    out.write_all(head)?;
                } else {
                    out.write_all(head)?;
                    out.write_all(part)?;
                }
            }
            Body::File { path, .. } => {
                let mut file = fs::File::open(path)?;
                file.seek(SeekFrom::Start(self.start))?;
                let mut part = file.take(end - self.start);
                let mut chunk = vec![0; CHUNK];
                out.write_all(head)?;
                loop {
                    let count = part.read(&mut chunk)?;
                    if count == 0 {
                        break;
                    }
                    out.write_all(&chunk[..count])?;
                }
            }
        }
        out.flush()
    }

    fn drip(&self, out: &mut dyn Write, pause: Duration, stop: &AtomicBool) -> io::Result<()> {
        for byte in self.body.read()? {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            thread::sleep(pause);
            out.write_all(&[byte])?;
            out.flush()?;
        }
        Ok(())
    }
}
