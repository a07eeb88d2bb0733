//! Whose statements count, for whoever reads a set.

use std::path::{Path, PathBuf};

use assay_files::read_input;
use assay_trust::{
    Label, TrustedKey,
    signature::{Key, KeyError, KeyKind},
};

use crate::{
    commands::Context,
    failure::{Failure, Result},
    signing::Signer,
};

/// The label of a key that signs and that no policy file names.
const YOURS: &str = "you";

/// The keys that options name, else those of the policy in force.
pub fn named_or(
    files: &[PathBuf],
    policy: &[TrustedKey],
    context: &Context<'_>,
) -> Result<Vec<TrustedKey>> {
    match files {
        [] => Ok(policy.to_vec()),
        files => files.iter().map(|it| read(it, context)).collect(),
    }
}

/// The keys of the policy in force, and the one that signs: the second value is what it is called.
pub fn with_signer(
    policy: &[TrustedKey],
    with: &str,
    signer: &Signer,
) -> Result<(Vec<TrustedKey>, Label)> {
    let mut keys = policy.to_vec();
    let raw = signer.raw();
    if let Some(known) = keys.iter().find(|it| it.key.raw().as_ref() == Some(&raw)) {
        let label = known.label.clone();
        return Ok((keys, label));
    }
    let named = |it: &TrustedKey, label: &Label| it.label == *label;
    let mut labels = [with, signer.comment(), YOURS]
        .into_iter()
        .filter_map(|it| it.parse().ok());
    let free = labels.find(|label| !keys.iter().any(|it| named(it, label)));
    let label: Label = free.unwrap_or_else(|| {
        // At most 64 characters, and no other key's.
        let digest = assay_trust::sha256(&raw.spki()).to_string();
        digest.parse().expect("hexadecimal digits are a label")
    });
    let line = signer.public().ssh_line()?;
    let key = Key::parse(KeyKind::Ssh, line.as_bytes())
        .map_err(|error| Failure::could_not(format!("the key that signs {error}")))?;
    keys.push(trusted(label.clone(), key, "--with"));
    Ok((keys, label))
}

fn read(file: &Path, context: &Context<'_>) -> Result<TrustedKey> {
    let path = context.around.absolute(file);
    let shown = path.display();
    let text = read_input(&path, Key::LARGEST as u64)
        .map_err(|error| Failure::could_not(format!("reading {shown}: {error}")))?;
    let key = parse(&text).map_err(|error| Failure::usage(format!("--key: {shown} {error}")))?;
    if key.raw().is_none() {
        return Err(
            Failure::usage(format!("--key: {shown} signs no statements"))
                .hint("Ed25519 keys and ECDSA keys on P-256 do"),
        );
    }
    Ok(trusted(label(file)?, key, "--key"))
}

/// In the forms in which `assay key export` writes it.
fn parse(text: &[u8]) -> Result<Key, KeyError> {
    match text.starts_with(b"-----BEGIN PUBLIC KEY-----") {
        // PEM names no kind before it is read.
        true => {
            Key::parse(KeyKind::Ed25519, text).or_else(|_| Key::parse(KeyKind::EcdsaP256, text))
        }
        false => Key::parse(KeyKind::Ssh, text),
    }
}

/// A key goes by the name of its file.
fn label(file: &Path) -> Result<Label> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let dashed: String = stem
        .to_ascii_lowercase()
        .replace(|it: char| !it.is_ascii_alphanumeric(), "-");
    let wrong = |why| Failure::usage(format!("--key {}: {why}", file.display()));
    dashed.trim_start_matches('-').parse().map_err(wrong)
}

fn trusted(label: Label, key: Key, place: &str) -> TrustedKey {
    TrustedKey {
        label,
        key,
        projects: None,
        place: place.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use assay_trust::signature::RawKey;
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    use super::*;

    #[test]
    fn a_key_in_pem_is_of_either_kind() {
        let point = RawKey::from_point(&[4; 65]).unwrap();
        for raw in [RawKey::Ed25519([7; 32]), point] {
            let body = BASE64_STANDARD.encode(raw.spki());
            let pem = format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n");
            assert_eq!(parse(pem.as_bytes()).unwrap().raw(), Some(raw));
            assert!(parse(&pem.as_bytes()[..pem.len() - 2]).is_err());
            assert!(parse(body.as_bytes()).is_err());
        }
    }
}
