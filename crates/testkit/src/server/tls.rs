//! A certificate authority of its own for each server.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair,
};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    server::{WebPkiClientVerifier, danger::ClientCertVerifier},
};

/// The server's certificate, the authority that a client must trust, and a client's certificate by
/// the same authority.
pub(super) struct Identity {
    pub(super) config: Arc<ServerConfig>,
    pub(super) ca_pem: String,
    pub(super) client_pem: String,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

impl Identity {
    /// For one name; `localhost` brings 127.0.0.1 with it.
    pub(super) fn new(name: &str, demands_certificate: bool) -> Self {
        let authority = authority();
        let mut names = vec![name.to_owned()];
        if name == "localhost" {
            names.push("127.0.0.1".to_owned());
        }
        let (certificate, key) = signed(names, &authority);
        let verifier = if demands_certificate {
            only_signed_by(&authority)
        } else {
            WebPkiClientVerifier::no_client_auth()
        };
        let der = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|it| {
                it.with_client_cert_verifier(verifier)
                    .with_single_cert(vec![certificate.der().clone()], der)
            })
            .expect("a usable certificate");
        let (certificate, key) = signed(vec!["client".to_owned()], &authority);
        Self {
            config: Arc::new(config),
            ca_pem: authority.pem(),
            client_pem: format!("{}{}", certificate.pem(), key.serialize_pem()),
        }
    }
}

fn authority() -> Authority {
    let mut authority = CertificateParams::new(Vec::new()).expect("no names to be wrong");
    // OpenSSL takes a certificate whose issuer has its own name for a self-signed one.
    authority
        .distinguished_name
        .push(DnType::CommonName, "assay testkit authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().expect("a key");
    CertifiedIssuer::self_signed(authority, key).expect("an authority")
}

fn signed(names: Vec<String>, authority: &Authority) -> (Certificate, KeyPair) {
    let key = KeyPair::generate().expect("a key");
    let certificate = CertificateParams::new(names)
        .and_then(|it| it.signed_by(&key, authority))
        .expect("a certificate for the name");
    (certificate, key)
}

fn only_signed_by(authority: &Authority) -> Arc<dyn ClientCertVerifier> {
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone()).expect("an authority");
    let provider = Arc::new(ring::default_provider());
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .expect("an authority")
}
