//! Which connections are open, and what may still pass: everything that ends together.

use std::{
    collections::BTreeMap,
    io,
    net::{Shutdown, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// The connections of one build.
#[derive(Debug)]
pub struct Open {
    most: usize,
    left: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    next: u64,
    streams: BTreeMap<u64, Vec<TcpStream>>,
}

/// One connection among them, until it is dropped.
#[derive(Debug)]
pub struct Place {
    open: Arc<Open>,
    number: u64,
}

impl Open {
    /// At most so many at once, and so many bytes through all of them.
    pub fn new(most: usize, bytes: u64) -> Arc<Self> {
        Arc::new(Self {
            most,
            left: AtomicU64::new(bytes),
            state: Mutex::default(),
        })
    }

    /// A place for a connection; `None` where there is none, or the end has come.
    pub fn enter(self: &Arc<Self>, client: &TcpStream) -> Option<Place> {
        let mut state = self.state();
        if state.closed || state.streams.len() >= self.most {
            return None;
        }
        let number = state.next;
        state.next += 1;
        state.streams.insert(number, vec![client.try_clone().ok()?]);
        Some(Place {
            open: Arc::clone(self),
            number,
        })
    }

    /// Takes so many of the bytes that may pass; an error where fewer are left.
    pub fn spend(&self, bytes: usize) -> io::Result<()> {
        let spent = |left: u64| Some(left.saturating_sub(bytes as u64));
        let had = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, spent);
        match had {
            Ok(had) if had >= bytes as u64 => Ok(()),
            _ => Err(io::ErrorKind::QuotaExceeded.into()),
        }
    }

    /// Whether nothing may pass any more.
    pub fn is_used_up(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// Whether the end has come.
    pub fn is_closed(&self) -> bool {
        self.state().closed
    }

    /// Ends all connections, and lets no other begin.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        for stream in state.streams.values().flatten() {
            // One that is over already is as good.
            let _over = stream.shutdown(Shutdown::Both);
        }
        state.streams.clear();
    }

    /// No state in between is ever left: what panicked did not.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// The other side of the connection; whether it may go on.
    pub fn also(&self, server: &TcpStream) -> bool {
        let mut state = self.open.state();
        match (state.streams.get_mut(&self.number), server.try_clone()) {
            (Some(streams), Ok(server)) => {
                streams.push(server);
                true
            }
            _ => false,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.open.state().streams.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{io::Read, net::TcpListener};

    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (client, listener.accept().unwrap().0)
    }

    #[test]
    fn a_place_is_free_again_when_it_is_left() {
        let open = Open::new(1, 0);
        let (stream, _other) = pair();
        let place = open.enter(&stream).unwrap();
        assert!(open.enter(&stream).is_none());
        drop(place);
        assert!(open.enter(&stream).is_some());
    }

    #[test]
    fn the_end_ends_both_sides_and_nothing_begins_after_it() {
        let open = Open::new(2, 0);
        let ((client, mut program), (server, mut host)) = (pair(), pair());
        let place = open.enter(&client).unwrap();
        assert!(place.also(&server));
        open.close();
        assert_eq!(program.read(&mut [0]).unwrap(), 0);
        assert_eq!(host.read(&mut [0]).unwrap(), 0);
        assert!(!place.also(&server));
        assert!(open.enter(&client).is_none());
    }

    #[test]
    fn bytes_are_spent_to_the_last() {
        let open = Open::new(1, 10);
        open.spend(4).unwrap();
        open.spend(6).unwrap();
        assert!(open.is_used_up());
        open.spend(1).unwrap_err();
        open.spend(0).unwrap();
    }
}
