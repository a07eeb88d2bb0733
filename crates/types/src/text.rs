//! Text from outside: made safe for a terminal, freed of `%XX`.

use std::fmt;

/// Displays text with everything replaced that could steer a terminal or reorder what is read:
/// control characters (C0, DEL, C1), bidirectional controls and line separators become `\u{…}`.
pub struct Printable<'a>(pub &'a str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| {
            if is_steering(c) {
                write!(f, "{}", c.escape_unicode())
            } else {
                write!(f, "{c}")
            }
        })
    }
}

/// Whether a character can steer a terminal or change the order in which text is shown.
pub fn is_steering(c: char) -> bool {
    c.is_control() || is_bidi_control(c) || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a character is a bidirectional control (Unicode TR 9), as in "Trojan Source".
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Decodes `%XX` once and only once (CVE-2026-13346 came of doing it twice); a `%` that begins no
/// escape stays.
pub fn percent_decode(text: &str) -> Vec<u8> {
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

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Printable, percent_decode};

    #[test]
    fn escape_sequences_are_shown_and_not_obeyed() {
        assert_eq!(
            Printable("a\x1b[31mb\u{9b}c\u{202e}d").to_string(),
            r"a\u{1b}[31mb\u{9b}c\u{202e}d"
        );
        assert_eq!(Printable("café ñ 漢字").to_string(), "café ñ 漢字");
    }

    #[test]
    fn escapes_are_decoded_once() {
        for (text, decoded) in [
            ("a%2Bb", "a+b"),
            ("a%252Fb", "a%2Fb"),
            ("100%", "100%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
            ("%+1", "%+1"),
            ("é%20", "é "),
        ] {
            assert_eq!(percent_decode(text), decoded.as_bytes(), "{text}");
        }
    }
}
