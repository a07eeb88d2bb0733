//! Whether what is printed is what the guide shows, but for what differs each time.

/// Every line shown is printed, in this order; others may be printed between them.
#[track_caller]
pub fn assert_shown(command: &str, shown: &[String], printed: &str) {
    let mut rest = printed.lines();
    for line in shown {
        let is_it = |it: &str| fits(&alike(line), &alike(it));
        assert!(
            rest.any(is_it),
            "the guide shows below `{command}`\n{line}\nand this is printed\n{printed}"
        );
    }
}

/// Whether a line is like a shown one, in which `…` stands for anything.
fn fits(shown: &str, printed: &str) -> bool {
    let mut pieces = shown.split('…');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = printed.strip_prefix(first) else {
        return false;
    };
    let mut complete = rest.is_empty();
    for piece in pieces {
        let Some(at) = rest.find(piece) else {
            return false;
        };
        rest = &rest[at + piece.len()..];
        complete = piece.is_empty() || rest.is_empty();
    }
    complete
}

/// Without widths of columns, digests, times, durations, sizes and counts of files.
fn alike(line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().map(word).collect();
    let line = words.join(" ");
    if let Some((start, _)) = line.split_once(" fetched)")
        && let Some((start, _)) = start.rsplit_once(" in ")
    {
        return start.to_owned();
    }
    match line.split_once(" files compared") {
        Some((_, rest)) => format!("N files compared{rest}"),
        None => line,
    }
}

fn word(text: &str) -> String {
    let bare = text.trim_end_matches([',', ';']);
    if bare.parse::<jiff::Timestamp>().is_ok() {
        return text.replace(bare, "TIME");
    }
    if let Some((start, rest)) = text.split_once("/lib/python3.") {
        let rest = rest.trim_start_matches(|it: char| it.is_ascii_digit());
        return format!("{start}/lib/python3.N{rest}");
    }
    let (start, digest) = text.rsplit_once(':').unwrap_or(("", text));
    let bare = digest.trim_end_matches('…');
    let is_digest = bare.len() >= 12 && bare.chars().all(|it| it.is_ascii_hexdigit());
    match is_digest {
        true => format!("{start}:DIGEST"),
        false => text.to_owned(),
    }
}

#[test]
fn a_line_fits_what_differs_only_by_time_and_place() {
    let fits = |shown, printed| fits(&alike(shown), &alike(printed));
    for (shown, printed) in [
        ("a  b", "a b"),
        (
            "at 2026-01-02T03:04:05Z, by x",
            "at 2025-01-02T03:04:05.5Z, by x",
        ),
        ("sha256:0123456789ab…", "sha256:ba9876543210…"),
        (
            "5 into x in 0.3 s (6.5 KiB fetched)",
            "5 into x in 1 s (0 B fetched)",
        ),
        ("by … of …", "by the word of x"),
    ] {
        assert!(fits(shown, printed), "{shown} and {printed}");
    }
    for (shown, printed) in [
        ("a b", "a c"),
        ("a b", "a b c"),
        ("a", ""),
        ("sha256:0123456789ab…", "md5:ba9876543210…"),
        (
            "5 into x in 0.3 s (6.5 KiB fetched)",
            "6 into x in 1 s (0 B fetched)",
        ),
        ("by … of … now", "by the word of x"),
    ] {
        assert!(!fits(shown, printed), "{shown} and {printed}");
    }
}
