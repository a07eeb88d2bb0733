//! `docs/pip-compatibility.md`.

use std::fmt::Write as _;

use super::{COMMANDS, GENERAL, PipCommand, PipOption, Standing};

/// What does not come from the table.
const PROSE: &str = include_str!("page.md");
/// Where the table goes.
const MARK: &str = "<!-- the table -->\n";

/// The whole page.
pub fn page() -> String {
    let (before, after) = PROSE.split_once(MARK).unwrap();
    let mut page = format!("{before}## With every command\n\n");
    page += &table(GENERAL.iter());
    for command in COMMANDS {
        page += &section(command);
    }
    page + after
}

fn section(command: &PipCommand) -> String {
    let mut text = format!("\n## `{}`\n\n", command.name);
    match command.standing {
        Standing::NotOffered { why, instead } => {
            let names: Vec<_> = command.options().map(names).collect();
            let _ = writeln!(text, "Not offered: {why}. Instead: {instead}.\n");
            let _ = writeln!(text, "With it go {}.", names.join(", "));
            return text;
        }
        Standing::Safer(how) => {
            let _ = writeln!(text, "Safer: {how}.");
        }
        Standing::Same | Standing::NoUse(_) => text += "Same.\n",
    }
    if command.options().next().is_some() {
        text.push('\n');
        text += &table(command.options());
    }
    text
}

fn table<'a>(options: impl Iterator<Item = &'a PipOption>) -> String {
    let mut text = String::from("| pip's option | here | |\n| --- | --- | --- |\n");
    for option in options {
        let (standing, remark) = match option.standing {
            Standing::Same => ("same", String::new()),
            Standing::Safer(how) => ("safer", how.to_owned()),
            Standing::NotOffered { why, instead } => {
                ("not offered", format!("{why}; instead: {instead}"))
            }
            Standing::NoUse(why) => ("not offered", format!("{why}; accepted with a note")),
        };
        let _ = writeln!(text, "| {} | {standing} | {remark} |", names(option));
    }
    text
}

fn names(option: &PipOption) -> String {
    let names: Vec<_> = option.names.iter().map(|it| format!("`{it}`")).collect();
    names.join(" ")
}
