//! Whether what a policy file names besides files with keys is there.

use std::fs;

use crate::{
    commands::Context,
    failure::{Failure, Result},
    settings::{At, PolicyFile, Statements},
};

/// Fails where a folder of statements is none: nothing would be installed that they may deny. Of a hook
/// that cannot be asked it warns: the file may be for another machine.
pub(super) fn check(file: &PolicyFile, context: &Context<'_>) -> Result<()> {
    file.sources_now().try_for_each(|it| check_folder(&it))?;
    for hook in file.hooks_now() {
        if let Err(why) = hook.check() {
            context.ui.warn(why.fact());
        }
    }
    Ok(())
}

fn check_folder(source: &Statements) -> Result<()> {
    let At::Folder(path) = &source.at else {
        return Ok(());
    };
    let fact = match fs::metadata(path) {
        Ok(stat) if stat.is_dir() => return Ok(()),
        Ok(_) => "it is a file: at names the folder with the *.assay files".to_owned(),
        Err(error) => error.to_string(),
    };
    let Statements { label, place, .. } = source;
    let path = path.display();
    let fact = format!("{place}: statements.{label}: at is {path}: {fact}");
    Err(Failure::usage(fact).hint(format!("make that folder, mkdir -p {path}, or change at")))
}
