//! A set of statements: a folder with a file for each project, one statement a line.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, Permissions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use assay_files::read_input;
use assay_trust::{
    TrustedKey,
    signature::Rejection,
    statement::{Bundle, Verified},
};
use assay_types::ProjectName;

use crate::{
    commands::Context,
    failure::{Failure, Result},
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
            let text = read(&set.folder.join(&name))?;
            let place = Path::new(&set.shown).join(&name);
            set.lines.extend(lines(&place.display().to_string(), &text));
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
        made.map_err(|it| unwritten(&self.folder, &it))
    }

    /// Adds signed statements about projects. Each file is written anew, sorted, so that the same
    /// statements are the same file.
    pub fn add(&self, lines: &BTreeMap<ProjectName, Vec<String>>) -> Result<Vec<String>> {
        self.begin()?;
        let mut written = Vec::new();
        for (project, new) in lines {
            let name = format!("{project}{}", Bundle::ENDING);
            let path = self.folder.join(&name);
            let old = match path.exists() {
                true => read(&path)?,
                false => String::new(),
            };
            let all: BTreeSet<_> = old.lines().chain(new.iter().map(String::as_str)).collect();
            let text: String = all.iter().map(|it| format!("{it}\n")).collect();
            write(&self.folder, &path, &text).map_err(|it| unwritten(&path, &it))?;
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

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::could_not(format!("writing {}: {error}", path.display()))
}

fn read(path: &Path) -> Result<String> {
    let failed = |why: String| Failure::could_not(format!("reading {}: {why}", path.display()));
    let bytes = read_input(path, Bundle::LARGEST_SET as u64);
    let bytes = bytes.map_err(|it| failed(it.to_string()))?;
    String::from_utf8(bytes).map_err(|_| failed("it is not UTF-8".to_owned()))
}

fn lines<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = Line> + 'a {
    text.lines().enumerate().map(move |(at, line)| Line {
        place: format!("{file}:{}", at + 1),
        bundle: match line.trim() {
            "" => Err("is empty".to_owned()),
            line => Bundle::parse(line.as_bytes()).map_err(|it| fact(&it).to_owned()),
        },
    })
}

/// Under a temporary name first, so that a file of the set is always whole.
fn write(folder: &Path, path: &Path, text: &str) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .permissions(Permissions::from_mode(0o644))
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.persist(path)?;
    Ok(())
}
