//! The files of a virtual environment itself: its interpreter, `pyvenv.cfg`, activate scripts.

use std::{
    io::Read as _,
    path::{Path, PathBuf},
};

use assay_types::names::governs_interpreter;

use super::{Report, finding::Fact, listing::reason, walk::Walked};
use crate::{
    Environment, Error, Result,
    environment::{EnvironmentKind, Place},
    plan::is_protected,
    sys::Kind,
    venv,
};

/// Far above what any tool writes.
const LARGEST: u64 = 1024 * 1024;

/// Whether a file belongs to the environment and to no distribution. What would govern the
/// interpreter from beside it, but is none (`python._pth`), is nobody's.
pub(super) fn is_own(environment: &Environment, place: &Place) -> bool {
    environment.kind() == EnvironmentKind::Venv
        && is_protected(environment, place)
        && !is_governor(place.name())
}

/// What an interpreter reads beside itself.
fn is_governor(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let endings = ["._pth", ".cfg", ".txt"];
    endings.iter().any(|it| lower.ends_with(it))
}

/// Compares what assay would write again, and says what it cannot.
pub(super) fn check(environment: &Environment, walked: &Walked, report: &mut Report) -> Result<()> {
    let Some(folder) = environment.interpreter().venv() else {
        return Ok(());
    };
    if environment.kind() != EnvironmentKind::Venv {
        return Ok(());
    }
    let settings = check_config(environment, report)?;
    let scripts = &environment.schemes().scripts;
    for (name, kind) in walked.entries(scripts) {
        let place = scripts.join(name);
        if *kind == Kind::Folder || !is_own(environment, &place) {
            continue;
        }
        if governs_interpreter(name) {
            check_interpreter(environment, &place, *kind, report);
        } else {
            let written = settings
                .as_ref()
                .filter(|it| it.is_of_assay())
                .and_then(|it| it.scripts(folder, name));
            check_script(environment, &place, *kind, written, report);
        }
    }
    Ok(())
}

/// An interpreter is a link to the one that the environment rests on, perhaps by way of another.
fn check_interpreter(environment: &Environment, place: &Place, kind: Kind, report: &mut Report) {
    let path = environment.path_of(place);
    let shown = environment.shown(place);
    if kind == Kind::File {
        report.leave_out(shown, "is an interpreter of its own, and nobody lists it");
        return;
    }
    let base = environment.interpreter().executable().canonicalize();
    match (path.canonicalize(), base) {
        (Ok(found), Ok(base)) if found == base => {
            let why = format!("leads to {}, which lies outside", base.display());
            report.leave_out(shown, why);
        }
        (Ok(found), _) => {
            let found = found.display();
            let how = format!("leads to {found}, which is not the environment's interpreter");
            report.find(shown, Vec::new(), Fact::OwnFile(how));
        }
        (Err(error), _) => {
            report.find(shown, Vec::new(), Fact::Unreadable(error.to_string()));
        }
    }
}

/// `written`: what assay writes there; `None` where it does not, or another tool made the
/// environment.
fn check_script(
    environment: &Environment,
    place: &Place,
    kind: Kind,
    written: Option<Vec<String>>,
    report: &mut Report,
) {
    let shown = environment.shown(place);
    let Some(written) = written else {
        report.leave_out(
            shown,
            "was not written by assay, so there is nothing to compare",
        );
        return;
    };
    let fact = match (kind, content(environment, place)) {
        (Kind::File, Ok(Some(bytes))) if written.iter().any(|it| it.as_bytes() == bytes) => return,
        (Kind::File, Ok(_)) => {
            Fact::OwnFile("is not what assay writes for this environment".to_owned())
        }
        (Kind::File, Err(error)) => Fact::Unreadable(reason(&error)),
        _ => Fact::Link,
    };
    report.find(shown, Vec::new(), fact);
}

/// `pyvenv.cfg`, as Python reads it: names in lower case, values trimmed.
struct Settings(Vec<(String, String)>);

impl Settings {
    fn parse(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let pairs = text.lines().filter_map(|it| it.split_once('='));
        let pairs =
            pairs.map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned()));
        Self(pairs.collect())
    }

    fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|it| it.0 == name);
        found.map(|it| it.1.as_str())
    }

    /// Whether assay made the environment, by the names that it writes: other tools write more, or
    /// fewer.
    fn is_of_assay(&self) -> bool {
        let names: Vec<_> = self.0.iter().map(|it| it.0.as_str()).collect();
        let own = [
            "home",
            "include-system-site-packages",
            "version",
            "executable",
        ];
        names
            .strip_prefix(&own)
            .is_some_and(|rest| matches!(rest, [] | ["prompt"]))
    }

    /// What assay writes into an activate script, for the folder as it is called and as it is.
    fn scripts(&self, folder: &Path, name: &str) -> Option<Vec<String>> {
        let real = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let written = [folder.to_owned(), real].into_iter().filter_map(|folder| {
            let prompt = self.get("prompt").map(str::to_owned);
            let prompt = prompt.unwrap_or_else(|| venv::default_prompt(&folder));
            let scripts = venv::scripts(&folder, &prompt);
            scripts.into_iter().find(|it| it.0 == name).map(|it| it.1)
        });
        let written: Vec<_> = written.collect();
        (!written.is_empty()).then_some(written)
    }

    /// What is wrong with it for this environment.
    fn objections(&self, environment: &Environment) -> Vec<String> {
        let interpreter = environment.interpreter();
        let mut objections = Vec::new();
        for (at, (name, _)) in self.0.iter().enumerate() {
            if self.0[..at].iter().any(|it| it.0 == *name) {
                objections.push(format!("says {name} twice"));
            }
        }
        let base = interpreter.base_executable().canonicalize().ok();
        let home = self.get("home").map(PathBuf::from);
        // The standard library is found by it, so it must be where the interpreter is.
        let is_home = |home: &PathBuf| {
            let name = interpreter
                .base_executable()
                .file_name()
                .unwrap_or_default();
            let named = ["python3", "python"].map(|it| home.join(it));
            let mut candidates = named.into_iter().chain([home.join(name)]);
            candidates.any(|it| it.canonicalize().ok() == base)
        };
        if !home.as_ref().is_some_and(is_home) {
            let home = home.unwrap_or_default();
            objections.push(format!(
                "says home = {}, where this environment's interpreter is not",
                home.display()
            ));
        }
        if let Some(executable) = self.get("executable")
            && Path::new(executable).canonicalize().ok() != base
        {
            objections.push(format!("names another interpreter, {executable}"));
        }
        let version = self.get("version").or(self.get("version_info"));
        let own = interpreter.python().version.to_string();
        if let Some(version) = version.filter(|it| !it.starts_with(&own) && !own.starts_with(*it)) {
            objections.push(format!("says version = {version}, and this is {own}"));
        }
        objections
    }
}

fn check_config(environment: &Environment, report: &mut Report) -> Result<Option<Settings>> {
    let place = environment.schemes().data.join("pyvenv.cfg");
    let shown = environment.shown(&place);
    let settings = match content(environment, &place) {
        Ok(Some(bytes)) => Settings::parse(&bytes),
        Ok(None) => {
            report.find(shown, Vec::new(), Fact::Missing);
            return Ok(None);
        }
        Err(error) => {
            report.find(shown, Vec::new(), Fact::Unreadable(reason(&error)));
            return Ok(None);
        }
    };
    for objection in settings.objections(environment) {
        report.find(shown.clone(), Vec::new(), Fact::OwnFile(objection));
    }
    Ok(Some(settings))
}

/// What a small file holds; `None` where it is not there.
fn content(environment: &Environment, place: &Place) -> Result<Option<Vec<u8>>> {
    let Some((folder, name)) = place.split() else {
        return Ok(None);
    };
    let Some(dir) = environment.open_folder(&folder)? else {
        return Ok(None);
    };
    let mut bytes = Vec::new();
    let read = dir
        .read(name)
        .and_then(|file| file.take(LARGEST).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("reading", environment.path_of(place), error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_in_pyvenv_cfg_tell_who_wrote_it() {
        let own = "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.12.1\n\
                   executable = /usr/bin/python3\n";
        let is_of_assay = |text: &str| Settings::parse(text.as_bytes()).is_of_assay();
        assert!(is_of_assay(own));
        assert!(is_of_assay(&format!("{own}prompt = x\n")));
        assert!(!is_of_assay(&format!("{own}command = python -m venv\n")));
        assert!(!is_of_assay(&format!("{own}prompt = x\nprompt = y\n")));
        assert!(!is_of_assay("home = /usr/bin\nversion = 3.12.1\n"));
    }

    #[test]
    fn what_governs_an_interpreter_is_no_interpreter() {
        for name in [
            "python._pth",
            "Python3.12._PTH",
            "pybuilddir.txt",
            "pyvenv.cfg",
        ] {
            assert!(is_governor(name), "{name}");
        }
        for name in ["python", "python3.12", "pypy3", "activate"] {
            assert!(!is_governor(name), "{name}");
        }
    }
}
