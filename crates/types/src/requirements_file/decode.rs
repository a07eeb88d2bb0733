//! From bytes to text: byte-order marks, PEP 263 comments, UTF-8.

use super::LineError;

/// Decodes a file by its BOM or PEP 263 comment (UTF-8, UTF-16 with BOM, Latin-1 and ASCII).
/// Without either it must be UTF-8; pip would fall back to the locale's encoding, which makes a
/// file mean different things on different machines.
pub fn decode(bytes: &[u8]) -> Result<String, LineError> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest);
    }
    // UTF-32 first: its little-endian mark starts with that of UTF-16.
    if bytes.starts_with(b"\xff\xfe\0\0") || bytes.starts_with(b"\0\0\xfe\xff") {
        return Err(error(1, "UTF-32 is not read; save the file as UTF-8"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, u16::from_be_bytes);
    }
    match declared(bytes) {
        Some(name) => decode_as(bytes, &name),
        None => utf8(bytes),
    }
}

fn error(line: usize, why: impl Into<String>) -> LineError {
    LineError {
        line,
        column: 1,
        width: 1,
        text: String::new(),
        why: why.into(),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, LineError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(bad) => {
            let line = 1 + count_lines(&bytes[..bad.valid_up_to()]);
            Err(error(
                line,
                "this line is not UTF-8; another encoding needs `# -*- coding: NAME -*-` above",
            ))
        }
    }
}

fn count_lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, LineError> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(error(1, "UTF-16 with an odd number of bytes"));
    }
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16(&units)
        .map_err(|_| error(1, "the byte-order mark says UTF-16, the rest is not"))
}

/// The name in a `coding: NAME` or `coding=NAME` comment on one of the first two lines.
fn declared(bytes: &[u8]) -> Option<String> {
    let lines = bytes.split(|byte| *byte == b'\n').take(2);
    lines
        .filter(|line| line.starts_with(b"#"))
        .find_map(|line| {
            let line = String::from_utf8_lossy(line);
            let mut behind = line
                .match_indices("coding")
                .map(|(at, it)| &line[at + it.len()..]);
            behind.find_map(|rest| {
                let rest = rest.strip_prefix([':', '='])?.trim_start();
                let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
                let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
                (end > 0).then(|| rest[..end].to_owned())
            })
        })
}

fn decode_as(bytes: &[u8], name: &str) -> Result<String, LineError> {
    match name.to_ascii_lowercase().replace('_', "-").as_str() {
        "utf-8" | "utf8" | "utf-8-sig" => utf8(bytes),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" => {
            Ok(bytes.iter().copied().map(char::from).collect())
        }
        "ascii" | "us-ascii" => match bytes.iter().position(|byte| !byte.is_ascii()) {
            Some(at) => Err(error(
                1 + count_lines(&bytes[..at]),
                "this line is not ASCII",
            )),
            None => utf8(bytes),
        },
        _ => Err(error(
            1,
            format!("the encoding {name} is not known; save the file as UTF-8"),
        )),
    }
}
