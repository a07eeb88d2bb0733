//! The keys that are believed: certificate authorities, logs, timestamp authorities.

use assay_types::Sha256;
use sigstore_verify::{
    Verifier,
    trust_root::{SIGSTORE_PRODUCTION_TRUSTED_ROOT, TrustedRoot},
};

use super::ring;
use crate::sha256;

const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.trustedroot";

/// A trusted root of Sigstore, its keys and certificates parsed.
pub struct TrustRoot {
    verifier: Verifier,
    digest: Sha256,
}

/// Why a trusted root cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no usable trusted root of Sigstore: {0}")]
pub struct TrustRootError(String);

impl TrustRootError {
    pub(super) fn foreign_cryptography() -> Self {
        Self("another cryptography library was installed in this process".to_owned())
    }
}

impl TrustRoot {
    /// The public instance, as it was when this assay was built.
    pub fn production() -> Result<Self, TrustRootError> {
        Self::from_json(SIGSTORE_PRODUCTION_TRUSTED_ROOT)
    }

    /// SHA-256 of the text of [`Self::production`].
    pub fn production_digest() -> Sha256 {
        sha256(SIGSTORE_PRODUCTION_TRUSTED_ROOT.as_bytes())
    }

    /// A `trusted_root.json`, as Sigstore's tools write it; of a private instance, say.
    pub fn from_json(text: &str) -> Result<Self, TrustRootError> {
        if !ring::install() {
            return Err(TrustRootError::foreign_cryptography());
        }
        let root = TrustedRoot::from_json(text).map_err(|it| TrustRootError(it.to_string()))?;
        if !root.media_type.starts_with(MEDIA_TYPE) {
            let why = format!("its media type is {}", root.media_type);
            return Err(TrustRootError(why));
        }
        let parts = [
            ("certificate authority", root.certificate_authorities.len()),
            ("transparency log", root.tlogs.len()),
            ("certificate transparency log", root.ctlogs.len()),
        ];
        if let Some((what, _)) = parts.into_iter().find(|(_, count)| *count == 0) {
            return Err(TrustRootError(format!("it names no {what}")));
        }
        let verifier = Verifier::new(&root).map_err(|it| TrustRootError(it.to_string()))?;
        let digest = sha256(text.as_bytes());
        Ok(Self { verifier, digest })
    }

    /// SHA-256 of its text: what one root verified says nothing of another.
    pub fn digest(&self) -> Sha256 {
        self.digest
    }

    pub(super) fn verifier(&self) -> &Verifier {
        &self.verifier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_that_could_verify_nothing_is_refused() {
        let root: serde_json::Value =
            serde_json::from_str(SIGSTORE_PRODUCTION_TRUSTED_ROOT).unwrap();
        assert!(TrustRoot::from_json(&root.to_string()).is_ok());
        let parts = ["certificateAuthorities", "tlogs", "ctlogs"].map(|it| (it, "it names no"));
        for (part, says) in parts.into_iter().chain([("mediaType", "media type")]) {
            let mut less = root.clone();
            less[part] = if part == "mediaType" {
                "text/plain".into()
            } else {
                serde_json::json!([])
            };
            let error = TrustRoot::from_json(&less.to_string()).err().unwrap();
            assert!(error.to_string().contains(says), "{error}");
        }
        assert!(TrustRoot::from_json("{}").is_err());
    }
}
