//! What a certificate's owner says of it: self-signatures, bindings of subkeys, revocations. Only what
//! verifies by the primary key is seen here; whoever else certified anything has no say.

use pgp::{
    packet::{
        PublicKey, PublicSubkey, Signature, SignatureType, SignatureVersion, SubpacketData, UserId,
    },
    types::{KeyDetails as _, Tag},
};

use super::{
    algorithm::check_hash,
    life::time,
    subpackets::{Purpose, Said, read},
};

/// The primary key's own statements about itself, in direct-key signatures.
pub(super) fn of_key<'a>(
    primary: &PublicKey,
    signatures: &'a [Signature],
) -> impl Iterator<Item = &'a Signature> {
    let is_own = |it: &&Signature| it.typ() == Some(SignatureType::Key);
    let own = signatures.iter().filter(is_own);
    own.filter(|it| it.verify_key(primary).is_ok())
}

/// Those about a user id, among them revocations of it.
pub(super) fn of_user<'a>(
    primary: &PublicKey,
    id: &UserId,
    signatures: &'a [Signature],
) -> impl Iterator<Item = &'a Signature> {
    let holds = |it: &&Signature| it.verify_certification(primary, Tag::UserId, id).is_ok();
    signatures.iter().filter(holds)
}

/// The bindings of a subkey.
pub(super) fn of_subkey<'a>(
    primary: &PublicKey,
    subkey: &PublicSubkey,
    signatures: &'a [Signature],
) -> impl Iterator<Item = &'a Signature> {
    let is_binding = |it: &&Signature| it.typ() == Some(SignatureType::SubkeyBinding);
    let bindings = signatures.iter().filter(is_binding);
    bindings.filter(|it| it.verify_subkey_binding(primary, subkey).is_ok())
}

/// Whether the owner revoked the primary key, in words that stand behind the name of the key. By any
/// algorithm, at any time and for any reason: nobody gains by a revocation that is not believed.
pub(super) fn key_revocation<'a>(
    primary: &PublicKey,
    mut all: impl Iterator<Item = &'a Signature>,
) -> Option<String> {
    let revokes = |it: &&Signature| {
        it.typ() == Some(SignatureType::KeyRevocation) && it.verify_key(primary).is_ok()
    };
    all.find(revokes).map(reason)
}

/// The same for a subkey.
pub(super) fn subkey_revocation<'a>(
    primary: &PublicKey,
    subkey: &PublicSubkey,
    mut all: impl Iterator<Item = &'a Signature>,
) -> Option<String> {
    let revokes = |it: &&Signature| {
        let is_revocation = it.typ() == Some(SignatureType::SubkeyRevocation);
        is_revocation && it.verify_subkey_binding(primary, subkey).is_ok()
    };
    all.find(revokes).map(reason)
}

/// A revocation by a key that `own` statements of the primary key appoint for that. It cannot be
/// verified without that key, and is believed.
pub(super) fn appointed_revocation<'a>(
    own: impl Iterator<Item = &'a Signature>,
    mut all: impl Iterator<Item = &'a Signature>,
) -> Option<String> {
    let appointed: Vec<_> = own.filter_map(Signature::revocation_key).collect();
    let revokes = |it: &&Signature| {
        let by = |fingerprint: &[u8]| {
            let named = it.issuer_fingerprint();
            let ids = it.issuer_key_id();
            named.iter().any(|it| it.as_bytes() == fingerprint)
                || ids.iter().any(|it| fingerprint.ends_with(it.as_ref()))
        };
        it.typ() == Some(SignatureType::KeyRevocation)
            && appointed.iter().any(|it| by(&it.fingerprint))
    };
    all.find(revokes)
        .map(|_| "was revoked by a key that its owner appointed for that".to_owned())
}

fn reason(revocation: &Signature) -> String {
    let when = revocation.created().map(|it| time(it.as_secs().into()));
    let when = when.map_or_else(String::new, |it| format!(" at {it}"));
    match revocation.revocation_reason_string() {
        Some(words) if !words.is_empty() => {
            format!("was revoked{when}: {}", String::from_utf8_lossy(words))
        }
        _ => format!("was revoked{when}"),
    }
}

/// The latest of these statements, which replaces all before it; several where they were made in one
/// second. It may not be one to [`believe`], and the ones before are none then: what it says may be
/// stricter than what they said.
pub(super) fn latest<'a>(
    signatures: impl IntoIterator<Item = &'a Signature>,
) -> Vec<&'a Signature> {
    let mut signatures: Vec<_> = signatures.into_iter().collect();
    let newest = signatures.iter().filter_map(|it| it.created()).max();
    signatures.retain(|it| it.created() == newest);
    signatures
}

/// Whether it says how long the key lives or what it may do. One that only appoints a revoker does not.
pub(super) fn is_about_life(signature: &Signature) -> bool {
    let mut said = signature
        .config()
        .into_iter()
        .flat_map(|it| it.hashed_subpackets());
    said.any(|it| {
        matches!(
            it.data,
            SubpacketData::KeyFlags(_) | SubpacketData::KeyExpirationTime(_)
        )
    })
}

/// Checks the algorithms and conditions of a self-signature.
pub(super) fn believe(signature: &Signature) -> Result<Said, String> {
    let bad = |why: String| format!("has a self-signature that {why}");
    if !matches!(
        signature.version(),
        SignatureVersion::V4 | SignatureVersion::V6
    ) {
        return Err(bad("is of an outdated version".to_owned()));
    }
    let hash = signature
        .hash_alg()
        .ok_or_else(|| bad("uses no hash algorithm".to_owned()))?;
    check_hash(hash).map_err(|why| bad(format!("uses {why}")))?;
    read(signature, Purpose::Certificate).map_err(bad)
}

/// That a signing subkey agreed to belong to the primary key: without that, anybody could claim the
/// signatures of another's key. The error stands behind the name of the subkey.
pub(super) fn back_signature(
    primary: &PublicKey,
    subkey: &PublicSubkey,
    binding: &Signature,
) -> Result<Said, String> {
    let Some(back) = binding.embedded_signature() else {
        return Err("never signed that it belongs to this certificate".to_owned());
    };
    let holds = back.verify_primary_key_binding(subkey, primary);
    holds.map_err(|_| {
        let whose = subkey.fingerprint();
        format!("has a back-signature that is not by {whose:X}")
    })?;
    believe(back)
}
