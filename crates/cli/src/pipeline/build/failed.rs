//! What the user is told of a build that failed.

use std::{io::Write as _, path::PathBuf};

use assay_build::{Error, Workshop};
use assay_sandbox::{Denied, Host, Tier};

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
    if let Error::Sandbox(assay_sandbox::Error::Silent { .. }) = &error {
        // Bubblewrap says it like this; whether anything was run nobody knows, and so nothing is now.
        forget_sandbox(builder.means.folders);
        failure = failure.hint("the next run tries anew what holds builds here");
    }
    if let Error::Sandbox(assay_sandbox::Error::NotSetUp { tier, .. }) = &error {
        if *tier == Tier::Restricted && builder.builds_for_root() {
            failure = failure.hint(
                "such a build runs as another user than root: name a Python that everybody may run, \
                 such as --python /usr/bin/python3",
            );
        }
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
        failure = failure.detail(format!("| {}", without_sequences(line)));
    }
    failure = failure.hints(likely(&failed.tail));
    if let Some(kept) = builder.keep_log(of, workshop) {
        failure = failure.hint(format!("all that it wrote is in {}", kept.display()));
    }
    let is_allowed = |it: &Denied| matches!(it, Denied::Address { .. });
    if failed.denied.iter().any(is_allowed) {
        failure = failure.hint(
            "a name that a build may reach has to lead to a public address; what is not public can be \
             allowed by its address",
        );
    } else if !denied.is_empty() {
        let name = of.split(' ').next().unwrap_or(of);
        let host = failed.denied.iter().find_map(host).unwrap_or("HOST");
        failure = failure.hint(format!(
            "builds have no network; --allow-build-network {name}={host} opens a way to that host alone"
        ));
    }
    failure
}

/// What people run into most, by the words of the Python that ran the build.
fn likely(tail: &str) -> Option<String> {
    let missing = tail.lines().rev().find_map(|it| {
        let (_, name) = it.split_once("ModuleNotFoundError: No module named ")?;
        Some(name.trim())
    });
    if let Some(name) = missing {
        return Some(format!(
            "a build sees what it requires and nothing of an environment: who brings {name} belongs into \
             [build-system] requires of its pyproject.toml"
        ));
    }
    let is_limit = |it: &str| it.starts_with("MemoryError") || it.contains("File too large");
    tail.lines()
        .any(is_limit)
        .then(|| "memory and files of a build are limited: docs/sandbox.md says how far".to_owned())
}

/// The host that a build wanted, where it is one that can be allowed.
fn host(denied: &Denied) -> Option<&str> {
    let host = match denied {
        Denied::Lookup(name) => name.as_deref()?,
        Denied::Host(host) => host,
        _ => return None,
    };
    host.parse::<Host>().is_ok().then_some(host)
}

/// A line as a terminal would show it, without colours and the like. Whoever prints it escapes the rest.
fn without_sequences(line: &str) -> String {
    let mut shown = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        shown.push_str(before);
        // CSI: up to its final byte.
        let csi = after.strip_prefix('[').and_then(|it| {
            let end = it.find(|c: char| ('@'..='~').contains(&c))?;
            it.get(end + 1..)
        });
        // OSC: up to BEL.
        let osc = || after.strip_prefix(']')?.split_once('\u{7}').map(|it| it.1);
        match csi.or_else(osc) {
            Some(left) => rest = left,
            None => {
                shown.push('\u{1b}');
                rest = after;
            }
        }
    }
    shown + rest
}

impl Builder<'_> {
    /// Copies a build's log to where it stays; `None` where there is none or it cannot be kept.
    fn keep_log(&self, of: &str, workshop: &Workshop) -> Option<PathBuf> {
        let bytes = std::fs::read(workshop.log()).ok()?;
        let name = format!("{}.log", file_name(of));
        if self.means.folders.lasting_state().is_some() {
            let folder = self.means.folders.build_logs();
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
    use super::{file_name, likely, without_sequences};

    #[test]
    fn what_is_missing_is_named_with_where_it_belongs() {
        let tail = "Traceback\nModuleNotFoundError: No module named 'numpy'\nmore";
        assert!(
            likely(tail)
                .unwrap()
                .contains("who brings 'numpy' belongs into")
        );
        assert!(likely("MemoryError").unwrap().contains("limited"));
        assert!(likely("OSError: [Errno 27] File too large: 'x'").is_some());
        assert_eq!(likely("ValueError: no"), None);
    }

    #[test]
    fn colours_and_titles_go_and_what_is_no_sequence_stays() {
        for (line, shown) in [
            ("\u{1b}[1;31merror\u{1b}[0m: no", "error: no"),
            ("\u{1b}]0;title\u{7}text", "text"),
            ("a\u{1b}[", "a\u{1b}["),
            ("a\u{1b}]0;title", "a\u{1b}]0;title"),
            ("\u{1b}[31m", ""),
            ("plain", "plain"),
        ] {
            assert_eq!(without_sequences(line), shown, "{line:?}");
        }
    }

    #[test]
    fn a_log_is_named_for_what_was_built() {
        assert_eq!(file_name("demo 1.0+local"), "demo-1.0-local");
        assert_eq!(file_name("/home/u/../p"), "home-u-..-p");
        assert_eq!(file_name(&"x".repeat(300)).len(), 100);
    }
}
