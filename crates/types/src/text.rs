//! Text from outside, made safe for a terminal.

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
pub fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::Printable;

    #[test]
    fn escape_sequences_are_shown_and_not_obeyed() {
        assert_eq!(
            Printable("a\x1b[31mb\u{9b}c\u{202e}d").to_string(),
            r"a\u{1b}[31mb\u{9b}c\u{202e}d"
        );
        assert_eq!(Printable("café ñ 漢字").to_string(), "café ñ 漢字");
    }
}
