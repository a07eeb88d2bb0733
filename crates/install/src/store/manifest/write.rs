//! Writing a manifest.

use std::fmt::{self, Write as _};

use super::{Head, Mark};

/// A row to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct NewRow {
    pub path: String,
    pub index: usize,
    pub mark: Mark,
    pub size: u64,
    pub digest: String,
}

/// Writes a manifest; the rows are sorted here.
pub(in crate::store) fn write(head: &Head, mut rows: Vec<NewRow>) -> serde_json::Result<Vec<u8>> {
    let split = |path: &str| -> (String, String) {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        (folder.to_owned(), name.to_owned())
    };
    rows.sort_by_cached_key(|row| split(&row.path));
    let mut text = serde_json::to_string(head)?;
    text.push('\n');
    let mut current = None;
    for row in &rows {
        let (folder, name) = split(&row.path);
        if current.as_ref() != Some(&folder) {
            line(&mut text, format_args!("/{folder}"));
            current = Some(folder);
        }
        let (index, size, digest) = (row.index, row.size, &row.digest);
        let mark = row.mark.letter();
        line(
            &mut text,
            format_args!("{index}\t{mark}\t{size}\t{digest}\t{name}"),
        );
    }
    Ok(text.into_bytes())
}

fn line(text: &mut String, row: fmt::Arguments<'_>) {
    writeln!(text, "{row}").expect("a String takes every text");
}
