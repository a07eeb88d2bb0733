//! Whoever has a key, and says with it whatever a test wants: packet by packet, made by rPGP.

use std::sync::LazyLock;

use pgp::{
    composed::KeyType,
    crypto::{ecc_curve::ECCCurve, hash::HashAlgorithm},
    packet::{
        KeyFlags, PacketTrait, PubKeyInner, PublicKey, PublicSubkey, SecretKey, SecretSubkey,
        Signature, SignatureConfig, SignatureType, Subpacket, SubpacketData, UserId,
    },
    types::{Duration, KeyVersion, PacketHeaderVersion, Password, SigningKey, Tag, Timestamp},
};
use ssh_key::rand_core::OsRng;

use crate::{FILE, MADE, SIGNED};

/// The owner of a primary key.
pub struct Owner(pub SecretKey);

/// What a signature says besides its time and its issuer.
pub type Says = Vec<SubpacketData>;

impl Owner {
    pub fn new() -> Self {
        Self::of(&KeyType::Ed25519Legacy, KeyVersion::V4)
    }

    pub fn of(kind: &KeyType, version: KeyVersion) -> Self {
        let (params, secret) = kind.generate(OsRng).unwrap();
        let made = Timestamp::from_secs(MADE);
        let inner = PubKeyInner::new(version, kind.to_alg(), made, None, params).unwrap();
        let public = PublicKey::from_inner(inner).unwrap();
        Self(SecretKey::new(public, secret).unwrap())
    }

    /// Whose key is RSA: it alone signs by weak hashes.
    pub fn rsa() -> &'static Self {
        static RSA: LazyLock<Owner> =
            LazyLock::new(|| Owner::of(&KeyType::Rsa(2048), KeyVersion::V4));
        &RSA
    }

    /// A certificate whose only user id says that the key may sign.
    pub fn plain(&self) -> Vec<u8> {
        self.certificate([self.user("Ann <ann@example.com>", MADE, signs())])
    }

    /// The primary key and what follows it.
    pub fn certificate<const N: usize>(&self, parts: [Vec<u8>; N]) -> Vec<u8> {
        [packet(self.0.public_key()), parts.concat()].concat()
    }

    /// A user id with its self-signature.
    pub fn user(&self, id: &str, at: u32, says: Says) -> Vec<u8> {
        let config = config(&self.0, SignatureType::CertPositive, at, says);
        self.user_by(id, config)
    }

    pub fn user_by(&self, id: &str, config: SignatureConfig) -> Vec<u8> {
        [user_id(id), self.about_user(id, config)].concat()
    }

    /// A signature over a user id, for whoever follows it.
    pub fn about_user(&self, id: &str, config: SignatureConfig) -> Vec<u8> {
        self.about_user_of(self, id, config)
    }

    /// The same, about the user id of another's certificate.
    pub fn about_user_of(&self, other: &Self, id: &str, config: SignatureConfig) -> Vec<u8> {
        let id = UserId::from_str(PacketHeaderVersion::New, id).unwrap();
        let public = other.0.public_key();
        let signature = config.sign_certification_third_party(
            &self.0,
            &Password::empty(),
            public,
            Tag::UserId,
            &id,
        );
        packet(&signature.unwrap())
    }

    /// A direct-key signature or a revocation of the key.
    pub fn direct(&self, config: SignatureConfig) -> Vec<u8> {
        let public = self.0.public_key();
        let signature = config.sign_key(&self.0, &Password::empty(), public);
        packet(&signature.unwrap())
    }

    pub fn says(&self, kind: SignatureType, at: u32, says: Says) -> SignatureConfig {
        config(&self.0, kind, at, says)
    }

    /// A subkey without anything that binds it.
    pub fn subkey(&self) -> SecretSubkey {
        let (params, secret) = KeyType::Ed25519Legacy.generate(OsRng).unwrap();
        let made = Timestamp::from_secs(MADE);
        let kind = KeyType::Ed25519Legacy.to_alg();
        let inner = PubKeyInner::new(KeyVersion::V4, kind, made, None, params).unwrap();
        let public = PublicSubkey::from_inner(inner).unwrap();
        SecretSubkey::new(public, secret).unwrap()
    }

    /// A binding, or a revocation, of a subkey.
    pub fn about_subkey(&self, key: &SecretSubkey, config: SignatureConfig) -> Vec<u8> {
        let signature = config.sign_subkey_binding(
            &self.0,
            self.0.public_key(),
            &Password::empty(),
            key.public_key(),
        );
        packet(&signature.unwrap())
    }

    /// A subkey with a binding that says this, and a back-signature.
    pub fn bound(&self, key: &SecretSubkey, at: u32, mut says: Says) -> Vec<u8> {
        says.push(SubpacketData::EmbeddedSignature(Box::new(
            self.back_signature(key, at, vec![]),
        )));
        let config = self.says(SignatureType::SubkeyBinding, at, says);
        [packet(key.public_key()), self.about_subkey(key, config)].concat()
    }

    pub fn back_signature(&self, key: &SecretSubkey, at: u32, says: Says) -> Signature {
        config(key, SignatureType::KeyBinding, at, says)
            .sign_primary_key_binding(
                key,
                key.public_key(),
                &Password::empty(),
                self.0.public_key(),
            )
            .unwrap()
    }

    /// A signature over [`FILE`], as good as one can be.
    pub fn signs(&self) -> Vec<u8> {
        self.signs_by(self.says(SignatureType::Binary, SIGNED, vec![]))
    }

    pub fn signs_by(&self, config: SignatureConfig) -> Vec<u8> {
        sign(&self.0, config)
    }
}

/// A signature over [`FILE`].
pub fn sign(key: &impl SigningKey, config: SignatureConfig) -> Vec<u8> {
    packet(&config.sign(key, &Password::empty(), FILE).unwrap())
}

/// A signature's settings: SHA-512, the time and the issuer, all protected, and what it says besides.
pub fn config(key: &impl SigningKey, kind: SignatureType, at: u32, says: Says) -> SignatureConfig {
    let (hash, algorithm) = (HashAlgorithm::Sha512, key.algorithm());
    let mut config = match key.version() {
        KeyVersion::V6 => SignatureConfig::v6(OsRng, kind, algorithm, hash).unwrap(),
        _ => SignatureConfig::v4(kind, algorithm, hash),
    };
    let time = SubpacketData::SignatureCreationTime(Timestamp::from_secs(at));
    let issuer = SubpacketData::IssuerFingerprint(key.fingerprint());
    // GnuPG 2.2 asks for it too; version 6 forbids it.
    let id = SubpacketData::IssuerKeyId(key.legacy_key_id());
    let id = Some(id).filter(|_| key.version() == KeyVersion::V4);
    let all = [time, issuer].into_iter().chain(id).chain(says);
    config.hashed_subpackets = all.map(|it| Subpacket::regular(it).unwrap()).collect();
    config
}

/// The flags of a key that may certify and sign.
pub fn signs() -> Says {
    let mut flags = KeyFlags::default();
    flags.set_certify(true);
    flags.set_sign(true);
    vec![SubpacketData::KeyFlags(flags)]
}

/// The flags of a key that may certify alone.
pub fn certifies() -> Says {
    let mut flags = KeyFlags::default();
    flags.set_certify(true);
    vec![SubpacketData::KeyFlags(flags)]
}

/// The same with an end, so many seconds after the key was made.
pub fn lasting(mut says: Says, seconds: u32) -> Says {
    says.push(SubpacketData::KeyExpirationTime(Duration::from_secs(
        seconds,
    )));
    says
}

pub fn user_id(id: &str) -> Vec<u8> {
    packet(&UserId::from_str(PacketHeaderVersion::New, id).unwrap())
}

pub fn packet(packet: &impl PacketTrait) -> Vec<u8> {
    let mut bytes = Vec::new();
    packet.to_writer_with_header(&mut bytes).unwrap();
    bytes
}

/// As text; `kind` such as `PGP SIGNATURE`.
pub fn armored(kind: &str, bytes: &[u8]) -> Vec<u8> {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    let body = BASE64_STANDARD.encode(bytes);
    format!("-----BEGIN {kind}-----\n\n{body}\n-----END {kind}-----\n").into_bytes()
}

pub fn p256() -> KeyType {
    KeyType::ECDSA(ECCCurve::P256)
}
