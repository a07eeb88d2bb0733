//! What the user is told of a build that failed.

use std::{io::Write as _, path::PathBuf};

use assay_build::{Error, Workshop};
use assay_files::PrivateFolder;

use super::Builder;
use crate::failure::Failure;

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
        failure = failure.hint("assay sandbox check tries what holds builds here, and says more");
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
    fn keep_log(&self, of: &str, workshop: &Workshop) -> Option<PathBuf> {
        let bytes = std::fs::read(workshop.log()).ok()?;
        let name = format!("{}.log", file_name(of));
        if self.means.folders.lasting_state().is_some() {
            let folder = PrivateFolder::new(self.means.folders.cache()).below("build-logs");
            folder.make().ok()?;
            folder.write(&name, &bytes).ok()?;
            return Some(folder.path().join(name));
        }
        // The cache goes with this run.
        let mut file = tempfile::Builder::new()
            .prefix("assay-")
            .suffix(&format!("-{name}"))
            .tempfile()
            .ok()?;
        file.write_all(&bytes).ok()?;
        file.keep().ok().map(|it| it.1)
    }
}

/// What may be a part of a path, and is no hidden one.
fn file_name(of: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let plain = of.chars().map(|c| if is_plain(c) { c } else { '-' });
    let plain: String = plain.take(100).collect();
    plain.trim_start_matches(['.', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_log_is_named_for_what_was_built() {
        assert_eq!(file_name("demo 1.0+local"), "demo-1.0-local");
        assert_eq!(file_name("/home/u/../p"), "home-u-..-p");
        assert_eq!(file_name(&"x".repeat(300)).len(), 100);
    }
}
