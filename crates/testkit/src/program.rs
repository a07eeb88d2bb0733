//! Programs that stand in for others.

use std::{fs, path::Path, process::Command};

/// Makes an executable script at this path.
///
/// Another program writes it: this process runs tests in threads, and a child that one of them
/// starts would inherit the open file for a moment, in which the kernel runs nothing of it.
///
/// # Panics
/// Where it cannot be written.
pub fn script(path: &Path, text: &str) {
    let draft = path.with_extension("draft");
    fs::write(&draft, text).expect("a folder to write to");
    let mut install = Command::new("install");
    let status = install.args(["-m", "755"]).arg(&draft).arg(path).status();
    assert!(status.is_ok_and(|it| it.success()), "install does not work");
}
