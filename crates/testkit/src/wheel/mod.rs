//! Builds wheels: well-formed and deterministic, unless a hook says otherwise.

mod files;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest as _, Sha256};

use crate::zip::{Archive, DEFLATED, Entry, STORED};
use files::directories;

/// A finished wheel.
#[derive(Debug, Clone)]
pub struct BuiltWheel {
    /// Such as `flask-1.0-py3-none-any.whl`.
    pub file_name: String,
    /// The archive.
    pub bytes: Vec<u8>,
    /// METADATA, for a PEP 658 sidecar.
    pub metadata: Vec<u8>,
    /// SHA-256 of `bytes` in hexadecimal.
    pub sha256: String,
}

/// One row of RECORD, before it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// First column.
    pub path: String,
    /// Second column, such as `sha256=…`.
    pub digest: String,
    /// Third column.
    pub size: String,
}

/// A file that will lie in the archive.
#[derive(Debug, Clone)]
struct Member {
    path: String,
    content: Vec<u8>,
    mode: u32,
}

type Change<T> = Box<dyn Fn(&mut T)>;
type Sign = Box<dyn Fn(&[u8]) -> Vec<u8>>;

/// Describes a wheel step by step; [`WheelBuilder::build`] writes it.
pub struct WheelBuilder {
    name: String,
    version: String,
    build_tag: Option<String>,
    tags: String,
    method: u16,
    directories: bool,
    headers: Vec<String>,
    scripts: Vec<String>,
    gui_scripts: Vec<String>,
    members: Vec<Member>,
    dist_info: Vec<(String, Option<Vec<u8>>)>,
    file_name: Option<String>,
    dist_info_folder: Option<String>,
    change_record: Vec<Change<Vec<RecordRow>>>,
    change_archive: Vec<Change<Archive>>,
    sign: Option<Sign>,
}

impl WheelBuilder {
    /// A pure wheel for `py3-none-any` with nothing in it but its dist-info.
    pub fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            build_tag: None,
            tags: "py3-none-any".into(),
            method: DEFLATED,
            directories: false,
            headers: Vec::new(),
            scripts: Vec::new(),
            gui_scripts: Vec::new(),
            members: Vec::new(),
            dist_info: Vec::new(),
            file_name: None,
            dist_info_folder: None,
            change_record: Vec::new(),
            change_archive: Vec::new(),
            sign: None,
        }
    }

    /// Adds a regular file.
    pub fn file(self, path: &str, content: &[u8]) -> Self {
        self.member(path, content, 0o644)
    }

    /// Adds a regular file with its execute bits set.
    pub fn executable(self, path: &str, content: &[u8]) -> Self {
        self.member(path, content, 0o755)
    }

    /// Adds a file to the `.data` folder under a scheme: `scripts`, `data`, `headers`, ….
    pub fn data(self, scheme: &str, path: &str, content: &[u8]) -> Self {
        let path = format!("{}.data/{scheme}/{path}", self.stem());
        let mode = if scheme == "scripts" { 0o755 } else { 0o644 };
        self.member(&path, content, mode)
    }

    /// Adds `Requires-Dist`.
    pub fn requires(self, requirement: &str) -> Self {
        self.header(&format!("Requires-Dist: {requirement}"))
    }

    /// Adds `Provides-Extra` and what it requires.
    pub fn extra(self, name: &str, requirements: &[&str]) -> Self {
        let built = self.header(&format!("Provides-Extra: {name}"));
        requirements.iter().fold(built, |built, requirement| {
            built.header(&format!(
                "Requires-Dist: {requirement}; extra == \"{name}\""
            ))
        })
    }

    /// Sets `Requires-Python`.
    pub fn requires_python(self, specifiers: &str) -> Self {
        self.header(&format!("Requires-Python: {specifiers}"))
    }

    /// Adds any line to METADATA's headers.
    pub fn header(mut self, line: &str) -> Self {
        self.headers.push(line.into());
        self
    }

    /// Adds a console script, such as `("flask", "flask.cli:main")`.
    pub fn entry_point(mut self, name: &str, target: &str) -> Self {
        self.scripts.push(format!("{name} = {target}"));
        self
    }

    /// Adds a GUI script.
    pub fn gui_entry_point(mut self, name: &str, target: &str) -> Self {
        self.gui_scripts.push(format!("{name} = {target}"));
        self
    }

    /// Sets the tags, possibly a compressed set such as `py2.py3-none-any`.
    pub fn tag(mut self, tags: &str) -> Self {
        self.tags = tags.into();
        self
    }

    /// Sets the build tag.
    pub fn build_tag(mut self, build: &str) -> Self {
        self.build_tag = Some(build.into());
        self
    }

    /// Stores the files instead of deflating them.
    pub fn stored(mut self) -> Self {
        self.method = STORED;
        self
    }

    /// Writes an entry for each directory, too.
    pub fn with_directories(mut self) -> Self {
        self.directories = true;
        self
    }

    /// Hook: replaces or adds a file of the dist-info folder. RECORD lists what is given, except
    /// for `RECORD` itself, which is taken as it is.
    pub fn dist_info(mut self, name: &str, content: &[u8]) -> Self {
        self.dist_info.push((name.into(), Some(content.to_vec())));
        self
    }

    /// Hook: leaves a file of the dist-info folder out.
    pub fn without(mut self, name: &str) -> Self {
        self.dist_info.push((name.into(), None));
        self
    }

    /// Hook: another name for the dist-info folder.
    pub fn dist_info_folder(mut self, folder: &str) -> Self {
        self.dist_info_folder = Some(folder.into());
        self
    }

    /// Hook: another file name.
    pub fn file_name(mut self, file_name: &str) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// Hook: changes the rows of RECORD before they are written.
    pub fn record(mut self, change: impl Fn(&mut Vec<RecordRow>) + 'static) -> Self {
        self.change_record.push(Box::new(change));
        self
    }

    /// Hook: changes the archive before it is written.
    pub fn archive(mut self, change: impl Fn(&mut Archive) + 'static) -> Self {
        self.change_archive.push(Box::new(change));
        self
    }

    /// Hook: what is made of RECORD lies behind it as RECORD.jws, which RECORD does not list.
    pub fn signed(mut self, sign: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Self {
        self.sign = Some(Box::new(sign));
        self
    }

    /// Writes the wheel. The same description gives the same bytes.
    pub fn build(&self) -> BuiltWheel {
        let metadata = self.metadata();
        let members = self.all_members(&metadata);
        let mut entries = Vec::new();
        if self.directories {
            entries.extend(directories(&members));
        }
        let file = |it: &Member| Entry::file(&it.path, &it.content, self.method, it.mode);
        entries.extend(members.iter().map(file));
        let mut archive = Archive::new(entries);
        self.change_archive.iter().for_each(|it| it(&mut archive));
        let bytes = archive.write();
        BuiltWheel {
            file_name: self.own_file_name(),
            sha256: hex(&Sha256::digest(&bytes)),
            bytes,
            metadata,
        }
    }

    fn member(mut self, path: &str, content: &[u8], mode: u32) -> Self {
        self.members.push(Member {
            path: path.into(),
            content: content.to_vec(),
            mode,
        });
        self
    }
}

/// A digest as RECORD writes it.
pub fn record_digest(content: &[u8]) -> String {
    let digest = URL_SAFE_NO_PAD.encode(Sha256::digest(content));
    format!("sha256={digest}")
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{WheelBuilder, record_digest};

    #[test]
    fn the_same_description_gives_the_same_bytes() {
        let build = || {
            WheelBuilder::new("Foo.Bar", "1.0")
                .file("foo/x.py", b"x")
                .build()
        };
        assert_eq!(build().bytes, build().bytes);
        assert_eq!(build().file_name, "foo_bar-1.0-py3-none-any.whl");
    }

    #[test]
    fn record_lists_everything_but_the_digest_of_itself() {
        let built = WheelBuilder::new("foo", "1.0")
            .file("a,b", b"x")
            .stored()
            .build();
        let rows = [
            format!("\"a,b\",{},1\n", record_digest(b"x")),
            format!(
                "foo-1.0.dist-info/METADATA,{},",
                record_digest(&built.metadata)
            ),
            "foo-1.0.dist-info/RECORD,,\n".to_owned(),
        ];
        let text = String::from_utf8_lossy(&built.bytes);
        for row in rows {
            assert!(text.contains(&row), "{row}");
        }
    }
}
