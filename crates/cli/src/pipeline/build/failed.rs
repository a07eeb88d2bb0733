//! What the user is told of a build that failed.

use assay_build::{Error, Workshop};

use super::Builder;
use crate::{failure::Failure, settings::forget_sandbox};

/// How many lines of the output are shown.
const SHOWN: usize = 20;

/// What was denied, the end of the output, and where all of it lies.
pub(super) fn failed(
    builder: &Builder<'_>,
    of: &str,
    workshop: &Workshop,
    error: Error,
) -> Failure {
    let mut failure = Failure::could_not(format!("building {of}: {error}"));
    if let Error::Sandbox(assay_sandbox::Error::NotSetUp { .. }) = &error {
        // What an earlier run found may not be so any more.
        forget_sandbox(builder.means.folders);
        failure = failure.hint("the next run tries anew what holds builds here");
    }
    let Error::Failed(failed) = error else {
        return failure;
    };
    let denied: Vec<_> = failed.denied.iter().map(ToString::to_string).collect();
    for it in &denied {
        failure = failure.detail(format!("the build {it}"));
    }
    let tail: Vec<_> = failed.tail.lines().collect();
    for line in &tail[tail.len().saturating_sub(SHOWN)..] {
        failure = failure.detail(format!("| {line}"));
    }
    if let Some(kept) = builder.keep_log(of, workshop) {
        failure = failure.hint(format!("all that it wrote is in {}", kept.display()));
    }
    if denied
        .iter()
        .any(|it| it.contains("connect") || it.contains("look up"))
    {
        let name = of.split(' ').next().unwrap_or(of);
        failure = failure.hint(format!(
            "builds have no network; --allow-build-network {name}=HOST opens a way to that host alone"
        ));
    }
    failure
}

impl Builder<'_> {
    /// Copies a build's log to where it stays; `None` where there is none or it cannot be kept.
    fn keep_log(&self, of: &str, workshop: &Workshop) -> Option<std::path::PathBuf> {
        let safe = |c: char| {
            if c.is_ascii_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '-'
            }
        };
        let name: String = of.chars().map(safe).take(100).collect();
        let bytes = std::fs::read(workshop.log()).ok()?;
        let name = format!("{}.log", name.trim_start_matches('.'));
        let folder =
            assay_files::PrivateFolder::new(self.means.folders.cache()).below("build-logs");
        folder.make().ok()?;
        folder.write(&name, &bytes).ok()?;
        Some(folder.path().join(name))
    }
}
