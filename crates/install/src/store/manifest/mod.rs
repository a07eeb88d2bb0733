//! The manifest of a stored wheel: one line of JSON, then a table of its files.
//!
//! ```text
//! {"format":1,"file_name":"flask-3.0-py3-none-any.whl",…}
//! /                                  a folder: everything after the slash
//! 0 TAB - TAB 120 TAB <sha256 as RECORD writes it> TAB six.py
//! /flask
//! 1 TAB …
//! ```
//!
//! Folders and names are sorted. Paths were safe paths when this was written, and the memo's
//! digest says that it is still what was written.

mod read;
mod write;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub(super) use write::{NewRow, write};

/// Raised with every change of the format; others are damage.
pub(super) const FORMAT: u32 = 1;

/// What the wheel is as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Head {
    pub format: u32,
    /// The wheel's file name.
    pub file_name: String,
    /// Name of its dist-info folder.
    pub dist_info: String,
    /// Name of its `.data` folder, if it has one.
    pub data: Option<String>,
    pub root_is_purelib: bool,
    /// The headers of METADATA that an installer needs, as they lie there.
    pub metadata: String,
    pub entry_points: Vec<Script>,
    /// Modification time of every stored file, in seconds since 1970.
    pub mtime: i64,
    /// Whether every file was compared with the wheel's RECORD.
    pub record_verified: bool,
}

/// An entry point of `console_scripts` or `gui_scripts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Script {
    pub name: String,
    pub module: String,
    pub object: String,
}

/// What is special about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Nothing.
    Plain,
    /// Its execute bit is set.
    Executable,
    /// A script whose first line begins with `#!python`: the target's path goes there.
    PythonScript,
}

impl Mark {
    /// In the table.
    fn letter(self) -> char {
        match self {
            Self::Plain => '-',
            Self::Executable => 'x',
            Self::PythonScript => 'p',
        }
    }

    fn from_letter(text: &str) -> Option<Self> {
        let all = [Self::Plain, Self::Executable, Self::PythonScript];
        all.into_iter().find(|it| text.chars().eq([it.letter()]))
    }
}

/// A parsed manifest: ranges into its own text, so that 20,000 rows cost no allocation each.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub head: Head,
    text: String,
    folders: Vec<FolderRow>,
    files: Vec<FileRow>,
}

#[derive(Debug)]
struct FolderRow {
    path: Range<usize>,
    files: Range<usize>,
}

#[derive(Debug)]
struct FileRow {
    index: u32,
    mark: Mark,
    size: u64,
    digest: Range<usize>,
    name: Range<usize>,
}

/// A folder of the wheel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Folder<'a> {
    manifest: &'a Manifest,
    row: &'a FolderRow,
}

/// A file of the wheel.
#[derive(Debug, Clone, Copy)]
pub(crate) struct File<'a> {
    manifest: &'a Manifest,
    row: &'a FileRow,
}

impl Manifest {
    /// Folders that hold files, sorted by path.
    pub fn folders(&self) -> impl Iterator<Item = Folder<'_>> {
        self.folders.iter().map(|row| Folder {
            manifest: self,
            row,
        })
    }

    /// All files, by folder and name.
    pub fn files(&self) -> impl Iterator<Item = (Folder<'_>, File<'_>)> {
        self.folders()
            .flat_map(|folder| folder.files().map(move |(_, file)| (folder, file)))
    }

    /// The file of a row number, as [`Folder::files`] gives it.
    pub fn file(&self, row: u32) -> File<'_> {
        File {
            manifest: self,
            row: &self.files[row as usize],
        }
    }

    /// How many files.
    pub fn len(&self) -> usize {
        self.files.len()
    }
}

impl<'a> Folder<'a> {
    /// Its path in the wheel; empty for the top.
    pub fn path(self) -> &'a str {
        &self.manifest.text[self.row.path.clone()]
    }

    /// Its own files with their row numbers, sorted by name.
    pub fn files(self) -> impl Iterator<Item = (u32, File<'a>)> {
        let rows = self.row.files.clone();
        rows.map(move |row| (row as u32, self.manifest.file(row as u32)))
    }
}

impl<'a> File<'a> {
    /// The number it is stored under.
    pub fn index(self) -> u32 {
        self.row.index
    }

    pub fn mark(self) -> Mark {
        self.row.mark
    }

    pub fn is_executable(self) -> bool {
        self.row.mark != Mark::Plain
    }

    /// Bytes.
    pub fn size(self) -> u64 {
        self.row.size
    }

    /// SHA-256 as RECORD writes it: URL-safe base64 without padding.
    pub fn digest(self) -> &'a str {
        &self.manifest.text[self.row.digest.clone()]
    }

    /// Name without its folder.
    pub fn name(self) -> &'a str {
        &self.manifest.text[self.row.name.clone()]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head() -> Head {
        Head {
            format: FORMAT,
            file_name: "a-1-py3-none-any.whl".to_owned(),
            dist_info: "a-1.dist-info".to_owned(),
            data: None,
            root_is_purelib: true,
            metadata: "Name: a\n".to_owned(),
            entry_points: Vec::new(),
            mtime: 2,
            record_verified: true,
        }
    }

    fn row() -> impl Strategy<Value = NewRow> {
        let mark = prop_oneof![
            Just(Mark::Plain),
            Just(Mark::Executable),
            Just(Mark::PythonScript)
        ];
        let path = "[a-c ü,\"]{1,3}(/[a-c]{1,2}){0,3}";
        (path, any::<u32>(), mark, any::<u64>(), "[A-Za-z0-9_-]{43}").prop_map(
            |(path, index, mark, size, digest)| NewRow {
                path,
                index: index as usize,
                mark,
                size,
                digest,
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(rows in prop::collection::vec(row(), 0..20)) {
            let bytes = write(&head(), rows.clone()).unwrap();
            let manifest = Manifest::parse(bytes).unwrap();
            prop_assert_eq!(&manifest.head, &head());
            let mut found: Vec<_> = manifest
                .files()
                .map(|(folder, file)| NewRow {
                    path: match folder.path() {
                        "" => file.name().to_owned(),
                        path => format!("{path}/{}", file.name()),
                    },
                    index: file.index() as usize,
                    mark: file.mark(),
                    size: file.size(),
                    digest: file.digest().to_owned(),
                })
                .collect();
            let mut rows = rows;
            let key = |it: &NewRow| (it.path.clone(), it.index, it.size);
            found.sort_by_key(key);
            rows.sort_by_key(key);
            prop_assert_eq!(found, rows);
        }

        #[test]
        fn damage_is_an_error_and_never_a_panic(table in "[/\t\n0-9a-zx-]{0,60}") {
            let head = serde_json::to_string(&head()).unwrap();
            if let Ok(manifest) = Manifest::parse(format!("{head}\n{table}").into_bytes()) {
                for (folder, file) in manifest.files() {
                    let _ = (folder.path(), file.name(), file.digest());
                }
            }
        }
    }

    #[test]
    fn another_format_is_refused() {
        let other = Head {
            format: FORMAT + 1,
            ..head()
        };
        let bytes = write(&other, Vec::new()).unwrap();
        assert!(Manifest::parse(bytes).is_err());
        assert!(Manifest::parse(write(&head(), Vec::new()).unwrap()).is_ok());
        assert!(Manifest::parse(b"{}\n".to_vec()).is_err());
    }
}
