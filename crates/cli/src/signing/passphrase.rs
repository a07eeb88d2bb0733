//! Where a passphrase comes from: the terminal, or a file that was named. Never an argument nor a
//! variable, which other programs see.

use std::{
    cell::OnceCell,
    path::{Path, PathBuf},
};

use assay_files::{read_file, read_input};
use assay_types::Printable;
use assay_types::shell_word;
use zeroize::Zeroizing;

use super::terminal;
use crate::{
    args::PassphraseArgs,
    commands::Context,
    failure::{Failure, Result},
};

/// A passphrase, wiped when it is dropped. Never empty.
pub type Passphrase = Zeroizing<Vec<u8>>;

/// The longest one in bytes.
const LONGEST: u64 = 1024;
/// What may be typed on a terminal and what stands in a file are one passphrase.
const LINE_ENDS: &[u8] = b"\r\n";

/// Where to ask.
#[derive(Debug)]
pub struct Passphrases {
    file: Option<PathBuf>,
    may_ask: bool,
    /// What the file holds: standard input says it once.
    read: OnceCell<Passphrase>,
}

impl Passphrases {
    /// In the file that was named (`-` is standard input), else at the terminal.
    pub fn new(args: &PassphraseArgs, context: &Context<'_>) -> Self {
        Self::from(args.passphrase_file.as_deref(), context)
    }

    /// In a file that was named otherwise.
    pub fn from(file: Option<&Path>, context: &Context<'_>) -> Self {
        let absolute = |it: &Path| match it.as_os_str() == "-" {
            true => PathBuf::from("/dev/stdin"),
            false => context.around.absolute(it),
        };
        Self {
            file: file.map(absolute),
            may_ask: !context.no_input,
            read: OnceCell::new(),
        }
    }

    /// The one that opens what `what` names.
    pub fn existing(&self, what: &str) -> Result<Passphrase> {
        match &self.file {
            Some(file) => self.in_file(file),
            None => self.typed(&format!("Passphrase of {what}: ")),
        }
    }

    /// A new one; what is typed is typed twice.
    pub fn fresh(&self, what: &str) -> Result<Passphrase> {
        if let Some(file) = &self.file {
            return self.in_file(file);
        }
        let first = self.typed(&format!("New passphrase for {what}: "));
        let first = first.map_err(|it| it.hint("or keep the key unencrypted: --no-passphrase"))?;
        let second = self.typed("The same again: ")?;
        match first == second {
            true => Ok(first),
            false => Err(Failure::usage(
                "the two passphrases differ; nothing was written",
            )),
        }
    }

    fn in_file(&self, file: &Path) -> Result<Passphrase> {
        if let Some(read) = self.read.get() {
            return Ok(read.clone());
        }
        let passphrase = from_file(file)?;
        Ok(self.read.get_or_init(|| passphrase).clone())
    }

    /// Whether a file was named.
    pub fn is_file(&self) -> bool {
        self.file.is_some()
    }

    fn typed(&self, prompt: &str) -> Result<Passphrase> {
        if !self.may_ask {
            return Err(no_terminal("--no-input forbids to ask for a passphrase"));
        }
        let prompt = Printable(prompt).to_string();
        let typed = terminal::ask(&prompt).map_err(|error| match error.kind() {
            std::io::ErrorKind::Interrupted => Failure::could_not("no passphrase was given"),
            _ => no_terminal(&format!(
                "there is no terminal at which to ask for a passphrase: {error}"
            )),
        })?;
        not_empty(typed)
    }
}

fn no_terminal(fact: &str) -> Failure {
    Failure::usage(fact)
        .hint("name a file that holds it: --passphrase-file FILE, or - for standard input")
}

/// All of a file, but for the end of its only line.
fn from_file(path: &Path) -> Result<Passphrase> {
    let reading = |error: std::io::Error| {
        Failure::could_not(format!(
            "reading the passphrase in {}: {error}",
            path.display()
        ))
    };
    // What this process was handed nobody else opens.
    let is_handed = path.starts_with("/dev") || path.starts_with("/proc/self/fd");
    let mut bytes = if is_handed {
        Zeroizing::new(read_input(path, LONGEST).map_err(reading)?)
    } else {
        let (bytes, stat) = read_file(path, LONGEST).map_err(reading)?;
        let bytes = Zeroizing::new(bytes);
        if let Some(fact) = super::key_file::exposure(&stat) {
            let path = path.display();
            return Err(
                Failure::refused(format!("{path}, which holds a passphrase, {fact}"))
                    .detail("rule: a secret is for its owner alone to read")
                    .hint(format!("chmod 600 {}", shell_word(&path.to_string()))),
            );
        }
        bytes
    };
    let line = bytes.iter().rposition(|it| !LINE_ENDS.contains(it));
    bytes.truncate(line.map_or(0, |it| it + 1));
    if bytes.contains(&b'\n') {
        return Err(Failure::usage(format!(
            "{} holds more than one line; a passphrase is one",
            path.display()
        )));
    }
    not_empty(bytes)
}

fn not_empty(passphrase: Passphrase) -> Result<Passphrase> {
    if passphrase.is_empty() {
        return Err(Failure::usage("the passphrase is empty")
            .hint("a key without one is made with --no-passphrase"));
    }
    Ok(passphrase)
}
