//! Work of equal kind, shared out among threads.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicUsize, Ordering},
};

use crate::{Error, Result};

/// Does every job, in the order given, on up to `threads` threads, of which the caller's is one.
/// Each thread has a state of its own, made by `start`. After the first failure no job is begun;
/// results come in no order.
pub(crate) fn run<J: Sync, S, R: Send>(
    jobs: &[J],
    threads: usize,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &J) -> Result<R> + Sync,
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let failure = Mutex::new(None);
    let results = Mutex::new(Vec::with_capacity(jobs.len()));
    let thread = || {
        let mut state = start();
        let mut own = Vec::new();
        while let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            match work(&mut state, job) {
                Ok(result) => own.push(result),
                Err(error) => {
                    // The others find the queue at its end.
                    next.store(jobs.len(), Ordering::Relaxed);
                    lock(&failure).get_or_insert(error);
                }
            }
        }
        lock(&results).append(&mut own);
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.min(jobs.len()) {
            scope.spawn(thread);
        }
        thread();
    });
    let failed: Option<Error> = lock(&failure).take();
    let results = std::mem::take(&mut *lock(&results));
    failed.map_or(Ok(results), Err)
}

/// A thread that panicked took nothing half-done with it: results and errors are whole values.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_job_is_done_once_and_the_first_failure_is_the_answer() {
        let jobs: Vec<u32> = (0..100).collect();
        for threads in [0, 1, 3] {
            let mut done = run(&jobs, threads, || (), |(), job| Ok(*job)).unwrap();
            done.sort_unstable();
            assert_eq!(done, jobs, "{threads}");
            let begun = AtomicUsize::new(0);
            let fails = |(): &mut (), job: &u32| {
                begun.fetch_add(1, Ordering::Relaxed);
                let error = || Error::io("writing", "x", std::io::ErrorKind::Other);
                if *job < 5 { Ok(()) } else { Err(error()) }
            };
            assert!(run(&jobs, threads, || (), fails).is_err());
            assert!(begun.into_inner() < 5 + threads.max(1) + 1);
        }
    }
}
