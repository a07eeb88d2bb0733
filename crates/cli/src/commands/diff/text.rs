//! The differences in text, as far as anybody reads.

use assay_install::StoredFile;
use serde::Serialize;

use super::{
    changes::Change,
    hunks::{Content, Hunk, hunks},
    side::{DIST_INFO, Side},
    startup::StartUp,
};
use crate::failure::Result;

/// Larger files are compared by digest alone.
const LARGEST: usize = 2 << 20;
/// Files of more lines, too.
const MOST_LINES: usize = 200_000;

/// Text of new and changed files.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Texts {
    pub max_lines: usize,
    pub files: Vec<FileText>,
    /// New and changed files that were not looked into, because the lines were used up.
    pub files_left_out: usize,
    /// Lines of `files` that are left out.
    pub lines_left_out: usize,
}

/// What differs in one file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct FileText {
    /// Null where it is new.
    pub from: Option<String>,
    pub to: String,
    /// Why there are no lines, or what lines do not show.
    pub notes: Vec<String>,
    pub hunks: Vec<Hunk>,
    /// Lines that are left out.
    pub left_out: usize,
}

impl Texts {
    /// Start-up code first, the dist-info last, by path otherwise.
    pub fn new(
        changes: &[Change<'_>],
        startup: &[StartUp],
        (old, new): (&Side, &Side),
        max_lines: usize,
    ) -> Result<Self> {
        let mut texts = Self {
            max_lines,
            files: Vec::new(),
            files_left_out: 0,
            lines_left_out: 0,
        };
        let has_text = |it: &&Change<'_>| it.new.is_some() && !it.is_renamed;
        let mut changes: Vec<_> = changes.iter().filter(has_text).collect();
        changes.sort_by_key(|it| match it.new {
            Some(file) if startup.iter().any(|it| it.row.path == file.path) => 0,
            _ if it.key.starts_with(DIST_INFO) => 2,
            _ => 1,
        });
        let mut left = max_lines;
        for change in changes {
            let Some(file) = change.new else { continue };
            if left == 0 {
                texts.files_left_out += 1;
                continue;
            }
            let text = FileText::new((change.old, old), (file, new), &mut left)?;
            texts.lines_left_out += text.left_out;
            texts.files.push(text);
        }
        Ok(texts)
    }
}

impl Texts {
    /// How many lines are new or gone. What was left out counts with what surrounds it.
    pub fn changed_lines(&self) -> usize {
        let hunks = self.files.iter().flat_map(|it| &it.hunks);
        let lines = hunks.flat_map(|it| &it.lines);
        let changed = lines.filter(|it| it.starts_with(['+', '-'])).count();
        changed + self.lines_left_out
    }
}

impl FileText {
    fn new(
        (before, old): (Option<&StoredFile>, &Side),
        (after, new): (&StoredFile, &Side),
        left: &mut usize,
    ) -> Result<Self> {
        let mut text = Self {
            from: before.map(|it| it.path.clone()),
            to: after.path.clone(),
            notes: Vec::new(),
            hunks: Vec::new(),
            left_out: 0,
        };
        if before.is_some_and(|it| it.sha256 == after.sha256) {
            text.notes.push("only its mode differs".to_owned());
            return Ok(text);
        }
        let before = before.map(|it| read(it, old)).transpose()?;
        let before = before.unwrap_or(Ok(Vec::new()));
        match (before, read(after, new)?) {
            (Ok(before), Ok(after)) => text.compare(&before, &after, left),
            (_, Err(why)) => text.notes.push(why),
            (Err(why), _) => text.notes.push(format!("it was: {why}")),
        }
        Ok(text)
    }

    fn compare(&mut self, before: &[u8], after: &[u8], left: &mut usize) {
        let (before, after) = (Content::of(before), Content::of(after));
        self.notes.extend(after.differs_at_line_ends(&before));
        (self.hunks, self.left_out) = hunks(&before, &after, left);
    }
}

/// A file's content, or why it is not compared line by line.
fn read(file: &StoredFile, side: &Side) -> Result<Result<Vec<u8>, String>> {
    let facts = format!("{} bytes, sha256:{}", file.size, file.sha256);
    if file.size > LARGEST as u64 {
        return Ok(Err(format!("too large to compare by lines: {facts}")));
    }
    let bytes = side.wheel().beginning(file, LARGEST)?;
    Ok(if bytes.contains(&0) {
        Err(format!("binary: {facts}"))
    } else if bytes.iter().filter(|it| **it == b'\n').count() > MOST_LINES {
        Err(format!("too many lines to compare: {facts}"))
    } else {
        Ok(bytes)
    })
}
