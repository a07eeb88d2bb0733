//! A timestamp authority: tokens of RFC 3161, which are signed messages of CMS (RFC 5652).

use std::time::Duration;

use rcgen::{
    CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName, DnType, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use yasna::{
    DERWriter, Tag, construct_der,
    models::{GeneralizedTime, ObjectIdentifier},
    parse_der,
};

use super::{
    authority::root,
    log::{BEGIN, base64, sign},
};

const SIGNED_DATA: &[u64] = &[1, 2, 840, 113549, 1, 7, 2];
const CONTENT_TYPE: &[u64] = &[1, 2, 840, 113549, 1, 9, 3];
const MESSAGE_DIGEST: &[u64] = &[1, 2, 840, 113549, 1, 9, 4];
const TST_INFO: &[u64] = &[1, 2, 840, 113549, 1, 9, 16, 1, 4];
const SIGNING_CERTIFICATE: &[u64] = &[1, 2, 840, 113549, 1, 9, 16, 2, 47];
const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
const ECDSA_WITH_SHA256: &[u64] = &[1, 2, 840, 10045, 4, 3, 2];
const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
const TIME_STAMPING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 8];
/// By which rules a token was made: the number for examples (RFC 5612).
const POLICY: &[u64] = &[1, 3, 6, 1, 4, 1, 32473, 1];

pub(super) struct TimestampAuthority {
    root: CertifiedIssuer<'static, KeyPair>,
    key: KeyPair,
    /// DER.
    certificate: Vec<u8>,
}

impl TimestampAuthority {
    pub(super) fn new() -> Self {
        let root = root("assay testkit timestamp authority");
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        let name = "assay testkit timestamps";
        params.distinguished_name.push(DnType::CommonName, name);
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.custom_extensions = vec![only_for_timestamps()];
        let certificate = params.signed_by(&key, &root).expect("a certificate");
        Self {
            certificate: certificate.der().to_vec(),
            root,
            key,
        }
    }

    /// For `timestampAuthorities` of a trusted root.
    pub(super) fn trusted(&self) -> Value {
        let chain = [&self.certificate[..], self.root.der()];
        let chain = chain.map(|it| json!({ "rawBytes": base64(it) }));
        json!({
            "subject": { "organization": "example", "commonName": "assay testkit" },
            "uri": "https://timestamp.example.com",
            "certChain": { "certificates": chain },
            "validFor": { "start": BEGIN },
        })
    }

    /// A token: these bytes existed at this moment, in seconds since 1970.
    pub(super) fn token(&self, stamped: &[u8], seconds: u64) -> Vec<u8> {
        let info = construct_der(|writer| write_info(writer, stamped, seconds));
        construct_der(|writer| {
            writer.write_sequence(|parts| {
                write_oid(parts.next(), SIGNED_DATA);
                parts.next().write_tagged(Tag::context(0), |writer| {
                    self.write_signed(writer, &info);
                });
            });
        })
    }

    fn write_signed(&self, writer: DERWriter<'_>, info: &[u8]) {
        writer.write_sequence(|parts| {
            parts.next().write_u8(3);
            parts
                .next()
                .write_set_of(|all| write_algorithm(all.next(), SHA256));
            parts.next().write_sequence(|content| {
                write_oid(content.next(), TST_INFO);
                content
                    .next()
                    .write_tagged(Tag::context(0), |it| it.write_bytes(info));
            });
            parts
                .next()
                .write_set_of(|all| self.write_signer(all.next(), info));
        });
    }

    fn write_signer(&self, writer: DERWriter<'_>, info: &[u8]) {
        let attributes = |writer: DERWriter<'_>| self.write_attributes(writer, info);
        // What is signed has the tag of a set, what is written another one (RFC 5652, 5.4).
        let signature = sign(&self.key, &construct_der(attributes));
        let (issuer, serial) = issuer_and_serial(&self.certificate);
        writer.write_sequence(|parts| {
            parts.next().write_u8(1);
            parts.next().write_sequence(|signer| {
                signer.next().write_der(&issuer);
                signer.next().write_der(&serial);
            });
            write_algorithm(parts.next(), SHA256);
            parts
                .next()
                .write_tagged_implicit(Tag::context(0), attributes);
            write_algorithm(parts.next(), ECDSA_WITH_SHA256);
            parts.next().write_bytes(&signature);
        });
    }

    fn write_attributes(&self, writer: DERWriter<'_>, info: &[u8]) {
        let certificate = Sha256::digest(&self.certificate);
        writer.write_set_of(|all| {
            write_attribute(all.next(), CONTENT_TYPE, |it| write_oid(it, TST_INFO));
            write_attribute(all.next(), MESSAGE_DIGEST, |it| {
                it.write_bytes(&Sha256::digest(info));
            });
            // The certificate's hash, in a list of certificates of a list of those and policies.
            write_attribute(all.next(), SIGNING_CERTIFICATE, |it| {
                it.write_sequence(|it| {
                    it.next().write_sequence(|it| {
                        it.next()
                            .write_sequence(|it| it.next().write_bytes(&certificate));
                    });
                });
            });
        });
    }
}

/// What the token says (RFC 3161, 2.4.2).
fn write_info(writer: DERWriter<'_>, stamped: &[u8], seconds: u64) {
    let time = date_time_ymd(1970, 1, 1) + Duration::from_secs(seconds);
    writer.write_sequence(|parts| {
        parts.next().write_u8(1);
        write_oid(parts.next(), POLICY);
        parts.next().write_sequence(|imprint| {
            write_algorithm(imprint.next(), SHA256);
            imprint.next().write_bytes(&Sha256::digest(stamped));
        });
        parts.next().write_u8(1);
        parts
            .next()
            .write_generalized_time(&GeneralizedTime::from_datetime(time));
    });
}

/// RFC 3161 wants the extension critical, which rcgen's own is not.
fn only_for_timestamps() -> CustomExtension {
    let content = construct_der(|writer| {
        writer.write_sequence(|usages| write_oid(usages.next(), TIME_STAMPING));
    });
    let mut extension = CustomExtension::from_oid_content(EXTENDED_KEY_USAGE, content);
    extension.set_criticality(true);
    extension
}

/// Both in DER, by which CMS names a certificate.
fn issuer_and_serial(certificate: &[u8]) -> (Vec<u8>, Vec<u8>) {
    parse_der(&super::authority::body_of(certificate), |reader| {
        reader.read_sequence(|parts| {
            let _version = parts.next().read_der()?;
            let serial = parts.next().read_der()?;
            let _algorithm = parts.next().read_der()?;
            let issuer = parts.next().read_der()?;
            // Validity, subject, key, extensions.
            for _ in 0..4 {
                parts.next().read_der()?;
            }
            Ok((issuer, serial))
        })
    })
    .expect("a certificate of our own")
}

fn write_attribute(writer: DERWriter<'_>, oid: &[u64], value: impl FnOnce(DERWriter<'_>)) {
    writer.write_sequence(|parts| {
        write_oid(parts.next(), oid);
        parts.next().write_set_of(|values| value(values.next()));
    });
}

fn write_algorithm(writer: DERWriter<'_>, oid: &[u64]) {
    writer.write_sequence(|parts| write_oid(parts.next(), oid));
}

fn write_oid(writer: DERWriter<'_>, oid: &[u64]) {
    writer.write_oid(&ObjectIdentifier::from_slice(oid));
}
