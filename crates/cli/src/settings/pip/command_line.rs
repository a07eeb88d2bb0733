//! The command line, completed by pip's settings.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use clap::{ArgMatches, Command, FromArgMatches as _};

use super::{Applied, Places, Preset, Setting, Settings, apply::Typed};
use crate::{
    args::{Arguments, CommonArgs},
    compatibility,
    failure::{Failure, Result},
    surroundings::Surroundings,
};

/// What was typed and set.
#[derive(Debug)]
pub struct CommandLine {
    /// The command with all of its options.
    pub arguments: Arguments,
    /// What is set and not part of the arguments.
    pub preset: Preset,
    /// The environment whose `pip.conf` counts.
    pub environment: Option<PathBuf>,
    /// What the user should know.
    pub notes: Vec<String>,
    /// What `-v` tells.
    pub details: Vec<String>,
}

/// Why there is no command to run.
#[derive(Debug)]
pub enum Stop {
    /// Help or a version was asked for, or what was typed is wrong.
    Clap(clap::Error),
    /// A setting is wrong, or something that pip has is not offered.
    Failure(Failure),
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        Self::Clap(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// Reads what was typed, and the settings for it.
pub fn read(words: &[OsString], around: &Surroundings) -> Result<CommandLine, Stop> {
    let command = compatibility::command_line();
    // What is wrong is told once all is together: a setting may give what is missing.
    let matches = lenient(&command, words)?;
    let notes = compatibility::objections(&matches)?;
    let Some(place) = Place::find(&command, words)? else {
        return CommandLine::bare(&strict(&command, words)?, notes);
    };
    let typed = Typed {
        name: place.name,
        leaf: place.leaf,
        matches: innermost(&matches),
        before: innermost(&place.before),
        home: around.home.as_deref(),
    };
    let environment = environment(typed.matches, around);
    let applied = settings(&typed, environment.as_deref(), around)?.apply(typed)?;
    let matches = parse(&command, words, place.at, &applied)?;
    Ok(CommandLine {
        preset: applied.preset,
        environment,
        details: applied.details,
        ..CommandLine::bare(&matches, [notes, applied.notes].concat())?
    })
}

/// How a failure should be told, as far as what was typed is understood.
pub fn common(words: &[OsString]) -> Option<CommonArgs> {
    let matches = lenient(&compatibility::command_line(), words).ok()?;
    CommonArgs::from_arg_matches(&matches).ok()
}

impl CommandLine {
    /// Without settings.
    fn bare(matches: &ArgMatches, notes: Vec<String>) -> Result<Self, Stop> {
        Ok(Self {
            arguments: Arguments::from_arg_matches(matches)?,
            preset: Preset::default(),
            environment: None,
            notes,
            details: Vec::new(),
        })
    }
}

/// The command that was typed, as far as it is understood. Help and versions end here.
fn lenient(command: &Command, words: &[OsString]) -> clap::error::Result<ArgMatches> {
    let mut command = command.clone().ignore_errors(true);
    command.try_get_matches_from_mut(words)
}

fn strict(command: &Command, words: &[OsString]) -> clap::error::Result<ArgMatches> {
    command.clone().try_get_matches_from_mut(words)
}

fn innermost(mut matches: &ArgMatches) -> &ArgMatches {
    while let Some((_, below)) = matches.subcommand() {
        matches = below;
    }
    matches
}

/// Where in what was typed the command is named.
struct Place<'a> {
    /// The first of its names.
    name: &'a str,
    /// The command, or the one below it that was named.
    leaf: &'a Command,
    /// The last of its names, counted in words.
    at: usize,
    /// What was typed up to there.
    before: ArgMatches,
}

impl<'a> Place<'a> {
    /// A word names the command if the parser says so of what ends with it: it might be the value
    /// of an option.
    fn find(command: &'a Command, words: &[OsString]) -> clap::error::Result<Option<Self>> {
        let mut found: Option<Self> = None;
        let mut depth = 0;
        for (at, word) in words.iter().enumerate().skip(1) {
            let above = found.as_ref().map_or(command, |it| it.leaf);
            let Some(leaf) = word.to_str().and_then(|it| above.find_subcommand(it)) else {
                continue;
            };
            let before = lenient(command, &words[..=at])?;
            if commands_in(&before) > depth {
                depth += 1;
                let name = found.as_ref().map_or(leaf.get_name(), |it| it.name);
                found = Some(Self {
                    name,
                    leaf,
                    at,
                    before,
                });
            }
        }
        Ok(found)
    }
}

fn commands_in(matches: &ArgMatches) -> usize {
    let below = matches.subcommand().map(|it| commands_in(it.1) + 1);
    below.unwrap_or_default()
}

/// The environment that was named or is active. One that merely lies in the working folder may
/// have come with a clone, and its `pip.conf` decides nothing.
fn environment(typed: &ArgMatches, around: &Surroundings) -> Option<PathBuf> {
    let venv = typed.try_get_one::<PathBuf>("venv").ok().flatten();
    if let Some(folder) = venv {
        return Some(around.absolute(folder));
    }
    match typed.try_get_one::<String>("python").ok().flatten() {
        Some(python) => {
            let folder = around.absolute(Path::new(python));
            folder.join("pyvenv.cfg").is_file().then_some(folder)
        }
        None => around
            .virtual_env
            .clone()
            .or_else(|| around.conda_env.clone()),
    }
}

/// The settings. Those that cannot be read stop every command but the one that mends them.
fn settings(
    typed: &Typed<'_>,
    environment: Option<&Path>,
    around: &Surroundings,
) -> Result<Settings> {
    let places = Places {
        around,
        isolated: typed.matches.get_flag("isolated"),
        environment,
    };
    match Settings::read(&places) {
        Err(_) if typed.name == "config" => Ok(Settings::default()),
        settings => settings,
    }
}

/// Settings stand right behind the command, so that what was typed after it adds to them.
fn parse(
    command: &Command,
    words: &[OsString],
    at: usize,
    applied: &Applied,
) -> Result<ArgMatches, Stop> {
    let with = |count: usize| {
        let set = applied.tokens[..count].iter().map(|it| it.word.clone());
        let (before, after) = words.split_at(at + 1);
        let all: Vec<_> = before
            .iter()
            .cloned()
            .chain(set)
            .chain(after.iter().cloned())
            .collect();
        strict(command, &all)
    };
    let error = match with(applied.tokens.len()) {
        Ok(matches) => return Ok(matches),
        Err(error) => error,
    };
    // If it is not the user's own mistake, it is that of the first setting that brings one.
    with(0)?;
    for (at, token) in applied.tokens.iter().enumerate() {
        if let Err(error) = with(at + 1) {
            return Err(blamed(&token.setting, &error).into());
        }
    }
    Err(error.into())
}

/// clap's first line, with the place of the setting.
fn blamed(setting: &Setting, error: &clap::Error) -> Failure {
    let text = error.to_string();
    let fact = text.lines().next().unwrap_or_default();
    setting
        .wrong(fact.strip_prefix("error: ").unwrap_or(fact))
        .hint("--isolated leaves variables and the user's settings out")
}
