//! Work for the threads of a run, most urgent first.

use std::{
    collections::{HashSet, VecDeque},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use assay_types::{ProjectName, Version};
use version_ranges::Ranges;

/// Something to fetch ahead of being asked for.
#[derive(Debug)]
pub enum Job {
    /// A project's page, and then the metadata of the version that is likely wanted.
    Page(ProjectName, Ranges<Version>),
    /// The metadata of a file of a project's listing, and then the pages of what it requires.
    Metadata(ProjectName, usize),
    /// A wheel, into the store.
    Wheel(ProjectName, usize),
    /// What would become of a wheel.
    Foresight(ProjectName, usize),
}

/// Jobs by urgency. The resolver waits for pages, so they go first.
#[derive(Debug, Default)]
pub struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    pages: VecDeque<Job>,
    metadata: VecDeque<Job>,
    wheels: VecDeque<Job>,
    asked: HashSet<ProjectName>,
    closed: bool,
}

impl Queue {
    /// Adds a job, unless the queue is closed or the same page was asked for before.
    pub fn push(&self, job: Job) {
        let mut state = self.lock();
        if state.closed {
            return;
        }
        match &job {
            Job::Page(name, _) => {
                if !state.asked.insert(name.clone()) {
                    return;
                }
                state.pages.push_back(job);
            }
            Job::Metadata(..) => state.metadata.push_back(job),
            Job::Wheel(..) | Job::Foresight(..) => state.wheels.push_back(job),
        }
        drop(state);
        self.changed.notify_one();
    }

    /// The next job; waits for one. `None` once the queue is closed: what is left is dropped.
    pub fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            let state_mut = &mut *state;
            let job = state_mut
                .pages
                .pop_front()
                .or_else(|| state_mut.metadata.pop_front());
            if let Some(job) = job.or_else(|| state_mut.wheels.pop_front()) {
                return Some(job);
            }
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Ends all waiting.
    pub fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A queue of jobs is whole between any two statements.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the queue when the run ends, in whatever way.
pub struct CloseOnDrop<'a>(pub &'a Queue);

impl Drop for CloseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
