//! `.pth` files, read more narrowly than any version of `site` does: what some Python would
//! execute is never taken for a path here.

use assay_types::{SafePath, text::is_steering};

use super::namespace;

/// Larger files are not read: the largest harmless ones have a few lines.
const LIMIT: usize = 64 * 1024;

type Passes<'p> = &'p dyn Fn(&str) -> Result<bool, String>;

/// Passes files whose every line is blank, a comment, a path that stays inside the folder, or the
/// namespace-package template of setuptools.
pub(super) fn judge(contents: &[u8]) -> Result<(), String> {
    judge_with(contents, &|_| Ok(false))
}

/// The same where more lines pass: those of which `passes`, given the line without white space at its
/// ends, says so. It may also say why one does not.
pub(super) fn judge_with(contents: &[u8], passes: Passes<'_>) -> Result<(), String> {
    if contents.len() > LIMIT {
        return Err("it is too large for a list of paths".to_owned());
    }
    let text = std::str::from_utf8(contents).map_err(|_| "it is not UTF-8".to_owned())?;
    // Pythons differ in which characters end a line and in whether a byte order mark counts.
    if let Some(odd) = text.chars().find(|c| is_unclear(*c)) {
        return Err(format!(
            "it holds {}, which Pythons read differently",
            odd.escape_unicode()
        ));
    }
    text.lines().enumerate().try_for_each(|(index, line)| {
        judge_line(line, passes).map_err(|why| format!("line {}: {why}", index + 1))
    })
}

fn is_unclear(c: char) -> bool {
    !matches!(c, '\n' | '\r' | '\t') && (is_steering(c) || c == '\u{feff}')
}

fn judge_line(line: &str, passes: Passes<'_>) -> Result<(), String> {
    let text = line.trim();
    if text.contains('\r') {
        return Err("a carriage return hides a second line".to_owned());
    }
    let is_harmless =
        text.is_empty() || line.starts_with('#') || namespace::package(line.trim_end()).is_some();
    if is_harmless || passes(text)? {
        return Ok(());
    }
    if is_code(text) {
        return Err(format!("`{}`", text.chars().take(120).collect::<String>()));
    }
    let path = text.strip_prefix("./").unwrap_or(text);
    SafePath::parse(path.trim_end_matches('/'))
        .map(drop)
        .map_err(|error| format!("`{text}` leads out of the folder or is no plain path: {error}"))
}

/// Whether `site` executes a line, white space before it aside.
pub(super) fn is_code(text: &str) -> bool {
    text == "import" || text.starts_with("import ") || text.starts_with("import\t")
}

/// Whether a line ends here for some Python (`str.splitlines`, universal newlines).
pub(super) fn is_line_end(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

#[cfg(test)]
mod tests {
    use super::judge;

    #[test]
    fn paths_inside_pass_and_paths_outside_do_not() {
        for text in [
            "",
            "\n\n",
            "# a comment\nlib\n",
            "lib/python\r\nwin32\r\n",
            "./vendored\n",
            "win32/lib/\n",
        ] {
            assert_eq!(judge(text.as_bytes()), Ok(()), "{text:?}");
        }
        for text in [
            "../outside\n",
            "/abs\n",
            "lib/../../x\n",
            "C:\\x\n",
            "a\0b\n",
            "lib\\x\n",
        ] {
            assert!(judge(text.as_bytes()).is_err(), "{text:?}");
        }
    }

    #[test]
    fn whatever_some_python_executes_is_refused() {
        for text in [
            "import os",
            "import\tos",
            "  import os",
            "lib\nimport os\n",
            "lib\rimport os",
            "lib\x0bimport os",
            "lib\x0cimport os",
            "lib\u{85}import os",
            "lib\u{2028}import os",
            "\u{feff}import os",
            "lib\x1cimport os",
        ] {
            assert!(judge(text.as_bytes()).is_err(), "{text:?}");
        }
        assert!(judge(b"\xff\xfe").is_err());
        assert_eq!(judge(b"importlib_extras\nimports/x\n"), Ok(()));
    }

    #[test]
    fn a_file_of_paths_may_be_long_but_not_huge() {
        assert_eq!(judge("a\n".repeat(1000).as_bytes()), Ok(()));
        assert!(judge("a\n".repeat(40_000).as_bytes()).is_err());
    }
}
