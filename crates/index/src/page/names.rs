//! File names in links.

/// Decodes `%XX` once and only once (CVE-2026-13346 came of doing it twice); a `%` that begins no
/// escape stays.
pub(crate) fn percent_decode(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = (bytes[at] == b'%')
            .then(|| bytes.get(at + 1..at + 3).and_then(hex_pair))
            .flatten();
        match escape {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

/// The last part of a URL's path, decoded once.
pub(super) fn file_name(url: &url::Url) -> Result<String, String> {
    let last = url.path().rsplit('/').next().unwrap_or_default();
    String::from_utf8(percent_decode(last)).map_err(|_| "its name is not UTF-8".to_owned())
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_once() {
        for (text, decoded) in [
            ("a%2Bb", "a+b"),
            ("a%252Fb", "a%2Fb"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
            ("é%20", "é "),
        ] {
            assert_eq!(percent_decode(text), decoded.as_bytes(), "{text}");
        }
    }
}
