//! Reading a manifest: one pass, and no allocation for a row.

use std::ops::Range;

use super::{FORMAT, FileRow, FolderRow, Head, Manifest, Mark};

impl Manifest {
    /// Parses what [`super::write`] wrote.
    pub fn parse(bytes: Vec<u8>) -> Result<Self, &'static str> {
        let text = String::from_utf8(bytes).map_err(|_| "its manifest is not UTF-8")?;
        let (first, table) = text.split_once('\n').ok_or("its manifest has no table")?;
        let head: Head =
            serde_json::from_str(first).map_err(|_| "its manifest begins with no head")?;
        if head.format != FORMAT {
            return Err("its manifest has another format");
        }
        let mut folders: Vec<FolderRow> = Vec::new();
        let mut files = Vec::new();
        let mut start = text.len() - table.len();
        while start < text.len() {
            let end = text[start..].find('\n').map_or(text.len(), |it| start + it);
            if text.as_bytes()[start] == b'/' {
                let empty = files.len()..files.len();
                folders.push(FolderRow {
                    path: start + 1..end,
                    files: empty,
                });
            } else {
                let folder = folders
                    .last_mut()
                    .ok_or("its manifest has a file in no folder")?;
                files.push(FileRow::parse(&text, start..end).ok_or("its manifest has a bad row")?);
                folder.files.end = files.len();
            }
            start = end + 1;
        }
        Ok(Self {
            head,
            text,
            folders,
            files,
        })
    }
}

impl FileRow {
    fn parse(text: &str, range: Range<usize>) -> Option<Self> {
        let mut columns = text[range.clone()].split('\t');
        let index = columns.next()?.parse().ok()?;
        let mark = Mark::from_letter(columns.next()?)?;
        let size = columns.next()?.parse().ok()?;
        let digest = columns.next()?.len();
        let name = columns.next()?.len();
        // The two last columns end the line, so they are found from its end.
        let name = range.end - name..range.end;
        let digest = name.start - 1 - digest..name.start - 1;
        columns.next().is_none().then_some(Self {
            index,
            mark,
            size,
            digest,
            name,
        })
    }
}
