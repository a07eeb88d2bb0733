//! pip 26.3's commands and options, and what becomes of each here: the one table that decides how
//! settings of pip's are read, what is said of what is not offered, and what
//! `docs/pip-compatibility.md` says.

mod commands;
mod general;
mod option;
#[cfg(test)]
mod page;
mod shared;
mod typed;

pub use commands::{COMMANDS, PipCommand};
pub use general::GENERAL;
pub use option::{Action, PipOption, Standing};
pub use typed::{argument, command_line, objections};

/// The command whose section and options a command of assay's has. `explain-index` tells what
/// `install` would do, and `trust` what it would believe; `verify`, `diff` and `vouch` ask as
/// `download` does.
pub fn counterpart(name: &str) -> Option<&'static PipCommand> {
    let name = match name {
        "explain-index" | "trust" => "install",
        "diff" | "verify" | "vouch" => "download",
        name => name,
    };
    COMMANDS.iter().find(|it| it.name == name)
}

/// An option of a command, or a general one, by one of its long names without dashes.
pub fn option_of(command: Option<&PipCommand>, key: &str) -> Option<&'static PipOption> {
    let name = format!("--{key}");
    let own = command.into_iter().flat_map(PipCommand::options);
    own.chain(GENERAL).find(|it| it.is_called(&name))
}

/// Whether any command of pip's has an option of this name.
pub fn is_known(key: &str) -> bool {
    COMMANDS.iter().any(|it| option_of(Some(it), key).is_some())
}

#[cfg(test)]
mod tests;
