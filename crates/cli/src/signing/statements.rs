//! Statements that are signed here, and the files that they are appended to.

use std::path::{Path, PathBuf};

use assay_trust::{
    Label, TrustedKey,
    signature::{Key, KeyKind},
    statement::{Bundle, Envelope, Statement, key_id, pae},
};
use assay_types::Timestamp;
use base64::{Engine as _, prelude::BASE64_STANDARD};

use super::{Signer, lines};
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

/// A file of signed statements, one a line: as it was when it was read, and what is to become of it.
#[derive(Debug)]
pub struct BundleFile {
    path: PathBuf,
    longest: usize,
    lines: Vec<String>,
    wrong: Vec<String>,
    new: Vec<String>,
}

impl BundleFile {
    /// The one at this path; it has no lines where it is not there. Fails where it holds anything else,
    /// or more than `longest` bytes.
    pub fn read(path: &Path, longest: usize) -> Result<Self> {
        let text = lines::read(path, longest)?;
        Bundle::parse(text.as_bytes()).map_err(|error| {
            Failure::could_not(format!("{}: {error}", path.display()))
                .hint("statements are appended to files of statements alone: move it away")
        })?;
        Ok(Self {
            path: path.to_owned(),
            longest,
            lines: text.lines().map(str::to_owned).collect(),
            wrong: Vec::new(),
            new: Vec::new(),
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
        let (right, wrong) = self.lines.drain(..).partition(stays);
        self.lines = right;
        self.wrong.extend::<Vec<_>>(wrong);
    }

    /// Appends a statement.
    pub fn add(&mut self, signer: &Signer, statement: &Statement) -> Result<()> {
        self.new.push(signer.state(statement)?);
        Ok(())
    }

    /// Writes it whole or not at all, and looks whether what is there now says this by this key. Lines
    /// that others wrote since it was read stay.
    pub fn write(&self, signer: &Signer, statement: &Statement) -> Result<()> {
        lines::change(&self.path, self.longest, |lines| {
            lines.retain(|it| !self.wrong.contains(it));
            lines.extend(self.new.iter().cloned());
        })?;
        let written = lines::read(&self.path, self.longest)?;
        let key = signer.trusted()?;
        let says = |bundle: &Bundle| {
            let said = bundle.statements(&[&key]);
            said.map(|it| it.iter().any(|it| it.statement() == statement))
        };
        match Bundle::parse(written.as_bytes()).and_then(|it| says(&it)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(not_written(&self.path, "it does not say what was signed")),
            Err(error) => Err(not_written(&self.path, &error.to_string())),
        }
    }

    /// Takes out again what was written.
    pub fn take_back(&self) -> Result<()> {
        lines::change(&self.path, self.longest, |lines| {
            lines.retain(|it| !self.new.contains(it));
        })
    }
}

/// The statement in an envelope that nobody opened.
fn claim(line: &str) -> Option<Statement> {
    let envelope: serde_json::Value = serde_json::from_str(line).ok()?;
    let payload = BASE64_STANDARD.decode(envelope.get("payload")?.as_str()?);
    Statement::parse(&payload.ok()?).ok()
}

fn not_written(path: &Path, why: &str) -> Failure {
    Failure::could_not(format!(
        "{} was written and cannot be relied on: {why}",
        path.display()
    ))
    .hint("delete it, look to the disk, and sign again")
}
