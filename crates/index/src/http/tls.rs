//! Trusted roots and the client's own certificate. Loaded when the first https request needs them.

use std::{fs, path::Path};

use rustls::{
    RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    sign::CertifiedKey,
};
use rustls_native_certs::{CertificateResult, load_certs_from_paths};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use super::{ClientConfig, TlsRoots};
use crate::{IndexError, os};

/// Reads the roots and the client certificate. An empty or unreadable source is an error: it must
/// never come to mean "trust nothing, quietly" or "trust something else".
pub(crate) fn load(config: &ClientConfig) -> Result<TlsConfig, IndexError> {
    let roots = match &config.roots {
        TlsRoots::Mozilla => RootCerts::WebPki,
        TlsRoots::Platform => specific(os::platform_roots(), "the platform's trust store")?,
        TlsRoots::File(path) => specific(
            load_certs_from_paths(Some(path), None),
            &path.display().to_string(),
        )?,
        TlsRoots::Folder(path) => specific(
            load_certs_from_paths(None, Some(path)),
            &path.display().to_string(),
        )?,
    };
    let client = config
        .client_certificate
        .as_deref()
        .map(client_certificate)
        .transpose()?;
    Ok(TlsConfig::builder()
        .root_certs(roots)
        .client_cert(client)
        .build())
}

/// The roots in words, for error messages.
pub(crate) fn describe(roots: &TlsRoots) -> String {
    match roots {
        TlsRoots::Platform => "the platform's authorities".into(),
        TlsRoots::Mozilla => "Mozilla's authorities".into(),
        TlsRoots::File(path) => format!("the authorities in {}", path.display()),
        TlsRoots::Folder(path) => format!("the authorities in the folder {}", path.display()),
    }
}

fn specific(loaded: CertificateResult, name: &str) -> Result<RootCerts, IndexError> {
    let problem = |fact: String| IndexError::Setting {
        fact: format!("certificates of {name}: {fact}"),
        hint: Some("name a PEM file with --cert, or use --tls-roots mozilla".into()),
    };
    if let Some(error) = loaded.errors.first() {
        return Err(problem(error.to_string()));
    }
    // What rustls cannot parse it would ignore, so count what it keeps.
    let (usable, _) =
        RootCertStore::empty().add_parsable_certificates(loaded.certs.iter().cloned());
    if usable == 0 {
        return Err(problem("there is no certificate in it".into()));
    }
    Ok(loaded
        .certs
        .iter()
        .map(|it| Certificate::from_der(it).to_owned())
        .into())
}

fn client_certificate(path: &Path) -> Result<ClientCert, IndexError> {
    let pem = fs::read(path).map_err(|error| IndexError::io(path, "reading", error))?;
    let problem = |fact: String| {
        IndexError::setting(format!("client certificate {}: {fact}", path.display()))
    };
    let chain = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|error| problem(error.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(&pem)
        .map_err(|_| problem("there is no private key in it".into()))?;
    // Checked here, because ureq panics when the key does not belong to the certificate.
    CertifiedKey::from_der(chain.clone(), key, &ring::default_provider())
        .map_err(|error| problem(error.to_string()))?;
    let chain: Vec<_> = chain
        .iter()
        .map(|it| Certificate::from_der(it).to_owned())
        .collect();
    let key = PrivateKey::from_pem(&pem).map_err(|error| problem(error.to_string()))?;
    Ok(ClientCert::new_with_certs(&chain, key))
}
