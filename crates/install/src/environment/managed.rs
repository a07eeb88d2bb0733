//! PEP 668: environments that the operating system's package manager owns.

use std::{fs, io, path::Path};

use crate::{Error, Result};

/// Refuses an installation whose standard library holds an EXTERNALLY-MANAGED file.
pub(super) fn check(executable: &Path, stdlib: &Path) -> Result<()> {
    let marker = stdlib.join("EXTERNALLY-MANAGED");
    match fs::read(&marker) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::io("reading", marker, error)),
        Ok(bytes) => Err(Error::ExternallyManaged {
            path: executable.to_owned(),
            message: advice(&String::from_utf8_lossy(&bytes)),
        }),
    }
}

/// The value of `Error` in an INI file: the line and its indented continuations.
fn advice(text: &str) -> String {
    let mut lines = text.lines().skip_while(|line| !line.starts_with("Error"));
    let first = lines.next().and_then(|line| line.split_once('='));
    let Some((_, first)) = first else {
        return String::new();
    };
    let rest = lines
        .take_while(|line| line.is_empty() || line.starts_with([' ', '\t']))
        .map(|line| match line.trim() {
            // Debian writes a lone dot for an empty line.
            "." => "",
            line => line,
        });
    let all: Vec<_> = std::iter::once(first.trim()).chain(rest).collect();
    all.join("\n").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distributor_is_quoted() {
        let text = "[externally-managed]\nError=Use apt\n for that.\n .\n Or a venv.\nOther=x\n";
        assert_eq!(advice(text), "Use apt\nfor that.\n\nOr a venv.");
        assert_eq!(advice("[externally-managed]\n"), "");
    }

    #[test]
    fn a_managed_installation_is_refused_and_another_is_not() {
        let stdlib = tempfile::tempdir().unwrap();
        check(Path::new("/usr/bin/python3"), stdlib.path()).unwrap();
        fs::write(stdlib.path().join("EXTERNALLY-MANAGED"), "").unwrap();
        let refused = check(Path::new("/usr/bin/python3"), stdlib.path());
        assert!(matches!(refused, Err(Error::ExternallyManaged { .. })));
    }
}
