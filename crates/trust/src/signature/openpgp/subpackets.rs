//! What a signature says besides that it was made: each thing once, and nothing critical that is not
//! understood here.

use pgp::packet::{Signature, SignatureConfig, SubpacketData};

/// What a signature is for, which decides what of it is understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Over a file.
    File,
    /// Over a key, a user id or a subkey.
    Certificate,
}

/// What of a signature is protected by it and matters here. Times are seconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Said {
    /// When it was made, by its own word.
    pub(super) created: i64,
    /// The end of its own validity.
    pub(super) until: Option<i64>,
    /// How long the key is valid, in seconds from its creation.
    pub(super) key_lasts: Option<i64>,
    /// Whether the key may sign files; `None` where nothing is said of what it may do.
    pub(super) may_sign: Option<bool>,
}

/// Reads it. The error is a sentence without its subject.
pub(super) fn read(signature: &Signature, purpose: Purpose) -> Result<Said, String> {
    let config = signature.config().ok_or("is of an unknown version")?;
    refuse_critical(config, purpose)?;
    let created = once(config, "its creation time", |it| match it {
        SubpacketData::SignatureCreationTime(time) => Some(i64::from(time.as_secs())),
        _ => None,
    })?;
    let created = created.ok_or("does not say when it was made")?;
    let lasts = once(config, "its expiration time", |it| match it {
        SubpacketData::SignatureExpirationTime(time) => Some(i64::from(time.as_secs())),
        _ => None,
    })?;
    let key_lasts = once(config, "the key's expiration time", |it| match it {
        SubpacketData::KeyExpirationTime(time) => Some(i64::from(time.as_secs())),
        _ => None,
    })?;
    let may_sign = once(config, "the key's flags", |it| match it {
        SubpacketData::KeyFlags(flags) => Some(flags.sign()),
        _ => None,
    })?;
    // Sections 5.2.3.13 and 5.2.3.18: no time is no limit.
    let limit = |it: Option<i64>| it.filter(|it| *it != 0);
    Ok(Said {
        created,
        until: limit(lasts).map(|it| created + it),
        key_lasts: limit(key_lasts),
        may_sign,
    })
}

fn once<T>(
    config: &SignatureConfig,
    what: &str,
    pick: impl Fn(&SubpacketData) -> Option<T>,
) -> Result<Option<T>, String> {
    let mut found = config.hashed_subpackets().filter_map(|it| pick(&it.data));
    let first = found.next();
    match found.next() {
        None => Ok(first),
        Some(_) => Err(format!("says {what} twice")),
    }
}

/// Section 5.2.3.7: whoever does not understand a critical subpacket takes the signature for invalid.
fn refuse_critical(config: &SignatureConfig, purpose: Purpose) -> Result<(), String> {
    let all = config
        .hashed_subpackets()
        .chain(config.unhashed_subpackets());
    let mut critical = all.filter(|it| it.is_critical);
    match critical.find(|it| !is_understood(&it.data, purpose)) {
        None => Ok(()),
        Some(it) => {
            let number = it.typ().as_u8(false);
            Err(format!(
                "has a critical condition (subpacket {number}) that is not understood here"
            ))
        }
    }
}

fn is_understood(data: &SubpacketData, purpose: Purpose) -> bool {
    use SubpacketData as It;
    match data {
        It::SignatureCreationTime(_)
        | It::SignatureExpirationTime(_)
        | It::IssuerKeyId(_)
        | It::IssuerFingerprint(_)
        | It::SignersUserID(_) => true,
        // What only a sender of messages or a web of trust needs to know, and what is read above.
        It::KeyExpirationTime(_)
        | It::KeyFlags(_)
        | It::Features(_)
        | It::PreferredSymmetricAlgorithms(_)
        | It::PreferredHashAlgorithms(_)
        | It::PreferredCompressionAlgorithms(_)
        | It::PreferredAeadAlgorithms(_)
        | It::PreferredEncryptionModes(_)
        | It::PreferredKeyServer(_)
        | It::KeyServerPreferences(_)
        | It::IsPrimary(_)
        | It::Revocable(_)
        | It::RevocationKey(_)
        | It::EmbeddedSignature(_)
        | It::ExportableCertification(_) => purpose == Purpose::Certificate,
        _ => false,
    }
}
