//! Detached signatures over a file.

use pgp::{
    errors::Error,
    packet::{Packet, PacketTrait as _, Signature, SignatureType, SignatureVersion},
};

use super::{
    super::{Rejection, Rule},
    algorithm::check_hash,
    armor,
    certificate::{Certificate, Component, Standing},
    life::time,
    packets,
    subpackets::{Purpose, Said, read},
};
use crate::{Authenticated, Moment, ReadAt};

/// Most signatures in one document.
const MOST_SIGNATURES: usize = 16;
/// How far the signer's clock may be ahead of ours, in seconds.
const SKEW: i64 = 300;
/// Most user ids in a report.
const MOST_USER_IDS: usize = 4;

pub(super) fn verify<B: ReadAt>(
    bytes: &Authenticated<'_, B>,
    document: &[u8],
    certificate: &Certificate,
    moment: Moment,
) -> Result<Option<String>, Rejection> {
    claimed(document, certificate, moment, |key, signature| {
        key.verify(signature, bytes.reader()).map_err(unverified)
    })
}

/// The same of a document whose signatures were compared with the file before, by this certificate:
/// what is judged is whether they still count.
pub(super) fn judge_again(
    document: &[u8],
    certificate: &Certificate,
    moment: Moment,
) -> Result<Option<String>, Rejection> {
    claimed(document, certificate, moment, |_, _| Ok(()))
}

/// Judges each signature that claims to be this certificate's; `compare` is for those that may count.
fn claimed(
    document: &[u8],
    certificate: &Certificate,
    moment: Moment,
    compare: impl Fn(&Component, &Signature) -> Result<(), Rejection>,
) -> Result<Option<String>, Rejection> {
    let mut said = None;
    for signature in &signatures(document).map_err(form)? {
        let Some(key) = certificate.claimed_by(signature).map_err(form)? else {
            continue;
        };
        let made = judge(signature, key, certificate, moment)?;
        compare(key, signature)?;
        said.get_or_insert_with(|| line(certificate, key, made));
    }
    Ok(said)
}

/// The signatures of a document, which holds nothing else. The error is a sentence without its subject.
fn signatures(document: &[u8]) -> Result<Vec<Signature>, String> {
    let bytes = armor::unframe(document, "PGP SIGNATURE")?;
    let mut found = Vec::new();
    for packet in packets::read(&bytes, MOST_SIGNATURES)? {
        match packet {
            Packet::Signature(it) if it.config().is_none() => {
                let version = u8::from(it.version());
                return Err(format!(
                    "holds a signature of the unknown version {version}"
                ));
            }
            Packet::Signature(it) if found.contains(&it) => {
                return Err("holds the same signature twice".to_owned());
            }
            Packet::Signature(it) => found.push(it),
            Packet::PublicKey(_) | Packet::SecretKey(_) => {
                return Err("is a key and no signature".to_owned());
            }
            other => {
                let what = other.tag();
                return Err(format!("holds something besides signatures ({what:?})"));
            }
        }
    }
    match found.is_empty() {
        true => Err("holds no signature".to_owned()),
        false => Ok(found),
    }
}

/// Everything that has to hold besides the signature itself. Gives the time when it was made.
fn judge(
    signature: &Signature,
    key: &Component,
    certificate: &Certificate,
    moment: Moment,
) -> Result<i64, Rejection> {
    check_form(signature, key)?;
    let said = read(signature, Purpose::File)
        .map_err(|why| form(format!("holds a signature that {why}")))?;
    check_time(said, moment)?;
    let over = moment.latest().as_second();
    let whose = format!("is signed with the key {:X}", key.fingerprint());
    let wrong = |why: String| Rejection::new(Rule::Key, format!("{whose}, {why}"));
    let primary = certificate.primary();
    check_key(primary, said.created, over).map_err(|why| match key.is_primary() {
        true => wrong(format!("which {why}")),
        false => wrong(format!(
            "whose primary key {:X} {why}",
            primary.fingerprint()
        )),
    })?;
    check_key(key, said.created, over).map_err(|why| wrong(format!("which {why}")))?;
    match key.may_sign {
        true => Ok(said.created),
        false => Err(wrong("which is not made for signing files".to_owned())),
    }
}

fn check_form(signature: &Signature, key: &Component) -> Result<(), Rejection> {
    let version = signature.version();
    if !matches!(version, SignatureVersion::V4 | SignatureVersion::V6) {
        let version = u8::from(version);
        let fact = format!("holds a signature of the outdated version {version}");
        return Err(form(fact));
    }
    let config = signature.config();
    let config =
        config.ok_or_else(|| form("holds a signature of an unknown version".to_owned()))?;
    match config.typ {
        SignatureType::Binary => {}
        SignatureType::Text => {
            // Its bytes may change in the ends of lines.
            return Err(form("is signed as a text and not byte for byte".to_owned()));
        }
        other => {
            let number = u8::from(other);
            let fact = format!("holds a signature that is not over a file (type {number:#04x})");
            return Err(form(fact));
        }
    }
    let weak = |fact| Rejection::new(Rule::Algorithm, fact);
    check_hash(config.hash_alg).map_err(|why| weak(format!("is signed by {why}")))?;
    match config.pub_alg == key.details().algorithm() {
        true => Ok(()),
        false => Err(weak(
            "is signed by another algorithm than its key is for".to_owned(),
        )),
    }
}

fn check_time(said: Said, moment: Moment) -> Result<(), Rejection> {
    let wrong = |fact| Err(Rejection::new(Rule::Time, fact));
    if said.created > moment.now().as_second().saturating_add(SKEW) {
        return wrong(format!(
            "is signed in the future, at {}",
            time(said.created)
        ));
    }
    match said.until {
        Some(until) if until <= moment.latest().as_second() => {
            wrong(format!("has a signature that expired at {}", time(until)))
        }
        _ => Ok(()),
    }
}

/// The error stands behind the name of the key.
fn check_key(key: &Component, made: i64, over: i64) -> Result<(), String> {
    let life = match &key.standing {
        Standing::Lives(life) => life,
        Standing::Revoked(why) | Standing::Unfit(why) => return Err(why.clone()),
    };
    life.check(over)?;
    let dated = |why| format!("{why}; the signature is dated {}", time(made));
    life.check(made).map_err(dated)
}

fn unverified(error: Error) -> Rejection {
    let fact = match error {
        Error::IO { source, .. } => format!("cannot be compared with the file: {source}"),
        // The others tell how, which is nobody's business.
        _ => "is not a signature of this file by the key that it names".to_owned(),
    };
    Rejection::new(Rule::Signature, fact)
}

fn form(fact: String) -> Rejection {
    Rejection::new(Rule::Form, fact)
}

fn line(certificate: &Certificate, key: &Component, made: i64) -> String {
    let mut line = format!("signed (OpenPGP) by {}", certificate.fingerprint());
    if !key.is_primary() {
        line += &format!(" with its subkey {:X}", key.fingerprint());
    }
    let ids = &certificate.user_ids;
    let shown = &ids[..ids.len().min(MOST_USER_IDS)];
    for id in shown {
        line += &format!(", user id \"{id}\"");
    }
    if ids.len() > shown.len() {
        line += &format!(" and {} more", ids.len() - shown.len());
    }
    line + &format!(", made {}", time(made))
}
