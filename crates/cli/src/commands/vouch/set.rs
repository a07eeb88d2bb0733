//! A set of statements: a folder with a file for each project, one statement a line.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
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
    signing::lines,
};

/// A folder with statements.
pub struct Set {
    folder: PathBuf,
    shown: String,
    lines: Vec<Line>,
}

/// One line of a file, that is one signed statement.
struct Line {
    /// `vouches/flask.assay:3`, unescaped.
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
        let set = Self::read_or_begin(folder, context)?;
        match set.folder.is_dir() {
            true => Ok(set),
            false => Err(Failure::usage(format!("{} is no folder", set.shown))
                .hint("a set of statements is a folder with *.assay files; assay vouch makes one")),
        }
    }

    /// Reads a set, which is empty where nobody made it yet.
    pub fn read_or_begin(folder: &Path, context: &Context<'_>) -> Result<Self> {
        let shown = folder.display().to_string();
        let mut set = Self {
            folder: context.around.absolute(folder),
            lines: Vec::new(),
            shown,
        };
        for name in names(&set.folder)? {
            let text = lines::read(&set.folder.join(&name), Bundle::LARGEST_SET)?;
            let place = Path::new(&set.shown).join(&name);
            set.lines.extend(each(&place.display().to_string(), &text));
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

/// The files of a set, sorted. What lies deeper is none of it.
fn names(folder: &Path) -> Result<BTreeSet<String>> {
    let failed =
        |error: io::Error| Failure::could_not(format!("listing {}: {error}", folder.display()));
    let mut names = BTreeSet::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
        Err(error) => return Err(failed(error)),
    };
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        let name = name.into_string().ok();
        names.extend(name.filter(|it| it.ends_with(Bundle::ENDING)));
    }
    Ok(names)
}

fn each<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = Line> + 'a {
    text.lines().enumerate().map(move |(at, line)| Line {
        place: format!("{file}:{}", at + 1),
        bundle: match line.trim() {
            "" => Err("is empty".to_owned()),
            line => Bundle::parse(line.as_bytes()).map_err(|it| fact(&it).to_owned()),
        },
    })
}
