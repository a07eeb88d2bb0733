//! `assay key import`: a key of OpenSSH's, kept under a name.

use std::path::Path;

use assay_files::read_file;
use assay_trust::Label;
use zeroize::Zeroizing;

use super::{Kept, Protection, label, own_keys};
use crate::{
    args::{KeyImportArgs, NewPassphraseArgs},
    commands::Context,
    failure::Result,
    signing::{KeyFile, Passphrases, PublicKey},
};

/// Longest public line in bytes.
const LONGEST: u64 = 1 << 20;

/// Keeps a copy of the file.
pub fn run(args: &KeyImportArgs, context: &Context<'_>) -> Result<()> {
    let file = &args.file;
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
        let public = source.public().clone();
        let public = with_comment_beside(public, path);
        return Ok((public, source.to_text()?, true));
    }
    let name = path.display().to_string();
    let key = source.open(&Passphrases::new(&args.passphrase, context))?;
    let passphrase = protection(&args.new, context).passphrase(&name)?;
    let text = key.to_text(passphrase.as_ref().map(|it| it.as_slice()))?;
    Ok((key.public().clone(), text, passphrase.is_some()))
}

/// The comment of a key that is encrypted is known from its public file, where that is beside it.
fn with_comment_beside(public: PublicKey, path: &Path) -> PublicKey {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".pub");
    let line = read_file(Path::new(&beside), LONGEST).ok();
    let line = line.and_then(|it| String::from_utf8(it.0).ok());
    let key = line.and_then(|it| ssh_key::PublicKey::from_openssh(&it).ok());
    match key.and_then(|it| PublicKey::of_ssh(&it)) {
        Some(key) if key.raw() == public.raw() => key,
        _ => public,
    }
}

fn protection(new: &NewPassphraseArgs, context: &Context<'_>) -> Protection {
    match new.no_passphrase {
        true => Protection::None,
        false => Protection::Passphrase(Passphrases::from(
            new.new_passphrase_file.as_deref(),
            context,
        )),
    }
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
