//! `assay key generate`.

use super::{Kept, fresh, label, own_keys};
use crate::{
    args::KeyGenerateArgs,
    commands::Context,
    failure::Result,
    signing::{OpenKey, Passphrases},
};

/// Makes a key and keeps it.
pub fn run(args: &KeyGenerateArgs, context: &Context<'_>) -> Result<()> {
    let (name, keys) = (label(&args.name)?, own_keys(context)?);
    // Before anybody thinks of a passphrase.
    keys.expect_free(&name)?;
    let passphrases = Passphrases::new(&args.passphrase, context);
    let wanted = (!args.no_passphrase).then_some(&passphrases);
    let comment = args.comment.as_deref().unwrap_or(name.as_str());
    let key = OpenKey::generate(comment)?;
    let passphrase = fresh(wanted, name.as_str())?;
    let text = key.to_text(passphrase.as_ref().map(|it| it.as_slice()))?;
    keys.add(&name, key.public(), &text)?;
    let kept = Kept::new(&name, key.public(), passphrase.is_some(), &keys)?;
    kept.print(key.public(), &name, context)
}
