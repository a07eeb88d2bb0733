//! A set of statements: a folder with a file for each project, one statement a line.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

use assay_trust::{
    TrustedKey,
    signature::Rejection,
    statement::{Bundle, Verified},
};
use assay_types::ProjectName;

use crate::{
    commands::Context,
    failure::{Failure, Result},
    pipeline::set_files,
    signing::lines,
};

/// A folder with statements.
pub struct Set {
    folder: PathBuf,
    shown: String,
    lines: Vec<Line>,
}

/// One line of a file, that is one signed statement, or what is wrong with all of them.
struct Line {
    /// `vouches/flask.assay:3`, or the file, where that as a whole is wrong; unescaped.
    place: String,
    /// Or what is wrong with it; a sentence without its subject, unescaped.
    bundle: Result<Bundle, String>,
}

/// A statement that somebody signed whose key is known.
pub struct Said<'a> {
    /// `vouches/flask.assay:3`, unescaped.
    pub place: &'a str,
    pub verified: Verified<'a>,
}

impl Said<'_> {
    /// Who signed it.
    pub fn signers(&self) -> String {
        let all = self.verified.signers().iter().map(ToString::to_string);
        all.collect::<Vec<_>>().join(", ")
    }
}

impl Set {
    /// Reads a set that has to be there.
    pub fn read(folder: &Path, context: &Context<'_>) -> Result<Self> {
        if !context.around.absolute(folder).is_dir() {
            let fact = format!("{} is no folder", folder.display());
            return Err(Failure::usage(fact).hint(
                "a set of statements is a folder with *.assay files; assay vouch makes one",
            ));
        }
        Self::read_or_begin(folder, context)
    }

    /// Reads a set, which is empty where nobody made it yet.
    pub fn read_or_begin(folder: &Path, context: &Context<'_>) -> Result<Self> {
        let shown = folder.display().to_string();
        let mut set = Self {
            folder: context.around.absolute(folder),
            lines: Vec::new(),
            shown,
        };
        if !is_there(&set.folder)? {
            return Ok(set);
        }
        for file in set_files(&set.folder)? {
            let place = Path::new(&set.shown).join(file.path.file_name().unwrap_or_default());
            set.lines
                .extend(each(&place.display().to_string(), &file.bytes));
        }
        Ok(set)
    }

    /// As it was named.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Lines that are no statement, each with its place and what is wrong with it.
    pub fn bad_lines(&self) -> impl Iterator<Item = (&str, &str)> {
        let bad = self.lines.iter();
        bad.filter_map(|it| Some((&*it.place, it.bundle.as_ref().err()?.as_str())))
    }

    /// Fails where a line is no statement: whatever it was meant to say must not get lost.
    pub fn check(&self) -> Result<()> {
        let mut bad = self.bad_lines();
        let Some((place, why)) = bad.next() else {
            return Ok(());
        };
        Err(Failure::refused(format!("{place} {why}")).hint(
            "take the line out, or put it back as it was: nobody but who made it can sign it",
        ))
    }

    /// Everything that these keys signed. What they did not sign is left out.
    pub fn said_by<'a>(&'a self, keys: &[&'a TrustedKey]) -> Result<Vec<Said<'a>>> {
        self.check()?;
        let mut said = Vec::new();
        for (place, bundle) in self.readable() {
            let all = bundle.statements(keys);
            let all = all.map_err(|it| refused(place, &it))?.into_iter();
            said.extend(all.map(|verified| Said { place, verified }));
        }
        Ok(said)
    }

    /// The statements, each with its place.
    pub fn readable(&self) -> impl Iterator<Item = (&str, &Bundle)> {
        let lines = self.lines.iter();
        lines.filter_map(|it| Some((&*it.place, it.bundle.as_ref().ok()?)))
    }

    /// Makes the folder: a policy may name it already, and then nothing is judged without it.
    pub fn begin(&self) -> Result<()> {
        // Who else can write there can take denials away: such a set is refused when it is read.
        let mut builder = fs::DirBuilder::new();
        let made = builder.recursive(true).mode(0o755).create(&self.folder);
        made.map_err(|error| {
            Failure::could_not(format!("making {}: {error}", self.folder.display()))
        })
    }

    /// Adds signed statements about projects. Each file is sorted, so that the same statements are the
    /// same file.
    pub fn add(&self, new: &BTreeMap<ProjectName, Vec<String>>) -> Result<Vec<String>> {
        self.begin()?;
        let mut written = Vec::new();
        for (project, new) in new {
            let name = format!("{project}{}", Bundle::ENDING);
            lines::change(&self.folder.join(&name), Bundle::LARGEST_SET, |lines| {
                lines.extend(new.iter().cloned());
                lines.sort();
                lines.dedup();
            })?;
            written.push(Path::new(&self.shown).join(name).display().to_string());
        }
        Ok(written)
    }
}

/// A signature that its key did not make, say.
pub fn refused(place: &str, why: &Rejection) -> Failure {
    Failure::refused(format!("{place} {}", fact(why))).detail(format!("rule: {}", why.rule.name()))
}

/// What is wrong with a line that was read by itself.
fn fact(why: &Rejection) -> &str {
    why.fact.strip_prefix("line 1 ").unwrap_or(&why.fact)
}

fn is_there(folder: &Path) -> Result<bool> {
    let there = folder.try_exists();
    there.map_err(|it| Failure::could_not(format!("reading {}: {it}", folder.display())))
}

/// Each line by itself, so that all that are wrong can be told; and what is wrong with them together.
fn each(file: &str, bytes: &[u8]) -> Vec<Line> {
    let whole = Bundle::parse(bytes);
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    if bytes.is_empty() {
        return Vec::new();
    }
    let lines = bytes.split(|it| *it == b'\n').zip(1..);
    let mut lines: Vec<_> = lines
        .map(|(line, number)| Line {
            place: format!("{file}:{number}"),
            bundle: parse(line),
        })
        .collect();
    if let (Err(why), true) = (whole, lines.iter().all(|it| it.bundle.is_ok())) {
        lines.push(Line {
            place: file.to_owned(),
            bundle: Err(why.fact),
        });
    }
    lines
}

fn parse(line: &[u8]) -> Result<Bundle, String> {
    match line.trim_ascii() {
        b"" => Err("is empty".to_owned()),
        line => Bundle::parse(line).map_err(|it| fact(&it).to_owned()),
    }
}
