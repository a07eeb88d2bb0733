//! Settings for one command: as words of its command line, as a [`Preset`], or as a note.

use std::{ffi::OsString, path::Path};

use clap::{Arg, ArgMatches, Command, parser::ValueSource};

use super::{
    Preset, Setting, Settings, site,
    words::{self, count, truth},
};
use crate::{
    compatibility::{self, Action, PipCommand, PipOption, Standing},
    failure::Result,
};

/// What the settings amount to for a command.
#[derive(Debug, Default)]
pub struct Applied {
    /// Words for the command line, to stand before what was typed.
    pub tokens: Vec<Token>,
    /// Settings that requirements files may override.
    pub preset: Preset,
    /// What is in force or ignored, and why the user should know.
    pub notes: Vec<String>,
    /// What pip would ignore, too.
    pub details: Vec<String>,
}

/// A word for the command line.
#[derive(Debug)]
pub struct Token {
    /// `--option=value`, or `--option`.
    pub word: OsString,
    /// How often it is said.
    pub times: usize,
    /// The argument that it is counted for: what was typed before the command counts, too.
    pub adds_to: Option<&'static str>,
    /// The setting that it comes from.
    pub setting: Setting,
}

/// A command as it was typed, without its settings.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// The first of the command's names.
    pub name: &'a str,
    /// What all commands are part of.
    pub whole: &'a Command,
    /// The command, or the one below it that was named.
    pub leaf: &'a Command,
    /// What was typed for it.
    pub matches: &'a ArgMatches,
    /// What `~` stands for.
    pub home: Option<&'a Path>,
}

impl Typed<'_> {
    /// The command's own argument of this name, or the one that all commands have.
    fn argument(&self, name: &str) -> Option<&Arg> {
        let common = || compatibility::argument(self.whole, name).filter(|it| it.is_global_set());
        compatibility::argument(self.leaf, name).or_else(common)
    }
}

impl Settings {
    /// What they amount to for a command. What was typed goes before a setting that sets the same.
    pub fn apply(&self, typed: Typed<'_>) -> Result<Applied> {
        let pip = compatibility::counterpart(typed.name);
        let mut applier = Applier {
            typed,
            pip,
            applied: Applied::default(),
            chosen: Vec::new(),
            of_environment: Vec::new(),
        };
        let mut unknown: Vec<_> = self.strange_sections().collect();
        applier.applied.details.append(&mut unknown);
        for section in [Some("global"), pip.map(|it| it.name), None] {
            let (kept_out, settings): (Vec<_>, Vec<_>) = self
                .section(section)
                .partition(|it| site::is_kept_out(it, pip));
            let notes = kept_out.into_iter().map(site::kept_out_note);
            applier.applied.notes.extend(notes);
            for setting in last_ones(settings) {
                applier.take(setting)?;
            }
        }
        applier.finish()
    }

    /// One section's settings. `None` is variables.
    fn section(&self, section: Option<&str>) -> impl Iterator<Item = &Setting> {
        self.iter()
            .filter(move |it| it.section.as_deref() == section)
    }

    fn strange_sections(&self) -> impl Iterator<Item = String> {
        let is_strange = |setting: &&Setting| {
            let section = setting.section.as_deref();
            section.is_some_and(|it| {
                it != "global" && compatibility::COMMANDS.iter().all(|known| known.name != it)
            })
        };
        self.iter().filter(is_strange).map(|it| {
            let section = it.section.as_deref().unwrap_or_default();
            format!(
                "{} is ignored: [{section}] is no command of pip's",
                it.source
            )
        })
    }
}

/// Each name once, as it was set last, without those that are empty.
fn last_ones(all: Vec<&Setting>) -> Vec<&Setting> {
    let mut settings: Vec<&Setting> = Vec::new();
    for setting in all {
        match settings.iter_mut().find(|it| it.key == setting.key) {
            Some(earlier) => *earlier = setting,
            None => settings.push(setting),
        }
    }
    settings.retain(|it| !it.value.is_empty());
    settings
}

struct Applier<'a> {
    typed: Typed<'a>,
    pip: Option<&'static PipCommand>,
    applied: Applied,
    /// Of several settings that set the same, the last one.
    chosen: Vec<(&'static PipOption, &'a Setting)>,
    /// What is in force and stands in the file of an environment.
    of_environment: Vec<(&'static str, &'a Setting)>,
}

impl<'a> Applier<'a> {
    fn take(&mut self, setting: &'a Setting) -> Result<()> {
        let Some(option) = compatibility::option_of(self.pip, &setting.key) else {
            self.unknown(setting);
            return Ok(());
        };
        // As settings these two ask for nothing, in pip neither.
        if matches!(option.name(), "--help" | "--version") {
            return Ok(());
        }
        if self.applied.preset.take(option.name(), setting)? {
            self.is_in_force(option, setting);
            return Ok(());
        }
        if option.action != Action::Gather {
            self.chosen.retain(|(it, _)| !it.competes_with(option));
        }
        self.chosen.push((option, setting));
        Ok(())
    }

    /// A setting that this command of pip's has no option for. One that another command has may
    /// well be in `[global]`.
    fn unknown(&mut self, setting: &Setting) {
        let is_pips_own = setting.key == "config-file" && setting.section.is_none();
        if !is_pips_own && !compatibility::is_known(&setting.key) {
            let detail = format!("{} is ignored: pip has no such option", setting.source);
            self.applied.details.push(detail);
        }
    }

    fn is_in_force(&mut self, option: &PipOption, setting: &'a Setting) {
        let name = option.name();
        self.of_environment.retain(|(earlier, _)| *earlier != name);
        if site::is_from(&setting.source) {
            self.of_environment.push((name, setting));
        }
    }

    fn finish(mut self) -> Result<Applied> {
        for (option, setting) in std::mem::take(&mut self.chosen) {
            match option.standing {
                Standing::Same | Standing::Safer(_) => self.offer(option, setting)?,
                Standing::NoUse(why) => self.ignore(option, setting, "has no use", why)?,
                Standing::NotOffered { why, .. } => {
                    self.ignore(option, setting, "is ignored", why)?;
                }
            }
        }
        let of_environment = self.of_environment.iter().map(|(_, setting)| *setting);
        self.applied
            .notes
            .extend(site::in_force_note(of_environment));
        Ok(self.applied)
    }

    fn offer(&mut self, option: &PipOption, setting: &'a Setting) -> Result<()> {
        let words = words::of(option, setting, self.options(), self.typed.home)?;
        if self.is_typed(option) {
            return Ok(());
        }
        let counted = option.action == Action::Count;
        for (name, value) in words {
            if self.typed.argument(name).is_none() {
                continue;
            }
            self.is_in_force(option, setting);
            let mut word = OsString::from(name);
            if let Some(value) = value {
                word.push("=");
                word.push(value);
            }
            self.applied.tokens.push(Token {
                word,
                times: if counted { count(setting)? } else { 1 },
                adds_to: counted.then(|| name.trim_start_matches('-')),
                setting: setting.clone(),
            });
        }
        Ok(())
    }

    fn options(&self) -> impl Iterator<Item = &'static PipOption> + use<> {
        let own = self.pip.into_iter().flat_map(PipCommand::options);
        own.chain(compatibility::GENERAL)
    }

    /// Whether what was typed sets the same. Counts add up, and lists go on.
    fn is_typed(&self, option: &PipOption) -> bool {
        if matches!(option.action, Action::Count | Action::List | Action::Gather) {
            return false;
        }
        let mut rivals = self.options().filter(|it| it.competes_with(option));
        rivals.any(|it| {
            let argument = self.typed.argument(it.name());
            argument.is_some_and(|it| {
                let source = self.typed.matches.value_source(it.get_id().as_str());
                source == Some(ValueSource::CommandLine)
            })
        })
    }

    /// A setting that changes nothing here; a switch that is not switched says nothing.
    fn ignore(
        &mut self,
        option: &PipOption,
        setting: &Setting,
        what: &str,
        why: &str,
    ) -> Result<()> {
        let is_on = match option.action {
            Action::On => truth(setting)?,
            Action::Off => !truth(setting)?,
            _ => true,
        };
        if is_on {
            let note = format!("{} {what}: {why}", setting.source);
            self.applied.notes.push(note);
        }
        Ok(())
    }
}
