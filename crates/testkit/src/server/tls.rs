//! A certificate authority of its own for each server.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// The server's certificate, and the authority that a client must trust.
pub(super) struct Identity {
    pub(super) config: Arc<ServerConfig>,
    pub(super) ca_pem: String,
}

impl Identity {
    /// For one name; `localhost` brings 127.0.0.1 with it.
    pub(super) fn new(name: &str) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("no names to be wrong");
        // OpenSSL takes a certificate whose issuer has its own name for a self-signed one.
        authority
            .distinguished_name
            .push(DnType::CommonName, "assay testkit authority");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate().expect("a key");
        let authority =
            CertifiedIssuer::self_signed(authority, authority_key).expect("an authority");
        let mut names = vec![name.to_owned()];
        if name == "localhost" {
            names.push("127.0.0.1".to_owned());
        }
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(names)
            .and_then(|it| it.signed_by(&key, &authority))
            .expect("a certificate for the name");
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|it| {
                it.with_no_client_auth()
                    .with_single_cert(vec![certificate.der().clone()], key)
            })
            .expect("a usable certificate");
        Self {
            config: Arc::new(config),
            ca_pem: authority.pem(),
        }
    }
}
