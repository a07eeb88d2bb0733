//! `.pth` files of editable installs (PEP 660): the user named a folder, and its code is to be imported
//! from there. What leads there and nowhere else needs no further word.

use super::pth;

/// Passes files whose every line is harmless, leads into the folder, or is setuptools' way to map
/// packages to folders. Loaders that build anew when something is imported are neither: they would run a
/// build outside of the sandbox.
pub(super) fn judge(contents: &[u8], folder: &str) -> Result<(), String> {
    pth::judge_with(contents, &|line| {
        leads_into(line, folder) || is_finder(line)
    })
}

/// Whether a line imports the loader of a backend: what it does is the backend's affair, such as to build
/// the project anew, which would happen outside of the sandbox.
pub(super) fn has_loader(contents: &[u8]) -> bool {
    let text = String::from_utf8_lossy(contents);
    text.lines().any(|line| {
        let module = line.trim().strip_prefix("import ").unwrap_or_default();
        let module = module.split([' ', ';', ',']).next().unwrap_or_default();
        module.starts_with('_') && module.contains("editable") && !is_finder(line.trim())
    })
}

/// An absolute path of plain parts, in the folder or the folder itself.
fn leads_into(line: &str, folder: &str) -> bool {
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

/// `import __editable___NAME_finder; __editable___NAME_finder.install()`, as setuptools 64 and later
/// write it.
fn is_finder(line: &str) -> bool {
    let module = line
        .strip_prefix("import ")
        .and_then(|it| it.split_once("; "));
    let Some((module, call)) = module else {
        return false;
    };
    let is_name = module
        .chars()
        .all(|c| c == '_' || c.is_ascii_alphanumeric());
    is_name
        && module.starts_with("__editable___")
        && module.ends_with("_finder")
        && call.strip_prefix(module) == Some(".install()")
}

#[cfg(test)]
mod tests {
    use super::{has_loader, judge};

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
            "import __editable___demo_1_0_finder; __editable___demo_1_0_finder.install()",
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
            "import __editable___a_finder; __editable___a_finder.install(); import os",
            "import __editable___a,os_finder; __editable___a,os_finder.install()",
        ] {
            assert!(judge(text.as_bytes(), "/home/u/demo").is_err(), "{text:?}");
        }
        assert!(judge(b"/etc\n", "").is_err() && judge(b"/etc\n", "/").is_err());
    }
}
