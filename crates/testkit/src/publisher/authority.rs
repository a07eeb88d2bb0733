//! Certificates for publishers, each with the word of a log of certificates in it (RFC 6962).

use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, PKCS_ECDSA_P384_SHA384,
    PublicKeyData as _, date_time_ymd,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    Publisher,
    log::{BEGIN, base64, sign, trusted_key},
};

/// How long a certificate is valid, as Fulcio's.
pub(super) const VALIDITY_SECONDS: u64 = 600;

/// The extension that holds SCTs (RFC 6962, 3.3).
const SCT_LIST: [u64; 10] = [1, 3, 6, 1, 4, 1, 11129, 2, 4, 2];

/// An authority and the log that sees what it issues.
pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    log: KeyPair,
}

impl Authority {
    /// With a key on P-384, as Fulcio's.
    pub(super) fn new() -> Self {
        Self {
            issuer: root("assay testkit certificate authority"),
            log: KeyPair::generate().expect("a key"),
        }
    }

    /// For `certificateAuthorities` of a trusted root.
    pub(super) fn trusted(&self) -> Value {
        json!({
            "subject": { "organization": "example", "commonName": "assay testkit" },
            "uri": "https://fulcio.example.com",
            "certChain": { "certificates": [{ "rawBytes": base64(self.issuer.der()) }] },
            "validFor": { "start": BEGIN },
        })
    }

    /// For `ctlogs` of a trusted root.
    pub(super) fn trusted_log(&self) -> Value {
        trusted_key("https://ctfe.example.com", &self.log)
    }

    /// A certificate for a key that this publisher holds from then on, in seconds since 1970. Without
    /// an SCT nobody has seen it.
    pub(super) fn issue(
        &self,
        publisher: &Publisher,
        key: &KeyPair,
        from: u64,
        with_sct: bool,
    ) -> rcgen::Certificate {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.not_before = date_time_ymd(1970, 1, 1) + Duration::from_secs(from);
        params.not_after = params.not_before + Duration::from_secs(VALIDITY_SECONDS);
        params.subject_alt_names = vec![publisher.san()];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::CodeSigning];
        params.use_authority_key_identifier_extension = true;
        params.custom_extensions = publisher.extensions();
        let unseen = self.sign(&params, key);
        if !with_sct {
            return unseen;
        }
        params.custom_extensions.push(self.sct(unseen.der(), from));
        self.sign(&params, key)
    }

    fn sign(&self, params: &CertificateParams, key: &KeyPair) -> rcgen::Certificate {
        params.signed_by(key, &self.issuer).expect("a certificate")
    }

    /// What the log signs is the certificate's body as it is without the SCT (RFC 6962, 3.2).
    fn sct(&self, unseen: &[u8], seconds: u64) -> CustomExtension {
        let body = body_of(unseen);
        let length = u32::try_from(body.len()).expect("a small certificate");
        let issuer = Sha256::digest(self.issuer.key().subject_public_key_info());
        let milliseconds = (seconds * 1000).to_be_bytes();
        let signed = [
            // Version 1; a certificate's timestamp.
            &[0, 0][..],
            &milliseconds,
            // A certificate before its SCT.
            &[0, 1],
            issuer.as_slice(),
            &length.to_be_bytes()[1..],
            &body,
            // No extensions.
            &[0, 0],
        ]
        .concat();
        let signature = sign(&self.log, &signed);
        let log_id = Sha256::digest(self.log.subject_public_key_info());
        let sct = [
            &[0][..],
            log_id.as_slice(),
            &milliseconds,
            &[0, 0],
            // SHA-256 with ECDSA (RFC 5246).
            &[4, 3],
            &with_length(&signature),
        ]
        .concat();
        let list = with_length(&with_length(&sct));
        let content = yasna::construct_der(|writer| writer.write_bytes(&list));
        CustomExtension::from_oid_content(&SCT_LIST, content)
    }
}

/// A self-signed authority that issues to end entities alone.
pub(super) fn root(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let key = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key");
    CertifiedIssuer::self_signed(params, key).expect("an authority")
}

/// The part of a certificate that is signed.
pub(super) fn body_of(certificate: &[u8]) -> Vec<u8> {
    yasna::parse_der(certificate, |reader| {
        reader.read_sequence(|parts| {
            let body = parts.next().read_der()?;
            parts.next().read_der()?;
            parts.next().read_der()?;
            Ok(body)
        })
    })
    .expect("a certificate of our own")
}

/// A vector of TLS whose length takes two bytes.
fn with_length(bytes: &[u8]) -> Vec<u8> {
    let length = u16::try_from(bytes.len()).expect("a short vector");
    [&length.to_be_bytes()[..], bytes].concat()
}
