//! `assay key export`: the public half. A private one is a file that its owner may copy.

use assay_trust::Label;

use super::{OwnKeys, label};
use crate::{
    args::{KeyExportArgs, KeyFormat},
    commands::Context,
    failure::{Failure, Result},
    signing::{AGENT, PublicKey},
};

/// Prints it.
pub fn run(args: &KeyExportArgs, context: &Context<'_>) -> Result<()> {
    let key = PublicKey::named(&args.name, context)?;
    let text = match args.format {
        KeyFormat::Ssh => key.ssh_line()?,
        KeyFormat::Pem => key.pem(),
        KeyFormat::Policy => policy(&name_in_policy(&args.name, &key)?, &key)?,
    };
    if context.ui.json() {
        context.ui.json_output(&serde_json::json!({
            "fingerprint": key.fingerprint(), "kind": key.kind(), "public": text,
        }))?;
    } else {
        context.ui.output(text)?;
    }
    if let Ok(name) = label(&args.name)
        && args.name != AGENT
    {
        let path = OwnKeys::new(context.folders.state()).path(&name);
        let path = path.display();
        context.ui.detail(&format!(
            "the private half is the file {path}, which can be copied"
        ));
    }
    Ok(())
}

/// The table of a policy file.
pub fn policy(name: &Label, key: &PublicKey) -> Result<String> {
    let line = key.ssh_line()?.replace('\\', "\\\\").replace('"', "\\\"");
    Ok(format!("[keys.{name}]\nssh = \"{line}\""))
}

/// What a key without a name is called: its comment, as far as that can be a name.
fn name_in_policy(with: &str, key: &PublicKey) -> Result<Label> {
    if let Ok(name) = label(with) {
        return Ok(name);
    }
    let comment = key.comment().to_lowercase();
    let plain = |it: char| if it.is_ascii_alphanumeric() { it } else { '-' };
    let name: String = comment.chars().map(plain).take(64).collect();
    let name = name.trim_matches('-');
    let name = if name.is_empty() { "release" } else { name };
    name.parse().map_err(Failure::usage)
}
