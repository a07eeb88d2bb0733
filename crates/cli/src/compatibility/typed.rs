//! What pip has and assay does not, where somebody types it: accepted by the parser, so that it can
//! be answered with the reason.

use clap::{Arg, ArgAction, ArgMatches, Command, CommandFactory as _};

use super::{COMMANDS, GENERAL, PipCommand, PipOption, Standing};
use crate::{
    args::Arguments,
    failure::{Failure, Result},
};

/// The command line with everything that pip has.
pub fn command_line() -> Command {
    let mut whole = Arguments::command();
    for option in GENERAL.iter().filter(|it| is_absent(it)) {
        whole = whole.arg(stand_in(option).global(true));
    }
    for command in COMMANDS {
        if let Standing::NotOffered { why, .. } = command.standing {
            whole = whole.subcommand(unknown(command.name, why));
        } else if command.options().any(is_absent) {
            whole = whole.mut_subcommand(command.name, |it| with_stand_ins(it, command));
        }
    }
    whole
}

/// An argument of a command by one of its long names.
pub fn argument<'a>(command: &'a Command, name: &str) -> Option<&'a Arg> {
    let name = name.strip_prefix("--")?;
    let mut arguments = command.get_arguments();
    arguments.find(|it| {
        let aliases = it.get_all_aliases().into_iter().flatten();
        it.get_long()
            .into_iter()
            .chain(aliases)
            .any(|it| it == name)
    })
}

/// Answers to what was typed and is not offered: the first refusal, or notes on what has no use.
pub fn objections(matches: &ArgMatches) -> Result<Vec<String>> {
    let Some((name, leaf)) = leaf(matches) else {
        return Ok(Vec::new());
    };
    let Some(command) = COMMANDS.iter().find(|it| it.name == name) else {
        return typed(GENERAL.iter(), leaf);
    };
    if let Standing::NotOffered { why, instead } = command.standing {
        return Err(Failure::usage(format!("{name} is not offered: {why}")).hint(instead));
    }
    typed(command.options().chain(GENERAL), leaf)
}

fn typed<'a>(
    options: impl Iterator<Item = &'a PipOption>,
    matches: &ArgMatches,
) -> Result<Vec<String>> {
    let mut notes = Vec::new();
    for option in options.filter(|it| is_typed(it, matches)) {
        let name = option.name();
        match option.standing {
            Standing::NotOffered { why, instead } => {
                return Err(Failure::usage(format!("{name} is not offered: {why}")).hint(instead));
            }
            Standing::NoUse(why) => notes.push(format!("{name} has no use: {why}")),
            Standing::Same | Standing::Safer(_) => {}
        }
    }
    Ok(notes)
}

/// The command in use, by the first of its names, with what was typed for the last of them.
fn leaf(matches: &ArgMatches) -> Option<(&str, &ArgMatches)> {
    let (name, mut leaf) = matches.subcommand()?;
    while let Some((_, below)) = leaf.subcommand() {
        leaf = below;
    }
    Some((name, leaf))
}

/// Only stand-ins are looked at: what the command line has itself answers for itself.
fn is_typed(option: &PipOption, matches: &ArgMatches) -> bool {
    is_absent(option)
        && matches
            .try_contains_id(option.name())
            .is_ok_and(|it| it && matches.value_source(option.name()) == Some(COMMAND_LINE))
}

const COMMAND_LINE: clap::parser::ValueSource = clap::parser::ValueSource::CommandLine;

fn is_absent(option: &PipOption) -> bool {
    matches!(
        option.standing,
        Standing::NotOffered { .. } | Standing::NoUse(_)
    )
}

fn with_stand_ins(command: Command, pip: &PipCommand) -> Command {
    if command.has_subcommands() {
        return command.mut_subcommands(|it| with_stand_ins(it, pip));
    }
    let absent = pip.options().filter(|it| is_absent(it));
    absent.fold(command, |command, option| {
        match argument(&command, option.name()) {
            Some(_) => command,
            None => command.arg(stand_in(option)),
        }
    })
}

/// An argument that nobody sees in the help.
fn stand_in(option: &PipOption) -> Arg {
    let mut arg = Arg::new(option.name()).hide(true);
    for name in option.names {
        arg = match (name.strip_prefix("--"), name.chars().nth(1)) {
            (Some(long), _) if arg.get_long().is_none() => arg.long(long),
            (Some(long), _) => arg.alias(long),
            (None, Some(short)) => arg.short(short),
            (None, None) => arg,
        };
    }
    if option.takes_value() {
        arg.action(ArgAction::Append).value_name("VALUE")
    } else {
        arg.action(ArgAction::SetTrue)
    }
}

/// A command that takes whatever comes.
fn unknown(name: &'static str, why: &'static str) -> Command {
    let rest = Arg::new("rest")
        .num_args(0..)
        .trailing_var_arg(true)
        .allow_hyphen_values(true);
    Command::new(name)
        .about(format!("Not offered: {why}."))
        .hide(true)
        .arg(rest)
}
