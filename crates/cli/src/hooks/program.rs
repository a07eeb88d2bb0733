//! The program that a policy names, and whether anybody else could have made it another one.

use std::{fs, path::Path};

use assay_files::objection_on_the_way;

use crate::{
    failure::{Failure, Result},
    settings::Hook,
};

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
            let place = &self.place;
            let hint = format!("install it there, or name another program: {place}");
            self.refused(&fact).hint(hint)
        })?;
        let access = rustix::fs::access(program, rustix::fs::Access::EXEC_OK);
        if !stat.is_file() || access.is_err() {
            let fact = format!("cannot be asked: {shown} is not a program that can be run");
            let place = &self.place;
            let hint = format!("chmod +x {shown}, or name another program: {place}");
            return Err(self.refused(&fact).hint(hint));
        }
        self.check_owners(program)
    }

    /// The file, and every folder and link on the way to it.
    fn check_owners(&self, file: &Path) -> Result<()> {
        let found = objection_on_the_way(file);
        let found = found.map_err(|it| self.refused(&format!("cannot be asked: {it}")))?;
        let Some((path, objection)) = found else {
            return Ok(());
        };
        let fact = format!("is not asked: {} {objection}", path.display());
        let hint =
            "see that only you or root can change it and its folder, or name another program";
        Err(self.refused(&fact).hint(hint))
    }
}

#[cfg(test)]
mod tests;
