//! Two texts, line by line.

use std::iter;

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use super::lines::decoded;

/// Equal lines round a difference.
const CONTEXT: usize = 3;

/// Lines that differ, with some that do not round them.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Hunk {
    /// 1-based; of no lines, the one before them.
    pub old_start: usize,
    pub old_lines: usize,
    pub new_start: usize,
    pub new_lines: usize,
    /// Each behind `+`, `-` or a space; decoded and cut, not escaped.
    pub lines: Vec<String>,
}

/// A text as lines.
pub struct Content<'a> {
    lines: Vec<Line<'a>>,
    ends: Ends,
}

/// A line, and whether anything ends it.
type Line<'a> = (&'a [u8], bool);

/// How lines end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ends {
    None,
    Lf,
    CrLf,
    /// Now so, now so: a carriage return is part of its line.
    Mixed,
}

impl<'a> Content<'a> {
    /// Takes a text apart. Where every line ends with CRLF, the ends are no part of the lines.
    pub fn of(text: &'a [u8]) -> Self {
        let ends = Ends::of(text);
        let lines = text.split_inclusive(|it| *it == b'\n').map(|line| {
            let Some(whole) = line.strip_suffix(b"\n") else {
                return (line, false);
            };
            let bare = whole.strip_suffix(b"\r").filter(|_| ends == Ends::CrLf);
            (bare.unwrap_or(whole), true)
        });
        Self {
            lines: lines.collect(),
            ends,
        }
    }

    /// What [`hunks`] does not show.
    pub fn differs_at_line_ends(&self, before: &Self) -> Option<String> {
        let (from, to) = (before.ends.name()?, self.ends.name()?);
        (from != to).then(|| format!("its lines ended with {from} and end with {to}"))
    }
}

impl Ends {
    fn of(text: &[u8]) -> Self {
        let lines = text.split_inclusive(|it| *it == b'\n');
        let all = lines.filter(|it| it.ends_with(b"\n"));
        let (mut crlf, mut lf) = (0, 0);
        all.for_each(|it| match it.ends_with(b"\r\n") {
            true => crlf += 1,
            false => lf += 1,
        });
        match (crlf, lf) {
            (0, 0) => Self::None,
            (0, _) => Self::Lf,
            (_, 0) => Self::CrLf,
            _ => Self::Mixed,
        }
    }

    fn name(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Lf => Some("LF"),
            Self::CrLf => Some("CRLF"),
            Self::Mixed => Some("LF or CRLF"),
        }
    }
}

/// What differs, as long as lines are left, and how many more lines there are. The work is bounded:
/// texts that have little in common may be shown with more differences than they have.
pub fn hunks(before: &Content<'_>, after: &Content<'_>, left: &mut usize) -> (Vec<Hunk>, usize) {
    let (old, new) = (&before.lines, &after.lines);
    let ops = capture_diff_slices(Algorithm::Myers, old, new);
    let (mut hunks, mut left_out) = (Vec::new(), 0);
    for group in group_diff_ops(ops, CONTEXT) {
        let all = group.iter().flat_map(|it| signed(it, old, new));
        let lines: Vec<_> = all.clone().take(*left).collect();
        left_out += all.count() - lines.len();
        *left -= lines.len();
        if !lines.is_empty() {
            let shown = lines.into_iter().flat_map(|(sign, line)| shown(sign, line));
            hunks.push(Hunk::new(&group, shown.collect()));
        }
    }
    (hunks, left_out)
}

fn signed<'a>(
    op: &DiffOp,
    old: &'a [Line<'a>],
    new: &'a [Line<'a>],
) -> impl Iterator<Item = (char, Line<'a>)> + Clone {
    let (before, after) = (&old[op.old_range()], &new[op.new_range()]);
    let (equal, gone, come): (&[Line<'_>], _, _) = match op {
        DiffOp::Equal { .. } => (before, &before[..0], &after[..0]),
        _ => (&before[..0], before, after),
    };
    let of = |sign, lines: &'a [Line<'a>]| lines.iter().map(move |it| (sign, *it));
    of(' ', equal).chain(of('-', gone)).chain(of('+', come))
}

fn shown(sign: char, (line, is_ended): Line<'_>) -> impl Iterator<Item = String> {
    let note = (!is_ended).then(|| "\\ no line end here".to_owned());
    iter::once(format!("{sign}{}", decoded(line))).chain(note)
}

impl Hunk {
    fn new(group: &[DiffOp], lines: Vec<String>) -> Self {
        let begin = |it: Option<usize>| it.unwrap_or(0);
        let old_start = begin(group.first().map(|it| it.old_range().start));
        let new_start = begin(group.first().map(|it| it.new_range().start));
        let old_lines = begin(group.last().map(|it| it.old_range().end)) - old_start;
        let new_lines = begin(group.last().map(|it| it.new_range().end)) - new_start;
        Self {
            old_start: old_start + usize::from(old_lines > 0),
            old_lines,
            new_start: new_start + usize::from(new_lines > 0),
            new_lines,
            lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_equal_gone_and_come_are_the_two_texts(before in "[ab\n]{0,30}", after in "[ab\n]{0,30}") {
            let of = |sign: char| {
                let lines = lines(&before, &after).into_iter();
                lines.filter(|it| it.starts_with(sign)).count()
            };
            let count = |text: &str| text.split_inclusive('\n').count();
            prop_assert_eq!(of('+') + count(&before), of('-') + count(&after));
            prop_assert_eq!(of('+') + of('-') == 0, before == after);
        }
    }

    fn lines(before: &str, after: &str) -> Vec<String> {
        let (before, after) = (
            Content::of(before.as_bytes()),
            Content::of(after.as_bytes()),
        );
        let (hunks, _) = hunks(&before, &after, &mut 1_000_000);
        hunks.into_iter().flat_map(|it| it.lines).collect()
    }

    #[test]
    fn differences_stand_among_equal_lines_and_know_where() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = before.replace('5', "five");
        let contents = [before, &after].map(|it| Content::of(it.as_bytes()));
        let (found, _) = hunks(&contents[0], &contents[1], &mut 1_000_000);
        let expected = [" 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8"];
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].lines, expected);
        let Hunk {
            old_start,
            old_lines,
            new_start,
            new_lines,
            ..
        } = found[0];
        assert_eq!((old_start, old_lines, new_start, new_lines), (2, 7, 2, 7));
        assert_eq!(lines(before, before), Vec::<String>::new());
        let (found, left_out) = hunks(&contents[0], &contents[1], &mut 4);
        assert_eq!(found[0].lines, expected[..4]);
        assert_eq!(left_out, 4);
        assert_eq!(hunks(&contents[0], &contents[1], &mut 0), (Vec::new(), 8));
    }

    #[test]
    fn a_text_that_comes_begins_at_line_one() {
        let (found, _) = hunks(&Content::of(b""), &Content::of(b"a\nb"), &mut 2);
        assert_eq!((found[0].old_start, found[0].old_lines), (0, 0));
        assert_eq!((found[0].new_start, found[0].new_lines), (1, 2));
        assert_eq!(found[0].lines, ["+a", "+b", "\\ no line end here"]);
    }

    #[test]
    fn line_ends_are_told_once_and_shown_where_they_are_mixed() {
        let (unix, dos) = (Content::of(b"a\nb\n"), Content::of(b"a\r\nb\r\n"));
        let told = dos.differs_at_line_ends(&unix);
        assert_eq!(told.unwrap(), "its lines ended with LF and end with CRLF");
        assert_eq!(unix.differs_at_line_ends(&unix), None);
        assert_eq!(lines("a\nb\n", "a\r\nb\r\n"), Vec::<String>::new());
        assert_eq!(lines("a\nb\n", "a\nb\r\n"), [" a", "-b", "+b\r"]);
        assert_eq!(lines("a\r\nb\r\n", "a\r\nc\r\n"), [" a", "-b", "+c"]);
    }

    #[test]
    fn texts_that_share_everything_in_another_order_are_compared_all_the_same() {
        let before: String = (0..100_000).map(|it| format!("{it}\n")).collect();
        let after: String = (0..100_000)
            .map(|it| format!("{}\n", it * 7919 % 100_000))
            .collect();
        let found = lines(&before, &after);
        let left = |sign| found.iter().filter(|it| it.starts_with(sign)).count();
        assert!(left('-') > 0 && left('-') == left('+'));
    }
}
