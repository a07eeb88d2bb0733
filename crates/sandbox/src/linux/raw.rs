//! The calls for which there are no safe ones.
#![expect(unsafe_code, reason = "each block says why it is sound")]

use std::{
    io, mem,
    os::{
        fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd},
        unix::process::CommandExt,
    },
    process::Command,
    ptr,
};

use rustix::{process::Pid, thread::UnshareFlags};
use seccompiler::sock_filter;

/// Leaves name spaces for new ones.
pub fn unshare(flags: UnshareFlags) -> io::Result<()> {
    assert!(!flags.contains(UnshareFlags::FILES));
    // SAFETY: only an unshared table of files can take a descriptor from another thread.
    unsafe { rustix::thread::unshare_unsafe(flags) }.map_err(io::Error::from)
}

/// Makes a second process of this one, which has one thread; `None` is what the new one gets. It has all
/// that this one has in its memory, and all its descriptors.
pub fn fork() -> io::Result<Option<Pid>> {
    // SAFETY: with one thread there is no lock that nobody would open in the new process.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        child => Ok(Pid::from_raw(child)),
    }
}

/// Has the started process do `last` before it becomes the program. To be called in the helper alone,
/// which has one thread.
pub fn before_program(
    command: &mut Command,
    last: impl FnMut() -> io::Result<()> + Send + Sync + 'static,
) {
    // SAFETY: what may not be done between fork and exec is to wait for a lock that another thread held
    // at the fork, the allocator's above all; there is no other thread.
    unsafe { command.pre_exec(last) };
}

/// A system call that waits for an answer.
pub type Call = libc::seccomp_notif;

/// Has the calling thread obey a filter, and what it starts; what the filter wants to be told arrives at
/// the descriptor. It is closed when a program is started.
pub fn apply_told_filter(filter: &[sock_filter]) -> io::Result<OwnedFd> {
    let length = filter.len().try_into().map_err(io::Error::other)?;
    let program = libc::sock_fprog {
        len: length,
        // The kernel only reads; both types are the kernel's `struct sock_filter`.
        filter: filter.as_ptr().cast::<libc::sock_filter>().cast_mut(),
    };
    let operation = libc::c_ulong::from(libc::SECCOMP_SET_MODE_FILTER);
    let flags = libc::SECCOMP_FILTER_FLAG_NEW_LISTENER;
    // SAFETY: `program` is a valid `struct sock_fprog` for the time of the call, which copies it.
    let made = unsafe { libc::syscall(libc::SYS_seccomp, operation, flags, &raw const program) };
    let descriptor = i32::try_from(made).ok().filter(|it| *it >= 0);
    let descriptor = descriptor.ok_or_else(io::Error::last_os_error)?;
    // SAFETY: the call made this descriptor, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor) })
}

/// The next call that waits. Only where the descriptor is ready is there one; else this waits too.
pub fn next_call(listener: BorrowedFd<'_>) -> io::Result<Call> {
    // SAFETY: integers, all of which may be zero; the kernel wants them so.
    let mut call: Call = unsafe { mem::zeroed() };
    let request = libc::SECCOMP_IOCTL_NOTIF_RECV;
    // SAFETY: the request's number holds the size of what it writes, which is that of `call`.
    match unsafe { libc::ioctl(listener.as_raw_fd(), request, &raw mut call) } {
        0 => Ok(call),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Whether a call still waits: what was read of its process is its own.
pub fn still_waits(listener: BorrowedFd<'_>, call: &Call) -> bool {
    let request = libc::SECCOMP_IOCTL_NOTIF_ID_VALID;
    // SAFETY: the request reads one number.
    unsafe { libc::ioctl(listener.as_raw_fd(), request, ptr::from_ref(&call.id)) == 0 }
}

/// Lets a call go on to the kernel and its other rules, or fail with an error's number.
pub fn answer_call(listener: BorrowedFd<'_>, call: &Call, error: Option<i32>) -> io::Result<()> {
    let go_on = libc::SECCOMP_USER_NOTIF_FLAG_CONTINUE as u32;
    let answer = libc::seccomp_notif_resp {
        id: call.id,
        val: 0,
        error: error.map_or(0, |it| -it),
        flags: if error.is_some() { 0 } else { go_on },
    };
    let request = libc::SECCOMP_IOCTL_NOTIF_SEND;
    // SAFETY: the request reads what its number's size says, which is that of `answer`.
    match unsafe { libc::ioctl(listener.as_raw_fd(), request, &raw const answer) } {
        0 => Ok(()),
        _ => Err(io::Error::last_os_error()),
    }
}
