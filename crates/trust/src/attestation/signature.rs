//! The signature, its certificate and its log entry, verified by sigstore-verify.

use assay_types::{Sha256, Timestamp};
use sigstore_verify::{
    Error, VerificationPolicy, VerificationResult,
    types::{
        Bundle, DerCertificate, DsseEnvelope, DsseSignature, KeyId, MediaType, PayloadBytes,
        Rfc3161Timestamp, Sha256Hash, SignatureBytes, SignatureContent, TimestampToken,
        TimestampVerificationData, VerificationMaterial, VerificationMaterialContent,
        bundle::CertificateContent,
    },
};

use super::{Rejection, Rule, TrustRoot, document::Attestation};

/// PEP 740 signs nothing else.
const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// Verifies that the statement was signed by the certificate's key, the certificate issued by a
/// trusted authority and seen by a log of certificates, and the signature logged while it was valid.
/// Who the certificate was issued to is not asked here: any signer passes.
pub(super) fn verify(
    attestation: &Attestation,
    sha256: Sha256,
    root: &TrustRoot,
    now: Timestamp,
) -> Result<(VerificationResult, Timestamp), Rejection> {
    let policy = VerificationPolicy::any_identity();
    let verified = root
        .verifier()
        .verify(Sha256Hash::new(sha256.0), &bundle(attestation), &policy)
        .map_err(|error| Rejection::new(rule(&error), error.to_string()))?;
    let times = verified.verified_timestamps();
    let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else {
        return Err(Rejection::new(Rule::Time, "no time is proven"));
    };
    if *last > now {
        let fact = "the signature was logged later than now, by this machine's clock";
        return Err(Rejection::new(Rule::Time, fact)
            .found(format!("logged {last}"))
            .missing(format!("not after {now}")));
    }
    let first = *first;
    Ok((verified, first))
}

/// The same attestation in Sigstore's own form.
fn bundle(attestation: &Attestation) -> Bundle {
    let certificate = DerCertificate::new(attestation.certificate.clone());
    let mut timestamps = TimestampVerificationData::default();
    timestamps.rfc3161_timestamps = attestation
        .timestamps
        .iter()
        .map(|it| Rfc3161Timestamp::new(TimestampToken::from_bytes(it)))
        .collect();
    let content = VerificationMaterialContent::Certificate(CertificateContent::new(certificate));
    let material = VerificationMaterial::new(content)
        .with_tlog_entries(attestation.entries.clone())
        .with_timestamp_verification_data(timestamps);
    let signature = SignatureBytes::from_bytes(&attestation.signature);
    let envelope = DsseEnvelope::new(
        PAYLOAD_TYPE,
        PayloadBytes::from_bytes(&attestation.statement),
        DsseSignature::new(signature, KeyId::default()),
    );
    let content = SignatureContent::DsseEnvelope(envelope);
    Bundle::new(MediaType::Bundle0_3, material, content)
}

/// Every error refuses; the rule only tells where to look.
fn rule(error: &Error) -> Rule {
    use sigstore_verify::TransparencyLogError as Log;
    match error {
        Error::Certificate(_) => Rule::Certificate,
        Error::TransparencyLog(Log::IntegratedTime(_)) | Error::Timestamp(_) => Rule::Time,
        Error::TransparencyLog(_) | Error::Bundle(_) => Rule::Log,
        Error::ArtifactMismatch(_) | Error::UnsupportedArtifact(_) => Rule::Subject,
        _ => Rule::Signature,
    }
}
