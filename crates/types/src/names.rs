//! Names of projects and extras, checked, and the commands' names that belong to interpreters.
//!
//! `pep508_rs` takes an empty text for a name; these functions do not. Nothing else in this crate
//! parses names.

use std::str::FromStr as _;

use crate::{ExtraName, ProjectName};

/// Parses and normalises a project's name (core metadata, `Name`): ASCII letters, digits, `-`,
/// `_` and `.`, starting and ending with a letter or digit. `None` for anything else.
pub fn project(text: &str) -> Option<ProjectName> {
    ProjectName::from_str(text)
        .ok()
        .filter(|_| !text.is_empty())
}

/// Parses and normalises an extra's name (PEP 685); the same rules.
pub fn extra(text: &str) -> Option<ExtraName> {
    ExtraName::from_str(text).ok().filter(|_| !text.is_empty())
}

/// Whether a command of this name would replace an interpreter: `python`, `python3.12`, `pypy3`,
/// `pythonw.exe`, `Python3.13t`, in any case and with any ending under which Windows starts it.
/// Names that go on with something else (`python-argcomplete-tcsh`) belong to real projects.
pub fn is_interpreter(command: &str) -> bool {
    let name = command.to_lowercase();
    let stem = [".exe", ".bat", ".cmd", ".com", ".ps1"]
        .iter()
        .find_map(|it| name.strip_suffix(it))
        .unwrap_or(&name);
    let Some(rest) = ["pythonw", "python", "pypy"]
        .iter()
        .find_map(|it| stem.strip_prefix(it))
    else {
        return false;
    };
    // Builds without the GIL, for debugging and so on append letters (PEP 3149).
    let flags = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    flags.len() <= 2 && flags.chars().all(|c| "dmtuw".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{extra, is_interpreter, project};

    #[test]
    fn names_are_normalised_and_empty_ones_refused() {
        assert_eq!(project("Foo__.Bar").unwrap().as_ref(), "foo-bar");
        assert_eq!(extra("A_b").unwrap().as_ref(), "a-b");
        for refused in ["", "-a", "a-", "a b", "é", "a\n"] {
            assert_eq!(project(refused), None, "{refused:?}");
            assert_eq!(extra(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn interpreters_are_told_from_longer_names() {
        for (interpreter, neighbour) in [
            ("python", "pythonista"),
            ("Python", "ipython"),
            ("python3", "bpython3"),
            ("python3.12", "python3-config"),
            ("python3.13t", "pythontest"),
            ("pythonw.exe", "pythonwin.exe"),
            ("PYTHON.EXE", "python.exe.txt"),
            ("python3.bat", "python-argcomplete-tcsh"),
            ("python.ps1", "python.ps"),
            ("pypy", "pypy-tool"),
            ("pypy3", "pypy3-config"),
            ("PyPy3.11.cmd", "pypytools"),
        ] {
            assert!(is_interpreter(interpreter), "{interpreter}");
            assert!(!is_interpreter(neighbour), "{neighbour}");
        }
    }
}
