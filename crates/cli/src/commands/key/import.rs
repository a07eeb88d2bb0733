//! `assay key import`: a key of OpenSSH's, kept under a name; or what old wheel trusts, as a policy.

use std::path::Path;

use assay_files::read_file;
use assay_trust::Label;
use zeroize::Zeroizing;

use super::{Kept, fresh, label, own_keys, wheel_trust};
use crate::{
    args::KeyImportArgs,
    commands::Context,
    failure::{Failure, Result},
    signing::{KeyFile, Passphrases, PublicKey},
};

/// Longest `wheel.json` in bytes.
const LONGEST: u64 = 1 << 20;

/// Keeps a copy of the file, or prints the policy.
pub fn run(args: &KeyImportArgs, context: &Context<'_>) -> Result<()> {
    if let Some(file) = &args.wheel_trust {
        return print_wheel_trust(file, context);
    }
    let file = args.file.as_deref();
    let file = file.ok_or_else(|| Failure::usage("name the file of a private key"))?;
    let (name, keys) = (named(args.name.as_deref(), file)?, own_keys(context)?);
    keys.expect_free(&name)?;
    let path = context.around.absolute(file);
    let source = KeyFile::read(&path)?;
    let (public, text, encrypted) = copy(source, &path, args, context)?;
    keys.add(&name, &public, &text)?;
    Kept::new(&name, &public, encrypted, &keys)?.print(&public, &name, context)
}

/// The text of the copy. An encrypted key is copied as it is, unless another passphrase is wanted; one
/// that is not is encrypted, unless that is not wanted.
fn copy(
    source: KeyFile,
    path: &Path,
    args: &KeyImportArgs,
    context: &Context<'_>,
) -> Result<(PublicKey, Zeroizing<String>, bool)> {
    let stays = args.new.new_passphrase_file.is_none() && !args.new.no_passphrase;
    if source.is_encrypted() && stays {
        return Ok((source.public().clone(), source.to_text()?, true));
    }
    let name = path.display().to_string();
    let key = source.open(&Passphrases::new(&args.passphrase, context))?;
    let passphrases = Passphrases::from(args.new.new_passphrase_file.as_deref(), context);
    let wanted = (!args.new.no_passphrase).then_some(&passphrases);
    let passphrase = fresh(wanted, &name)?;
    let text = key.to_text(passphrase.as_ref().map(|it| it.as_slice()))?;
    Ok((key.public().clone(), text, passphrase.is_some()))
}

fn named(name: Option<&str>, file: &Path) -> Result<Label> {
    if let Some(name) = name {
        return label(name);
    }
    let name = file
        .file_name()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    label(name).map_err(|it| it.hint("name the key: --name NAME"))
}

fn print_wheel_trust(file: &Path, context: &Context<'_>) -> Result<()> {
    let path = context.around.absolute(file);
    let reading = |error| Failure::could_not(format!("reading {}: {error}", path.display()));
    let (text, _) = read_file(&path, LONGEST).map_err(reading)?;
    context.ui.output(wheel_trust::to_policy(&text)?.trim_end())
}
