//! `assay policy`: policy files, checked, shown and approved. Asks nobody anything.

mod approve;
mod named_here;
mod principals;
mod rows;
mod says;
mod show;

use assay_trust::{Author, Label};
use assay_types::{Printable, Timestamp};
use serde::Serialize;

use super::Context;
use crate::{
    args::PolicyCommand,
    failure::{Failure, Result},
    report::counted,
    settings::{PolicyFile, PolicyFiles, check_principals},
};

/// Checks, shows or approves.
pub fn run(command: &PolicyCommand, context: &Context<'_>) -> Result<()> {
    let now = Timestamp::now();
    match command {
        PolicyCommand::Show { project } => show::run(project.as_deref(), context, now),
        PolicyCommand::Check { files } if files.is_empty() => {
            let files = PolicyFiles::in_force(context.around, &context.folders, now)?;
            check_principals(&files)?;
            report(files.iter(), context)
        }
        PolicyCommand::Check { files } => {
            let paths = files.iter().map(|it| context.around.absolute(it));
            let read = paths.map(|it| {
                let file = PolicyFiles::named(&it, context.around, &context.folders, now)?;
                check_principals(&file).map(|()| file)
            });
            report(all(read.collect())?.iter(), context)
        }
        PolicyCommand::Approve(args) => approve::run(args, context, now),
    }
}

/// All files, or the mistakes of all.
fn all(read: Vec<Result<PolicyFiles>>) -> Result<Vec<PolicyFile>> {
    let mut files = Vec::new();
    let mut failed: Option<Failure> = None;
    for one in read {
        match (one, failed.take()) {
            (Ok(file), before) => {
                files.extend(file);
                failed = before;
            }
            (Err(failure), None) => failed = Some(failure),
            (Err(failure), Some(first)) => failed = Some(first.detail(failure.fact())),
        }
    }
    failed.map_or(Ok(files), Err)
}

/// A file without mistakes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct FileRow {
    file: String,
    /// `machine`, `user`, `project`, or `project, approved`.
    whose: &'static str,
    rules: usize,
    /// Projects whose publishers it names.
    publishers: usize,
    /// What it calls keys, sources of statements and hooks.
    keys: Vec<String>,
    statements: Vec<String>,
    hooks: Vec<String>,
}

impl FileRow {
    fn new(file: &PolicyFile) -> Self {
        Self {
            file: file.name.clone(),
            whose: whose(file.author),
            rules: file.document.rules.len(),
            publishers: file.document.publishers.len(),
            keys: file.document.keys.keys().map(Label::to_string).collect(),
            statements: file
                .document
                .statements
                .keys()
                .map(Label::to_string)
                .collect(),
            hooks: file.document.hooks.keys().map(Label::to_string).collect(),
        }
    }

    fn contents(&self) -> String {
        let mut contents = vec![counted(self.rules, "rule")];
        if self.publishers > 0 {
            contents.push(format!(
                "publishers of {}",
                counted(self.publishers, "project")
            ));
        }
        let named = [
            ("keys", &self.keys),
            ("statements", &self.statements),
            ("hooks", &self.hooks),
        ];
        let named = named.into_iter().filter(|(_, labels)| !labels.is_empty());
        contents.extend(named.map(|(what, labels)| format!("{what} {}", labels.join(" "))));
        contents.join(", ")
    }
}

pub(super) fn whose(author: Author) -> &'static str {
    match author {
        Author::Machine => "machine",
        Author::User => "user",
        Author::Approved => "project, approved",
        Author::Project => "project",
        Author::Requirements => "requirements file",
    }
}

fn report<'a>(files: impl Iterator<Item = &'a PolicyFile>, context: &Context<'_>) -> Result<()> {
    let files: Vec<_> = files.collect();
    let mut roots = files.iter().flat_map(|it| it.trusted_roots());
    roots.try_for_each(|it| it.read().map(drop))?;
    files
        .iter()
        .try_for_each(|it| named_here::check(it, context))?;
    let rows: Vec<_> = files.into_iter().map(FileRow::new).collect();
    if context.ui.json() {
        return context.ui.json_output(&rows);
    }
    if rows.is_empty() {
        return context.ui.line("no policy file is in force here");
    }
    rows.iter().try_for_each(|row| {
        let (file, whose, contents) = (Printable(&row.file), row.whose, row.contents());
        context
            .ui
            .line(format_args!("{file}: fine ({whose}, {contents})"))
    })
}
