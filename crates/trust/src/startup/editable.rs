//! `.pth` files of editable installs (PEP 660): the user named a folder, and its code is to be imported
//! from there. What leads there and nowhere else needs no further word.

use super::{finder, pth};

/// An editable install, as far as its `.pth` files are concerned.
#[derive(Debug, Clone, Copy)]
pub struct Editable<'a> {
    /// The user's folder, to which it leads.
    pub folder: &'a str,
    /// Contents of the modules that [`modules`] names, as the project brings them. One is left out
    /// where it brings none, or where something else could be imported by that name.
    pub modules: &'a [(String, Vec<u8>)],
}

/// The modules that a `.pth` file of an editable install imports and that are known by their contents.
pub fn modules(contents: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(contents);
    let lines = text.split(pth::is_line_end).map(str::trim);
    lines.filter_map(finder::of).map(str::to_owned).collect()
}

/// Passes files whose every line is harmless, leads into the folder, or is setuptools' way to map
/// packages to folders. Loaders that build anew when something is imported are neither: they would run a
/// build outside of the sandbox.
pub(super) fn judge(contents: &[u8], editable: Editable<'_>) -> Result<(), String> {
    pth::judge_with(contents, &|line| match finder::of(line) {
        Some(module) => judge_finder(module, editable).map(|()| true),
        None => Ok(leads_into(line, editable.folder)),
    })
}

fn judge_finder(module: &str, editable: Editable<'_>) -> Result<(), String> {
    let mut modules = editable.modules.iter();
    match modules.find(|it| it.0 == module) {
        Some((_, contents)) => finder::judge(module, contents, editable.folder),
        None => Err(format!(
            "it imports {module}, and the wheel brings no such module, or more than one"
        )),
    }
}

/// Whether a line imports the loader of a backend: what it does is the backend's affair, such as to build
/// the project anew, which would happen outside of the sandbox.
pub(super) fn has_loader(contents: &[u8]) -> bool {
    let text = String::from_utf8_lossy(contents);
    text.lines().any(|line| {
        let module = line.trim().strip_prefix("import ").unwrap_or_default();
        let module = module.split([' ', ';', ',']).next().unwrap_or_default();
        module.starts_with('_') && module.contains("editable") && finder::of(line.trim()).is_none()
    })
}

/// An absolute path of plain parts, in the folder or the folder itself.
pub(super) fn leads_into(line: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    let Some(below) = line.trim_end_matches('/').strip_prefix(folder) else {
        return false;
    };
    let is_plain = |part: &str| !matches!(part, "" | "." | "..");
    !folder.is_empty()
        && match below.strip_prefix('/') {
            Some(parts) => parts.split('/').all(is_plain),
            None => below.is_empty(),
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(contents: &[u8], folder: &str) -> Result<(), String> {
        let module = "__editable___a_finder".to_owned();
        let modules = &[(module, b"def install(): pass\n".to_vec())];
        super::judge(contents, Editable { folder, modules })
    }

    #[test]
    fn loaders_are_known() {
        for text in [
            "import _demo_editable_loader\n",
            "# a comment\nimport _demo_editable; x()",
        ] {
            assert!(has_loader(text.as_bytes()), "{text:?}");
        }
        for text in [
            "/home/u/_editable\n",
            "import os\n",
            "import __editable___d_finder; __editable___d_finder.install()",
        ] {
            assert!(!has_loader(text.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn what_leads_into_the_folder_passes_and_nothing_else() {
        for text in [
            "/home/u/demo\n",
            "/home/u/demo/src\n/home/u/demo/lib/\n",
            "/home/u/demo/",
        ] {
            assert_eq!(judge(text.as_bytes(), "/home/u/demo"), Ok(()), "{text:?}");
        }
        for text in [
            "/home/u/demo2\n",
            "/home/u\n",
            "/home/u/demo/../other\n",
            "/home/u/demo//x\n",
            "/etc\n",
            "import os\n",
            "import _demo_editable_loader\n",
            "import __editable___a_finder; __editable___b_finder.install()",
            // Setuptools writes something else into the first, and the second is nowhere.
            "import __editable___a_finder; __editable___a_finder.install()",
            "import __editable___b_finder; __editable___b_finder.install()",
        ] {
            assert!(judge(text.as_bytes(), "/home/u/demo").is_err(), "{text:?}");
        }
        assert!(judge(b"/etc\n", "").is_err() && judge(b"/etc\n", "/").is_err());
    }

    #[test]
    fn the_modules_that_are_judged_are_those_that_any_python_would_import() {
        let line = "import __editable___a_finder; __editable___a_finder.install()";
        for text in [
            line.to_owned(),
            format!("/x\r{line}\n"),
            format!("  {line} "),
        ] {
            assert_eq!(modules(text.as_bytes()), ["__editable___a_finder"]);
        }
        assert!(modules(b"/home/u/demo\nimport os\n").is_empty());
    }
}
