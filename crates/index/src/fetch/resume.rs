//! Continuing a broken transfer at exactly the right byte (pip #14131 continued at a wrong one).

use crate::http::Head;

/// What the first answer said about the file, so that a later one can be tied to it.
#[derive(Debug, Default)]
pub(super) struct Resume {
    /// A strong ETag, else the modification date: without either nothing says that the rest
    /// belongs to the same file.
    validator: Option<String>,
    total: Option<u64>,
}

impl Resume {
    /// Notes the answer to a request for the whole file.
    pub(super) fn remember(&mut self, head: &Head) {
        let etag = head.header("etag").filter(|it| !it.starts_with("W/"));
        self.validator = etag
            .or_else(|| head.header("last-modified"))
            .map(str::to_owned);
        self.total = head.header("content-length").and_then(|it| it.parse().ok());
    }

    /// The length that the server gave for the whole file, in bytes.
    pub(super) fn total(&self) -> Option<u64> {
        self.total
    }

    /// Asks for the bytes from `offset` on, if they can be tied to those before.
    pub(super) fn headers(&self, offset: u64) -> Vec<(&'static str, String)> {
        match &self.validator {
            Some(validator) if offset > 0 => vec![
                ("range", format!("bytes={offset}-")),
                ("if-range", validator.clone()),
            ],
            _ => Vec::new(),
        }
    }

    /// Whether a 206 begins at exactly `offset` and agrees about the length of the whole.
    pub(super) fn continues(&self, head: &Head, offset: u64) -> bool {
        let range = head.header("content-range").and_then(parse_content_range);
        match range {
            Some((start, total)) if offset > 0 && start == offset => match (total, self.total) {
                (Some(now), Some(before)) => now == before,
                _ => true,
            },
            _ => false,
        }
    }
}

/// `bytes START-END/TOTAL` (RFC 9110, 14.4); the total may be `*`.
fn parse_content_range(text: &str) -> Option<(u64, Option<u64>)> {
    let (range, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (start, end) = range.split_once('-')?;
    let (start, end): (u64, u64) = (start.trim().parse().ok()?, end.trim().parse().ok()?);
    let total = match total.trim() {
        "*" => None,
        number => Some(number.parse().ok()?),
    };
    let reaches_end = total.is_none_or(|total| end.checked_add(1) == Some(total));
    (start <= end && reaches_end).then_some((start, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_must_reach_the_end() {
        for (text, expect) in [
            ("bytes 5-9/10", Some((5, Some(10)))),
            ("bytes 5-9/*", Some((5, None))),
            ("bytes 5-8/10", None),
            ("bytes 9-5/10", None),
            ("bytes */10", None),
            ("items 5-9/10", None),
            ("bytes 5-9", None),
        ] {
            assert_eq!(parse_content_range(text), expect, "{text}");
        }
    }
}
