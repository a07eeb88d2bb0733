//! Ways to spoil an answer.

use std::{
    io::{self, Read},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};

use super::{
    Request,
    response::{Delivery, Response},
};

/// What happens at a path instead of, or on top of, the honest answer.
#[derive(Debug)]
pub enum Behaviour {
    /// Answers with this status and no body.
    Status(u16),
    /// Answers so many times with this status, then honestly: [`Behaviour::fail_times`].
    FailTimes(u16, Times),
    /// Sends so many bytes of the body and closes the connection, so many times:
    /// [`Behaviour::drop_after`].
    DropAfter(u64, Times),
    /// One byte of the body after each pause.
    Drip(Duration),
    /// Reads the request and never answers.
    Stall,
    /// 302 to this URL; `HOST` stands for this server's scheme and address.
    Redirect(String),
    /// Compresses the body, with `Content-Encoding: gzip`.
    Gzip,
    /// A gzip body that inflates to so many zero bytes.
    GzipBomb(u64),
    /// 401 unless the request carries this `Authorization` header.
    Auth(String),
    /// Another content type.
    ContentType(String),
    /// One more header.
    Header(String, String),
    /// Other bytes, of whatever length.
    Body(Vec<u8>),
    /// Answers ranges from so many bytes before the asked offset, and says so.
    RangeShiftedBack(u64),
    /// Answers ranges with the whole file and status 200.
    IgnoreRange,
    /// Answers ranges with another total length.
    WrongTotal,
    /// No `Content-Length`: the body ends when the connection does.
    NoLength,
}

/// A count that goes down.
#[derive(Debug)]
pub struct Times(AtomicUsize);

impl Times {
    fn take_one(&self) -> bool {
        let taken = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            });
        taken.is_ok()
    }
}

impl Behaviour {
    /// Fails so many times, then answers honestly.
    pub fn fail_times(status: u16, times: usize) -> Self {
        Self::FailTimes(status, Times(AtomicUsize::new(times)))
    }

    /// Breaks off after so many bytes, so many times.
    pub fn drop_after(bytes: u64, times: usize) -> Self {
        Self::DropAfter(bytes, Times(AtomicUsize::new(times)))
    }

    /// Asks for a user name and password.
    pub fn auth(user: &str, password: &str) -> Self {
        Self::Auth(format!(
            "Basic {}",
            STANDARD.encode(format!("{user}:{password}"))
        ))
    }

    /// Changes the honest answer. `base` is this server's scheme and address.
    pub(super) fn apply(&self, response: &mut Response, request: &Request, base: &str) {
        match self {
            Self::Status(status) => *response = Response::empty(*status),
            Self::FailTimes(status, times) if times.take_one() => {
                *response = Response::empty(*status);
            }
            Self::DropAfter(bytes, times) if times.take_one() => {
                response.delivery = Delivery::DropAfter(*bytes);
            }
            Self::FailTimes(..) | Self::DropAfter(..) => {}
            Self::Drip(pause) => response.delivery = Delivery::Drip(*pause),
            Self::Stall => response.delivery = Delivery::Stall,
            Self::Redirect(to) => {
                *response = Response::empty(302);
                response.set("Location", &to.replace("HOST", base));
            }
            Self::Gzip => {
                let plain = response.body.read().unwrap_or_default();
                response.replace_body(gzip(&mut plain.as_slice()));
                response.set("Content-Encoding", "gzip");
            }
            Self::GzipBomb(size) => {
                response.replace_body(gzip(&mut io::repeat(0).take(*size)));
                response.set("Content-Encoding", "gzip");
            }
            Self::Auth(expected) if request.header("authorization") != Some(expected) => {
                *response = Response::empty(401);
                response.set("WWW-Authenticate", "Basic realm=\"index\"");
            }
            Self::Auth(_) => {}
            Self::ContentType(text) => response.set("Content-Type", text),
            Self::Header(name, value) => response.set(name, value),
            Self::Body(bytes) => response.replace_body(bytes.clone()),
            Self::WrongTotal => response.change_total(),
            Self::NoLength => response.delivery = Delivery::UntilClose,
            // These two decide what range is answered, before there is an answer to change.
            Self::RangeShiftedBack(_) | Self::IgnoreRange => {}
        }
    }

    /// Whether ranges are answered at all.
    pub(super) fn ignores_ranges(&self) -> bool {
        matches!(self, Self::IgnoreRange)
    }

    /// How far before the asked offset a range begins.
    pub(super) fn shift(&self) -> u64 {
        match self {
            Self::RangeShiftedBack(bytes) => *bytes,
            _ => 0,
        }
    }
}

fn gzip(plain: &mut dyn Read) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    io::copy(plain, &mut encoder).expect("writing to memory");
    encoder.finish().expect("writing to memory")
}
