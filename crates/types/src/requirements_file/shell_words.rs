//! Splitting options as Python's `shlex.split` does.

use super::Mistake;

/// A word and where it stands: byte offset and length in the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) at: usize,
    pub(super) length: usize,
}

/// Words between white space; quotes and backslashes as in a POSIX shell. Offsets count from
/// `base`.
pub(super) fn split(text: &str, base: usize) -> Result<Vec<Word>, Mistake> {
    let mut words = Vec::new();
    let mut chars = text.char_indices();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut word = String::new();
        let mut next = Some((start, c));
        let mut end = text.len();
        while let Some((at, c)) = next {
            match c {
                '\'' | '"' => quoted(&mut chars, c, &mut word)
                    .ok_or_else(|| unclosed(base + at, "this quote is not closed"))?,
                '\\' => {
                    let (_, c) = chars
                        .next()
                        .ok_or_else(|| unclosed(base + at, "nothing follows this backslash"))?;
                    word.push(c);
                }
                c if c.is_whitespace() => {
                    end = at;
                    break;
                }
                c => word.push(c),
            }
            next = chars.next();
        }
        words.push(Word {
            text: word,
            at: base + start,
            length: end - start,
        });
    }
    Ok(words)
}

/// Reads up to the closing quote; `None` where there is none. Inside double quotes a backslash
/// escapes a quote or a backslash.
fn quoted(
    chars: &mut impl Iterator<Item = (usize, char)>,
    quote: char,
    word: &mut String,
) -> Option<()> {
    loop {
        match chars.next()?.1 {
            c if c == quote => return Some(()),
            '\\' if quote == '"' => match chars.next()?.1 {
                c @ ('"' | '\\') => word.push(c),
                c => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

fn unclosed(at: usize, why: &str) -> Mistake {
    Mistake {
        at,
        length: 1,
        why: why.to_owned(),
    }
}
