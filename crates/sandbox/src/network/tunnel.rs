//! Two connections made one: what comes from one side goes to the other.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{Shutdown, TcpStream},
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::{open::Open, proxy::Bounds};

/// Until both sides are done, one fails, nothing comes for too long, or too much has passed. `rest` came
/// from the client before.
pub fn join(
    mut client: TcpStream,
    mut server: TcpStream,
    rest: Vec<u8>,
    bounds: &Bounds,
    open: &Open,
) -> io::Result<()> {
    for stream in [&client, &server] {
        stream.set_read_timeout(Some(bounds.idle))?;
        stream.set_write_timeout(Some(bounds.idle))?;
        stream.set_nodelay(true)?;
    }
    open.spend(rest.len())?;
    server.write_all(&rest)?;
    let clock = Clock::new(bounds.idle);
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::scope(|scope| {
        let up = thread::Builder::new().spawn_scoped(scope, || {
            copy(&mut from_client, &mut to_server, &clock, open);
        });
        if up.is_ok() {
            copy(&mut server, &mut client, &clock, open);
        }
        up.map(|_| ())
    })
}

/// One direction. Where it ends in an error, both do.
fn copy(from: &mut TcpStream, to: &mut TcpStream, clock: &Clock, open: &Open) {
    let direction = match pass(from, to, clock, open) {
        Ok(()) => Shutdown::Write,
        Err(_) => {
            // One that is over already is as good.
            let _over = from.shutdown(Shutdown::Both);
            Shutdown::Both
        }
    };
    let _over = to.shutdown(direction);
}

fn pass(from: &mut TcpStream, to: &mut TcpStream, clock: &Clock, open: &Open) -> io::Result<()> {
    let mut bytes = vec![0; 32 << 10];
    loop {
        match from.read(&mut bytes) {
            Ok(0) => return Ok(()),
            Ok(length) => {
                open.spend(length)?;
                to.write_all(&bytes[..length])?;
                clock.touch();
            }
            // While the other direction is busy this one may be silent.
            Err(error) if is_timeout(&error) && !clock.is_over() => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// When something passed last, in either direction.
struct Clock {
    started: Instant,
    last: AtomicU64,
    idle: Duration,
}

impl Clock {
    fn new(idle: Duration) -> Self {
        Self {
            started: Instant::now(),
            last: AtomicU64::new(0),
            idle,
        }
    }

    fn touch(&self) {
        self.last.store(self.now(), Ordering::Relaxed);
    }

    fn is_over(&self) -> bool {
        let silent = self.now().saturating_sub(self.last.load(Ordering::Relaxed));
        Duration::from_millis(silent) >= self.idle
    }

    /// Milliseconds.
    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
