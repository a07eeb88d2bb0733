//! A client for sigstore-conformance: what `assay_trust::attestation` verifies with, behind the
//! suite's own command line (`suites/sigstore-conformance/run`, docs/suites.md).
//!
//! ```text
//! sigstore-conformance verify-bundle [--staging] --bundle FILE
//!     (--certificate-identity IDENTITY --certificate-oidc-issuer URL | --key FILE)
//!     [--trusted-root FILE] FILE_OR_DIGEST
//! ```
//!
//! Exit code 0: verified; 1: refused; 2: another command line; 3: a question that is not answered
//! here, which is not counted as a refusal. ring verifies no signature over bytes that it does not
//! see, so a bare signature needs the file ([`WithFile`]); a digest suffices for an attestation.

use std::{collections::HashMap, env, fs, process::ExitCode};

use assay_trust::attestation::Ring;
use sigstore_verify::{
    Policy, PublicKeyVerificationPolicy, VerificationPolicy, Verifier,
    crypto::{
        CryptoProvider, Error, HashContext, Result as Verdict, SigningScheme,
        install_default_provider,
    },
    trust_root::{SIGSTORE_PRODUCTION_TRUSTED_ROOT, SIGSTORE_STAGING_TRUSTED_ROOT, TrustedRoot},
    types::{Artifact, Bundle, DerPublicKey, HashAlgorithm, Sha256Hash, SignatureContent},
};

const USAGE: &str = "sigstore-conformance verify-bundle [--staging] --bundle FILE \
    (--certificate-identity IDENTITY --certificate-oidc-issuer URL | --key FILE) \
    [--trusted-root FILE] FILE_OR_DIGEST";

enum Outcome {
    Refused(String),
    Usage,
    NotAnswered(&'static str),
}

impl<E: std::error::Error> From<E> for Outcome {
    fn from(error: E) -> Self {
        Self::Refused(error.to_string())
    }
}

fn main() -> ExitCode {
    let (code, says) = match verify_bundle(env::args().skip(1)) {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Outcome::Refused(why)) => (1, why),
        Err(Outcome::Usage) => (2, USAGE.to_owned()),
        Err(Outcome::NotAnswered(why)) => (3, why.to_owned()),
    };
    eprintln!("{says}");
    ExitCode::from(code)
}

fn verify_bundle(mut words: impl Iterator<Item = String>) -> Result<(), Outcome> {
    if words.next().as_deref() != Some("verify-bundle") {
        return Err(Outcome::Usage);
    }
    let asked = Asked::parse(words)?;
    let digest = asked.digest();
    let file: &'static [u8] = match digest {
        Some(_) => &[],
        None => fs::read(&asked.artifact)?.leak(),
    };
    let installed = install_default_provider(Box::leak(Box::new(WithFile(file))));
    assert!(installed.is_ok(), "nobody was here before");
    let root = TrustedRoot::from_json(&asked.trusted_root()?)?;
    let verifier = Verifier::new(&root)?;
    let bundle = Bundle::from_json(&fs::read_to_string(asked.option("--bundle")?)?)?;
    let artifact = match digest {
        Some(_) if matches!(bundle.content, SignatureContent::MessageSignature(_)) => {
            let why = "a bare signature is not verified over a digest: name the file";
            return Err(Outcome::NotAnswered(why));
        }
        Some(digest) => Artifact::from(digest),
        None => Artifact::Blob(file),
    };
    verifier.verify(artifact, &bundle, asked.policy()?.as_ref())?;
    Ok(())
}

/// The product's cryptography, and the file: sigstore-verify asks about a bare signature by the
/// digest of what was signed, which is answered over the bytes that have it.
#[derive(Debug)]
struct WithFile(&'static [u8]);

impl CryptoProvider for WithFile {
    fn hash(&self, algorithm: HashAlgorithm) -> Verdict<Box<dyn HashContext>> {
        Ring.hash(algorithm)
    }

    fn verify_raw(
        &self,
        scheme: SigningScheme,
        key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Verdict<()> {
        Ring.verify_raw(scheme, key, message, signature)
    }

    fn verify_prehashed(
        &self,
        scheme: SigningScheme,
        key: &[u8],
        digest: &[u8],
        signature: &[u8],
    ) -> Verdict<()> {
        let mismatch = || Error::Verification("the digest is not the file's".to_owned());
        let mut hashing = self.hash(scheme.hash_algorithm().ok_or_else(mismatch)?)?;
        hashing.update(self.0);
        if hashing.finalize() != digest {
            return Err(mismatch());
        }
        self.verify_raw(scheme, key, self.0, signature)
    }
}

/// The command line.
struct Asked {
    staging: bool,
    options: HashMap<String, String>,
    artifact: String,
}

impl Asked {
    fn parse(mut words: impl Iterator<Item = String>) -> Result<Self, Outcome> {
        let (mut staging, mut options, mut artifact) = (false, HashMap::new(), None);
        while let Some(word) = words.next() {
            if word == "--staging" {
                staging = true;
            } else if word.starts_with("--") {
                let value = words.next().ok_or(Outcome::Usage)?;
                options.insert(word, value);
            } else if artifact.replace(word).is_some() {
                return Err(Outcome::Usage);
            }
        }
        Ok(Self {
            staging,
            options,
            artifact: artifact.ok_or(Outcome::Usage)?,
        })
    }

    fn option(&self, name: &str) -> Result<&str, Outcome> {
        self.options
            .get(name)
            .map(String::as_str)
            .ok_or(Outcome::Usage)
    }

    fn trusted_root(&self) -> Result<String, Outcome> {
        Ok(match (self.options.get("--trusted-root"), self.staging) {
            (Some(file), _) => fs::read_to_string(file)?,
            (None, true) => SIGSTORE_STAGING_TRUSTED_ROOT.to_owned(),
            (None, false) => SIGSTORE_PRODUCTION_TRUSTED_ROOT.to_owned(),
        })
    }

    fn policy(&self) -> Result<Box<dyn Policy>, Outcome> {
        if let Some(file) = self.options.get("--key") {
            let key = DerPublicKey::from_pem(&fs::read_to_string(file)?)?;
            return Ok(Box::new(PublicKeyVerificationPolicy::new(key)));
        }
        let identity = self.option("--certificate-identity")?;
        let issuer = self.option("--certificate-oidc-issuer")?;
        Ok(Box::new(VerificationPolicy::new(identity, issuer)))
    }

    /// The suite's rule for what is a digest and what a file.
    fn digest(&self) -> Option<Sha256Hash> {
        if fs::exists(&self.artifact).is_ok_and(|it| it) {
            return None;
        }
        Sha256Hash::from_hex(self.artifact.strip_prefix("sha256:")?).ok()
    }
}
