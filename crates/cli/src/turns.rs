//! How many programs may run at once.

use std::sync::{Condvar, Mutex, PoisonError};

/// Permissions to run a program.
#[derive(Debug)]
pub struct Turns {
    free: Mutex<usize>,
    returned: Condvar,
}

/// One of them; goes back when it is dropped.
pub struct Turn<'a>(&'a Turns);

impl Turns {
    /// That many at once.
    pub fn new(count: usize) -> Self {
        Self {
            free: Mutex::new(count),
            returned: Condvar::new(),
        }
    }

    /// Waits for one.
    pub fn take(&self) -> Turn<'_> {
        // A number is whole between any two statements.
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.returned.wait_while(free, |it| *it == 0);
        *waited.unwrap_or_else(PoisonError::into_inner) -= 1;
        Turn(self)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let free = self.0.free.lock();
        *free.unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    #[test]
    fn no_more_at_once_than_there_are() {
        let turns = Turns::new(2);
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let _turn = turns.take();
                    most.fetch_max(now.fetch_add(1, SeqCst) + 1, SeqCst);
                    std::thread::sleep(std::time::Duration::from_millis(5));
                    now.fetch_sub(1, SeqCst);
                });
            }
        });
        assert_eq!(most.load(SeqCst), 2);
    }
}
