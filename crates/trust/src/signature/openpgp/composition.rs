//! Which packets make a certificate (RFC 9580, section 10.1): a key, what is said of it, user ids,
//! subkeys.

use pgp::{
    packet::{Packet, PacketTrait as _, PublicKey, PublicSubkey, Signature, UserId},
    types::{KeyDetails as _, KeyVersion},
};

/// The parts of a certificate with the signatures that follow each, nothing verified.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) primary: PublicKey,
    /// What follows the primary key.
    pub(super) own: Vec<Signature>,
    pub(super) users: Vec<(UserId, Vec<Signature>)>,
    pub(super) subkeys: Vec<(PublicSubkey, Vec<Signature>)>,
    /// What follows pictures and the like.
    attributes: Vec<Signature>,
}

/// The part that signatures belong to.
#[derive(Clone, Copy)]
enum Place {
    Primary,
    User,
    Subkey,
    Attribute,
}

/// Takes the packets of exactly one certificate, all of them. The error is a sentence without its subject.
pub(super) fn compose(packets: Vec<Packet>) -> Result<Parts, String> {
    let mut packets = packets.into_iter();
    let mut parts = match packets.next() {
        Some(Packet::PublicKey(primary)) => Parts::new(primary)?,
        Some(Packet::SecretKey(_)) => return Err(SECRET.to_owned()),
        Some(Packet::Signature(_)) => return Err("is a signature and no certificate".to_owned()),
        _ => return Err("is no OpenPGP certificate".to_owned()),
    };
    let mut place = Place::Primary;
    for packet in packets {
        match packet {
            Packet::Signature(signature) => parts.add(place, signature),
            Packet::UserId(id) => {
                parts.users.push((id, Vec::new()));
                place = Place::User;
            }
            Packet::UserAttribute(_) => place = Place::Attribute,
            Packet::PublicSubkey(key) => {
                parts.subkeys.push((key, Vec::new()));
                place = Place::Subkey;
            }
            Packet::PublicKey(_) => return Err("holds more than one certificate".to_owned()),
            Packet::SecretKey(_) | Packet::SecretSubkey(_) => return Err(SECRET.to_owned()),
            // Sections 5.8, 5.10, 5.14: they say nothing to anybody else.
            Packet::Marker(_) | Packet::Trust(_) | Packet::Padding(_) => {}
            other => {
                return Err(format!(
                    "holds a packet that belongs into no certificate ({:?})",
                    other.tag()
                ));
            }
        }
    }
    Ok(parts)
}

const SECRET: &str = "holds a secret key: it belongs nowhere but with its owner";

impl Parts {
    fn new(primary: PublicKey) -> Result<Self, String> {
        match primary.version() {
            KeyVersion::V4 | KeyVersion::V6 => Ok(Self {
                primary,
                own: Vec::new(),
                users: Vec::new(),
                subkeys: Vec::new(),
                attributes: Vec::new(),
            }),
            other => Err(format!(
                "is a certificate of version {}: 4 and 6 are read",
                u8::from(other)
            )),
        }
    }

    /// Every signature, wherever it stands.
    pub(super) fn signatures(&self) -> impl Iterator<Item = &Signature> {
        let users = self.users.iter().flat_map(|(_, it)| it);
        let subkeys = self.subkeys.iter().flat_map(|(_, it)| it);
        let rest = users.chain(subkeys).chain(&self.attributes);
        self.own.iter().chain(rest)
    }

    fn add(&mut self, place: Place, signature: Signature) {
        let of_user = self.users.last_mut().map(|(_, it)| it);
        let of_subkey = self.subkeys.last_mut().map(|(_, it)| it);
        let list = match place {
            Place::Primary => Some(&mut self.own),
            Place::User => of_user,
            Place::Subkey => of_subkey,
            Place::Attribute => Some(&mut self.attributes),
        };
        if let Some(list) = list {
            list.push(signature);
        }
    }
}
