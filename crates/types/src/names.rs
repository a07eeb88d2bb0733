//! Names of projects and extras, checked, and the commands' names that are interpreters' own.
//!
//! `pep508_rs` takes an empty text for a name; these functions do not. Nothing else in this crate
//! parses names.

use std::str::FromStr as _;

use crate::{ExtraName, ProjectName, path::collision_key};

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

/// Whether a file or folder of this name, among an environment's commands, would be an interpreter
/// or govern one: `python`, `pypy3.11`, `pythonw.exe`, `Python3.13t`, in any case and with any
/// ending; what `getpath` of CPython reads beside the executable before anything else
/// (`python._pth` replaces the standard library); `pyvenv.cfg`, which names it. Names that go on
/// with something else (`python-argcomplete-tcsh`, `python3-config`) belong to real projects.
pub fn governs_interpreter(name: &str) -> bool {
    /// The last two tell that the interpreter runs from the folder it was built in.
    const READ_AT_START: [&str; 3] = ["pyvenv.cfg", "pybuilddir.txt", "modules"];
    let name = collision_key(name);
    name.ends_with("._pth") || READ_AT_START.contains(&name.as_str()) || is_interpreter(&name)
}

/// A version and the letters of a build's kind may follow, then an ending.
fn is_interpreter(name: &str) -> bool {
    let Some(rest) = ["pythonw", "python", "pypy"]
        .iter()
        .find_map(|it| name.strip_prefix(it))
    else {
        return false;
    };
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let has_ending = rest.strip_suffix(after).is_some_and(|it| it.ends_with('.'));
    // Builds without the GIL, for debugging and so on append letters (PEP 3149), on Windows `_d`.
    let flags = after.split('.').next().unwrap_or(after);
    has_ending || flags == "_d" || flags.len() <= 2 && flags.chars().all(|c| "dmtuw".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{extra, governs_interpreter, project};

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
            ("PYTHON.EXE", "python-exe"),
            ("python_d.exe", "python_dotenv"),
            ("python3.bat", "python-argcomplete-tcsh"),
            ("python311.dll", "pythonpy"),
            ("pypy", "pypy-tool"),
            ("pypy3", "pypyr"),
            ("PyPy3.11.cmd", "pypytools"),
        ] {
            assert!(governs_interpreter(interpreter), "{interpreter}");
            assert!(!governs_interpreter(neighbour), "{neighbour}");
        }
    }

    #[test]
    fn what_an_interpreter_reads_beside_itself_is_told_from_namesakes() {
        for (read, neighbour) in [
            ("python._pth", "python-_pth"),
            ("Python3.11._PTH", "tool.pth"),
            ("tool._pth", "tool_pth"),
            ("pyvenv.cfg", "pyvenv"),
            ("PyVenv.CFG", "pyvenv.cfg.txt"),
            ("pybuilddir.txt", "pybuilddir"),
            ("Module\u{17f}", "module"),
        ] {
            assert!(governs_interpreter(read), "{read}");
            assert!(!governs_interpreter(neighbour), "{neighbour}");
        }
    }
}
