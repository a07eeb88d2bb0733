//! One child process, measured: wall clock, processor time and peak memory.

use std::{
    fs::File,
    io,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    time::Instant,
};

use serde::Serialize;

/// What one run cost.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Sample {
    /// From just before the process is made until it was reaped, in seconds.
    pub wall: f64,
    /// User and system time of the process and its descendants, in seconds.
    pub cpu: f64,
    /// Peak resident memory of the largest of these processes, in bytes. Never below this
    /// program's own peak, which the child shares until it calls exec.
    pub peak_memory: u64,
}

/// Runs a command to its end with its output in `log`; an exit code that is not 0 is an error that
/// shows the end of that log.
pub fn run(mut command: Command, log: &Path) -> io::Result<Sample> {
    let output = File::create(log)?;
    command
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output);
    let start = Instant::now();
    let child = command
        .spawn()
        .map_err(|e| io::Error::new(e.kind(), format!("cannot start {command:?}: {e}")))?;
    let (status, usage) = reap(child.id())?;
    let wall = start.elapsed();
    if !status.success() {
        return Err(failure(&command, status, log));
    }
    Ok(Sample {
        wall: wall.as_secs_f64(),
        cpu: seconds(usage.ru_utime) + seconds(usage.ru_stime),
        peak_memory: peak_memory(&usage),
    })
}

/// Waits for one child. The standard library reaps children without their resource usage, and
/// `RUSAGE_CHILDREN` knows no peak for one child, hence the call itself.
#[expect(
    unsafe_code,
    reason = "wait4 has no safe wrapper in the crates at hand"
)]
fn reap(pid: u32) -> io::Result<(ExitStatus, libc::rusage)> {
    let pid = libc::pid_t::try_from(pid).map_err(io::Error::other)?;
    let mut status = 0;
    let mut usage = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    loop {
        // SAFETY: both pointers are to live local values of the types that wait4 writes.
        let reaped = unsafe { libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr()) };
        if reaped == pid {
            // SAFETY: zeroed is a valid rusage (plain integers), and wait4 has filled it.
            return Ok((ExitStatus::from_raw(status), unsafe { usage.assume_init() }));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

fn seconds(time: libc::timeval) -> f64 {
    time.tv_sec as f64 + time.tv_usec as f64 / 1e6
}

/// Linux counts in KiB, macOS in bytes.
fn peak_memory(usage: &libc::rusage) -> u64 {
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    usage.ru_maxrss.unsigned_abs() * unit
}

fn failure(command: &Command, status: ExitStatus, log: &Path) -> io::Error {
    let text = std::fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.lines().collect();
    let end = lines[lines.len().saturating_sub(20)..].join("\n  ");
    io::Error::other(format!("{status} from {command:?}:\n  {end}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> io::Result<Sample> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]);
        run(command, &folder.path().join("log"))
    }

    #[test]
    fn waiting_costs_wall_time_and_no_processor_time() {
        let sample = shell("sleep 0.2").unwrap();
        assert!(sample.wall >= 0.2, "{sample:?}");
        assert!(sample.cpu < 0.1, "{sample:?}");
        assert!(sample.peak_memory > 100_000, "{sample:?}");
    }

    #[test]
    fn a_failed_run_is_no_sample_and_shows_what_it_said() {
        let error = shell("echo out of luck >&2; exit 3").unwrap_err();
        assert!(error.to_string().contains("out of luck"), "{error}");
    }
}
