//! A layer beneath every call that changes a file system. It does nothing, except in this crate's
//! unit tests: there a test tells it at which call to fail, so that a full disk, a lost mount and a
//! kill can be had at every single step.

#[cfg(test)]
pub(crate) use layer::{Fault, during};

use rustix::io::Errno;

/// The kinds of calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// `mkdir`, `open` with `O_CREAT`, `link`, a clone: something new.
    Make,
    /// Bytes into a file.
    Write,
    /// A new name for what is there.
    Rename,
    /// `unlink`, `rmdir`.
    Remove,
    /// `rmdir` of a folder that is welcome to stay.
    Tidy,
    /// `flock`.
    Lock,
}

/// Asked before each such call.
#[cfg(not(test))]
pub(crate) fn strike(_: Call) -> Result<(), Errno> {
    Ok(())
}

/// Asked before each such call.
#[cfg(test)]
pub(crate) fn strike(call: Call) -> Result<(), Errno> {
    layer::strike(call)
}

#[cfg(test)]
mod layer {
    use std::cell::RefCell;

    use super::{Call, Errno};

    /// What fails.
    #[derive(Debug, Clone, Copy)]
    pub(crate) struct Fault {
        /// The first call that fails, counted from nought.
        pub at: usize,
        pub error: Errno,
        /// How many calls succeed then, until all fail; `None` where all the rest succeed.
        pub again_after: Option<usize>,
        /// Calls that are not counted and never fail.
        pub spares: &'static [Call],
    }

    impl Fault {
        /// Nothing is done from this call on, neither forwards nor backwards: what a process
        /// leaves that is killed just before the call.
        pub fn kill(at: usize) -> Self {
            Self {
                at,
                error: Errno::IO,
                again_after: Some(0),
                spares: &[Call::Lock],
            }
        }
    }

    thread_local! {
        /// The fault in force on this thread, and how many calls came.
        static FORCE: RefCell<Option<(Fault, usize)>> = const { RefCell::new(None) };
    }

    pub(super) fn strike(call: Call) -> Result<(), Errno> {
        FORCE.with_borrow_mut(|force| match force {
            Some((fault, seen)) if !fault.spares.contains(&call) => {
                *seen += 1;
                let first = fault.at + 1;
                let is_for_good = fault.again_after.is_some_and(|it| *seen > first + it);
                match *seen == first || is_for_good {
                    true => Err(fault.error),
                    false => Ok(()),
                }
            }
            _ => Ok(()),
        })
    }

    /// Does something on this thread under a fault; gives its result, and whether the fault struck.
    pub(crate) fn during<T>(fault: Fault, work: impl FnOnce() -> T) -> (T, bool) {
        FORCE.set(Some((fault, 0)));
        let result = work();
        let seen = FORCE.take().map_or(0, |(_, seen)| seen);
        (result, seen > fault.at)
    }
}
