//! The table against the command line, against the page, and against pip itself.

use std::{collections::BTreeSet, path::Path, process::Command as Process};

use assay_testkit::peers;
use clap::{Command, CommandFactory as _};

use super::*;
use crate::args::Arguments;

/// assay's own command line, without stand-ins for what only pip has.
fn own() -> Command {
    let mut command = Arguments::command();
    command.build();
    command
}

/// A command and those below it.
fn family<'a>(whole: &'a Command, name: &str) -> Vec<&'a Command> {
    let Some(command) = whole.find_subcommand(name) else {
        return Vec::new();
    };
    [command]
        .into_iter()
        .chain(command.get_subcommands())
        .collect()
}

#[test]
fn the_page_says_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/pip-compatibility.md");
    let page = page::page();
    if is_blessed() {
        std::fs::write(&path, &page).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == page,
        "docs/pip-compatibility.md is not what the table says; ASSAY_BLESS=1 cargo test -p assay-cli compatibility writes it"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "who runs the tests says whether files are written"
)]
fn is_blessed() -> bool {
    std::env::var_os("ASSAY_BLESS").is_some()
}

#[test]
fn a_name_belongs_to_one_option_of_a_command() {
    for command in COMMANDS {
        let mut names = BTreeSet::new();
        for option in command.options().chain(GENERAL) {
            for name in option.names {
                assert!(names.insert(name), "{}: {name} twice", command.name);
            }
        }
    }
}

#[test]
fn what_is_offered_is_on_the_command_line_with_the_same_names_and_as_many_values() {
    let whole = own();
    // `help` is made by the parser and prints what others have.
    let offered = COMMANDS
        .iter()
        .filter(|it| !is_refused(it.standing) && it.name != "help");
    for command in offered {
        let family = family(&whole, command.name);
        assert!(!family.is_empty(), "{}", command.name);
        for option in command.options().chain(GENERAL).filter(|it| is_offered(it)) {
            if let Err(fault) = check_offered(&family, option) {
                panic!("{} {}: {fault}", command.name, option.name());
            }
        }
    }
}

fn is_refused(standing: Standing) -> bool {
    matches!(standing, Standing::NotOffered { .. })
}

fn is_offered(option: &PipOption) -> bool {
    matches!(option.standing, Standing::Same | Standing::Safer(_))
}

#[test]
fn what_is_not_offered_is_no_option_of_a_command() {
    let whole = own();
    for command in COMMANDS {
        for option in command.options().filter(|it| is_refused(it.standing)) {
            let mut family = family(&whole, command.name).into_iter();
            let has = family.any(|it| argument(it, option.name()).is_some());
            assert!(!has, "{} {}", command.name, option.name());
        }
    }
}

fn check_offered(family: &[&Command], option: &PipOption) -> Result<(), String> {
    let mut arguments = family.iter().filter_map(|it| argument(it, option.name()));
    let arg = arguments.next().ok_or("is not on the command line")?;
    if arg.get_action().takes_values() != option.takes_value() {
        return Err("another number of values".to_owned());
    }
    let is_version = option.name() == "--version" || option.name() == "--help";
    let is_many = matches!(
        arg.get_action(),
        clap::ArgAction::Append | clap::ArgAction::Count
    );
    let should_be = matches!(option.action, Action::List | Action::Gather | Action::Count);
    if is_many != should_be && !is_version {
        return Err("another way to be repeated".to_owned());
    }
    for name in option.names {
        let known = match name.strip_prefix("--") {
            Some(_) => family.iter().any(|it| argument(it, name).is_some()),
            None => arg.get_short() == name.chars().nth(1),
        };
        if !known {
            return Err(format!("{name} is not its name"));
        }
    }
    Ok(())
}

#[test]
fn what_is_not_offered_is_answered_with_the_reason() {
    let whole = command_line();
    let own = own();
    let answer = |words: &[&str]| {
        let mut lenient = whole.clone().ignore_errors(true);
        let words = ["assay"].iter().chain(words);
        objections(&lenient.try_get_matches_from_mut(words).unwrap())
    };
    for command in COMMANDS {
        if let Standing::NotOffered { why, instead } = command.standing {
            let said = answer(&[command.name, "--anything", "x"]).unwrap_err();
            assert_eq!(said.exit_code(), 2);
            let said = said.render(false);
            assert!(said.contains(why) && said.contains(instead), "{said}");
            continue;
        }
        if command.name == "help" {
            continue;
        }
        // What the command line takes to refuse it itself has a scenario of its own.
        let taken = |name: &str| {
            family(&own, command.name)
                .iter()
                .any(|it| argument(it, name).is_some())
        };
        let options = command.options().filter(|it| !taken(it.name()));
        for option in options.chain(GENERAL).filter(|it| !is_offered(it)) {
            for name in option.names {
                let typed = answer(&[command.name, name, "value"]);
                match option.standing {
                    Standing::NotOffered { why, .. } => {
                        assert!(typed.unwrap_err().render(false).contains(why), "{name}");
                    }
                    Standing::NoUse(why) => {
                        let notes = typed.unwrap();
                        assert!(notes.iter().any(|it| it.contains(why)), "{name}: {notes:?}");
                    }
                    Standing::Same | Standing::Safer(_) => {}
                }
            }
        }
    }
    assert_eq!(
        answer(&["install", "--pre", "x"]).unwrap(),
        Vec::<String>::new()
    );
}

/// Prints a line for each option: command, what the line of the table has.
const SURFACE: &str = r#"
import sys
from pip._internal.cli.main_parser import create_main_parser
from pip._internal.commands import commands_dict, create_command

ACTIONS = {"store_true": "On", "store_const": "On", "help": "On", "version": "On",
           "store_false": "Off", "count": "Count", "store": "One", "append": "List"}
GATHERED = {"--all-releases", "--only-final", "--no-binary", "--only-binary", "--refresh-package",
            "--group", "--config-settings"}

def line(command, option, shared):
    names = option._short_opts + option._long_opts
    action = ACTIONS.get(option.action)
    if action is None:
        first = option._long_opts[0]
        action = "Always" if option.type is None else "Gather" if first in GATHERED else "One"
    path = "path" if option.type == "path" else ""
    rivals = [o._long_opts[0] for o in shared if o.dest == option.dest and o.dest and action != "Gather"]
    print(command, "/".join(names), action, path, "+".join(sorted(rivals)), sep="|")

import pip
print("version", pip.__version__, sep="|", file=sys.stderr)
for name in commands_dict:
    options = create_command(name).parser.option_list_all
    for option in options:
        line(name, option, options)
    for option in create_main_parser().option_list_all:
        if "--version" in option._long_opts:
            line(name, option, [option])
"#;

#[test]
fn the_table_is_pips_own_surface() {
    let is_it = "import pip; assert pip.__version__.startswith('26.3')";
    let Some(python) = peers::python_with(is_it, "pip 26.3") else {
        return;
    };
    let output = Process::new(python)
        .args(["-I", "-c", SURFACE])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    let pip: BTreeSet<_> = text.lines().map(str::to_owned).collect();
    let commands = COMMANDS.iter();
    let table: BTreeSet<_> = commands
        .flat_map(|command| {
            command
                .options()
                .chain(GENERAL)
                .map(move |it| row(command, it))
        })
        .collect();
    let differences: Vec<_> = pip.symmetric_difference(&table).collect();
    assert!(differences.is_empty(), "{differences:#?}");
}

fn row(command: &PipCommand, option: &PipOption) -> String {
    let mut rivals: Vec<_> = command
        .options()
        .chain(GENERAL)
        .filter(|it| it.competes_with(option) && option.action != Action::Gather)
        .map(PipOption::name)
        .collect();
    rivals.sort_unstable();
    let path = if option.is_path { "path" } else { "" };
    let names = option.names.join("/");
    let (name, action) = (command.name, option.action);
    format!("{name}|{names}|{action:?}|{path}|{}", rivals.join("+"))
}
