//! Native and compiled code: what no reviewer reads as text.

use serde::Serialize;

use super::{changes::Change, row::Row, side::Side};
use crate::failure::Result;

/// A file of code that is not source.
#[derive(Debug, Serialize)]
pub struct Native {
    #[serde(flatten)]
    pub row: Row,
    /// What its first bytes or its name say that it is.
    pub format: &'static str,
}

/// Enough of a file to know it by.
const HEAD: usize = 8;

/// First bytes. Mach-O's come in both orders; those of universal binaries are Java's, too.
const MAGIC: [(&[u8], &str); 13] = [
    (b"\x7fELF", "ELF"),
    (b"MZ", "PE"),
    (b"\xfe\xed\xfa\xce", "Mach-O"),
    (b"\xfe\xed\xfa\xcf", "Mach-O"),
    (b"\xce\xfa\xed\xfe", "Mach-O"),
    (b"\xcf\xfa\xed\xfe", "Mach-O"),
    (b"\xca\xfe\xba\xbe", "Mach-O (universal) or Java"),
    (b"\xca\xfe\xba\xbf", "Mach-O (universal)"),
    (b"!<arch>\n", "static library"),
    (b"!<thin>\n", "static library"),
    (b"\0asm", "WebAssembly"),
    (b"BC\xc0\xde", "LLVM bitcode"),
    (b"\xde\xc0\x17\x0b", "LLVM bitcode"),
];

/// Last parts of names, whatever the content.
const ENDINGS: [(&str, &str); 14] = [
    ("so", "native by its name"),
    ("pyd", "native by its name"),
    ("dll", "native by its name"),
    ("dylib", "native by its name"),
    ("exe", "native by its name"),
    ("com", "native by its name"),
    ("node", "native by its name"),
    ("a", "static library by its name"),
    ("lib", "static library by its name"),
    ("o", "native by its name"),
    ("obj", "native by its name"),
    ("wasm", "WebAssembly by its name"),
    ("pyc", "Python bytecode"),
    ("pyo", "Python bytecode"),
];

/// Those that are new, changed, renamed or gone.
pub fn native(changes: &[Change<'_>], old: &Side, new: &Side) -> Result<Vec<Native>> {
    let mut found = Vec::new();
    for change in changes {
        let (side, file) = match (change.new, change.old) {
            (Some(file), _) => (new, file),
            (None, Some(file)) => (old, file),
            (None, None) => continue,
        };
        let head = side.wheel().beginning(file, HEAD)?;
        if let Some(format) = format(&file.path, &head)
            && let Some(row) = Row::new(change)
        {
            found.push(Native { row, format });
        }
    }
    Ok(found)
}

/// What code a file holds; none where it seems to hold none.
fn format(path: &str, head: &[u8]) -> Option<&'static str> {
    let by_content = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    by_content.map(|it| it.1).or_else(|| by_name(path))
}

fn by_name(path: &str) -> Option<&'static str> {
    let name = path.rsplit('/').next()?.to_ascii_lowercase();
    let (_, endings) = name.split_once('.')?;
    // The version of a shared library stands behind its ending: libz.so.1.3.
    let is_number = |it: &&str| it.bytes().all(|it| it.is_ascii_digit());
    let ending = endings.rsplit('.').find(|it| !is_number(it))?;
    let found = ENDINGS.iter().find(|it| it.0 == ending);
    found.map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn code_is_known_by_its_first_bytes_or_by_its_name() {
        for (path, head, expected) in [
            ("a/logo.png", &b"\x7fELF\x02\x01"[..], Some("ELF")),
            ("a/data", b"MZ\x90\0", Some("PE")),
            ("a/b.so", b"", Some("native by its name")),
            ("a/B.PYD", b"text", Some("native by its name")),
            ("a.libs/libz-1a2b.so.1.3", b"", Some("native by its name")),
            (
                "a/__pycache__/b.cpython-312.pyc",
                b"",
                Some("Python bytecode"),
            ),
            ("a/so", b"text", None),
            ("a/b.py", b"M", None),
            ("a/b.soy", b"ELF", None),
            ("a/1.2", b"", None),
        ] {
            assert_eq!(format(path, head), expected, "{path}");
        }
    }
}
