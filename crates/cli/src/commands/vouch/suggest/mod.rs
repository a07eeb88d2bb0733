//! `assay vouch suggest`: what to look at next, smallest differences first.

mod compare;
mod print;
mod size;
mod sources;
mod standing;

use assay_types::{Sha256, Version, shell_word};
use serde::Serialize;

use super::{
    looked::Looker,
    present::{self, Present},
};
use crate::{args::VouchSuggestArgs, commands::Context, failure::Result};
use compare::Difference;
use sources::Sources;
use standing::Standing;

/// What nobody looked at. Texts are unescaped.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Report {
    /// Files that somebody vouches for.
    vouched_for: usize,
    /// The least work first.
    open: Vec<Open>,
    /// What is denied, and why.
    denied: Vec<Unknown>,
    /// What is there of which nobody knows the file.
    unknown: Vec<Unknown>,
}

#[derive(Debug, Serialize)]
struct Unknown {
    name: String,
    why: String,
}

/// A file that nobody looked at.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Open {
    #[serde(skip)]
    present: Present,
    project: String,
    version: String,
    file: String,
    sha256: String,
    /// Whether it is exempt.
    is_exempt: bool,
    /// As its index has it, in bytes.
    size: Option<u64>,
    /// The nearest file that somebody looked at.
    from: Option<From>,
    /// What differs, where that was looked into.
    difference: Option<Difference>,
    /// Why it was not.
    not_compared: Option<String>,
    /// What to do, as lines of a shell.
    commands: Vec<String>,
}

/// A file that somebody looked at.
#[derive(Debug, Clone, Serialize)]
struct From {
    #[serde(serialize_with = "shown")]
    version: Version,
    #[serde(serialize_with = "shown")]
    sha256: Sha256,
}

/// Finds what is there and holds it against what is vouched for.
pub fn run(args: &VouchSuggestArgs, context: &Context<'_>) -> Result<()> {
    // Each wheel is looked for as an install of it alone would.
    let ui = context.ui.without_progress();
    let in_silence = context.with_ui(&ui);
    let looker = Looker::new(&args.review, &in_silence)?;
    let sources = Sources::new(args, &looker, context)?;
    let found = present::find(&args.wanted, &args.review, context)?;
    let unknown = found.unknown.into_iter();
    let mut report = Report {
        vouched_for: 0,
        open: Vec::new(),
        denied: Vec::new(),
        unknown: unknown.map(|(name, why)| Unknown { name, why }).collect(),
    };
    for file in found.files {
        match sources.standing(&file)? {
            Standing::Vouched => report.vouched_for += 1,
            Standing::Denied(why) => {
                let name = file.name();
                report.denied.push(Unknown { name, why });
            }
            standing => report.open.push(Open {
                from: sources.nearest(&file)?,
                ..Open::new(file, matches!(standing, Standing::Exempt))
            }),
        }
    }
    size::add(&mut report.open, &looker.asked);
    let progress = context.ui.progress();
    progress.phase("Comparing");
    compare::add(&mut report.open, args.limit, &looker);
    progress.pause();
    report.open.sort_by_key(Open::work);
    let set = sources.set();
    report.open.iter_mut().for_each(|it| it.add_commands(&set));
    match context.ui.json() {
        true => context.ui.json_output(&report),
        false => print::print(&report, context.ui),
    }
}

impl Open {
    fn new(present: Present, is_exempt: bool) -> Self {
        let artifact = &present.artifact;
        Self {
            project: artifact.project.to_string(),
            version: artifact.version.to_string(),
            file: artifact.file_name.clone(),
            sha256: present.sha256.to_string(),
            is_exempt,
            size: artifact.size,
            from: None,
            difference: None,
            not_compared: None,
            commands: Vec::new(),
            present,
        }
    }

    /// What is compared comes before what is to be read whole or was not looked into.
    fn work(&self) -> (bool, usize, usize, u64, String) {
        let (lines, files) = match &self.difference {
            Some(it) => (it.lines, it.files),
            None => (usize::MAX, usize::MAX),
        };
        // What nobody knows the size of may be the largest.
        let size = self.size.unwrap_or(u64::MAX);
        (self.from.is_none(), lines, files, size, self.file.clone())
    }

    fn add_commands(&mut self, set: &str) {
        let Self {
            project, version, ..
        } = &*self;
        let vouch = format!("assay vouch {project}=={version}");
        let end = format!("--set {} --with KEY", shell_word(set));
        self.commands = match &self.from {
            Some(From { version: from, .. }) => vec![
                format!("assay diff {project} {from} {version}"),
                format!("{vouch} --from {from} {end}"),
            ],
            None => vec![
                format!("assay download --no-deps {project}=={version}"),
                format!("{vouch} {end}"),
            ],
        };
    }
}

fn shown<S: serde::Serializer>(it: &impl std::fmt::Display, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(it)
}
