//! What to look at next, for a person.

use assay_types::Printable;

use super::{Open, Report};
use crate::{failure::Result, ui::Ui};

/// One file after the other, with the lines to type.
pub fn print(report: &Report, ui: &Ui) -> Result<()> {
    for it in &report.open {
        ui.output(ui.bold(&Printable(&headline(it)).to_string()))?;
        for command in &it.commands {
            ui.output(format_args!("  {}", Printable(command)))?;
        }
    }
    for it in &report.denied {
        ui.warn(&format!("{} is denied: {}", it.name, it.why));
    }
    for it in &report.unknown {
        ui.note(&format!("{} is left out: {}", it.name, it.why));
    }
    let exempt = report.open.iter().filter(|it| it.is_exempt).count();
    let (open, vouched) = (report.open.len(), report.vouched_for);
    let are = |count: usize| if count == 1 { "is" } else { "are" };
    let files = if vouched == 1 { "file" } else { "files" };
    ui.line(format_args!(
        "{vouched} {files} {} vouched for; {open} {} to be looked at, {exempt} of which {} exempt",
        are(vouched),
        are(open),
        are(exempt),
    ))
}

/// What is dangerous stands first.
fn headline(open: &Open) -> String {
    let Open {
        project, version, ..
    } = open;
    let what = match &open.from {
        Some(from) => format!("{project} {} -> {version}", from.version),
        None => format!("{project} {version}"),
    };
    let mut facts = Vec::new();
    let mut flags = Vec::new();
    match (&open.difference, &open.not_compared) {
        (Some(it), _) => {
            let counted = |count, what: &str| match count {
                0 => None,
                1 => Some(format!("1 {what}")),
                _ => Some(format!("{count} {what}s")),
            };
            flags.extend((it.start_up_code > 0).then_some("START-UP CODE"));
            flags.extend((it.native_code > 0).then_some("NATIVE CODE"));
            facts.extend(counted(it.files, "file"));
            facts.extend(counted(it.lines, "line"));
        }
        (None, Some(why)) => facts.push(format!("not compared: {why}")),
        (None, None) => facts.push("nothing near it is vouched for: all of it".to_owned()),
    }
    if open.difference.is_none() {
        facts.extend(open.size.map(|it| format!("{it} bytes")));
    }
    if open.is_exempt {
        facts.push("exempt".to_owned());
    }
    let flags = match flags.is_empty() {
        true => String::new(),
        false => format!("{}: ", flags.join(", ")),
    };
    format!("{flags}{what}: {}", facts.join(", "))
}
