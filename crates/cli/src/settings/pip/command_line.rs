//! The command line, completed by pip's settings.

use std::{
    ffi::OsString,
    mem::ManuallyDrop,
    path::{Path, PathBuf},
};

use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _};

use super::{
    Applied, Places, Preset, Setting, Settings,
    apply::{Token, Typed},
    site::Site,
};
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
    usual(words, around).unwrap_or_else(|| whole(words, around))
}

/// The usual cases, in one parse and without what only pip has: help, or nothing is wrong and nothing
/// is set. Everything else is the other function's.
fn usual(words: &[OsString], around: &Surroundings) -> Option<Result<CommandLine, Stop>> {
    let is_install = words.get(1).is_some_and(|it| it == "install");
    // Taking thousands of small pieces apart takes as long as half of the parsing.
    let mut command = ManuallyDrop::new(match is_install {
        true => Arguments::install_alone(),
        false => Arguments::command(),
    });
    let matches = match command.try_get_matches_from_mut(words) {
        Ok(matches) => matches,
        Err(error) if !is_install && !error.use_stderr() => return Some(Err(error.into())),
        Err(_) => return None,
    };
    let typed = innermost(&matches);
    let site = site(typed, around);
    if site.note.is_some() {
        return None;
    }
    let places = Places {
        around,
        isolated: typed.get_flag("isolated"),
        environment: site.folder.as_deref(),
    };
    let settings = Settings::read(&places).ok()?;
    // That variable names a file, which was read.
    if settings.iter().any(|it| it.key != "config-file") {
        return None;
    }
    let arguments = match is_install {
        true => Arguments::of_install(&matches),
        false => Arguments::from_arg_matches(&matches),
    };
    let line = arguments.map(|arguments| CommandLine {
        environment: site.folder,
        ..CommandLine::bare(arguments, Vec::new())
    });
    Some(line.map_err(Stop::from))
}

fn whole(words: &[OsString], around: &Surroundings) -> Result<CommandLine, Stop> {
    let command = compatibility::command_line();
    let alone = strict(&command, words);
    let matches = match &alone {
        Ok(matches) => matches.clone(),
        // Help and versions end here. What is wrong is told once all is together: a setting may
        // give what is missing.
        Err(_) => lenient(&command, words)?,
    };
    let notes = compatibility::objections(&matches)?;
    let Some((name, leaf)) = named(&command, &matches) else {
        let arguments = Arguments::from_arg_matches(&alone?)?;
        return Ok(CommandLine::bare(arguments, notes));
    };
    let typed = Typed {
        name,
        whole: &command,
        leaf,
        matches: innermost(&matches),
        home: around.home.as_deref(),
    };
    let site = site(typed.matches, around);
    let applied = settings(&typed, site.folder.as_deref(), around)?.apply(typed)?;
    let matches = if applied.tokens.is_empty() {
        alone?
    } else {
        parse(&command, words, &applied)?
    };
    Ok(CommandLine {
        preset: applied.preset,
        environment: site.folder,
        details: applied.details,
        ..CommandLine::bare(
            Arguments::from_arg_matches(&matches)?,
            notes
                .into_iter()
                .chain(site.note)
                .chain(applied.notes)
                .collect(),
        )
    })
}

/// How a failure should be told, as far as what was typed is understood.
pub fn common(words: &[OsString]) -> Option<CommonArgs> {
    let matches = lenient(&compatibility::command_line(), words).ok()?;
    CommonArgs::from_arg_matches(&matches).ok()
}

impl CommandLine {
    /// Without settings.
    fn bare(arguments: Arguments, notes: Vec<String>) -> Self {
        Self {
            arguments,
            preset: Preset::default(),
            environment: None,
            notes,
            details: Vec::new(),
        }
    }
}

/// What was typed, as far as it is understood; help and versions are errors here, too.
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

/// The first of the command's names, and the last command below it that was named.
fn named<'a>(command: &'a Command, matches: &ArgMatches) -> Option<(&'a str, &'a Command)> {
    let (name, mut below) = matches.subcommand()?;
    let mut leaf = command.find_subcommand(name)?;
    let first = leaf.get_name();
    while let Some((name, matches)) = below.subcommand() {
        leaf = leaf.find_subcommand(name)?;
        below = matches;
    }
    Some((first, leaf))
}

/// Where in what was typed the command ends that is named, and what was typed up to there. A word
/// names a command if the parser says so of what ends with it: it might be the value of an option.
fn place(command: &Command, words: &[OsString]) -> clap::error::Result<(usize, ArgMatches)> {
    let (mut leaf, mut found) = (command, (0, ArgMatches::default()));
    for (at, word) in words.iter().enumerate().skip(1) {
        let Some(below) = word.to_str().and_then(|it| leaf.find_subcommand(it)) else {
            continue;
        };
        let before = lenient(command, &words[..=at])?;
        if commands_in(&before) > commands_in(&found.1) {
            (leaf, found) = (below, (at, before));
        }
    }
    Ok(found)
}

fn commands_in(matches: &ArgMatches) -> usize {
    let below = matches.subcommand().map(|it| commands_in(it.1) + 1);
    below.unwrap_or_default()
}

/// The environment that was named or is active. One that merely lies in the working folder may
/// have come with a clone, and its `pip.conf` decides nothing.
fn site(typed: &ArgMatches, around: &Surroundings) -> Site {
    let venv = typed.try_get_one::<PathBuf>("venv").ok().flatten();
    let python = typed.try_get_one::<String>("python").ok().flatten();
    Site::of(
        venv.map(PathBuf::as_path),
        python.map(String::as_str),
        around,
    )
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
fn parse(command: &Command, words: &[OsString], applied: &Applied) -> Result<ArgMatches, Stop> {
    let (at, before) = place(command, words)?;
    let (typed_before, typed_after) = words.split_at(at + 1);
    // A count behind the command replaces one that was typed before it.
    let counted = |token: &Token| match token.adds_to {
        Some(id) => usize::from(innermost(&before).get_count(id)),
        None => 0,
    };
    let with = |count: usize| {
        let set = applied.tokens[..count]
            .iter()
            .flat_map(|token| std::iter::repeat_n(&token.word, token.times + counted(token)));
        let all = typed_before.iter().chain(set).chain(typed_after);
        strict(command, &all.cloned().collect::<Vec<_>>())
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
