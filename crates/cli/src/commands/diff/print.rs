//! The differences for a person: what matters most stands first.

use assay_types::Printable;

use super::{
    facts::Facts,
    lines::Shown,
    report::{Report, Wheel},
    row::Row,
    text::{FileText, Texts},
};
use crate::{
    failure::Result,
    ui::{Table, Ui, shortened},
};

/// How many files of a list are named without `-v`.
const FEW: usize = 50;

/// Prints everything.
pub fn print(report: &Report, ui: &Ui) -> Result<()> {
    let (from, to) = (&report.from, &report.to);
    let head = format!("{} {} -> {}", report.name, from.version, to.version);
    ui.output(ui.bold(&head))?;
    wheel(from, ui)?;
    wheel(to, ui)?;
    facts(&report.metadata, ui)?;
    let native = report.native_code.iter().map(|it| {
        let digest = format!("sha256:{}", it.row.sha256);
        told(&it.row, &[it.format, &digest])
    });
    section("Native code", native.collect(), usize::MAX, ui)?;
    let startup = report.start_up_code.iter().map(|it| {
        let refused = it.refused.as_ref();
        let refused = refused.map(|why| format!("an install refuses it: it {why}"));
        told(&it.row, &[it.fact, refused.as_deref().unwrap_or_default()])
    });
    section("Start-up code", startup.collect(), usize::MAX, ui)?;
    let most = if ui.is_verbose() { usize::MAX } else { FEW };
    for (heading, rows) in [
        ("New files", &report.new_files),
        ("Removed files", &report.removed_files),
        ("Renamed files", &report.renamed_files),
        ("Changed files", &report.changed_files),
    ] {
        let rows = rows.iter().map(|it| told(it, &[])).collect();
        section(heading, rows, most, ui)?;
    }
    report.text.as_ref().map_or(Ok(()), |it| texts(it, ui))
}

fn wheel(wheel: &Wheel, ui: &Ui) -> Result<()> {
    let mut table = Table::new(["file:", &wheel.file]);
    table.row(["from:", &wheel.origin]);
    table.row(["sha256:", &wheel.sha256]);
    let size = format!("{} files, {} bytes", wheel.files, wheel.size);
    table.row(["unpacked:", &size]);
    for it in &wheel.evidence_found {
        table.row(["found:", it]);
    }
    for line in wheel.attestations.iter().flat_map(|it| it.lines()) {
        table.row(["publisher:", &line]);
    }
    if wheel.attestations.is_empty() {
        table.row(["publisher:", "none attested"]);
    }
    for it in &wheel.remarks {
        table.row(["note:", it]);
    }
    ui.output("")?;
    indented(&table, ui)
}

fn facts(facts: &Facts, ui: &Ui) -> Result<()> {
    let mut rows = Vec::new();
    if let Some(it) = &facts.requires_python {
        let change = format!("{} -> {}", it.from, it.to);
        rows.push(["changed".to_owned(), "Requires-Python".to_owned(), change]);
    }
    for (what, list) in facts.lists() {
        let row = |change: &str, fact: &str| [change.to_owned(), what.to_owned(), fact.to_owned()];
        rows.extend(list.added.iter().map(|it| row("new", it)));
        let changed = list.changed.iter();
        rows.extend(changed.map(|it| row("changed", &format!("{} -> {}", it.from, it.to))));
        rows.extend(list.removed.iter().map(|it| row("removed", it)));
    }
    let rows = rows.into_iter().map(Vec::from).collect();
    section("Metadata", rows, usize::MAX, ui)
}

/// A file as a row: what became of it, its path, and facts.
fn told(row: &Row, facts: &[&str]) -> Vec<String> {
    let mut said: Vec<&str> = facts.iter().copied().filter(|it| !it.is_empty()).collect();
    let own = row.told();
    said.push(&own);
    // As wide as the longest path becomes every row.
    let path = shortened(&row.path).into_owned();
    vec![row.change.to_owned(), path, said.join("; ")]
}

/// A heading with how many there are, and as many as are named.
fn section(heading: &str, rows: Vec<Vec<String>>, most: usize, ui: &Ui) -> Result<()> {
    ui.output("")?;
    let count = match rows.len() {
        0 => "none".to_owned(),
        count => count.to_string(),
    };
    ui.output(ui.bold(&format!("{heading}: {count}")))?;
    let mut table = Table::default();
    rows.iter().take(most).for_each(|it| table.row(it));
    indented(&table, ui)?;
    match rows.len().saturating_sub(most) {
        0 => Ok(()),
        more => ui.output(format_args!("  … and {more} more (-v)")),
    }
}

fn indented(table: &Table, ui: &Ui) -> Result<()> {
    let mut lines = table.lines();
    lines.try_for_each(|it| ui.output(format_args!("  {it}")))
}

fn texts(texts: &Texts, ui: &Ui) -> Result<()> {
    ui.output("")?;
    for it in &texts.files {
        file(it, ui)?;
    }
    if texts.lines_left_out + texts.files_left_out == 0 {
        return Ok(());
    }
    ui.output(format_args!(
        "left out after {} lines (--max-lines): {} more of these files, and the text of {} other files",
        texts.max_lines, texts.lines_left_out, texts.files_left_out
    ))
}

fn file(text: &FileText, ui: &Ui) -> Result<()> {
    let from = text.from.as_deref().unwrap_or("(new)");
    ui.output(format_args!("--- {}", Printable(from)))?;
    ui.output(format_args!("+++ {}", Printable(&text.to)))?;
    for it in &text.notes {
        ui.output(format_args!("({})", Printable(it)))?;
    }
    for hunk in &text.hunks {
        ui.output(format_args!(
            "@@ -{},{} +{},{} @@",
            hunk.old_start, hunk.old_lines, hunk.new_start, hunk.new_lines
        ))?;
        let mut lines = hunk.lines.iter();
        lines.try_for_each(|it| ui.output(Shown(it)))?;
    }
    Ok(())
}
