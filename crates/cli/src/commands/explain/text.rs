//! For a terminal: a tree for each distribution, or a table of all.

use assay_types::Printable;

use super::{
    explained::Explained,
    facts::{Fact, joined},
};
use crate::{commands::Context, failure::Result, ui::Table};

/// One tree each.
pub fn trees(all: &[Explained], context: &Context<'_>) -> Result<()> {
    for one in all {
        let head = format!(
            "{} {}: {}",
            Printable(&one.spelling),
            one.version,
            one.evidence()
        );
        context.ui.output(context.ui.bold(&head))?;
        let mut facts = one.facts();
        facts.push(Fact::one("here because", one.reason()));
        if !one.requires.is_empty() {
            facts.push(Fact::one("needs", joined(&one.requires)));
        }
        let last = facts.len().saturating_sub(1);
        for (at, fact) in facts.iter().enumerate() {
            branch(fact, at == last, context)?;
        }
    }
    Ok(())
}

/// A fact of one line stands beside its heading, others below it.
fn branch(fact: &Fact, is_last: bool, context: &Context<'_>) -> Result<()> {
    let (knot, stem) = shape(is_last);
    let what = fact.what;
    if let [line] = fact.lines.as_slice() {
        let line = Printable(line);
        return context.ui.output(format_args!("{knot} {what}: {line}"));
    }
    context.ui.output(format_args!("{knot} {what}"))?;
    let last = fact.lines.len().saturating_sub(1);
    for (at, line) in fact.lines.iter().enumerate() {
        let (knot, _) = shape(at == last);
        let line = Printable(line);
        context.ui.output(format_args!("{stem} {knot} {line}"))?;
    }
    Ok(())
}

fn shape(is_last: bool) -> (&'static str, &'static str) {
    match is_last {
        true => ("└─", "  "),
        false => ("├─", "│ "),
    }
}

/// A line each.
pub fn overview(all: &[Explained], context: &Context<'_>) -> Result<()> {
    let mut table = Table::new(["Package", "Version", "Evidence", "Receipt", "Today", "Why"]);
    for one in all {
        let today = match &one.today {
            None => "not judged",
            Some(it) if it.accepted && it.missing.is_empty() => "accepted",
            Some(it) if it.accepted => "accepted, lacks something",
            Some(_) => "refused",
        };
        let (name, evidence) = (one.project.to_string(), one.evidence());
        table.row([
            &name,
            &one.version,
            &evidence,
            one.known.word(),
            today,
            &one.reason(),
        ]);
    }
    table.print(context.ui)
}
