//! ASCII armor (RFC 9580, section 6): one block, and nothing before or behind it. The checksum is no
//! protection and is not asked about, as the RFC wants it.

use std::borrow::Cow;

use base64::{Engine as _, prelude::BASE64_STANDARD};

/// The packets of a document that is armored as `kind`, or binary. The error is a sentence without its
/// subject.
pub(super) fn unframe<'a>(document: &'a [u8], kind: &str) -> Result<Cow<'a, [u8]>, String> {
    match document.first() {
        None => Err("is empty".to_owned()),
        // Each packet begins with this bit, and no text does.
        Some(first) if first & 0x80 != 0 => Ok(Cow::Borrowed(document)),
        Some(_) => decode(document, kind).map(Cow::Owned),
    }
}

fn decode(document: &[u8], kind: &str) -> Result<Vec<u8>, String> {
    let no_armor = || "is neither binary OpenPGP nor ASCII armor".to_owned();
    let text = std::str::from_utf8(document).map_err(|_| no_armor())?;
    let mut lines = text.trim_ascii().lines().map(str::trim_ascii_end);
    let begin = lines.next().and_then(|it| label(it, "BEGIN"));
    check_kind(begin.ok_or_else(no_armor)?, kind)?;
    // Headers such as "Comment: …" end with an empty line.
    if !lines
        .by_ref()
        .take_while(|it| !it.is_empty())
        .all(is_header)
    {
        return Err("has a line in its armor that is no header".to_owned());
    }
    let mut body = String::new();
    let mut has_checksum = false;
    for line in lines.by_ref() {
        if let Some(end) = label(line, "END") {
            if end != kind {
                return Err(format!("begins as {kind} and ends otherwise"));
            }
            return match lines.next() {
                None => BASE64_STANDARD
                    .decode(body)
                    .map_err(|_| "is damaged: its armor is no base64".to_owned()),
                Some(_) => Err("goes on behind its armor".to_owned()),
            };
        }
        if has_checksum {
            return Err("goes on behind the checksum of its armor".to_owned());
        }
        has_checksum = line.len() == 5 && line.starts_with('=');
        if !has_checksum {
            body.push_str(line);
        }
    }
    Err("is truncated: its armor has no end".to_owned())
}

fn label<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let inner = line.strip_prefix("-----")?.strip_suffix("-----")?;
    inner.strip_prefix(word)?.strip_prefix(' ')
}

fn is_header(line: &str) -> bool {
    line.split_once(':')
        .is_some_and(|(name, _)| !name.is_empty())
}

fn check_kind(found: &str, wanted: &str) -> Result<(), String> {
    let what = match found {
        _ if found == wanted => return Ok(()),
        "PGP SIGNATURE" => "a signature",
        "PGP PUBLIC KEY BLOCK" => "a public key",
        "PGP PRIVATE KEY BLOCK" => {
            return Err("holds a secret key: it belongs nowhere but with its owner".to_owned());
        }
        "PGP SIGNED MESSAGE" => "a signed text, and no detached signature",
        "PGP MESSAGE" => "a message, and no detached signature",
        _ => "something else",
    };
    Err(format!("is not a {wanted} but {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: &str = "PGP SIGNATURE";

    fn decoded(text: &str) -> Result<Vec<u8>, String> {
        unframe(text.as_bytes(), KIND).map(Cow::into_owned)
    }

    #[test]
    fn one_block_is_read_and_nothing_around_it() {
        let block = "-----BEGIN PGP SIGNATURE-----\nComment: by hand\n\naGVs\nbG8h\n=abcd\n-----END PGP SIGNATURE-----\n";
        let change = |from: &str, to: &str| {
            assert!(block.contains(from), "{from}");
            block.replacen(from, to, 1)
        };
        for good in [
            block.to_owned(),
            block.replace('\n', "\r\n"),
            format!("\n{block}\n\n"),
            change("Comment: by hand\n", ""),
            change("=abcd\n", ""),
            change("aGVs\nbG8h", "aGVsbG8h"),
        ] {
            assert_eq!(decoded(&good).unwrap(), b"hello!", "{good}");
        }
        for (bad, why) in [
            (String::new(), "empty"),
            ("hello".to_owned(), "neither"),
            (format!("hello\n{block}"), "neither"),
            (format!("{block}hello"), "behind its armor"),
            (format!("{block}{block}"), "behind its armor"),
            (change("=abcd\n", "=abcd\naGVs\n"), "behind the checksum"),
            (change("-----END PGP SIGNATURE-----\n", ""), "truncated"),
            (change("END PGP SIGNATURE", "END PGP MESSAGE"), "otherwise"),
            (change("bG8h", "bG8"), "base64"),
            (change("bG8h", "bG!h"), "base64"),
            (change("\n\n", "\n"), "header"),
            (change("Comment: by hand", "Comment"), "header"),
            (
                change("BEGIN PGP SIGNATURE", "BEGIN PGP PUBLIC KEY BLOCK"),
                "public key",
            ),
            (
                change("BEGIN PGP SIGNATURE", "BEGIN PGP PRIVATE KEY BLOCK"),
                "secret",
            ),
            (
                change("BEGIN PGP SIGNATURE", "BEGIN PGP SIGNED MESSAGE"),
                "signed text",
            ),
            (
                change("BEGIN PGP SIGNATURE", "BEGIN PGP MESSAGE"),
                "a message",
            ),
            (
                change("BEGIN PGP SIGNATURE", "BEGIN CERTIFICATE"),
                "something else",
            ),
        ] {
            let error = decoded(&bad).unwrap_err();
            assert!(error.contains(why), "{bad}: {error}");
        }
        assert_eq!(unframe(&[0x80], KIND).unwrap(), &[0x80][..]);
    }
}
