//! `--log`: everything that is said, appended to a file.

use std::{
    fs::File,
    io::{self, Write as _},
    path::Path,
    sync::{Mutex, PoisonError},
};

use assay_types::{Printable, Timestamp};

use crate::failure::{Failure, Result};

/// The file, until it cannot be written any more.
#[derive(Debug)]
pub struct Log(Mutex<Option<File>>);

impl Log {
    /// Opens it for appending; folders above it are made.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |error: io::Error| {
            Failure::could_not(format!("opening the log {}: {error}", path.display()))
        };
        if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = assay_files::open_output(path, true).map_err(failed)?;
        Ok(Self(Mutex::new(Some(file))))
    }

    /// Appends text as lines of their own, each with the time (UTC), in one piece: several runs may
    /// write one log. Where that fails, standard error is told so once, and the log ends.
    pub fn write(&self, text: &str) {
        let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S,%3f");
        let lines = text.lines();
        let record: String = lines
            .map(|line| format!("{now} {}\n", Printable(&plain(line))))
            .collect();
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match &mut *file {
            Some(file) => file.write_all(record.as_bytes()),
            None => return,
        };
        if let Err(error) = written {
            *file = None;
            // Where standard error is closed, too, nobody is left to be told.
            let _ = writeln!(io::stderr().lock(), "warning: the log ends here: {error}");
        }
    }
}

/// Text without the colours that are ours: `ESC [ digits ; digits m`.
fn plain(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        match rest.strip_prefix('m') {
            Some(rest) => plain.push_str(rest),
            None => {
                plain.push_str("\x1b[");
                plain.push_str(part);
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn logged(texts: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b.log");
        for text in texts {
            Log::open(&path).unwrap().write(text);
        }
        std::fs::read_to_string(path).unwrap()
    }

    #[test]
    fn lines_are_appended_with_their_time_and_without_colours_and_controls() {
        let text = logged(&["\x1b[1;33mwarning:\x1b[0m a\nb\x1b[2J", "c"]);
        let lines: Vec<_> = text.lines().collect();
        let said: Vec<_> = lines
            .iter()
            .map(|it| it.split_once(' ').unwrap().1)
            .collect();
        assert_eq!(said, ["warning: a", "b\\u{1b}[2J", "c"]);
        for line in lines {
            let (time, _) = line.split_once(' ').unwrap();
            let shape = time.replace(|c: char| c.is_ascii_digit(), "0");
            assert_eq!(shape, "0000-00-00T00:00:00,000");
        }
    }

    #[test]
    fn a_folder_is_no_log() {
        let folder = tempfile::tempdir().unwrap();
        let failure = Log::open(folder.path()).unwrap_err();
        assert_eq!(failure.exit_code(), 1);
    }

    proptest! {
        #[test]
        fn whatever_is_said_no_control_is_written(text in ".{0,20}(\x1b\\[[0-9;]{0,4}[mJ])?.{0,20}") {
            prop_assert!(!logged(&[&text]).contains(|c: char| c.is_control() && c != '\n'));
        }
    }
}
