//! `assay key`: the keys that sign, kept encrypted in the state.

mod export;
mod generate;
mod import;
mod list;
mod rotate;
mod wheel_trust;

use assay_trust::Label;
use assay_types::Printable;
use serde::Serialize;

use super::Context;
use crate::{
    args::KeyCommand,
    failure::{Failure, Result},
    signing::{AGENT, OwnKeys, Passphrase, Passphrases, PublicKey},
};
pub use export::policy as policy_table;

/// Shows or changes.
pub fn run(command: &KeyCommand, context: &Context<'_>) -> Result<()> {
    match command {
        KeyCommand::Generate(args) => generate::run(args, context),
        KeyCommand::List => list::run(context),
        KeyCommand::Export(args) => export::run(args, context),
        KeyCommand::Import(args) => import::run(args, context),
        KeyCommand::Rotate(args) => rotate::run(args, context),
        KeyCommand::Remove { name } => remove(name, context),
    }
}

fn remove(name: &str, context: &Context<'_>) -> Result<()> {
    let (name, keys) = (label(name)?, own_keys(context)?);
    // A key that cannot be read can be removed, too.
    let known = keys.public(&name);
    if !keys.has(&name)? {
        return known.map(|_| ());
    }
    keys.remove(&name)?;
    let fingerprint = known.map_or_else(|_| "unreadable".to_owned(), |it| it.fingerprint());
    if context.ui.json() {
        return context.ui.json_output(&serde_json::json!({
            "name": name.as_str(), "fingerprint": fingerprint, "removed": true,
        }));
    }
    context
        .ui
        .line(format_args!("removed {name} ({fingerprint})"))?;
    context
        .ui
        .line("what it signed stays valid for whoever still trusts it")
}

/// A name for a key.
fn label(text: &str) -> Result<Label> {
    if text == AGENT {
        return Err(Failure::usage(format!(
            "no key is called {AGENT}: that names the agent"
        )));
    }
    text.parse().map_err(Failure::usage)
}

/// The keys in the state, where what is kept there is there in the next run.
fn own_keys(context: &Context<'_>) -> Result<OwnKeys> {
    if context.folders.keeps_state() {
        return Ok(OwnKeys::new(context.folders.state()));
    }
    Err(Failure::could_not("there is no place to keep keys")
        .hint("name a folder that can be written to with HOME or XDG_STATE_HOME"))
}

/// The passphrase of a new file, asked for where there shall be one.
fn fresh(passphrases: Option<&Passphrases>, what: &str) -> Result<Option<Passphrase>> {
    passphrases.map(|it| it.fresh(what)).transpose()
}

/// A key that was made or kept, for people and for `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Kept {
    name: String,
    fingerprint: String,
    kind: &'static str,
    public: String,
    path: String,
    encrypted: bool,
}

impl Kept {
    fn new(name: &Label, key: &PublicKey, encrypted: bool, keys: &OwnKeys) -> Result<Self> {
        Ok(Self {
            name: name.to_string(),
            fingerprint: key.fingerprint(),
            kind: key.kind(),
            public: key.ssh_line()?,
            path: keys.path(name).display().to_string(),
            encrypted,
        })
    }

    fn print(&self, key: &PublicKey, name: &Label, context: &Context<'_>) -> Result<()> {
        if context.ui.json() {
            return context.ui.json_output(self);
        }
        let Self {
            fingerprint, path, ..
        } = self;
        let path = Printable(path);
        context.ui.line(format_args!("{name}: {fingerprint}"))?;
        context.ui.line(format_args!(
            "kept in {path}: copy that file to where it is safe"
        ))?;
        context
            .ui
            .line("for the policy files of those who trust it:")?;
        context.ui.line(export::policy(name, key)?)
    }
}
