//! `assay config`: pip.conf, read and changed as `pip config` does it.

mod show;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use self::show::printable;
use super::Context;
use crate::{
    args::{ConfigArgs, ConfigCommand},
    compatibility,
    failure::{Failure, Result},
    settings::pip::{
        Kind, Places, Setting, ini,
        ini::{Document, EditError},
        load, of_file, parse, save, variables,
    },
};

/// Reads or changes the settings.
pub fn run(args: &ConfigArgs, context: &Context<'_>) -> Result<()> {
    let config = Config { args, context };
    match &args.command {
        ConfigCommand::List => config.list(),
        ConfigCommand::Get { name } => config.get(name),
        ConfigCommand::Set { name, value } => config.set(name, value),
        ConfigCommand::Unset { name } => config.unset(name),
        ConfigCommand::Edit => config.edit(),
        ConfigCommand::Debug => config.debug(),
    }
}

struct Config<'a> {
    args: &'a ConfigArgs,
    context: &'a Context<'a>,
}

impl Config<'_> {
    fn places(&self) -> Places<'_> {
        Places {
            around: self.context.around,
            isolated: self.context.isolated,
            environment: self.context.around.settings_environment.as_deref(),
        }
    }

    /// The kind of file that was named.
    fn named(&self) -> Option<Kind> {
        let ConfigArgs {
            global, user, site, ..
        } = *self.args;
        let kinds = [
            (global, Kind::Global),
            (user, Kind::User),
            (site, Kind::Site),
        ];
        kinds.into_iter().find(|it| it.0).map(|it| it.1)
    }

    /// Without a name, the environment's file where there is one, else the user's.
    fn chosen(&self) -> Result<Kind> {
        let site = self.places().of(Kind::Site);
        match self.named() {
            Some(Kind::Site) if site.is_empty() => {
                Err(Failure::usage("--site: no environment is active or named")
                    .hint("activate one, or name its folder with --python"))
            }
            Some(kind) => Ok(kind),
            None if site.iter().any(|it| it.exists()) => Ok(Kind::Site),
            None => Ok(Kind::User),
        }
    }

    /// The settings of one kind, or of all; `PIP_CONFIG_FILE` stands in for the user's.
    fn settings(&self, only: Option<Kind>) -> Result<Vec<Setting>> {
        let mut settings = Vec::new();
        for (kind, path) in self.places().read() {
            let stands_in = kind == Kind::Env && only == Some(Kind::User);
            if only.is_none_or(|it| it == kind) || stands_in {
                let document = load(&path)?;
                settings.extend(document.iter().flat_map(|it| of_file(it, kind, &path)));
            }
        }
        if !self.context.isolated {
            settings.extend(variables(&self.context.around.pip_variables)?);
        }
        Ok(settings)
    }

    fn set(&self, name: &str, value: &str) -> Result<()> {
        let key = ini::normalized(name);
        let (section, option) = split(&key)?;
        if !compatibility::is_known(option) {
            let note = format!("pip has no option {option}: nobody reads this");
            self.context.ui.note(&note);
        }
        let path = self.file(None)?;
        let document = self.document(&path)?;
        let edited = document
            .set(section, option, value)
            .map_err(|error| unwritten(&path, name, &error))?;
        self.write(&path, &edited)
    }

    fn unset(&self, name: &str) -> Result<()> {
        let key = ini::normalized(name);
        let (section, option) = split(&key)?;
        let path = self.file(Some((section, option)))?;
        let document = self.document(&path)?;
        if document.get(section, option).is_none() {
            return Err(no_such(name));
        }
        let edited = document
            .unset(section, option)
            .map_err(|error| unwritten(&path, name, &error))?;
        self.write(&path, &edited)
    }

    fn write(&self, path: &Path, document: &Document) -> Result<()> {
        save(path, &document.text())?;
        let path = printable(&path.display().to_string());
        self.context.ui.line(format!("Writing to {path}"))
    }

    /// The file to change: the last one of its kind, or the last one that has the key.
    fn file(&self, key: Option<(&str, &str)>) -> Result<PathBuf> {
        let kind = self.chosen()?;
        let read = self.places().read();
        let mut files: Vec<_> = read.iter().filter(|it| it.0 == kind).collect();
        if files.is_empty() && kind == Kind::User {
            // Where PIP_CONFIG_FILE is there, the user's own files are not read.
            files.extend(read.iter().filter(|it| it.0 == Kind::Env));
            if let Some((_, named)) = files.first() {
                self.context.ui.warn(&format!(
                    "PIP_CONFIG_FILE is set: {} is changed, not the user's own file",
                    named.display()
                ));
            }
        }
        let Some((_, last)) = files.last() else {
            return Err(Failure::usage(format!("no {kind} file is read now"))
                .hint("unset PIP_CONFIG_FILE, and leave --isolated out"));
        };
        let Some((section, option)) = key else {
            return Ok(last.clone());
        };
        for (_, path) in files.iter().rev() {
            if self.document(path)?.get(section, option).is_some() {
                return Ok(path.clone());
            }
        }
        Ok(last.clone())
    }

    fn document(&self, path: &Path) -> Result<Document> {
        match load(path)? {
            Some(document) => Ok(document),
            None => parse(path, ""),
        }
    }

    /// The editor is a command of the user's shell, as everywhere.
    fn edit(&self) -> Result<()> {
        let path = self.file(None)?;
        let around = self.context.around;
        let editor = self.args.editor.clone().or_else(|| around.editor.clone());
        let editor = editor.ok_or_else(|| {
            Failure::usage("no editor is known").hint("name one: --editor, VISUAL or EDITOR")
        })?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::could_not(format!("making {}: {error}", folder.display()))
            })?;
        }
        let status = Command::new("sh")
            .arg("-c")
            .arg(format!("{editor} \"$1\""))
            .arg("sh")
            .arg(&path)
            .status()
            .map_err(|error| Failure::could_not(format!("starting {editor}: {error}")))?;
        if !status.success() {
            return Err(Failure::could_not(format!("{editor} ended with {status}")));
        }
        load(&path).map(|_| ())
    }
}

fn split(key: &str) -> Result<(&str, &str)> {
    key.split_once('.').ok_or_else(|| {
        Failure::usage(format!("{key} names no section"))
            .hint(format!("perhaps global.{key} is meant"))
    })
}

fn no_such(name: &str) -> Failure {
    Failure::could_not(format!("No such key - {name}"))
}

fn unwritten(path: &Path, name: &str, error: &EditError) -> Failure {
    Failure::usage(format!("{name} in {}: {error}", path.display()))
        .hint("assay config edit opens the file")
}
