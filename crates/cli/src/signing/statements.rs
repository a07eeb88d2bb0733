//! Statements that are signed here, and the files that they are appended to.

use std::{
    fs,
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use assay_files::read_file;
use assay_trust::{
    Label, TrustedKey,
    signature::{Key, KeyKind},
    statement::{Bundle, Envelope, Statement, key_id, pae},
};
use assay_types::Timestamp;
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::Signer;
use crate::failure::{Failure, Result};

impl Signer {
    /// A statement, signed, as a line of a bundle; without its end.
    pub fn state(&self, statement: &Statement) -> Result<String> {
        let payload = statement.payload();
        let signature = self.sign(&pae(&payload))?;
        Ok(Envelope::new(payload, key_id(&self.raw()), signature).to_line())
    }

    /// Its key as policy files name it.
    fn trusted(&self) -> Result<TrustedKey> {
        let line = self.public().ssh_line()?;
        let key = Key::parse(KeyKind::Ssh, line.as_bytes())
            .map_err(|error| Failure::could_not(format!("the key {line} {error}")))?;
        let label: Label = "signer".parse().map_err(Failure::could_not)?;
        Ok(TrustedKey {
            label,
            key,
            projects: None,
            place: String::new(),
        })
    }
}

/// The time to the second. Nobody needs to know more of when somebody works.
pub fn seconds(time: Timestamp) -> Result<Timestamp> {
    Timestamp::from_second(time.as_second())
        .map_err(|error| Failure::could_not(format!("reading the clock: {error}")))
}

/// A file of signed statements, one a line, as it will be.
#[derive(Debug)]
pub struct BundleFile {
    path: PathBuf,
    lines: Vec<String>,
    longest: usize,
}

impl BundleFile {
    /// The one at this path; it has no lines where it is not there. Fails where it holds anything else,
    /// or more than `longest` bytes.
    pub fn read(path: &Path, longest: usize) -> Result<Self> {
        let text = match read_file(path, longest as u64) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            read => read.map_err(|it| reading(path, &it))?.0,
        };
        Bundle::parse(&text).map_err(|error| {
            Failure::could_not(format!("{}: {error}", path.display()))
                .hint("statements are appended to files of statements alone: move it away")
        })?;
        let text =
            String::from_utf8(text).map_err(|error| reading(path, &io::Error::other(error)))?;
        Ok(Self {
            path: path.to_owned(),
            lines: text.lines().map(str::to_owned).collect(),
            longest,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What its lines say; nobody verified who says it. A line of another form than ours is passed over.
    pub fn claims(&self) -> impl Iterator<Item = Statement> {
        self.lines.iter().filter_map(|it| claim(it))
    }

    /// Whether it says the same of the same by this key, whenever that was signed, without an end.
    pub fn says(&self, signer: &Signer, statement: &Statement) -> Result<bool> {
        let text = self.lines.join("\n");
        let key = signer.trusted()?;
        let keys = [&key];
        let wrong = |error| Failure::could_not(format!("{}: {error}", self.path.display()));
        let bundle = Bundle::parse(text.as_bytes()).map_err(wrong)?;
        let said = bundle.statements(&keys).map_err(wrong)?;
        let is_same = |it: &Statement| {
            it.subjects() == statement.subjects()
                && it.predicate() == statement.predicate()
                && it.times().expires.is_none()
        };
        Ok(said.iter().any(|it| is_same(it.statement())))
    }

    /// Leaves out the lines whose claims these are.
    pub fn leave_out(&mut self, is_wrong: impl Fn(&Statement) -> bool) {
        let stays = |it: &String| !claim(it).is_some_and(|it| is_wrong(&it));
        self.lines.retain(stays);
    }

    /// Appends a statement.
    pub fn add(&mut self, signer: &Signer, statement: &Statement) -> Result<()> {
        self.lines.push(signer.state(statement)?);
        Ok(())
    }

    /// Writes it whole or not at all, and looks whether what is there now says this by this key.
    pub fn write(&self, signer: &Signer, statement: &Statement) -> Result<()> {
        let text: String = self.lines.iter().flat_map(|it| [it, "\n"]).collect();
        if text.len() > self.longest {
            let fact = format!(
                "{} would have more than {} bytes",
                self.path.display(),
                self.longest
            );
            return Err(Failure::could_not(fact));
        }
        write(&self.path, text.as_bytes())?;
        let (written, _) =
            read_file(&self.path, self.longest as u64).map_err(|it| reading(&self.path, &it))?;
        let key = signer.trusted()?;
        let says = |bundle: &Bundle| {
            let said = bundle.statements(&[&key]);
            said.map(|it| it.iter().any(|it| it.statement() == statement))
        };
        match Bundle::parse(&written).and_then(|it| says(&it)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(not_written(&self.path, "it does not say what was signed")),
            Err(error) => Err(not_written(&self.path, &error.to_string())),
        }
    }
}

/// Writes a file that everybody may read, whole or not at all.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let written = tempfile::Builder::new()
        .permissions(fs::Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.as_file().sync_all()?;
            file.persist(path).map_err(|it| it.error)
        });
    let failed = |error| Failure::could_not(format!("writing {}: {error}", path.display()));
    written.map(|_| ()).map_err(failed)
}

/// The statement in an envelope that nobody opened.
fn claim(line: &str) -> Option<Statement> {
    let envelope: serde_json::Value = serde_json::from_str(line).ok()?;
    let payload = BASE64_STANDARD.decode(envelope.get("payload")?.as_str()?);
    Statement::parse(&payload.ok()?).ok()
}

fn reading(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("reading {}: {error}", path.display()))
}

fn not_written(path: &Path, why: &str) -> Failure {
    Failure::could_not(format!(
        "{} was written and cannot be relied on: {why}",
        path.display()
    ))
    .hint("delete it, look to the disk, and sign again")
}
