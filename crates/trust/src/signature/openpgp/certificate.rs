//! A certificate (a transferable public key): which of its keys may sign files, and when.

use std::{io::Read, iter};

use pgp::{
    errors::Error,
    packet::{PublicKey, PublicSubkey, Signature},
    types::{Fingerprint, KeyDetails},
};

use super::{armor, composition::compose, life::Life, packets, standing};

/// Most packets of a certificate.
const MOST_PACKETS: usize = 10_000;

/// A certificate whose signatures on itself were verified.
#[derive(Debug, Clone)]
pub(in crate::signature) struct Certificate {
    /// The primary key first.
    keys: Vec<Component>,
    /// Those that the owner signed and did not revoke; for people, unescaped.
    pub(super) user_ids: Vec<String>,
}

/// One of its keys.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) material: Material,
    pub(super) standing: Standing,
    /// Whether it is made for signing files.
    pub(super) may_sign: bool,
}

#[derive(Debug, Clone)]
pub(super) enum Material {
    Primary(PublicKey),
    Subkey(PublicSubkey),
}

/// Whether a key is one to believe. The texts stand behind its name.
#[derive(Debug, Clone)]
pub(super) enum Standing {
    /// In this time.
    Lives(Life),
    /// Never again.
    Revoked(String),
    /// It never was.
    Unfit(String),
}

impl Certificate {
    /// Reads exactly one. The error is a sentence without its subject.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let bytes = armor::unframe(text, "PGP PUBLIC KEY BLOCK")?;
        let parts = compose(packets::read(&bytes, MOST_PACKETS)?)?;
        let named = |why: String| format!("is a certificate whose primary key {why}");
        let (primary, user_ids) = standing::of_primary(&parts).map_err(named)?;
        let subkeys = parts.subkeys.iter();
        let subkeys = subkeys.map(|(key, about)| standing::of_subkey(&parts, key, about));
        let keys: Vec<_> = iter::once(primary).chain(subkeys).collect();
        refuse_useless(&keys)?;
        Ok(Self { keys, user_ids })
    }

    /// Of the primary key, in capitals.
    pub(super) fn fingerprint(&self) -> String {
        format!("{:X}", self.primary().fingerprint())
    }

    pub(super) fn primary(&self) -> &Component {
        // `parse` begins with it.
        &self.keys[0]
    }

    /// The key that a signature claims to be by: `None` where that is another's. The error is a sentence
    /// without its subject.
    pub(super) fn claimed_by(&self, signature: &Signature) -> Result<Option<&Component>, String> {
        let fingerprints = signature.issuer_fingerprint();
        let ids = signature.issuer_key_id();
        if fingerprints.is_empty() && ids.is_empty() {
            return Err("holds a signature that does not say whose it is".to_owned());
        }
        let mut claimed = self.keys.iter().filter(|key| {
            let details = key.details();
            fingerprints.contains(&&details.fingerprint())
                || ids.contains(&&details.legacy_key_id())
        });
        match (claimed.next(), claimed.next()) {
            (_, Some(_)) => Err("holds a signature that claims to be by two keys".to_owned()),
            (key, None) => Ok(key),
        }
    }
}

impl Component {
    pub(super) fn details(&self) -> &dyn KeyDetails {
        match &self.material {
            Material::Primary(key) => key,
            Material::Subkey(key) => key,
        }
    }

    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.details().fingerprint()
    }

    pub(super) fn is_primary(&self) -> bool {
        matches!(self.material, Material::Primary(_))
    }

    /// Whether it made this signature over these bytes.
    pub(super) fn verify(&self, signature: &Signature, bytes: impl Read) -> Result<(), Error> {
        match &self.material {
            Material::Primary(key) => signature.verify(key, bytes),
            Material::Subkey(key) => signature.verify(key, bytes),
        }
    }
}

/// A certificate that holds a key twice, or none that could ever sign, is a mistake of whoever named it.
fn refuse_useless(keys: &[Component]) -> Result<(), String> {
    for (at, key) in keys.iter().enumerate() {
        let fingerprint = key.fingerprint();
        if keys[..at].iter().any(|it| it.fingerprint() == fingerprint) {
            return Err(format!(
                "is a certificate that holds the key {fingerprint:X} twice"
            ));
        }
    }
    let is_useless = |it: &Component| matches!(it.standing, Standing::Unfit(_)) || !it.may_sign;
    if !keys.iter().all(is_useless) {
        return Ok(());
    }
    let unfit = keys.iter().find_map(|it| match &it.standing {
        Standing::Unfit(why) => Some(format!(": {:X} {why}", it.fingerprint())),
        Standing::Lives(_) | Standing::Revoked(_) => None,
    });
    let why = unfit.unwrap_or_default();
    Err(format!(
        "is a certificate without a key that may sign files{why}"
    ))
}
