//! Programs that the policy asks about a file, after its digest was authenticated and before anything of
//! it is read here. What they are told and may answer is `assay_trust::hook`; docs/hooks.md is for who
//! writes one.
//!
//! Started without a shell, with an environment that is the same everywhere. They are the user's own
//! programs, and run with the user's rights: nothing here is a sandbox.

mod copy;
mod process;
mod program;
mod tail;

use std::{
    io,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
    thread::available_parallelism,
};

use assay_trust::{
    Artifact, Authenticated, ReadAt, Testimony,
    hook::{Answer, Facts},
};
use assay_types::{Printable, Timestamp};
use serde::Serialize;

use crate::turns::Turns;
use crate::{
    failure::{Failure, Result},
    settings::{Hook, Temporary},
};
pub use copy::Copy;
pub use process::Fault;
pub use tail::Tail;

/// Most programs at once, on a machine with as many processors.
const MOST: usize = 8;
/// All that a program finds in its environment, besides `HOME`.
const ENVIRONMENT: [(&str, &str); 2] = [("PATH", "/usr/bin:/bin"), ("LANG", "C.UTF-8")];

/// What it takes to ask programs.
#[derive(Debug)]
pub struct Hooks {
    turns: Turns,
    /// Made when the first one is asked.
    folder: Mutex<Option<Temporary>>,
}

/// One call of a program.
pub struct Call<'a> {
    /// What it finds on its standard input.
    pub facts: &'a [u8],
    /// Where it works.
    pub folder: &'a Path,
    /// Whether that is its `HOME`, too.
    pub has_home: bool,
}

impl Default for Hooks {
    fn default() -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self::at_once(processors.min(MOST))
    }
}

impl Hooks {
    /// As many programs at once.
    pub fn at_once(count: usize) -> Self {
        Self {
            turns: Turns::new(count),
            folder: Mutex::default(),
        }
    }

    /// Asks a program about a file. Whatever is no answer is a refusal: no other version is tried for it.
    pub fn ask<B: ReadAt>(
        &self,
        hook: &Hook,
        artifact: &Artifact,
        upload_time: Option<Timestamp>,
        authenticated: &Authenticated<'_, B>,
    ) -> Result<Testimony> {
        let file = &artifact.file_name;
        let answer = self.with_copy(file, authenticated, |copy| {
            let path = copy.path().to_str().ok_or_else(|| {
                let path = copy.path().display();
                Failure::could_not(format!("{path}: not UTF-8, as facts for a hook have to be"))
            })?;
            let version = env!("CARGO_PKG_VERSION");
            let facts = Facts::new(artifact, upload_time, authenticated, path, version);
            let facts = line(&facts)?;
            let mut said = Tail::default();
            let call = Call {
                facts: &facts,
                folder: &copy.work(),
                has_home: true,
            };
            let answer = self.answer(hook, &call, &mut said);
            answer.map_err(|fault| not_answered(hook, file, &fault, &said))
        })?;
        Ok(answer.testimony(&hook.label, &hook.place, authenticated))
    }

    /// Runs a program as soon as it is its turn. `said` gets the end of what it wrote to standard error.
    pub fn answer(&self, hook: &Hook, call: &Call<'_>, said: &mut Tail) -> Result<Answer, Fault> {
        let missing = || Fault::NotStarted(io::ErrorKind::NotFound.into());
        let (program, arguments) = hook.command.split_first().ok_or_else(missing)?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(call.folder)
            .env_clear()
            .envs(ENVIRONMENT);
        if call.has_home {
            command.env("HOME", call.folder);
        }
        let _turn = self.turns.take();
        let heard = process::run(&mut command, call.facts, hook.timeout, said)?;
        Answer::parse(&heard).map_err(Fault::Nonsense)
    }

    /// Gives a copy for as long as `ask` takes.
    pub fn with_copy<B: ReadAt, T>(
        &self,
        file_name: &str,
        authenticated: &Authenticated<'_, B>,
        ask: impl FnOnce(&Copy) -> Result<T>,
    ) -> Result<T> {
        let failed = |what: &str, error| {
            Failure::could_not(format!(
                "{what} the copy of {file_name} for a hook: {error}"
            ))
        };
        let parent = self.folder().map_err(|it| failed("making", it))?;
        let copy = Copy::new(&parent, file_name, authenticated);
        let copy = copy.map_err(|it| failed("making", it))?;
        let asked = ask(&copy);
        let removed = copy.remove().map_err(|it| failed("removing", it));
        asked.and_then(|it| removed.map(|()| it))
    }

    fn folder(&self) -> io::Result<PathBuf> {
        // Once it is there it stays.
        let mut folder = self.folder.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = match &mut *folder {
            Some(folder) => folder,
            none => none.insert(Temporary::new()?),
        };
        Ok(folder.path().to_owned())
    }
}

/// A value as one line of JSON: what programs read lines with reads it whole.
pub fn line(facts: &impl Serialize) -> Result<Vec<u8>> {
    let text = serde_json::to_string(facts);
    let text = text.map_err(|error| Failure::could_not(format!("facts for a hook: {error}")))?;
    Ok((text + "\n").into_bytes())
}

/// The refusal of a file about which a hook was asked in vain.
fn not_answered(hook: &Hook, file: &str, fault: &Fault, said: &Tail) -> Failure {
    let fact = format!("{fault}; it was asked about {}", Printable(file));
    let mut failure = hook.refused(&fact);
    for line in said.lines() {
        failure = failure.detail(format!("it said: {line}"));
    }
    failure.detail("nothing of the file was opened or installed").hint(
        "a hook that does not answer refuses: try it by hand with assay hook check, or change that rule",
    )
}
