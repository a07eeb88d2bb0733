//! How much a program may use up.

use std::{thread, time::Duration};

use serde::{Deserialize, Serialize};

/// What ends a program that wants more. Sizes are in bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// From start to end, for the whole tree of processes.
    pub wall: Duration,
    /// Processor time of each process, in whole seconds.
    pub cpu: Duration,
    /// Address space of each process.
    pub memory: u64,
    /// Memory of the whole tree of processes, where a control group can be made for it.
    pub memory_together: u64,
    /// Each file that is written.
    pub file: u64,
    /// The work folder with everything in it. Looked at about once a second, so that it can be passed
    /// for that long.
    pub disk: u64,
    /// Files and folders in the work folder, looked at as `disk` is.
    pub entries: u64,
    /// The private `/tmp`; `/dev/shm` has a quarter of it. Tier [`Restricted`](crate::Tier::Restricted)
    /// has its temporary files in the work folder.
    pub temporary: u64,
    /// Processes and threads at once.
    pub processes: u64,
    /// How much of the end of the output is kept; the rest is read and forgotten.
    pub output: usize,
    /// How much of the whole output [`Sandbox::log`](crate::Sandbox::log) writes.
    pub log: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self::of_a_machine(thread::available_parallelism().map_or(1, |it| it.get() as u64))
    }
}

impl Limits {
    /// Build tools start a job for each core and two more, each of a shell, a compiler's driver, the
    /// compiler and an assembler, and a compiler of C++ takes a GiB: on large machines that is more than
    /// any build needs on small ones.
    fn of_a_machine(cores: u64) -> Self {
        Self {
            wall: Duration::from_secs(15 * 60),
            cpu: Duration::from_secs(600),
            memory: 4 << 30,
            memory_together: (8 << 30).max(cores << 30),
            file: 1 << 30,
            disk: 8 << 30,
            entries: 500_000,
            temporary: 1 << 30,
            processes: 256.max(cores * 16),
            output: 1 << 20,
            log: 64 << 20,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_jobs_take_together_grows_with_the_cores_from_a_floor_on() {
        let of = |cores| {
            let limits = Limits::of_a_machine(cores);
            (limits.processes, limits.memory_together >> 30)
        };
        assert_eq!((of(1), of(8), of(16)), ((256, 8), (256, 8), (256, 16)));
        assert_eq!((of(17), of(128)), ((272, 17), (2048, 128)));
    }
}
