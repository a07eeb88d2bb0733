//! The seatbelt of macOS: what `sandbox-exec` is told. Nobody has run it on a Mac yet, and no build is:
//! nothing there tells when everything that a build started is dead, before which none of its files may
//! be read.

use std::path::{Path, PathBuf};

/// The system's programs, libraries and compilers.
const SYSTEM: [&str; 10] = [
    "/System",
    "/usr",
    "/bin",
    "/sbin",
    "/Library/Apple",
    "/Library/Developer",
    "/Library/Frameworks",
    "/private/var/db/dyld",
    "/private/var/select",
    "/private/etc/localtime",
];
/// Devices without a memory.
const DEVICES: [&str; 5] = [
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    "/dev/dtracehelper",
];

/// The profile for a program that may write to `work` and read it, the system, and `readable`; `None`
/// where a path is not UTF-8 or not absolute, which no profile can say. All paths have to be canonical:
/// the kernel compares them after links are followed.
///
/// What is not named is denied: the network, other processes, Mach services, the home.
pub fn profile(work: &Path, readable: &[PathBuf]) -> Option<String> {
    let mut lines = vec![
        "(version 1)".to_owned(),
        "(deny default)".to_owned(),
        "(allow process-fork)".to_owned(),
        "(allow sysctl-read)".to_owned(),
        "(allow signal (target same-sandbox))".to_owned(),
        // Paths are looked up part by part; that they exist can be seen.
        "(allow file-read-metadata)".to_owned(),
        "(allow file-read-data (literal \"/\"))".to_owned(),
    ];
    for device in DEVICES {
        let device = quoted(Path::new(device))?;
        lines.push(format!(
            "(allow file-read* file-write-data (literal {device}))"
        ));
    }
    let system = SYSTEM.iter().map(Path::new);
    for path in system.chain(readable.iter().map(PathBuf::as_path)) {
        let path = quoted(path)?;
        lines.push(format!("(allow file-read* process-exec (subpath {path}))"));
    }
    let work = quoted(work)?;
    lines.push(format!(
        "(allow file-read* file-write* process-exec (subpath {work}))"
    ));
    // The last rule that fits is the one that counts.
    lines.push("(deny file-write-setugid)".to_owned());
    lines.push("(deny network*)".to_owned());
    Some(lines.join("\n") + "\n")
}

/// A path as a string of the profile's language, in which a backslash takes the meaning from what follows.
fn quoted(path: &Path) -> Option<String> {
    let text = path.to_str().filter(|_| path.is_absolute())?;
    if text.chars().any(char::is_control) {
        return None;
    }
    Some(format!(
        "\"{}\"",
        text.replace('\\', "\\\\").replace('"', "\\\"")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(work: &str, readable: &[&str]) -> Option<String> {
        let readable: Vec<_> = readable.iter().map(PathBuf::from).collect();
        profile(Path::new(work), &readable)
    }

    #[test]
    fn all_is_denied_but_reading_the_system_and_writing_the_work_folder() {
        let text = of("/private/tmp/w", &["/opt/python"]).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[..2], ["(version 1)", "(deny default)"]);
        assert_eq!(lines.last(), Some(&"(deny network*)"));
        let writes: Vec<_> = lines
            .iter()
            .filter(|it| it.contains("file-write*"))
            .collect();
        assert_eq!(
            writes,
            [&"(allow file-read* file-write* process-exec (subpath \"/private/tmp/w\"))"]
        );
        assert!(lines.contains(&"(allow file-read* process-exec (subpath \"/opt/python\"))"));
        for never in [
            "(allow network",
            "mach-lookup",
            "(allow default",
            "/Users",
            "process-info",
        ] {
            assert!(!text.contains(never), "{never}");
        }
        // Every parenthesis is closed on its line.
        for line in lines {
            assert_eq!(
                line.matches('(').count(),
                line.matches(')').count(),
                "{line}"
            );
        }
    }

    #[test]
    fn a_path_stays_a_path() {
        let text = of("/tmp/a \"b\\", &[]).unwrap();
        assert!(text.contains("(subpath \"/tmp/a \\\"b\\\\\"))"), "{text}");
        let injected = of("/tmp/w\") (allow default) (x \"", &[]).unwrap();
        assert!(
            injected.contains("(subpath \"/tmp/w\\\") (allow default) (x \\\"\"))"),
            "{injected}"
        );
        assert_eq!(of("relative", &[]), None);
        assert_eq!(of("/tmp/w", &["relative"]), None);
        assert_eq!(of("/tmp/w", &["/a\nb"]), None);
        assert!(of("/tmp/w", &["/a b"]).is_some());
    }
}
