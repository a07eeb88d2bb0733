//! The program that a policy names, and whether anybody else could have made it another one.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use assay_files::{foreign_owner, objection};

use crate::{
    failure::{Failure, Result},
    settings::Hook,
};

const OTHERS_WRITE: u32 = 0o002;
const STICKY: u32 = 0o1000;

impl Hook {
    /// Refuses a program that cannot be run, or that somebody else than the user and root could have
    /// made or changed; likewise a file that its arguments name by an absolute path, such as a script
    /// for an interpreter.
    pub fn check(&self) -> Result<()> {
        let Some((program, arguments)) = self.command.split_first() else {
            return Err(self.refused("names no program"));
        };
        self.check_program(Path::new(program))?;
        let named = arguments.iter().map(Path::new);
        let files = named.filter(|it| it.is_absolute() && it.exists());
        for file in files {
            self.check_owners(file)?;
        }
        Ok(())
    }

    /// A refusal that names the hook and its place; `fact` is a clause about it.
    pub fn refused(&self, fact: &str) -> Failure {
        let (label, place) = (&self.label, &self.place);
        Failure::refused(format!("hook:{label} ({place}) {fact}")).detail("rule: hook")
    }

    fn check_program(&self, program: &Path) -> Result<()> {
        let shown = program.display();
        let stat = fs::metadata(program).map_err(|error| {
            let fact = format!("cannot be asked: {shown}: {error}");
            self.refused(&fact)
                .hint("install it there, or change the command in that file")
        })?;
        let access = rustix::fs::access(program, rustix::fs::Access::EXEC_OK);
        if !stat.is_file() || access.is_err() {
            let fact = format!("cannot be asked: {shown} is not a program that can be run");
            return Err(self
                .refused(&fact)
                .hint("make it executable, or change the command in that file"));
        }
        self.check_owners(program)
    }

    /// The file, and every folder and link on the way to it, as it is written and as it leads.
    fn check_owners(&self, file: &Path) -> Result<()> {
        let failed = |path: &Path, error: io::Error| {
            let fact = format!("cannot be asked: {}: {error}", path.display());
            self.refused(&fact)
        };
        let resolved = fs::canonicalize(file).map_err(|it| failed(file, it))?;
        let stat = fs::metadata(&resolved).map_err(|it| failed(&resolved, it))?;
        if stat.is_file() {
            self.check_stat(&resolved, objection(&stat))?;
        }
        for path in file.ancestors().chain(resolved.ancestors()) {
            let stat = fs::symlink_metadata(path).map_err(|it| failed(path, it))?;
            let objection = match stat.is_dir() {
                true => objection_to_folder(&stat),
                false => foreign_owner(&stat),
            };
            self.check_stat(path, objection)?;
        }
        Ok(())
    }

    fn check_stat(&self, path: &Path, objection: Option<String>) -> Result<()> {
        let Some(objection) = objection else {
            return Ok(());
        };
        let fact = format!("is not asked: {} {objection}", path.display());
        let hint = "see that only you or root can change it, or name another program";
        Err(self.refused(&fact).hint(hint))
    }
}

/// In a folder that everybody can write to nobody else can replace our files if it is sticky, as /tmp is.
fn objection_to_folder(stat: &Metadata) -> Option<String> {
    let anybody = stat.mode() & OTHERS_WRITE != 0 && stat.mode() & STICKY == 0;
    let mode = stat.mode() & 0o7777;
    let fact = || format!("can be written to by other users (mode {mode:04o})");
    foreign_owner(stat).or_else(|| anybody.then(fact))
}

#[cfg(test)]
mod tests;
