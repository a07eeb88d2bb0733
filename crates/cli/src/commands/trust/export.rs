//! `assay trust export`: what is known, as a policy file has it.

use assay_trust::{PublisherPin, PublisherPins, Term};
use assay_types::{ProjectName, Timestamp, Url, requirement::redacted};
use serde::Serialize;

use super::named::Named;
use crate::{
    commands::{Context, asked_indexes::AskedIndexes},
    failure::{Failure, Result},
    settings::{PolicyFiles, names},
};

/// Prints the table.
pub fn run(typed: &[String], index: Option<&str>, context: &Context<'_>) -> Result<()> {
    let wanted = names("trust export", typed)?;
    let pins = context.folders.publishers().read()?;
    let unknown = wanted.iter().find(|it| !is_known(&pins, it));
    if let Some(project) = unknown {
        return Err(Failure::could_not(format!("nothing is known of {project}")));
    }
    let files = PolicyFiles::in_force(context.around, &context.folders, Timestamp::now())?;
    let asked = AskedIndexes::new(index, &files, context)?;
    let is_wanted = |project: &ProjectName| wanted.is_empty() || wanted.contains(project);
    let pins = pins.iter().filter(|it| is_wanted(it.1)).collect();
    let table = Table::new(pins, &asked);
    if context.ui.json() {
        return context.ui.json_output(&table);
    }
    context.ui.output(table.to_toml().trim_end())
}

fn is_known(pins: &PublisherPins, project: &ProjectName) -> bool {
    pins.iter().any(|it| it.1 == project)
}

/// The table's lines, by project.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Table {
    publishers: Vec<Line>,
    /// What it does not say, and why.
    left_out: Vec<LeftOut>,
}

#[derive(Debug, Serialize)]
struct Line {
    project: String,
    identities: Vec<String>,
}

#[derive(Debug, Serialize)]
struct LeftOut {
    project: String,
    why: String,
}

impl Table {
    /// A policy file names no index, so of several that know a project the first one that is asked
    /// speaks.
    fn new(mut pins: Vec<(&Url, &ProjectName, &PublisherPin)>, asked: &AskedIndexes) -> Self {
        let rank = |index: &Url, project: &ProjectName| {
            let all = asked.all_for(project);
            all.iter().position(|it| *it == index)
        };
        pins.sort_by_key(|it| (it.1, rank(it.0, it.1).unwrap_or(usize::MAX)));
        let mut table = Self {
            publishers: Vec::new(),
            left_out: Vec::new(),
        };
        let mut speaking = None;
        for (index, project, pin) in pins {
            match rank(index, project) {
                Some(_) if speaking != Some(project) => {
                    speaking = Some(project);
                    table.add(project, pin);
                }
                _ => table.leave_out(project, format!("what is known of {}", redacted(index))),
            }
        }
        table
    }

    fn add(&mut self, project: &ProjectName, pin: &PublisherPin) {
        let lasting = pin.identities.iter().filter(|it| *it.1 == Term::Forever);
        let identities: Vec<_> = lasting.map(|it| it.0.to_string()).collect();
        if !identities.is_empty() {
            let project = project.to_string();
            self.publishers.push(Line {
                project,
                identities,
            });
        }
        if pin.unattested == Some(Term::Forever) {
            let why = "that files without provenance are accepted, which such a table cannot say";
            self.leave_out(project, why.to_owned());
        }
        for (it, day) in Named::limited(pin) {
            let why = format!("{it}, accepted until {day}");
            self.leave_out(project, why);
        }
    }

    fn leave_out(&mut self, project: &ProjectName, why: String) {
        let project = project.to_string();
        self.left_out.push(LeftOut { project, why });
    }

    /// Names are bare keys, identities have nothing that TOML escapes, and URLs no line breaks.
    fn to_toml(&self) -> String {
        let mut text = "[publishers]\n".to_owned();
        for line in &self.publishers {
            let identities = line.identities.iter().map(|it| format!("\"{it}\""));
            let identities: Vec<_> = identities.collect();
            text += &format!("{} = [{}]\n", line.project, identities.join(", "));
        }
        for LeftOut { project, why } in &self.left_out {
            text += &format!("# {project}: left out: {why}\n");
        }
        text
    }
}
