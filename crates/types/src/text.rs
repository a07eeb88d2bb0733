//! Text from outside: made safe for a terminal, freed of `%XX`, freed of secrets.

use std::fmt;

use crate::Url;

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

/// The text as one word of a command line, for whoever copies it into a shell.
pub fn shell_word(text: &str) -> String {
    let is_plain = |it: char| it.is_ascii_alphanumeric() || "._-/:@%+".contains(it);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r#"'"'"'"#)),
    }
}

/// The text with users, passwords and queries of its URLs starred out, character for character. Of
/// a URL that is none, everything up to the last `@` may be a password.
pub fn without_secrets(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("://") {
        let scheme = rest[..start].rfind(|c: char| !is_scheme(c));
        let scheme = scheme.map_or(0, |at| {
            at + rest[at..].chars().next().map_or(0, char::len_utf8)
        });
        let (before, from) = rest.split_at(start + "://".len());
        masked.push_str(before);
        let end = |text: &str, stop: &[char]| {
            let stops = |c: char| c.is_whitespace() || stop.contains(&c);
            text.find(stops).unwrap_or(text.len())
        };
        let word = end(from, &[]);
        let is_url = Url::parse(&rest[scheme..start + "://".len() + word]).is_ok();
        let authority = if is_url {
            &from[..end(from, &['/', '?', '#'])]
        } else {
            from
        };
        let secret = authority.rfind('@').unwrap_or(0);
        star_out(&from[..secret], &mut masked);
        let from = &from[secret..];
        let query = end(from, &['?']);
        let fragment = query + end(&from[query..], &['#']);
        masked.push_str(&from[..query]);
        if let Some(query) = from[query..fragment].strip_prefix('?') {
            masked.push('?');
            star_out(query, &mut masked);
        }
        rest = &from[fragment..];
    }
    masked.push_str(rest);
    masked
}

fn is_scheme(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')
}

fn star_out(secret: &str, masked: &mut String) {
    masked.extend(secret.chars().map(|_| '*'));
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
    use super::{Printable, percent_decode, shell_word, without_secrets};

    #[test]
    fn escape_sequences_are_shown_and_not_obeyed() {
        assert_eq!(
            Printable("a\x1b[31mb\u{9b}c\u{202e}d").to_string(),
            r"a\u{1b}[31mb\u{9b}c\u{202e}d"
        );
        assert_eq!(Printable("café ñ 漢字").to_string(), "café ñ 漢字");
    }

    #[test]
    fn one_word_stays_one_word_of_a_shell() {
        for (text, word) in [
            ("~x", "'~x'"),
            ("a b", "'a b'"),
            ("", "''"),
            ("it's", r#"'it'"'"'s'"#),
            ("$(x);`y`", "'$(x);`y`'"),
            ("/a/b-1.0_c+d%20:@e", "/a/b-1.0_c+d%20:@e"),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }

    #[test]
    fn what_may_be_a_secret_is_starred_out() {
        for (text, masked) in [
            ("-i https://u:pw@h/simple", "-i https://****@h/simple"),
            ("x @ git+https://tök@h/x ; y", "x @ git+https://***@h/x ; y"),
            (
                "https://h/x.whl?sig=S#sha256=0",
                "https://h/x.whl?*****#sha256=0",
            ),
            ("-f https://u:pw@h:99999/x", "-f https://****@h:99999/x"),
            ("https://u:p#w@h/x", "https://*****@h/x"),
            ("https://u:p w@h/x?y z", "https://*****@h/x?* z"),
            ("https://a:1@h b://c@d", "https://***@h b://*@d"),
            ("https://h/@scope/x", "https://h/@scope/x"),
            ("a@b :// c", "a@b :// c"),
        ] {
            assert_eq!(without_secrets(text), masked);
        }
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
