//! sigstore-tuf asks for files through futures. Here they are what lets it be asked back: it stops at
//! each file that it wants, the file is fetched by whoever called, and it goes on. One thread, no
//! runtime, and whatever the caller borrows may be used to fetch.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use sigstore_tuf::{Error, Repository, transport::FetchFuture};

/// The place where questions and answers change hands.
#[derive(Debug, Clone, Default)]
pub(super) struct Asking(Arc<Mutex<State>>);

#[derive(Debug, Default)]
enum State {
    #[default]
    Nothing,
    Asked {
        path: String,
        limit: u64,
    },
    Answered(Option<Vec<u8>>),
}

impl Asking {
    /// What sigstore-tuf takes for a repository.
    pub(super) fn repository(&self) -> impl Repository + use<> {
        self.clone()
    }

    /// Drives it to its end. A file that cannot be fetched ends it at once, with the caller's error.
    pub(super) fn answer_all<T, E>(
        &self,
        running: impl Future<Output = T>,
        mut fetch: impl FnMut(&str, u64) -> Result<Option<Vec<u8>>, E>,
    ) -> Result<T, E> {
        let mut running = pin!(running);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(done) = running.as_mut().poll(&mut context) {
                return Ok(done);
            }
            let asked = std::mem::take(&mut *self.state());
            if let State::Asked { path, limit } = asked {
                let answer = fetch(&path, limit)?;
                *self.state() = State::Answered(answer);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Only ever one thread.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, path: String, limit: u64) -> FetchFuture<'_> {
        Box::pin(poll_fn(move |_| {
            let mut state = self.state();
            match std::mem::take(&mut *state) {
                State::Answered(answer) => Poll::Ready(within(&path, answer, limit)),
                _ => {
                    let path = path.clone();
                    *state = State::Asked { path, limit };
                    Poll::Pending
                }
            }
        }))
    }
}

impl Repository for Asking {
    fn fetch_metadata<'a>(&'a self, name: &'a str, max_length: u64) -> FetchFuture<'a> {
        self.ask(name.to_owned(), max_length)
    }

    fn fetch_target<'a>(&'a self, path: &'a str, max_length: u64) -> FetchFuture<'a> {
        self.ask(format!("targets/{path}"), max_length)
    }
}

/// Whoever fetches should have stopped there.
fn within(
    path: &str,
    answer: Option<Vec<u8>>,
    limit: u64,
) -> sigstore_tuf::Result<Option<Vec<u8>>> {
    match answer {
        Some(bytes) if bytes.len() as u64 > limit => Err(Error::transport(format!(
            "{path} has more than {limit} bytes"
        ))),
        answer => Ok(answer),
    }
}
