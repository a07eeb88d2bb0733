//! Lines of text as a reviewer sees them: nothing in them steers a terminal, hides or is endless.

use std::fmt::{self, Write as _};

use assay_types::text::is_steering;

/// Longest line in characters.
const LONGEST: usize = 500;
/// So many spaces and tabs in a row push what follows out of sight.
const GAP: usize = 60;

/// A line as text: bytes that are not UTF-8 as `\xNN`, gaps by their length, cut where it is too
/// long. Unescaped otherwise.
pub fn decoded(line: &[u8]) -> String {
    let mut text = String::new();
    for chunk in line.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a String does not fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    cut(&without_gaps(&text))
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        None => line.to_owned(),
        Some((end, _)) => {
            let all = line.chars().count();
            format!("{}… ({all} characters in all)", &line[..end])
        }
    }
}

/// Code far to the right of an innocent line is an old trick.
fn without_gaps(line: &str) -> String {
    let (mut text, mut rest) = (String::with_capacity(line.len()), line);
    while let Some(start) = rest.find([' ', '\t']) {
        let (before, from) = rest.split_at(start);
        let length = from.find(|c| c != ' ' && c != '\t').unwrap_or(from.len());
        text.push_str(before);
        match length {
            GAP.. => {
                let _ = write!(text, "[{length} spaces]");
            }
            _ => text.push_str(&from[..length]),
        }
        rest = &from[length..];
    }
    text.push_str(rest);
    text
}

/// Displays a line of a file. Tabs stay; what steers, reorders or cannot be seen becomes `\u{…}`.
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| {
            if c != '\t' && (is_steering(c) || is_unseen(c)) {
                write!(f, "{}", c.escape_unicode())
            } else {
                f.write_char(c)
            }
        })
    }
}

/// Characters without a shape of their own, in which whole programs were hidden: zero-width ones,
/// fillers, variation selectors, tags, private use.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
        | '\u{e000}'..='\u{f8ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_line_steers_or_is_endless(line: Vec<u8>, times in 1..300_usize) {
            let shown = Shown(&decoded(&line.repeat(times))).to_string();
            prop_assert!(!shown.contains(|c: char| c != '\t' && (is_steering(c) || is_unseen(c))));
            // `\u{10fffd}` is the longest escape.
            prop_assert!(shown.chars().count() < LONGEST * 10 + 50);
        }
    }

    #[test]
    fn a_line_is_shown_and_not_obeyed() {
        for (line, shown) in [
            (&b"a\tb"[..], "a\tb"),
            (b"\x1b[2J\r", r"\u{1b}[2J\u{d}"),
            (b"caf\xc3\xa9 \xe9\xff", r"café \xe9\xff"),
            (
                "x = '\u{e0101}\u{200b}\u{202e}'".as_bytes(),
                r"x = '\u{e0101}\u{200b}\u{202e}'",
            ),
        ] {
            assert_eq!(Shown(&decoded(line)).to_string(), shown);
        }
    }

    #[test]
    fn what_is_far_to_the_right_or_endless_is_brought_into_sight() {
        let near = format!("x = 1{}# note", " ".repeat(GAP - 1));
        assert_eq!(decoded(near.as_bytes()), near);
        let far = format!("x = 1{}; evil()", " ".repeat(GAP * 100));
        assert_eq!(decoded(far.as_bytes()), "x = 1[6000 spaces]; evil()");
        let long = "é".repeat(LONGEST);
        assert_eq!(decoded(long.as_bytes()), long);
        let cut = decoded(format!("{long}é").as_bytes());
        assert_eq!(cut, format!("{long}… (501 characters in all)"));
    }
}
