//! `freeze -r FILE`: the order and the comments of a requirements file.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    path::{Path, PathBuf},
};

use assay_files::read_input;
use assay_types::{FileName, ProjectName, Requirement, WheelName, names, requirements_file};

use super::{Context, Frozen};
use crate::{
    failure::{Failure, Result},
    inputs,
};

/// The lines of these files, each requirement as it is installed; what they name is taken out of
/// `frozen`. A line that others are to follow ends them.
pub fn ordered(
    files: &[PathBuf],
    frozen: &mut Frozen,
    context: &Context<'_>,
) -> Result<Vec<String>> {
    if files.is_empty() {
        return Ok(Vec::new());
    }
    let mut reading = Reading {
        frozen,
        lines: Vec::new(),
        said: HashSet::new(),
        files: BTreeMap::new(),
        notes: Vec::new(),
    };
    for file in files {
        let path = context.around.absolute(file);
        let shown = file.display();
        let bytes = read_input(&path, inputs::LONGEST)
            .map_err(|error| Failure::could_not(format!("{shown}: {error}")))?;
        let text = requirements_file::decode(&bytes)
            .map_err(|error| Failure::usage(format!("{shown}:{}: {error}", error.line)))?;
        reading.file(file, &text)?;
    }
    let repeated = reading.files.iter().filter(|(_, files)| files.len() > 1);
    for (name, files) in repeated {
        let files: BTreeSet<_> = files.iter().map(|it| it.display().to_string()).collect();
        let files: Vec<_> = files.into_iter().collect();
        let note = format!(
            "{name} stands in the files several times: {}",
            files.join(", ")
        );
        reading.notes.push(note);
    }
    reading.notes.iter().for_each(|it| context.ui.warn(it));
    let mut lines = reading.lines;
    lines.push("## The following requirements were added by pip freeze:".to_owned());
    Ok(lines)
}

struct Reading<'a> {
    frozen: &'a mut Frozen,
    lines: Vec<String>,
    /// Comments and options that were printed; once is enough.
    said: HashSet<String>,
    /// In which files a project was found.
    files: BTreeMap<ProjectName, Vec<PathBuf>>,
    notes: Vec<String>,
}

impl Reading<'_> {
    fn file(&mut self, file: &Path, text: &str) -> Result<()> {
        for (at, line) in text.lines().enumerate() {
            let shown = || format!("{}:{}", file.display(), at + 1);
            match kind(line).map_err(|why| Failure::usage(format!("{}: {why}", shown())))? {
                Line::Kept => {
                    let line = line.trim_end();
                    if self.said.insert(line.to_owned()) {
                        self.lines.push(line.to_owned());
                    }
                }
                Line::Continues => {}
                Line::Names(None) => self.notes.push(format!(
                    "{}: it is not clear what {} would install; left out",
                    shown(),
                    line.trim()
                )),
                Line::Names(Some(name)) => self.named(name, file),
            }
        }
        Ok(())
    }

    fn named(&mut self, name: ProjectName, file: &Path) {
        let installed = self.frozen.remove(&name);
        let known = self.files.contains_key(&name);
        if installed.is_none() && !known {
            let file = file.display();
            let note = format!("{file} names {name}, which is not installed");
            self.notes.push(note);
            return;
        }
        self.lines
            .extend(installed.into_iter().flat_map(|it| it.lines));
        self.files.entry(name).or_default().push(file.to_owned());
    }
}

/// What a line of the file is for.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    /// A comment, an option, nothing.
    Kept,
    /// More of the line before it.
    Continues,
    /// A requirement, of this project if it says so.
    Names(Option<ProjectName>),
}

fn kind(line: &str) -> Result<Line, String> {
    let text = line.trim();
    if let Some(editable) = text
        .strip_prefix("--editable")
        .or_else(|| text.strip_prefix("-e"))
    {
        let egg = editable.split_once("#egg=").map(|it| it.1);
        let name = egg.and_then(|it| it.split(['&', '[', ' ']).next());
        return Ok(Line::Names(name.and_then(names::project)));
    }
    if text.starts_with("--hash") {
        return Ok(Line::Continues);
    }
    if text.is_empty() || text.starts_with(['#', '-']) {
        return Ok(Line::Kept);
    }
    requirement(without_rest(text)).map(Line::Names)
}

/// Without the comment, the digests and the backslash at its end.
fn without_rest(text: &str) -> &str {
    let end = [" #", "\t#", " --", "\t--"]
        .iter()
        .filter_map(|it| text.find(it))
        .min();
    text[..end.unwrap_or(text.len())].trim_end_matches(['\\', ' ', '\t'])
}

fn requirement(text: &str) -> Result<Option<ProjectName>, String> {
    match Requirement::parse(text) {
        Ok(requirement) => Ok(Some(requirement.name)),
        Err(_) if text.contains(['/', ':']) || text.ends_with(".whl") => {
            let path = text.split(['#', '?']).next().unwrap_or(text);
            let last = path.rsplit('/').next().unwrap_or(path);
            let wheel = WheelName::parse(last).ok().map(FileName::Wheel);
            Ok(wheel.map(|it| it.project().clone()))
        }
        Err(error) => Err(format!("{text} is no requirement: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_told_apart() {
        let named = |name: &str| Ok(Line::Names(Some(name.parse().unwrap())));
        for kept in ["", "  ", "# a", " # a", "-r b.txt", "--pre", "-c c.txt"] {
            assert_eq!(kind(kept), Ok(Line::Kept), "{kept}");
        }
        for line in [
            "App>=1 # why",
            "app==1 \\",
            "app==1 --hash=sha256:00",
            "app @ https://a.example/x.zip",
            "https://a.example/app-1-py3-none-any.whl#sha256=00",
            "./app-1-py3-none-any.whl",
            "-e git+https://a.example/app#egg=app&subdirectory=x",
            "--editable=./x#egg=app",
        ] {
            assert_eq!(kind(line), named("app"), "{line}");
        }
        assert_eq!(kind("    --hash=sha256:00"), Ok(Line::Continues));
        assert_eq!(kind("-e ./x"), Ok(Line::Names(None)));
        assert_eq!(kind("./x"), Ok(Line::Names(None)));
        assert!(kind("app==").is_err());
    }

    proptest! {
        #[test]
        fn any_line_is_answered(line in ".{0,40}", more in "[-a-e #=&@:/\\\\\t]{0,30}") {
            let _ = kind(&line);
            let _ = kind(&more);
        }
    }
}
