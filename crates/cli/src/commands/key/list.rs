//! `assay key list`.

use assay_types::Printable;
use serde::Serialize;

use crate::{
    commands::Context,
    failure::Result,
    signing::{Agent, OwnKeys, PublicKey},
};

/// Lists the keys of the state, and those of ssh-agent that can sign.
pub fn run(context: &Context<'_>) -> Result<()> {
    let mut rows = own(context)?;
    rows.extend(of_agent(context));
    if context.ui.json() {
        return context.ui.json_output(&rows);
    }
    if rows.is_empty() {
        return context
            .ui
            .line("there are no keys here; make one: assay key generate NAME");
    }
    rows.iter().try_for_each(|it| it.print(context))
}

/// A key that can sign, for people and for `--json`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Row {
    /// What `--with` takes.
    with: String,
    fingerprint: String,
    kind: &'static str,
    public: String,
    comment: String,
    /// The path of its file, or `ssh-agent`.
    place: String,
    /// Whether a passphrase opens it; `None` where nobody here can tell.
    encrypted: Option<bool>,
}

impl Row {
    fn new(with: String, key: &PublicKey, place: String, encrypted: Option<bool>) -> Result<Self> {
        Ok(Self {
            with,
            fingerprint: key.fingerprint(),
            kind: key.kind(),
            public: key.ssh_line()?,
            comment: key.comment().to_owned(),
            place,
            encrypted,
        })
    }

    fn print(&self, context: &Context<'_>) -> Result<()> {
        let Self {
            with,
            fingerprint,
            place,
            public,
            ..
        } = self;
        let open = match self.encrypted {
            Some(false) => ", not encrypted",
            Some(true) | None => "",
        };
        let lines = format!(
            "{with}\n  {fingerprint}\n  {}{open}\n  {public}",
            Printable(place)
        );
        context.ui.output(lines)
    }
}

/// A key that cannot be read is told, and the others are listed.
fn own(context: &Context<'_>) -> Result<Vec<Row>> {
    let keys = OwnKeys::new(context.folders.state());
    let mut rows = Vec::new();
    for name in keys.names()? {
        let place = keys.path(&name).display().to_string();
        let read = keys.read(&name).and_then(|file| {
            let encrypted = Some(file.is_encrypted());
            Row::new(name.to_string(), &keys.public(&name)?, place, encrypted)
        });
        match read {
            Ok(row) => rows.push(row),
            Err(failure) => context.ui.warn(failure.fact()),
        }
    }
    Ok(rows)
}

fn of_agent(context: &Context<'_>) -> Vec<Row> {
    if context.around.ssh_auth_sock.is_none() {
        return Vec::new();
    }
    let keys = Agent::found(context.around).and_then(|it| it.keys());
    let keys = keys.unwrap_or_else(|failure| {
        context.ui.warn(failure.fact());
        Vec::new()
    });
    let keys = keys.iter().filter_map(PublicKey::of_ssh);
    let rows = keys.filter_map(|key| {
        let with = format!("ssh-agent:{}", key.fingerprint());
        Row::new(with, &key, "ssh-agent".to_owned(), None).ok()
    });
    rows.collect()
}
